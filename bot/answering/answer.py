"""The Answer and its parts, as every front end gets them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.answering.attribution.attribution import CueClass
from bot.answering.independence import Independence
from bot.answering.question.answer_type import Wanted
from bot.answering.question.kind import QuestionKind
from bot.answering.question.period import Period
from bot.answering.question.proposition import Proposition
from corpus.article import Span
from corpus.publishers.publisher import Kind
from index.filters import Filters

NO_SOURCES = Independence(0, 0)


class Verdict(StrEnum):
    """What the evidence says about a question."""

    YES = "yes"
    NO = "no"
    DISPUTED = "disputed"
    OPEN = "open"
    NOT_FOUND = "not_found"


class Stance(StrEnum):
    """How a quote stands toward what the question is about.

    In "Did X do Y?" that is whether X did Y; in "Did X deny Y?" and "Did X admit Y?" it is Y itself.
    """

    ASSERTS = "asserts"
    DENIES = "denies"
    UNCONFIRMED = "unconfirmed"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says it, how ("denied", "confirmed"), and what, each as the article has it.

    `speaker` is None where the article names nobody; `kind` is the class of the cue. `content` is empty where the quote
    only tells the act.
    """

    speaker: str | None
    cue: str
    content: str
    kind: CueClass | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Whole sentences, verbatim: `article.body[start:end] == text`."""

    article_id: int
    passage_id: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a quote stands. None means that the article does not state it; nothing is made up.

    `link` opens the article at the quote where the browser can (text fragments); `is_own_brief` marks the project's own
    background briefs, `is_excerpt` articles of which only what a feed carried could be read. `country` (ISO 3166-1
    alpha-2), `kind` and `state_controlled` are what the table of publishers says; None where it knows nothing.
    """

    title: str | None
    publisher: str | None
    author: str | None
    published_at: str | None
    url: str | None
    link: str | None
    origin: str
    collection: str
    is_own_brief: bool
    is_excerpt: bool = False
    country: str | None = None
    kind: Kind | None = None
    state_controlled: bool | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One quote with its citation, who says it, and how it stands toward the question.

    `attribution` is None where the publisher itself reports it. `stance` is None in the answer to an open question;
    there `answer` is where in the article the name, number, date or place asked for stands, None if it wasn't told.
    """

    quote: Quote
    citation: Citation
    score: float
    attribution: Attribution | None = None
    stance: Stance | None = None
    answer: Span | None = None


@dataclass(frozen=True, slots=True)
class Searched:
    """What was looked through: after the filters, how many articles, and their first and last dates (`YYYY-MM-DD`)."""

    articles: int
    first_date: str | None
    last_date: str | None
    filters: Filters


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    A `not_found` has no evidence. `confidence` is the estimated probability that the corpus holds an answer, and
    `threshold` the point below which a question is refused, unless quotes that match it closely settle a yes/no
    question. `as_of` is the newest date among the quoted articles, `independence` how many sources stand behind
    them. `wanted` is what an open question asks for, `proposition` what a yes/no question puts forward, `period`
    the time that it states.
    """

    question: str
    kind: QuestionKind
    verdict: Verdict | None
    headline: str
    evidence: tuple[Evidence, ...]
    as_of: str | None
    asked_at: datetime
    searched: Searched
    confidence: float
    threshold: float
    notes: tuple[str, ...]
    timings_ms: dict[str, float]
    independence: Independence = NO_SOURCES
    wanted: Wanted | None = None
    proposition: Proposition | None = None
    period: Period | None = None

    @property
    def is_refusal(self) -> bool:
        """Whether the corpus does not know."""
        return self.verdict is Verdict.NOT_FOUND
