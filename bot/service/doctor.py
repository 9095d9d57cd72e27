"""Named checks of a data folder and its settings, each with a remedy."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlite_utils import Database

from bot.records.records import RECORDS_NAME
from bot.service.calibration import read_calibration
from bot.service.folder_checks import database_problems, newer_parts, path_errors, printable
from bot.service.index_place import check_server
from bot.service.leftovers import find_leftovers
from bot.service.process_memory import can_fork, memory_for
from bot.service.sessions import has_database, load_embedder, load_reader, open_to_write, reading
from bot.settings import Settings
from corpus.checks import integrity_problems, misplaced_passages
from corpus.data_folder import unfinished_restore
from corpus.database import DATABASE_NAME
from corpus.errors import AttacheError, StorageFailure
from corpus.feeds.feed import Feed
from corpus.feeds.feed_store import FeedStore
from corpus.feeds.items import ItemStore
from corpus.feeds.schedule import CIRCUIT_FAILURES, MAX_TRIES, Clock
from corpus.lock import writer_lock
from index.embedding.device import AUTO, CPU, find_device
from index.embedding.vector_store import Embeddings
from index.generation.generations import Generation, Generations
from index.generation.scan import available_cores
from index.live.live_vectors import LiveVectors
from index.live.new_passages import PassageTracker

# Building an index of a million passages takes about 2 GB; with less than this, even a small one may not fit.
MIN_FREE_BYTES = 500_000_000
# Seconds after which a due feed is overdue: polling by hand or once a day is fine. A feed that was never polled should
# be polled soon, since `attache bot` and `attache poll --watch` do so within a minute.
OVERDUE_S, NEW_OVERDUE_S = 36 * 3600, 3600
_MAX_NAMED = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, whether it passed, what was found, and the remedy if it failed."""

    name: str
    passed: bool
    found: str
    remedy: str = ""


def run_checks(settings: Settings, clock: Clock | None = None) -> list[Check]:
    """Run every check, changing nothing; `clock` decides which feeds are overdue.

    Raises:
        CorpusBusy: another program is writing, so checks would see unfinished work.
        StorageFailure: the data folder's path can't be used. Whatever is damaged in it fails its own check.
    """
    with path_errors(settings.data_dir):
        return _run_checks(settings, clock or Clock())


def _run_checks(settings: Settings, clock: Clock) -> list[Check]:
    checks = [
        Check("settings", True, f"data folder {settings.data_dir.resolve()}, model {settings.model}"),
        _free_disk(settings),
    ]
    try:
        fingerprint = load_embedder(settings).fingerprint
        checks.append(Check("model checksum", True, fingerprint))
    except AttacheError as error:
        fingerprint = ""
        checks.append(Check("model checksum", False, error.message, error.hint))
    except OSError as error:
        # Before the data folder is blamed for it.
        fingerprint, found = "", f"the model can't be read ({error.strerror or error})"
        checks.append(Check("model checksum", False, found, "Check ATTACHE_MODEL."))
    checks += [_reader(settings), *_device(settings), _answering(settings)]
    if not settings.data_dir.exists() and (left := unfinished_restore(settings.data_dir)):
        # Opening the folder would finish the restore, but checks change nothing.
        checks.append(_restore(left))
        return checks
    if not has_database(settings.data_dir):
        checks.append(_no_database(settings.data_dir))
        return checks
    # Before the database is opened, which would bring it to this version.
    if newer := newer_parts(settings.data_dir):
        return checks + [Check("version", False, each.message, each.hint) for each in newer]
    with ExitStack() as held:
        opened = open_to_write
        try:
            held.enter_context(writer_lock(settings.data_dir, "attache doctor", wait_s=10.0))
        except StorageFailure as error:
            # Others may be writing.
            opened = reading
            checks.append(Check("data folder", False, error.message, error.hint))
        # A running restore has the lock, so what lies beside the folder now was left by one that was killed.
        checks.append(_restore(unfinished_restore(settings.data_dir)))
        checks.append(_leftovers(settings.data_dir))
        checks.append(_calibration(settings))
        live, index = _generation(settings, fingerprint)
        checks.extend(_bordered("database", _corpus(settings, clock, fingerprint, live, opened)))
        checks.extend(_records(settings.data_dir))
        checks.extend(index)
    return checks


def _bordered(name: str, part: Iterable[Check]) -> Iterator[Check]:
    """Yield the checks of a part; one that can't be read fails by itself, so that the others are checked, too."""
    try:
        yield from part
    except StorageFailure as error:
        yield Check(name, False, error.message, error.hint)


