"""Confirms a verdict by its quotes: a verdict that they contradict, or don't tell, is not shown."""

from collections.abc import Sequence

from bot.answering.answer import Stance, Verdict
from bot.answering.question.proposition import Act, Proposition
from bot.answering.reader.relations import Excerpt, Reader, ReaderOutput, Relation, heading
from bot.answering.verdict.selection import Chosen
from bot.answering.verdict.vetoes import Asked, read_asked

# A quote supports a verdict from this probability on. Of the definite verdicts that the rules were not written on,
# those with such a quote are right in 0.62, all in 0.39 (docs/evaluation.md).
SUPPORTS = 0.4
# Where no quote seems to tell of what is asked, with at least this probability each, nothing was found.
OFF_TOPIC = 0.5
# Whether somebody said it is read from who speaks and with which verb; the reader was trained on few such questions.
_SPEECH = frozenset({Act.DENIES, Act.ADMITS, Act.SAYS})
# The relations that speak for a verdict, and those that speak for it half.
_FOR = {
    Verdict.YES: ((Relation.YES,), (Relation.CLAIMED, Relation.BOTH)),
    Verdict.NO: ((Relation.NO,), (Relation.DENIED, Relation.BOTH)),
    Verdict.DISPUTED: ((Relation.CLAIMED, Relation.DENIED, Relation.BOTH), ()),
}


def confirm(
    verdict: Verdict, chosen: Sequence[Chosen], question: str, proposition: Proposition, reader: Reader
) -> tuple[Verdict, list[Chosen]]:
    """Return the verdict that the quotes bear out, and the quotes, those that support it first.

    A disputed question needs both sides, a "yes" a quote that agrees with its numbers, dates, names and quantifiers,
    and each verdict on a deed a quote of which the reader says the same. Else the question is open, or, where the
    quotes tell nothing of it, not found. Quotes in other languages than English are not read.

    Args:
        verdict: of the rules.
        chosen: its quotes.
        question: as asked.
        proposition: of the question.
        reader: reads the quotes.
    """
    if verdict is Verdict.DISPUTED and not {Stance.ASSERTS, Stance.DENIES} <= {each.reading.stance for each in chosen}:
        return Verdict.OPEN, list(chosen)
    standing = list(chosen)
    if verdict is Verdict.YES:
        asked = read_asked(question)
        standing = [each for each in chosen if not _is_vetoed(each, asked)]
        if not standing:
            return Verdict.NOT_FOUND, []
    english = [each for each in standing if (each.reading.hit.article.language or "en").startswith("en")]
    if proposition.act in _SPEECH or not english:
        return verdict, _first(standing, chosen)
    readings = reader.read(question, [_excerpt(each) for each in english])
    supporting = [each for each, read in zip(english, readings, strict=True) if _support(verdict, read) >= SUPPORTS]
    if supporting:
        return verdict, list(chosen) if verdict is Verdict.DISPUTED else _first(supporting, chosen)
    if all(read.probability(Relation.UNKNOWN) >= OFF_TOPIC for read in readings):
        return Verdict.NOT_FOUND, []
    return Verdict.OPEN, list(chosen)


def _is_vetoed(chosen: Chosen, asked: Asked) -> bool:
    hit = chosen.reading.hit
    context = f"{hit.article.title or ''}. {hit.passage.text}"
    return bool(asked.vetoes(chosen.quote.text, context, hit.article.published_at))


def _excerpt(chosen: Chosen) -> Excerpt:
    article = chosen.reading.hit.article
    return Excerpt(heading(article.published_at, article.publisher, article.title), chosen.quote.text)


def _support(verdict: Verdict, reading: ReaderOutput) -> float:
    whole, half = _FOR[verdict]
    return reading.probability(*whole) + 0.5 * reading.probability(*half)


def _first(first: Sequence[Chosen], chosen: Sequence[Chosen]) -> list[Chosen]:
    """Return the quotes, some of them first, else in their order."""
    return [*first, *(each for each in chosen if each not in first)]
