"""Quotas: how much one upload and one Discord server may add, by articles and by the disk space that they will take."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlite_utils import Database

from bot.service.sessions import has_database, reading
from bot.settings import Settings
from corpus.errors import AttacheError, BadInput
from corpus.feeds.feed import Feed

# The collections of Discord servers begin with this; only these have quotas, the others are the operator's.
SERVER_PREFIX = "discord-"
# Disk space of database and index together, measured over 3,000 articles of one short sentence (5.3 kB each) and 300
# articles of 900 words (44 kB each): rows, signature and buckets of an article; row, vector and postings of a passage;
# and the text itself, which is stored whole, in passages and in postings.
_ARTICLE_BYTES, _PASSAGE_BYTES, _TEXT_FACTOR = 2_600, 2_700, 4
# Characters of a passage of normal prose. Text of many headings has shorter ones, which are counted once they are cut.
_PASSAGE_CHARACTERS = 900
# Names of publishers in a server's collection. Each search looks at every name that anybody's articles have, and no
# server reads so many papers.
MAX_PUBLISHERS = 5_000
# Seconds for which the size of a collection is remembered: measuring it reads its texts, and in an hour its feeds bring
# only so much, one page a second.
_REMEMBERED_S = 3600.0
_MB = 1_000_000
# Files whose size is about that of their text.
_TEXT_SUFFIXES = {".md", ".markdown", ".txt", ".html", ".htm", ".jsonl", ".ndjson", ".csv", ".tsv"}
# From this share of a quota on, admins are told how much is left.
NEAR_FULL = 0.8


class QuotaReached(BadInput):
    """An addition would exceed a quota.

    Args:
        quota: which one: `upload-articles`, `upload-disk`, `server-articles`, `server-disk` or `server-publishers`.
        found: the articles, megabytes or publishers that there would be.
        most: the articles, megabytes or publishers allowed.
    """

    def __init__(self, quota: str, found: int, most: int) -> None:
        owner, unit = quota.split("-")
        what = "The upload" if owner == "upload" else "The server's collection"
        would = f"{found:,} {'MB' if unit == 'disk' else unit}"
        super().__init__(
            f"{what} would hold {would}; at most {most:,} are allowed.",
            "Split the file." if owner == "upload" else "Remove articles first, or ask the operator for more room.",
        )
        self.quota, self.found, self.most = quota, found, most


@dataclass(frozen=True, slots=True)
class Load:
    """Articles, their passages, the characters of their texts, former ones included, and the names of publishers."""

    articles: int = 0
    passages: int = 0
    characters: int = 0
    publishers: frozenset[str] = frozenset()

    @property
    def disk_mb(self) -> int:
        """The disk space that they take, in whole megabytes."""
        text = _TEXT_FACTOR * self.characters
        return (_ARTICLE_BYTES * self.articles + _PASSAGE_BYTES * self.passages + text) // _MB

    def plus(self, other: "Load") -> "Load":
        """Return the sum."""
        return Load(
            self.articles + other.articles,
            self.passages + other.passages,
            self.characters + other.characters,
            self.publishers | other.publishers,
        )


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """How much of its quotas a server's collection uses."""

    articles: int
    most_articles: int
    disk_mb: int
    most_mb: int

    @property
    def percent(self) -> int:
        """The used share of the quota that is nearer to its end, in whole percent."""
        pairs = ((self.articles, self.most_articles), (self.disk_mb, self.most_mb))
        return max(100 * used // most if most else 100 for used, most in pairs)

    @property
    def is_near(self) -> bool:
        """Whether one of the quotas is nearly used up."""
        return self.percent >= 100 * NEAR_FULL


def quota_use(settings: Settings, load: Load) -> QuotaUse:
    """Return how much of a server's quotas a load uses."""
    return QuotaUse(load.articles, settings.articles_per_server, load.disk_mb, settings.disk_mb_per_server)


def expected_load(source: Path | str) -> Load:
    """Estimate, without parsing, what a file or a link holds: in JSON Lines each line that isn't blank counts.

    How much text is in a compressed file, or one with a layout, is seen only when it is read.
    """
    suffix = source.suffix.lower() if isinstance(source, Path) else ""
    if isinstance(source, str) or suffix not in _TEXT_SUFFIXES:
        return Load(articles=1)
    articles, size = 1, source.stat().st_size
    if suffix in {".jsonl", ".ndjson"}:
        with source.open("rb") as file:
            articles = sum(1 for line in file if not line.isspace())
    return Load(articles, articles + size // _PASSAGE_CHARACTERS, size)


def collection_load(db: Database, collection: str) -> Load:
    """Measure what a collection holds; reads its texts."""
    within = "article_id IN (SELECT id FROM articles WHERE collection = :collection)"
    values = {"collection": collection}
    articles, characters = db.execute(
        "SELECT count(*), coalesce(sum(length(body)), 0) FROM articles WHERE collection = :collection", values
    ).fetchone()
    former = db.execute(f"SELECT coalesce(sum(length(body)), 0) FROM versions WHERE {within}", values).fetchone()[0]
    passages = db.execute(f"SELECT count(*) FROM passages WHERE {within}", values).fetchone()[0]
    names = db.execute("SELECT DISTINCT publisher FROM articles WHERE collection = :collection", values)
    return Load(articles, passages, characters + former, _names(names))


def articles_load(db: Database, article_ids: Sequence[int]) -> Load:
    """Measure what some articles hold, each once, without their former texts."""
    values = (json.dumps(article_ids),)
    ids = "SELECT value FROM json_each(?)"
    articles, characters = db.execute(
        f"SELECT count(*), coalesce(sum(length(body)), 0) FROM articles WHERE id IN ({ids})", values
    ).fetchone()
    passages = db.execute(f"SELECT count(*) FROM passages WHERE article_id IN ({ids})", values).fetchone()[0]
    names = db.execute(f"SELECT DISTINCT publisher FROM articles WHERE id IN ({ids})", values)
    return Load(articles, passages, characters, _names(names))


def check_upload(settings: Settings, load: Load) -> None:
    """Check one upload.

    Raises:
        QuotaReached: it holds too much.
    """
    _check("upload-articles", load.articles, settings.articles_per_upload)
    _check("upload-disk", load.disk_mb, settings.disk_mb_per_upload)


def check_collection(settings: Settings, collection: str, load: Load) -> None:
    """Check what a collection would hold; only those of Discord servers have a quota.

    Raises:
        QuotaReached: it would hold too much.
    """
    if collection.startswith(SERVER_PREFIX):
        _check("server-articles", load.articles, settings.articles_per_server)
        _check("server-disk", load.disk_mb, settings.disk_mb_per_server)
        _check("server-publishers", len(load.publishers), MAX_PUBLISHERS)


def check_room(settings: Settings, collection: str, source: Path | str) -> None:
    """Check, before anything is stored, that an upload is within its quota and that the collection has room for it.

    A single article may be a new version of a stored one, which is no article more; that is known once it is read.

    Raises:
        QuotaReached: it is not, or has not.
        StorageFailure: the file or the corpus can't be read.
    """
    expected = expected_load(source)
    check_upload(settings, expected)
    if collection.startswith(SERVER_PREFIX) and has_database(settings.data_dir):
        with reading(settings.data_dir) as db:
            room_for = replace(expected, articles=0) if expected.articles == 1 else expected
            check_collection(settings, collection, collection_load(db, collection).plus(room_for))


class FeedRoom:
    """Keeps a server's feeds within its quota; remembers the size of each collection for an hour.

    Args:
        settings: the quotas.
        now: the time, in seconds.

    Attributes:
        uses: how much of its quotas each collection used when it was measured last.
    """

    def __init__(self, settings: Settings, now: Callable[[], float]) -> None:
        self._settings = settings
        self._now = now
        self._known: dict[str, tuple[float, AttacheError | None]] = {}
        self.uses: dict[str, QuotaUse] = {}

    def check(self, db: Database, feed: Feed) -> None:
        """Check that a feed's collection has room for more.

        Raises:
            QuotaReached: it has not.
        """
        if not feed.collection.startswith(SERVER_PREFIX):
            return
        until, error = self._known.get(feed.collection, (float("-inf"), None))
        now = self._now()
        # The other condition: the clock was set back.
        if not now < until <= now + _REMEMBERED_S:
            error = self._measure(db, feed.collection)
            self._known[feed.collection] = now + _REMEMBERED_S, error
        if error is not None:
            raise error

    def _measure(self, db: Database, collection: str) -> AttacheError | None:
        load = collection_load(db, collection)
        self.uses[collection] = quota_use(self._settings, load)
        try:
            check_collection(self._settings, collection, load.plus(Load(articles=1)))
        except QuotaReached as error:
            return error
        return None


def _names(rows: Iterable[tuple[str | None]]) -> frozenset[str]:
    return frozenset(name for (name,) in rows if name)


def _check(quota: str, found: int, most: int) -> None:
    if found > most:
        raise QuotaReached(quota, found, most)
