"""Named checks of a data folder and its settings, each with what to do about it."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sqlite_utils import Database

from bot.service.sessions import writing
from bot.settings import Settings
from corpus.checks import integrity_problems, misplaced_passages
from corpus.database import DATABASE_NAME
from corpus.errors import AttacheError
from corpus.feeds.feed import CIRCUIT_FAILURES, Feed
from corpus.feeds.feed_store import Feeds
from corpus.feeds.items import Items
from corpus.feeds.schedule import MOST_TRIES, Clock
from index.embedding.embedder import SentenceEmbedder
from index.embedding.vector_store import Embeddings
from index.generation.generations import Generations
from index.live.live_vectors import LiveIndex
from index.live.new_passages import FollowedPassages

# A generation of a million passages takes about 2 GB while it is built; below this even small ones may not fit.
LEAST_FREE_BYTES = 500_000_000
# Seconds after its time that a feed is overdue: those who poll by hand or by a daily job are not late yet. One that was
# never polled is polled by whoever polls within a minute.
OVERDUE_S, NEW_OVERDUE_S = 36 * 3600, 3600
# Feeds that a sentence names.
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, whether it passed, what was found, and the remedy where it did not pass."""

    name: str
    passed: bool
    found: str
    remedy: str = ""


def examine(settings: Settings, clock: Clock | None = None) -> list[Check]:
    """Runs every check; none of them changes what is stored.

    Args:
        settings: the data folder and the model.
        clock: tells which feeds are overdue; by default the real one.

    Raises:
        CorpusBusy: somebody is writing, so that what would be found is in flux.
    """
    checks = [_settings(settings), _free_disk(settings)]
    model, fingerprint = _model(settings)
    checks.append(model)
    if not (settings.data_dir / DATABASE_NAME).is_file():
        checks.append(Check("database", True, f"there is none in {settings.data_dir} yet; the first question makes it"))
        return checks
    with writing(settings, "attache doctor", wait_s=10.0) as db:
        checks.extend(_database(db))
        checks.extend(_feeds(db, clock or Clock()))
        if fingerprint:
            checks.extend(_index(settings, db, fingerprint))
    return checks


def _settings(settings: Settings) -> Check:
    return Check("settings", True, f"data folder {settings.data_dir.resolve()}, model {settings.model}")


def _free_disk(settings: Settings) -> Check:
    place = settings.data_dir.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    return Check(
        "free disk",
        free >= LEAST_FREE_BYTES,
        f"{free / 1e9:.1f} GB free",
        "Make room: building an index needs twice its size.",
    )


def _model(settings: Settings) -> tuple[Check, str | None]:
    try:
        source = SentenceEmbedder(settings.model).source
    except AttacheError as error:
        return Check("model checksum", False, error.message, error.hint), None
    return Check("model checksum", True, f"{source.fingerprint}"), source.fingerprint


def _database(db: Database) -> Iterator[Check]:
    problems = integrity_problems(db)
    yield Check(
        "database integrity",
        not problems,
        "; ".join(problems) or "sound",
        "Restore the data folder from a backup, or move it away and ingest again.",
    )
    if problems:
        return
    wrong = misplaced_passages(db)
    yield Check(
        "passages verbatim",
        not wrong,
        "every passage is a slice of its article" if not wrong else f"{len(wrong)} articles have misplaced passages",
        "Run `attache doctor --repair`.",
    )


def _feeds(db: Database, clock: Clock) -> Iterator[Check]:
    feeds = [feed for feed in Feeds(db).all() if not feed.is_paused]
    if not feeds:
        return
    broken = [feed for feed in feeds if feed.failures >= CIRCUIT_FAILURES]
    yield Check(
        "feeds answer",
        not broken,
        f"{_named(broken)}: {CIRCUIT_FAILURES} failures in a row or more, the last: {broken[0].last_error}"
        if broken
        else "none has an open circuit",
        "Look with `attache feeds check NUMBER`; then `attache feeds resume NUMBER` or `attache feeds remove NUMBER`.",
    )
    late, new_late = clock.text(-OVERDUE_S), clock.text(-NEW_OVERDUE_S)
    overdue = [feed for feed in feeds if feed.next_poll < (late if feed.polled_at else new_late)]
    yield Check(
        "feeds polled in time",
        not overdue,
        f"{_named(overdue)}: due since {overdue[0].next_poll}" if overdue else "none is overdue",
        "Run `attache bot` or `attache poll --watch`, which poll by themselves, or `attache poll` now.",
    )
    # They are tried once more after that, and then given up.
    items, of_feeds = Items(db).failing(MOST_TRIES - 1)
    named = _named([feed for feed in feeds if feed.id in of_feeds])
    yield Check(
        "articles of feeds arrive",
        items == 0,
        f"{items:,} could not be fetched in {MOST_TRIES - 1} tries ({named})"
        if items
        else "none fails again and again",
        "See what their site says with `attache feeds check NUMBER`; a larger ATTACHE_FEED_DELAY_S asks it less often.",
    )


def _named(feeds: Sequence[Feed]) -> str:
    names = ", ".join(f"no. {feed.id} {feed.name[:60]}" for feed in feeds[:MOST_NAMED])
    return names + (f" and {len(feeds) - MOST_NAMED:,} more" if len(feeds) > MOST_NAMED else "")


def _index(settings: Settings, db: Database, fingerprint: str) -> Iterator[Check]:
    embeddings = Embeddings(db, fingerprint)
    missing = embeddings.missing_anywhere()
    yield Check(
        "passages without vectors",
        missing == 0,
        f"{missing:,}",
        "Run `attache reindex`, or `attache doctor --repair`.",
    )
    orphans = embeddings.orphans()
    # Vectors of former texts do no harm: they wait for the text to come back, and `reindex --full` drops them.
    yield Check("vectors without passages", True, f"{orphans:,} kept from former texts")
    generations = Generations(settings.data_dir)
    try:
        live = generations.open_live(fingerprint)
    except AttacheError as error:
        yield Check("manifest and checksum", False, error.message, error.hint or "Run `attache doctor --repair`.")
        return
    if live is None:
        yield Check("manifest and checksum", False, "there is no index", "Run `attache reindex`.")
        return
    yield Check("manifest and checksum", True, f"generation {live.name}, {live.manifest.count:,} vectors")
    joined = FollowedPassages(db, live.index.ids)
    joined.catch_up()
    view = LiveIndex(live.index, joined, embeddings)
    view.catch_up()
    stored = np.fromiter((row[0] for row in db.execute("SELECT id FROM passages ORDER BY id")), dtype=np.int64)
    in_step = np.array_equal(view.ids, stored)
    yield Check(
        "index in step",
        in_step,
        f"finds exactly the stored passages, {view.joined:,} of them joined since it was built"
        if in_step
        else "does not find every passage",
        "Run `attache reindex`.",
    )
