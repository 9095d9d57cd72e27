"""Chooses which judged sentences are quoted, and their order."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import zip_longest

from bot.answering.answer import Quote, Stance, Verdict
from bot.answering.quotes import QUOTES_PER_ARTICLE, SAME_SENTENCE, jaccard, quote_sentence, repeats_copy
from bot.answering.verdict.judge import Sided
from index.terms import Terms

# The sides of a disputed question, in the order in which they are quoted.
_SIDES = (Stance.ASSERTS, Stance.DENIES, Stance.UNCONFIRMED)
_OWN_SIDE = {Verdict.YES: Stance.ASSERTS, Verdict.NO: Stance.DENIES}
# What follows the first quote of a verdict has at least this share of its strength.
MIN_SHARE = 0.6
# Quotes of the verdict's own side before one of the other.
_BEFORE_CONTRARY = 3


@dataclass(frozen=True, slots=True)
class Chosen:
    """A quote with the sentence behind it."""

    quote: Quote
    sided: Sided


def choose_sentences(
    sided: Sequence[Sided], verdict: Verdict, count: int, terms: Terms, copies: Set[tuple[int, int]] = frozenset()
) -> list[Chosen]:
    """Return the quotes for a verdict, decisive ones first and without repetitions.

    A disputed question takes them from its sides in turn and orders them by date, undated ones last.

    Args:
        sided: those that take their side most strongly first.
        verdict: what they are quoted for.
        count: the maximum.
        terms: stems the sentences.
        copies: pairs of ids of articles of which one is a copy of the other, smaller id first.
    """
    chosen: list[Chosen] = []
    chosen_stems: list[frozenset[str]] = []
    for each in _ordered(sided, verdict):
        if len(chosen) == count:
            break
        sentence = each.sentence
        quote = quote_sentence(sentence.hit, sentence.span, sentence.before)
        mine = [other.quote for other in chosen if other.quote.article_id == quote.article_id]
        if _overlaps(quote, mine):
            # The sentence before, to which it refers back, is quoted already: it may be what this one denies.
            quote = quote_sentence(sentence.hit, sentence.span, None)
        if len(mine) >= QUOTES_PER_ARTICLE or _overlaps(quote, mine):
            continue
        stems = frozenset(terms.stems(quote.text))
        if any(jaccard(stems, other) > SAME_SENTENCE for other in chosen_stems) or repeats_copy(
            quote, (other.quote for other in chosen), copies
        ):
            continue
        chosen.append(Chosen(quote, each))
        chosen_stems.append(stems)
    if verdict is Verdict.DISPUTED:
        chosen.sort(key=lambda each: each.sided.sentence.hit.article.published_at or "9999")
    return chosen


def _overlaps(quote: Quote, others: Sequence[Quote]) -> bool:
    return any(quote.start < each.end and each.start < quote.end for each in others)


def _ordered(sided: Sequence[Sided], verdict: Verdict) -> Iterable[Sided]:
    if verdict is Verdict.DISPUTED:
        sides = [[each for each in sided if each.stance is side] for side in _SIDES]
        return [each for row in zip_longest(*sides) for each in row if each is not None]
    own_side = _OWN_SIDE.get(verdict)
    if own_side is None:
        return sided
    own = sorted((each for each in sided if each.stance is own_side), key=lambda each: not each.is_fact)
    strong = [each for each in own if each.strength >= MIN_SHARE * own[0].strength]
    other = [each for each in sided if each.stance not in {own_side, Stance.NEUTRAL}]
    return [*strong[:_BEFORE_CONTRARY], *other[:1], *strong[_BEFORE_CONTRARY:]]
