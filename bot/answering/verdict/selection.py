"""Chooses which sentences are quoted for a verdict, and their order."""

from collections.abc import Callable, Iterable, Sequence, Set
from itertools import zip_longest

from bot.answering.answer import Verdict
from bot.answering.quotes import QUOTES_PER_ARTICLE, SAME_SENTENCE, jaccard, repeats_copy
from bot.answering.reader.relations import Relation
from bot.answering.verdict.candidate_sentences import MIN_MATCH
from bot.answering.verdict.readings import QuoteReading
from index.terms import Terms

# The relations that bear a verdict out, best first, and those of the other side.
_FOR = {Verdict.YES: (Relation.YES, Relation.CLAIMED), Verdict.NO: (Relation.NO, Relation.DENIED)}
_AGAINST = {Verdict.YES: _FOR[Verdict.NO], Verdict.NO: _FOR[Verdict.YES]}
_SIDES = ((Relation.YES, Relation.CLAIMED), (Relation.DENIED, Relation.NO), (Relation.BOTH,))
# What a quote for a definite verdict may say.
RELATIONS_OF = {**_FOR, Verdict.DISPUTED: tuple(relation for side in _SIDES for relation in side)}
# Quotes for a verdict before one of the other side follows, and how clear that has to be.
FIRST = 3
LEAST_CONTRARY = 0.5
# How clearly a quote has to bear out a yes or no, be one side of a dispute, or touch an open question.
LEAST_SUPPORT = 0.5
LEAST_SIDE = 0.25
LEAST_TOUCH = 0.4
# What an open question quotes matches at least this share as well as the best.
OPEN_MATCH = 0.5


def choose_quotes_for(
    verdict: Verdict,
    readings: Sequence[QuoteReading],
    count: int,
    terms: Terms,
    copies: Set[tuple[int, int]] = frozenset(),
    is_said: Callable[[QuoteReading], bool] = lambda _reading: False,
) -> list[QuoteReading]:
    """Return the quotes for a verdict, those that bear it out first and without repetitions; none if none does.

    A disputed question takes them from its sides in turn, has to have both, and orders them by date, undated ones last.
    An open one takes those that stand to it in some way, then those that match nearly as well as the best.

    Args:
        verdict: of the question.
        readings: its sentences, best match first.
        count: at most so many.
        terms: stems words.
        copies: pairs of articles of which one is a copy of the other, smaller id first.
        is_said: whether somebody in it says or denies what is asked; such quotes come before equally clear ones.
    """
    if verdict is Verdict.NOT_FOUND:
        return []
    if verdict is Verdict.OPEN:
        return _distinct(_touching(readings), count, terms, copies)
    if verdict is Verdict.DISPUTED:
        sides = [_bearing_out(readings, side, is_said, LEAST_SIDE) for side in _SIDES]
        if not (sides[2] or (sides[0] and sides[1])):
            return []
        in_turn = [each for row in zip_longest(*sides) for each in row if each is not None]
        chosen = _distinct(in_turn, count, terms, copies)
        return sorted(chosen, key=lambda each: each.hit.article.published_at or "9999")
    first = _bearing_out(readings, _FOR[verdict], is_said)
    if not first:
        return []
    contrary = [each for each in _bearing_out(readings, _AGAINST[verdict], is_said) if _clear(each) >= LEAST_CONTRARY]
    return _distinct([*first[:FIRST], *contrary[:1], *first[FIRST:]], count, terms, copies)


def _touching(readings: Sequence[QuoteReading]) -> list[QuoteReading]:
    """Return the readings of sentences on the question's matter, those first that settle or dispute some of it."""
    least = max(MIN_MATCH, OPEN_MATCH * max((each.match for each in readings), default=0.0))
    standing = [each for each in readings if each.relation is not Relation.UNKNOWN and _clear(each) >= LEAST_TOUCH]
    others = [each for each in readings if each.match >= least and each not in standing]
    return sorted(standing, key=lambda each: -round(_clear(each), 1)) + others


def _bearing_out(
    readings: Iterable[QuoteReading],
    relations: Sequence[Relation],
    is_said: Callable[[QuoteReading], bool],
    least: float = LEAST_SUPPORT,
) -> list[QuoteReading]:
    """Return the readings that may have these relations, the clearest first.

    Those come first that most probably have one; of equally clear ones those that match best.
    """

    def place(each: QuoteReading) -> tuple[int, bool, float]:
        rank = relations.index(each.relation) if each.relation in relations else len(relations)
        return rank, not is_said(each), -round(each.support(*relations), 1)

    return sorted((each for each in readings if each.support(*relations) >= least), key=place)


def _clear(reading: QuoteReading) -> float:
    return reading.said.probability(reading.relation)


def _distinct(
    readings: Iterable[QuoteReading], count: int, terms: Terms, copies: Set[tuple[int, int]]
) -> list[QuoteReading]:
    """Return the first readings whose quotes don't overlap or say the same."""
    chosen: list[QuoteReading] = []
    chosen_stems: list[frozenset[str]] = []
    for reading in readings:
        if len(chosen) == count:
            break
        quote, stems = reading.quote, frozenset(terms.stems(reading.quote.text))
        mine = [each.quote for each in chosen if each.quote.article_id == quote.article_id]
        if len(mine) >= QUOTES_PER_ARTICLE or any(quote.start < it.end and it.start < quote.end for it in mine):
            continue
        if any(jaccard(stems, other) > SAME_SENTENCE for other in chosen_stems) or repeats_copy(
            quote, (each.quote for each in chosen), copies
        ):
            continue
        chosen.append(reading)
        chosen_stems.append(stems)
    return chosen
