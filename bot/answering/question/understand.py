"""Combines everything read from a question before the search."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.answering.question.answer_type import AnswerType, expected_answer_type
from bot.answering.question.kind import QuestionKind, question_kind
from bot.answering.question.named_sources import named_publishers
from bot.answering.question.period import Period, read_period
from bot.answering.question.proposition import Proposition, read_proposition
from index.filters import Filters


@dataclass(frozen=True, slots=True)
class Understanding:
    """A parsed question.

    `answer_type` is set for open questions, `proposition` for yes/no questions and claims. `filters` are those given
    with the question, plus the publishers that it names.
    """

    kind: QuestionKind
    answer_type: AnswerType | None
    proposition: Proposition | None
    period: Period | None
    filters: Filters


def understand(question: str, filters: Filters, publishers: Iterable[str]) -> Understanding:
    """Parse a question.

    Args:
        question: on one clean line.
        filters: given with the question; publishers among them override those that the question names.
        publishers: the corpus's publishers, as stored.
    """
    kind = question_kind(question)
    is_open = kind is QuestionKind.OPEN
    named = () if filters.publishers else named_publishers(question, publishers)
    return Understanding(
        kind=kind,
        answer_type=expected_answer_type(question) if is_open else None,
        proposition=None if is_open else read_proposition(question),
        period=read_period(question),
        filters=replace(filters, publishers=named) if named else filters,
    )
