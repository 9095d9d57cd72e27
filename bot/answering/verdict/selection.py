"""Chooses which judged sentences are quoted, and their order."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import zip_longest

from bot.answering.answer import Quote, Stance, Verdict
from bot.answering.quotes import QUOTES_PER_ARTICLE, SAME_SENTENCE, is_quotable, jaccard, quote_sentence, repeats_copy
from bot.answering.verdict.readings import Ground, Reading
from index.terms import Terms

# The sides of a disputed question, in the order in which they are quoted.
_SIDES = (Stance.ASSERTS, Stance.DENIES, Stance.UNCONFIRMED)
# Minimum match of quotes, as a share of the best: of the opposing side, and of the verdict's own.
CONTRARY_SHARE = 0.8
MIN_MATCH_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Chosen:
    """A quote with the reading behind it."""

    quote: Quote
    reading: Reading


def choose_readings(
    readings: Sequence[Reading], verdict: Verdict, count: int, terms: Terms, copies: Set[tuple[int, int]] = frozenset()
) -> list[Chosen]:
    """Return the quotes for a verdict, decisive ones first and without repetitions.

    A disputed question takes them from its sides in turn and orders them by date, undated ones last. `copies` are pairs
    of articles of which one is a copy of the other, smaller id first.
    """
    chosen: list[Chosen] = []
    chosen_stems: list[frozenset[str]] = []
    for reading in _ordered(sorted(readings, key=lambda each: -each.strength), verdict):
        if len(chosen) == count:
            break
        if not is_quotable(reading.hit, reading.span):
            continue
        text = reading.hit.passage.text[reading.span.start : reading.span.end]
        stems = frozenset(terms.stems(text))
        quote = quote_sentence(reading.hit, reading.span, reading.before)
        mine = [each.quote for each in chosen if each.quote.article_id == quote.article_id]
        if len(mine) >= QUOTES_PER_ARTICLE or any(quote.start < it.end and it.start < quote.end for it in mine):
            continue
        if any(jaccard(stems, other) > SAME_SENTENCE for other in chosen_stems) or repeats_copy(
            quote, (each.quote for each in chosen), copies
        ):
            continue
        chosen.append(Chosen(quote, reading))
        chosen_stems.append(stems)
    if verdict is Verdict.DISPUTED:
        chosen.sort(key=lambda each: each.reading.hit.article.published_at or "9999")
    return chosen


def _ordered(readings: Sequence[Reading], verdict: Verdict) -> Iterable[Reading]:
    decided = [each for each in readings if each.ground is not Ground.NONE]
    if verdict is Verdict.DISPUTED:
        sides = [[each for each in decided if each.stance is side] for side in _SIDES]
        return [each for row in zip_longest(*sides) for each in row if each is not None]
    first = [each for each in decided if each.supports is verdict]
    best = first[0].match if first else 0.0
    other = [each for each in decided if each.supports is not verdict and each.match >= CONTRARY_SHARE * best]
    strong = [each for each in first if each.match >= MIN_MATCH_SHARE * best]
    return [*strong[:3], *other[:1], *strong[3:]]
