"""Who reports a story and who does not, by country and kind of publisher; who was first, and who copied whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlite_utils import Database

from bot.answering.story_facts import StoryFacts, by_time, read_story, visible
from bot.service.sessions import reading
from bot.service.stories import earliest_copies
from bot.settings import Settings
from corpus.article import ArticleFacts
from corpus.publishers.basis import is_claim, known_publisher
from corpus.publishers.directory import Publishers
from corpus.publishers.publisher import Kind
from corpus.timestamps import instant
from index.filters import Filters, article_condition

# Days around a story in which a publisher that published anything counts as one that could have reported it.
MARGIN_DAYS = 1


@dataclass(frozen=True, slots=True)
class Voice:
    """A publisher that reports a story, with its articles, earliest first.

    `country`, `kind` and `is_state` come from the table of publishers; None and False where it has no entry.
    `is_claim`: only the texts say that they are from it. `copies` says whose report each copied article takes over, by
    article.
    """

    name: str
    country: str | None
    kind: Kind | None
    is_state: bool
    is_claim: bool
    articles: tuple[ArticleFacts, ...]
    copies: dict[int, str]

    @property
    def is_copy_only(self) -> bool:
        """Whether every article of it is a copy of another publisher's."""
        return len(self.copies) == len(self.articles)


@dataclass(frozen=True, slots=True)
class SilentPublisher:
    """A publisher of the same days none of whose articles is on the story, and how many it has of these days."""

    name: str
    country: str | None
    kind: Kind | None
    is_state: bool
    articles: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who reports a story, the first to do so first, and who published in its days without it, most articles first.

    `first` is the publisher with the earliest report; None where dates don't tell, as when two share a day.
    """

    story: StoryFacts
    voices: tuple[Voice, ...]
    silent: tuple[SilentPublisher, ...]
    first: str | None


def coverage(db: Database, filters: Filters, publishers: Publishers, story_id: int) -> Coverage | None:
    """Return the coverage of a story by its number; None if none of its articles may be read."""
    story = read_story(db, story_id, filters, publishers)
    if story is None:
        return None
    facts, articles = story
    voices = _voices(db, articles, publishers)
    silent = _silent(db, filters, facts, {each.name for each in voices if not each.is_claim}, publishers)
    return Coverage(facts, voices, silent, _first(voices))


def read_coverage(settings: Settings, filters: Filters, story_id: int) -> Coverage | None:
    """Return what `coverage` does, from a data folder.

    Raises:
        StorageFailure: there is no corpus, or it can't be read.
    """
    with reading(settings.data_dir) as db:
        return coverage(db, filters, Publishers(db), story_id)


def by_country(voices: Iterable[Voice | SilentPublisher]) -> dict[str | None, list[str]]:
    """Return the publishers' names by country, states apart; None where the country is unknown."""
    found: dict[str | None, list[str]] = {}
    for each in voices:
        if not each.is_state:
            found.setdefault(each.country, []).append(each.name)
    return dict(sorted(found.items(), key=lambda item: (item[0] is None, -len(item[1]), item[0] or "")))


def by_kind(voices: Iterable[Voice | SilentPublisher]) -> dict[Kind | None, int]:
    """Count publishers by kind, state-controlled ones apart; None where the kind is unknown."""
    found: dict[Kind | None, int] = {}
    for each in voices:
        if not each.is_state:
            found[each.kind] = found.get(each.kind, 0) + 1
    return dict(sorted(found.items(), key=lambda item: (item[0] is None, -item[1], str(item[0]))))


def _voices(db: Database, articles: Sequence[ArticleFacts], publishers: Publishers) -> tuple[Voice, ...]:
    names = {each.id: _name(each, publishers) for each in articles}
    copied = earliest_copies(db, articles)
    # What only claims to be from a publisher is no report of it.
    grouped: dict[tuple[str, bool], list[ArticleFacts]] = {}
    for each in sorted(articles, key=by_time):
        grouped.setdefault((names[each.id], is_claim(each, publishers)), []).append(each)
    found = []
    for (name, claimed), own in grouped.items():
        publisher = known_publisher(own[0], publishers)
        copies = {each.id: names[copied[each.id].id] for each in own if each.id in copied}
        found.append(
            Voice(
                name=name,
                country=publisher.country if publisher else None,
                kind=publisher.kind if publisher else None,
                is_state=publisher.state_controlled if publisher else False,
                is_claim=claimed,
                articles=tuple(own),
                copies={article_id: other for article_id, other in copies.items() if other != name},
            )
        )
    return tuple(found)


def _silent(
    db: Database, filters: Filters, story: StoryFacts, reporting: set[str], publishers: Publishers
) -> tuple[SilentPublisher, ...]:
    """Return the publishers with articles of the story's days that may be read, but none on it."""
    if story.first_day is None or story.last_day is None:
        return ()
    first, last = (date.fromisoformat(day) for day in (story.first_day, story.last_day))
    condition, values = article_condition(db, visible(filters))
    rows = db.execute(
        f"""SELECT publisher, min(url), count(*) FROM articles INDEXED BY article_facts
        WHERE {condition} AND publisher IS NOT NULL AND publisher_basis <> 'claimed'
            AND substr(published_at, 1, 10) BETWEEN :first_day AND :last_day
        GROUP BY publisher ORDER BY count(*) DESC, publisher""",
        {
            **values,
            "first_day": (first - timedelta(days=MARGIN_DAYS)).isoformat(),
            "last_day": (last + timedelta(days=MARGIN_DAYS)).isoformat(),
        },
    )
    found: dict[str, SilentPublisher] = {}
    for stated, url, count in rows.fetchall():
        known = publishers.find(stated, url)
        name = known.name if known else stated
        if name not in reporting and stated not in reporting and name not in found:
            country, kind, is_state = (
                (known.country, known.kind, known.state_controlled) if known else (None, None, False)
            )
            found[name] = SilentPublisher(name, country, kind, is_state, int(count))
    return tuple(found.values())


def _name(article: ArticleFacts, publishers: Publishers) -> str:
    known = known_publisher(article, publishers)
    return known.name if known else article.publisher or article.served_by or f"no publisher (article {article.id})"


def _first(voices: Sequence[Voice]) -> str | None:
    """Return who reported first; None if the first two moments can't be told apart."""
    moments = []
    for each in voices:
        stated = [instant(article.published_at) for article in each.articles if article.published_at]
        if stated and not each.is_claim:
            moments.append((min(stated), each.name))
    moments.sort()
    if not moments:
        return None
    if len(moments) == 1 or not _is_tied(moments[0][0], moments[1][0]):
        return moments[0][1]
    return None


def _is_tied(one: str, other: str) -> bool:
    """Return whether two moments are the same, or of one day that one of them states without a time."""
    return one == other or (one[:10] == other[:10] and 10 in {len(one), len(other)})
