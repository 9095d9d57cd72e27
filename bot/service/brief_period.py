"""Which articles and changes a brief tells of: what came in after the one before, or was published on some days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from bot.records.brief_outbox import Mark
from bot.service.arrivals import newest_article
from corpus.timestamps import utc_text
from index.filters import Filters, article_condition

# Days before a period from which an article that comes in is still news: feeds list what is some days old.
LATE_DAYS = 3
# Days that a brief reaches back at most: what came in before is no news.
MAX_DAYS = 31
# Articles of a period that are looked at, the latest.
MAX_ARTICLES = 20_000


@dataclass(frozen=True, slots=True)
class Period:
    """What a brief covers: what came in after `since`, up to `until`.

    With `days` it is what was published from the first to the last of them instead, whenever that came in.
    """

    since: Mark
    until: Mark
    days: tuple[date, date] | None = None


def corpus_mark(db: Database, at: str, change: int = 0) -> Mark:
    """Return how far a corpus has come at a moment that is now; `change` is the newest change of a watched answer."""
    version = db.execute("SELECT coalesce(max(id), 0) FROM versions").fetchone()[0]
    return Mark(at, newest_article(db), int(version), change)


def recent_period(db: Database, now: datetime, hours: float, change: int = 0) -> Period:
    """Return the period of the last hours; `change` is the newest change of a watched answer."""
    return Period(Mark(utc_text(now - timedelta(hours=hours))), corpus_mark(db, utc_text(now), change))


def period_of_days(db: Database, first: date, last: date, change: int = 0) -> Period:
    """Return the period of days of publication, both inclusive."""
    ends = (f"{first.isoformat()}T00:00:00Z", f"{last.isoformat()}T23:59:59Z")
    newest = corpus_mark(db, ends[1], change)
    return Period(Mark(ends[0]), newest, (first, last))


def not_too_long(since: Mark, now: datetime) -> Mark:
    """Return the beginning of a period, at most MAX_DAYS back."""
    earliest = utc_text(now - timedelta(days=MAX_DAYS))
    return since if since.at >= earliest else Mark(earliest, change=since.change)


def new_articles(db: Database, period: Period, filters: Filters) -> list[int]:
    """Return the articles of a period that may be read, by number.

    What was published more than LATE_DAYS before the period is left out, as an archive that is added; an article whose
    text was changed came in when it was first read.
    """
    condition, values = article_condition(db, filters)
    published = "substr(published_at, 1, 10)"
    if period.days is not None:
        where = f"{published} BETWEEN :first_day AND :last_day"
        bound: dict[str, object] = {"first_day": period.days[0].isoformat(), "last_day": period.days[1].isoformat()}
    else:
        where = f"id > :after AND id <= :upto AND ({published} IS NULL OR {published} >= :first_day)"
        late = datetime.fromisoformat(period.since.at) - timedelta(days=LATE_DAYS)
        # A corpus that was restored from a backup has lower numbers.
        bound = {"after": min(period.since.article, period.until.article), "upto": period.until.article}
        bound["first_day"] = late.date().isoformat()
        if not period.since.article:
            where += """ AND fetched_at > :since AND NOT EXISTS (
                SELECT 1 FROM versions WHERE article_id = articles.id AND versions.fetched_at <= :since)"""
            bound["since"] = period.since.at
    sql = f"""SELECT id FROM articles INDEXED BY article_facts WHERE {condition} AND {where}
        ORDER BY id DESC LIMIT {MAX_ARTICLES}"""
    return [int(row[0]) for row in reversed(db.execute(sql, {**values, **bound}).fetchall())]
