"""Which of the judged sentences are quoted, and in which order."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from bot.answering.answer import Quote, Stance, Verdict
from bot.answering.quotes import QUOTES_PER_ARTICLE, SAME_SENTENCE, is_quotable, overlap, quote_sentence, repeats
from bot.answering.verdict.readings import Ground, Reading
from index.terms import Terms

# Stances in the order of their weight for a verdict.
_SIDES: dict[Verdict, tuple[tuple[Stance, ...], ...]] = {
    Verdict.DISPUTED: ((Stance.ASSERTS,), (Stance.DENIES,), (Stance.UNCONFIRMED,)),
}
# A quote of the other side is shown beside a yes or no only if it matches nearly as well.
CONTRARY_SHARE = 0.8
# Weaker ones fill the page.
WEAKEST_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Chosen:
    """A quote with the reading behind it."""

    quote: Quote
    reading: Reading


def choose_readings(
    readings: Sequence[Reading],
    verdict: Verdict,
    count: int,
    terms: Terms,
    copied: Set[tuple[int, int]] = frozenset(),
) -> list[Chosen]:
    """The quotes for a verdict: what decided first, both sides in turn where they disagree, none twice.

    A disputed question's quotes come in the order of their dates, undated ones last. `copied` are pairs of articles of
    which one is a copy of the other, the smaller id first.
    """
    chosen: list[Chosen] = []
    said: list[frozenset[str]] = []
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
        if any(overlap(stems, other) > SAME_SENTENCE for other in said) or repeats(
            quote, (each.quote for each in chosen), copied
        ):
            continue
        chosen.append(Chosen(quote, reading))
        said.append(stems)
    if verdict is Verdict.DISPUTED:
        chosen.sort(key=lambda each: each.reading.hit.article.published_at or "9999")
    return chosen


def _ordered(readings: Sequence[Reading], verdict: Verdict) -> Iterable[Reading]:
    decided = [each for each in readings if each.ground is not Ground.NONE]
    if verdict is Verdict.DISPUTED:
        return _in_turn([[each for each in decided if each.stance in side] for side in _SIDES[verdict]])
    first = [each for each in decided if each.supports is verdict]
    least = first[0].match if first else 0.0
    other = [each for each in decided if each.supports is not verdict and each.match >= CONTRARY_SHARE * least]
    strong = [each for each in first if each.match >= WEAKEST_SHARE * least]
    return [*strong[:3], *other[:1], *strong[3:]]


def _in_turn(sides: Sequence[Sequence[Reading]]) -> Iterable[Reading]:
    longest = max(map(len, sides), default=0)
    for place in range(longest):
        for side in sides:
            if place < len(side):
                yield side[place]