def _corpus(
    settings: Settings,
    clock: Clock,
    fingerprint: str,
    live: Generation | None,
    opened: Callable[[Path], AbstractContextManager[Database]],
) -> Iterator[Check]:
    with opened(settings.data_dir) as db:
        yield from _database(db)
        yield from _feeds(db, clock)
        if fingerprint:
            yield from _index(settings, db, fingerprint, live)


def _reader(settings: Settings) -> Check:
    try:
        return Check("reader", True, load_reader(settings).check())
    except AttacheError as error:
        return Check("reader", False, error.message, error.hint)
    except OSError as error:
        found = f"the reader can't be read ({error.strerror or error})"
        return Check("reader", False, found, "Check ATTACHE_READER.")


def _device(settings: Settings) -> list[Check]:
    """Return the check of a device that the settings name; importing torch for others would take seconds."""
    if settings.device in (AUTO, CPU):
        return []
    _, problem = find_device(settings.device)
    remedy = "Check ATTACHE_DEVICE, the driver, and that torch was built for it (pytorch.org/get-started)."
    return [Check("device", not problem, problem or settings.device, remedy)]


def _answering(settings: Settings) -> Check:
    """Return the check of the number of answering processes against the system's processors and memory."""
    count, cores = settings.answering, available_cores()
    if count == 1:
        return Check("answering", True, "one thread of the bot")
    needed, free = memory_for(count)
    found = f"{count} processes on {cores} processors, {needed / 1e9:.1f} GB more than with one thread"
    found += f", {free / 1e9:.1f} GB free" if free else ""
    fits = count <= cores and (not free or needed < free) and can_fork()
    return Check(
        "answering",
        fits,
        found if can_fork() else f"{count} processes, which need Linux",
        "Lower ATTACHE_ANSWERING: at most one process for each processor, and as many as memory allows; 1 elsewhere.",
    )


def _no_database(data_dir: Path) -> Check:
    """Return the check of a data folder without a database file; something else may be in its place."""
    path = data_dir / DATABASE_NAME
    if data_dir.exists() and not data_dir.is_dir():
        return Check("database", False, f"{data_dir} is no folder", "Name another data folder with --data-dir.")
    if os.path.lexists(path):
        remedy = "Move it away, then restore the data folder from a backup, or ingest again."
        return Check("database", False, f"{path} is no file", remedy)
    return Check("database", True, f"there is none in {data_dir} yet; the first question makes it")


def _restore(left: Sequence[Path]) -> Check:
    names = ", ".join(map(str, left))
    return Check(
        "restores complete",
        not left,
        f"a restore was killed and left {names}" if left else "none was cut short",
        "Run `attache doctor --repair`: it finishes the restore and keeps the former data folder under a visible name.",
    )


def _leftovers(data_dir: Path) -> Check:
    found = find_leftovers(data_dir)
    names = _listed([printable(str(path)) for path in found])
    return Check(
        "no leftovers",
        not found,
        f"killed commands left {names}" if found else "no command left anything",
        "Run `attache doctor --repair`, which deletes those in the data folder. Delete a backup's or an export's "
        "yourself, or make it again.",
    )


def _calibration(settings: Settings) -> Check:
    try:
        found = read_calibration(settings)
    except AttacheError as error:
        return Check("calibration", False, error.message, error.hint)
    return Check("calibration", True, f"calibrated {found.calibrated_at} on {found.calibrated_on}")


def _free_disk(settings: Settings) -> Check:
    place = settings.data_dir.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    return Check(
        "free disk",
        free >= MIN_FREE_BYTES,
        f"{free / 1e9:.1f} GB free",
        "Make room: building an index needs twice its size.",
    )


