"""All that is read out of one question before anything is searched for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.answering.question.answer_type import Wanted, wanted_answer
from bot.answering.question.kind import QuestionKind, question_kind
from bot.answering.question.named_sources import asked_publishers
from bot.answering.question.period import Period, asked_period
from bot.answering.question.proposition import Proposition, read_proposition
from index.filters import Filters


@dataclass(frozen=True, slots=True)
class Understanding:
    """A question as it was understood.

    `wanted` is set for open questions, `proposition` for yes/no questions and claims. `filters` are those given with
    the question and those that stand in it.
    """

    kind: QuestionKind
    wanted: Wanted | None
    proposition: Proposition | None
    period: Period | None
    filters: Filters


def understand(question: str, filters: Filters, publishers: Iterable[str]) -> Understanding:
    """Reads a question.

    Args:
        question: on one clean line.
        filters: what the search is confined to besides.
        publishers: the corpus's publishers, as stored; only they can be asked for in plain words.
    """
    kind = question_kind(question)
    is_open = kind is QuestionKind.OPEN
    asked = () if filters.publishers else asked_publishers(question, publishers)
    return Understanding(
        kind=kind,
        wanted=wanted_answer(question) if is_open else None,
        proposition=None if is_open else read_proposition(question),
        period=asked_period(question),
        filters=replace(filters, publishers=asked) if asked else filters,
    )
