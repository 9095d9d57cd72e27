"""The Answer and its parts, as returned to every front end."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.answering.attribution.attribution import CueClass
from bot.answering.independence import Independence
from bot.answering.question.answer_type import AnswerType
from bot.answering.question.kind import QuestionKind
from bot.answering.question.period import Period
from bot.answering.question.proposition import Proposition
from bot.answering.story_facts import StoryFacts
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
    """The stance of a quote on the question's content.

    In "Did X do Y?" the content is that X did Y; in "Did X deny Y?" and "Did X admit Y?" it is Y.
    """

    ASSERTS = "asserts"
    DENIES = "denies"
    NEUTRAL = "neutral"

    @classmethod
    def _missing_(cls, value: object) -> "Stance | None":
        """Read what earlier versions stored, and wrote into files, of a quote that takes no side."""
        return cls.NEUTRAL if value == "unconfirmed" else None


class NoteKind(StrEnum):
    """What a reader should know of an answer, beside its quotes."""

    NO_ARTICLES_FROM = "no_articles_from"
    UNDATED = "undated"
    DATED_AHEAD = "dated_ahead"
    READ_BY_WORDS = "read_by_words"
    ARTICLES_IN_OTHER_LANGUAGE = "articles_in_other_language"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know; `publisher` is the one without articles."""

    kind: NoteKind
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says it, how ("denied", "confirmed"), and what, in the article's words.

    `speaker` is None where the article names nobody, `content` empty where the quote only names the act. `kind` is the
    class of the cue.
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
    """The article that a quote comes from, as far as it states its own facts; None for what it doesn't state.

    `link` opens the article at the quote (text fragments). `is_own_brief` marks the project's own background briefs,
    `is_excerpt` articles of which only the feed's excerpt could be read. `is_claimed` if only the text, its feed or an
    upload says that it is from the publisher; then no facts are given. `carried_by` is the site that served the text,
    if the url leads to another. `is_dated_ahead` if it states a date in the future, so it counts as undated. `country`
    (ISO 3166-1 alpha-2), `kind` and `state_controlled` come from the table of publishers; None where it has no entry.
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
    is_claimed: bool = False
    carried_by: str | None = None
    is_dated_ahead: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """One quote with its citation, attribution and stance.

    `attribution` is None where the publisher itself reports it. `stance` is None for an open question; there `answer`
    is the span in the article of the name, number, date or place asked for, None if it wasn't located.
    """

    quote: Quote
    citation: Citation
    score: float
    attribution: Attribution | None = None
    stance: Stance | None = None
    answer: Span | None = None


@dataclass(frozen=True, slots=True)
class SearchScope:
    """What was searched: the number of articles after the filters, and their first and last dates (`YYYY-MM-DD`)."""

    articles: int
    first_date: str | None
    last_date: str | None
    filters: Filters


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    A `not_found` has no evidence. `confidence` is the estimated probability that the corpus holds an answer; below
    `threshold` the question is refused, unless closely matching quotes settle a yes/no question. `as_of` is the newest
    date among the quoted articles. `answer_type` is set for open questions, `proposition` for yes/no questions, with
    `probability`, how likely the verdict is the right one. `story` is the one that most quoted articles belong to, if
    it has more than one article. `question` is the question as searched, `original` as asked, if its spelling was
    corrected.
    """

    question: str
    kind: QuestionKind
    verdict: Verdict | None
    evidence: tuple[Evidence, ...]
    as_of: str | None
    asked_at: datetime
    searched: SearchScope
    confidence: float
    threshold: float
    notes: tuple[Note, ...]
    timings_ms: dict[str, float]
    independence: Independence = NO_SOURCES
    answer_type: AnswerType | None = None
    proposition: Proposition | None = None
    period: Period | None = None
    story: StoryFacts | None = None
    probability: float | None = None
    original: str | None = None

    @property
    def is_refusal(self) -> bool:
        """Return whether the corpus holds no answer."""
        return self.verdict is Verdict.NOT_FOUND