def _database(db: Database) -> Iterator[Check]:
    problems = integrity_problems(db)
    yield Check(
        "database integrity",
        not problems,
        "; ".join(problems) or "intact",
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


def _records(data_dir: Path) -> Iterator[Check]:
    path = data_dir / RECORDS_NAME
    if not os.path.lexists(path):
        return
    try:
        problems = database_problems(path) if path.is_file() else [f"{path} is no file"]
    except StorageFailure as error:
        problems = [error.message]
    yield Check(
        "records intact",
        not problems,
        "; ".join(problems) or "intact",
        f"Restore the data folder from a backup, or move {RECORDS_NAME} away: settings, buttons and audit log start "
        "empty, articles stay.",
    )


def _feeds(db: Database, clock: Clock) -> Iterator[Check]:
    feeds = [feed for feed in FeedStore(db).all() if not feed.is_paused]
    if not feeds:
        return
    broken = [feed for feed in feeds if feed.failures >= CIRCUIT_FAILURES]
    yield Check(
        "feeds answer",
        not broken,
        f"{_names(broken)}: {CIRCUIT_FAILURES} or more failures in a row, the last: {broken[0].last_error}"
        if broken
        else "no open circuit",
        "Look with `attache feeds check NUMBER`; then `attache feeds resume NUMBER` or `attache feeds remove NUMBER`.",
    )
    late, new_late = clock.timestamp(-OVERDUE_S), clock.timestamp(-NEW_OVERDUE_S)
    overdue = [feed for feed in feeds if feed.next_poll < (late if feed.polled_at else new_late)]
    yield Check(
        "feeds polled in time",
        not overdue,
        f"{_names(overdue)}: due since {overdue[0].next_poll}" if overdue else "none is overdue",
        "Run `attache bot` or `attache poll --watch`, which poll by themselves, or `attache poll` now.",
    )
    ahead = [feed for feed in feeds if feed.is_ahead(clock)]
    yield Check(
        "feeds' times",
        not ahead,
        f"{_names(ahead)}: last polled or due at times in the future, such as {_latest(ahead[0])}"
        if ahead
        else "none in the future",
        "Check the system's clock, which was ahead when they were polled; then `attache poll` corrects the times.",
    )
    # They are tried once more, then given up.
    items, feed_ids = ItemStore(db).failing(MAX_TRIES - 1)
    names = _names([feed for feed in feeds if feed.id in feed_ids])
    yield Check(
        "articles of feeds arrive",
        items == 0,
        f"{items:,} could not be fetched in {MAX_TRIES - 1} tries ({names})" if items else "none fails repeatedly",
        "See what their site says with `attache feeds check NUMBER`; a larger ATTACHE_FEED_DELAY_S asks it less often.",
    )


def _latest(feed: Feed) -> str:
    return max(feed.next_poll, feed.polled_at or "")


def _names(feeds: Sequence[Feed]) -> str:
    return _listed([f"no. {feed.id} {feed.name[:60]}" for feed in feeds])


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MAX_NAMED:,} more" if len(names) > _MAX_NAMED else ""
    return ", ".join(names[:_MAX_NAMED]) + more


def _generation(settings: Settings, fingerprint: str) -> tuple[Generation | None, list[Check]]:
    """Return the live index and the checks of its files; nothing where it is elsewhere, or its model is unknown."""
    if not fingerprint or settings.milvus is not None:
        return None, []
    name = "manifest and checksum"
    try:
        live = Generations(settings.data_dir).open_live(fingerprint)
    except AttacheError as error:
        return None, [Check(name, False, error.message, error.hint or "Run `attache doctor --repair`.")]
    if live is None:
        return None, [Check(name, False, "there is no index", "Run `attache reindex`.")]
    checks = [Check(name, True, f"generation {live.name}, {live.manifest.count:,} vectors")]
    if not live.postings.has_valid_rows():
        found = "they name passages that it does not have"
        checks.append(Check("words of the index", False, found, "Run `attache reindex --full`."))
    return live, checks


def _index(settings: Settings, db: Database, fingerprint: str, live: Generation | None) -> Iterator[Check]:
    embeddings = Embeddings(db, fingerprint)
    missing = embeddings.count_all_missing()
    yield Check(
        "passages without vectors", missing == 0, f"{missing:,}", "Run `attache reindex`, or `attache doctor --repair`."
    )
    # Harmless: they are reused if the text comes back, and `reindex --full` deletes them.
    yield Check("vectors without passages", True, f"{embeddings.count_orphans():,} kept from former texts")
    if settings.milvus is not None:
        yield _server_index(settings, db, fingerprint)
    if live is None:
        return
    tracker = PassageTracker(db, live.index.ids)
    tracker.catch_up()
    vectors = LiveVectors(live.index, tracker, embeddings)
    vectors.catch_up()
    stored = np.fromiter((row[0] for row in db.execute("SELECT id FROM passages ORDER BY id")), dtype=np.int64)
    in_step = np.array_equal(vectors.ids, stored)
    yield Check(
        "index in step",
        in_step,
        f"finds exactly the stored passages, {vectors.joined:,} of them added since it was built"
        if in_step
        else "does not find every passage",
        "Run `attache reindex`.",
    )


def _server_index(settings: Settings, db: Database, fingerprint: str) -> Check:
    try:
        problem = check_server(settings, db, fingerprint)
    except AttacheError as error:
        return Check("index in Milvus", False, error.message, error.hint)
    fine = "the server has exactly the stored passages"
    return Check("index in Milvus", not problem, problem or fine, "Run `attache reindex`.")
