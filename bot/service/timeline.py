"""A question's timeline: dated statements with their speakers, the events they date, and what was changed or is new."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlite_utils import Database

from bot.answering.answer import Answer, Evidence, Stance
from bot.answering.attribution.attribution import CueClass
from bot.answering.stated_dates import StatedDate, stated_dates
from bot.service.attache import Attache
from bot.service.sessions import reading
from corpus.articles import Articles
from corpus.history import ChangeKind, compute_edit
from corpus.timestamps import instant
from index.filters import Filters

# Statements of a timeline: as many as a reader may look through.
MAX_STATEMENTS = 24
# A day without a year that lies further after the article than this is one of the year before.
_AHEAD_DAYS = 120


class StatementKind(StrEnum):
    """How something is said."""

    REPORTED = "reported"
    CLAIMED = "claimed"
    DENIED = "denied"
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class EventDate:
    """A date that a quote states for what it tells: `2024-09-09`, or as far as it is known `2024-09` or `2024`.

    `text` is the date in the quote's own words.
    """

    day: str
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A quote with how it is said, and what it dates.

    `day` is the day of publication (`YYYY-MM-DD`), None where none is stated. `before` is what the article said there
    until its publisher changed it, empty otherwise. `is_new`: it came in, or was changed, after the last visit.
    """

    evidence: Evidence
    kind: StatementKind
    day: str | None
    events: tuple[EventDate, ...]
    before: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """The statements on a question by day of publication, undated ones last, and the answer that they come from."""

    answer: Answer
    statements: tuple[Statement, ...]


def build_timeline(
    attache: Attache, question: str, filters: Filters, now: datetime, last_visit: str | None = None
) -> Timeline:
    """Return the timeline of a question; without statements where the articles don't answer it.

    Args:
        attache: answers the question.
        question: the question.
        filters: which articles may be read.
        now: the time of asking.
        last_visit: when the reader looked last (ISO 8601, UTC); what came in later is marked as new.

    Raises:
        BadInput: the text is not a question that can be searched for.
        StorageFailure: the data folder can't be read.
        ModelUnavailable: the embedding model can't be loaded.
    """
    answer = attache.ask(question, filters, now=now, quotes=MAX_STATEMENTS)
    if not answer.evidence:
        return Timeline(answer, ())
    with reading(attache.settings.data_dir) as db:
        told = [_statement(db, each, last_visit) for each in answer.evidence]
    return Timeline(answer, tuple(sorted(told, key=_order)))


def _order(statement: Statement) -> tuple[str, int, int]:
    published_at, quote = statement.evidence.citation.published_at, statement.evidence.quote
    return instant(published_at) if published_at else "9999", quote.article_id, quote.start


def _statement(db: Database, evidence: Evidence, last_visit: str | None) -> Statement:
    published_at = evidence.citation.published_at
    day = published_at[:10] if published_at else None
    before, changed_at = _former_words(db, evidence)
    facts = Articles(db).facts([evidence.quote.article_id]).get(evidence.quote.article_id)
    seen_at = changed_at or (facts.fetched_at if facts else "")
    return Statement(
        evidence=evidence,
        kind=StatementKind.CHANGED if before else _kind(evidence),
        day=day,
        events=event_dates(evidence.quote.text, day),
        before=before,
        is_new=bool(last_visit and seen_at > last_visit),
    )


def _kind(evidence: Evidence) -> StatementKind:
    """Return how a quote says it: by its stance where the question has two sides, else by its cue."""
    cue = evidence.attribution.kind if evidence.attribution else None
    if evidence.stance is Stance.DENIES:
        return StatementKind.DENIED
    kinds = {
        CueClass.DENIES: StatementKind.DENIED if evidence.stance is None else StatementKind.CLAIMED,
        CueClass.CONFIRMS: StatementKind.CONFIRMED,
        CueClass.UNCONFIRMED: StatementKind.UNCONFIRMED,
        CueClass.CLAIMS: StatementKind.CLAIMED,
        CueClass.ACCUSES: StatementKind.CLAIMED,
    }
    return kinds.get(cue, StatementKind.REPORTED) if cue else StatementKind.REPORTED


def _former_words(db: Database, evidence: Evidence) -> tuple[str, str]:
    """Return what an article said in a quote's place before its last change there, and when that was seen."""
    articles = Articles(db)
    versions = articles.versions(evidence.quote.article_id)
    article = articles.get(evidence.quote.article_id) if versions else None
    if article is None:
        return "", ""
    quoted = " ".join(evidence.quote.text.split())
    for place in range(len(versions)):
        edit = compute_edit(article, versions, place)
        for change in edit.changes:
            if change.kind is ChangeKind.CHANGED and change.after and " ".join(change.after.split()) in quoted:
                return change.before, edit.seen_at
    return "", ""


def event_dates(text: str, published: str | None) -> tuple[EventDate, ...]:
    """Return the dates that a text states, apart from the day of publication, each once.

    A day or month without a year is the nearest one that is not far ahead of the publication; without a publication
    date it is left out.
    """
    found: dict[str, EventDate] = {}
    for stated, start, end in stated_dates(text):
        day = _resolve(stated, published)
        if day and day != published:
            found.setdefault(day, EventDate(day, text[start:end]))
    return tuple(found.values())


def _resolve(stated: StatedDate, published: str | None) -> str | None:
    year, month, day = stated.year, stated.month, stated.day
    if month is None:
        return str(year) if year else None
    if year is None:
        if published is None:
            return None
        year = _nearest_year(month, day or 1, date.fromisoformat(published))
    try:
        exact = date(year, month, day or 1)
    except ValueError:
        return None
    return exact.isoformat() if day else exact.isoformat()[:7]


def _nearest_year(month: int, day: int, published: date) -> int:
    try:
        same = date(published.year, month, day)
    except ValueError:
        return published.year
    return published.year - 1 if (same - published).days > _AHEAD_DAYS else published.year
