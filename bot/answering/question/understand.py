"""Combines everything read from a question before the search."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.answering.ahead import asks_ahead
from bot.answering.question.answer_type import AnswerType, expected_answer_type
from bot.answering.question.kind import QuestionKind, question_kind
from bot.answering.question.period import MARGIN, Period, read_period, read_recent
from bot.answering.question.proposition import Proposition, read_proposition
from index.embedding.embedder import Vectors
from index.filters import Filters
from index.terms import fold, words


@dataclass(frozen=True, slots=True)
class Understanding:
    """A parsed question.

    `answer_type` is set for open questions, `proposition` for yes/no questions and claims. `filters` are those given
    with the question, plus the publishers that it names, and the day from which articles can tell of "this week".
    """

    kind: QuestionKind
    answer_type: AnswerType | None
    proposition: Proposition | None
    period: Period | None
    filters: Filters

    def can_report(self, published: str | None) -> bool:
        """Return whether an article of this date can tell what is asked.

        What was done at a time is not told before it; what was so may have begun long before.
        """
        is_about_state = self.proposition is not None and self.proposition.is_about_state
        return is_about_state or self.period is None or self.period.can_report(published)


def understand(
    question: str, vector: Vectors, filters: Filters, publishers: Iterable[str], today: date
) -> Understanding:
    """Parse a question.

    Args:
        question: on one clean line.
        vector: its vector, of the packaged embedding model.
        filters: given with the question; publishers and dates among them override those that the question names.
        publishers: the corpus's publishers, as stored.
        today: the day on which it is asked.
    """
    kind = question_kind(question, vector)
    proposition = read_proposition(question) if kind.asks_verdict else None
    named = () if filters.publishers else named_publishers(question, publishers)
    if named:
        filters = replace(filters, publishers=named)
    period = read_period(question)
    if period is None and not (proposition is not None and proposition.is_about_state) and not asks_ahead(question):
        period = read_recent(question, today)
        if period is not None and period.first is not None and not (filters.since or filters.until):
            filters = replace(filters, since=period.first - MARGIN)
    return Understanding(
        kind=kind,
        answer_type=None if kind.asks_verdict else expected_answer_type(question),
        proposition=proposition,
        period=period,
        filters=filters,
    )


_DOMAIN = re.compile(r"^(?:www\.)?([\w-]+)\.(?:com|org|net|co\.\w\w|[a-z]{2,3})$", re.IGNORECASE)
_SOURCE = (
    r"(?:according\s+to|as\s+reported\s+by|reported\s+by|published\s+(?:by|in)|"
    r"(?:reports?|articles?)\s+(?:by|from|in)|per)"
)
_REPORTS = r"(?:report|reported|write|written|wrote|publish|published)"


def named_publishers(question: str, publishers: Iterable[str]) -> tuple[str, ...]:
    """Return the publishers that the question names as a source, spelt as given.

    A publisher that is merely mentioned ("a Reuters journalist was killed") is not returned.
    """
    folded = fold(question)
    if not re.search(rf"\b(?:{_SOURCE}|{_REPORTS})\b", folded):
        return ()
    joined = "".join(words(question))
    return tuple(publisher for publisher in publishers if _is_named(folded, joined, publisher))


def _is_named(question: str, joined: str, publisher: str) -> bool:
    for name in _names(publisher):
        name_words = words(name)
        # Cheaper than compiling a pattern for each of many publishers.
        if not name_words or "".join(name_words) not in joined:
            continue
        # A domain joins its words: `dailyherald.com` is "the Daily Herald".
        loose = r"\W+".join(r"\s?".join(map(re.escape, word)) for word in name_words)
        named = rf"(?<!\w)(?:the\s+)?{loose}(?!\w)"
        if re.search(rf"\b{_SOURCE}\s+{named}|\b(?:did|does|has|what|how)\b.*?{named}\s+{_REPORTS}\b", question):
            return True
    return False


def _names(publisher: str) -> tuple[str, ...]:
    """Return a publisher's name, and that of its domain: `example-news.com` is also "example news"."""
    domain = _DOMAIN.match(publisher)
    bare = publisher[4:] if publisher.lower().startswith("the ") else publisher
    return (bare, domain[1]) if domain else (bare,)
