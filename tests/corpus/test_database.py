"""Opening and failing: what SQLite is told to guarantee, read-only folders, damaged files and full disks."""

import errno
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from corpus.articles import Articles
from corpus.catalog import corpus_facts
from corpus.checks import integrity_problems, misplaced_passages
from corpus.database import DATABASE_NAME, open_database, open_database_read_only, storage_errors
from corpus.errors import AttacheError, CorpusBusy, StorageFailure
from corpus.ingest import IngestOptions, IngestReport, ingest_paths
from tests.damage import without_secure_delete

ROOT = Path(__file__).parents[2]

Mount = Callable[[str], Path]


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """Mounts a disk in memory of the given options at one place, again with others; skips where that is forbidden."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount_disk(options: str) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("a disk can't be mounted here: it takes root")
        return place

    yield mount_disk
    if place.is_mount():
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def news(path: Path, count: int, start: int = 0) -> Path:
    """A file of articles of about 3 kB each."""
    noise = random.Random(start)
    lines = []
    for i in range(start, start + count):
        words = " ".join(f"The council of town {noise.randbytes(4).hex()} met again." for _ in range(60))
        lines.append(json.dumps({"url": f"https://example.org/{i}", "title": f"Meeting {i}", "body": words}))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def feed(data_dir: Path, path: Path) -> IngestReport:
    with storage_errors(data_dir), closing(open_database(data_dir)) as db:
        return ingest_paths(db, [path], IngestOptions())


def stored(db: Database) -> int:
    return corpus_facts(db).articles


# --- guarantees


def test_a_database_keeps_references_and_a_log(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "new" / "folder")) as db:
        assert db.journal_mode == "wal"
        assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        with pytest.raises(sqlite3.IntegrityError):
            db.execute("INSERT INTO passages VALUES (1, 77, 0, 0, 1, 'x', 'x')")


def test_opening_again_keeps_everything(tmp_path: Path) -> None:
    feed(tmp_path / "data", news(tmp_path / "a.jsonl", 3))
    for opener in (open_database, open_database_read_only, open_database):
        with closing(opener(tmp_path / "data")) as db:
            assert stored(db) == 3


def test_a_reader_sees_what_is_committed_while_somebody_writes(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    feed(data_dir, news(tmp_path / "a.jsonl", 3))
    with closing(open_database(data_dir)) as writer, closing(open_database_read_only(data_dir)) as reader:
        with writer.atomic():
            Articles(writer).remove(1)
            assert stored(reader) == 3
        assert stored(reader) == 2


def test_a_database_that_somebody_holds_is_busy_and_not_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.database.BUSY_TIMEOUT_S", 0.05)
    path = news(tmp_path / "a.jsonl", 3)
    with closing(open_database(tmp_path / "data")) as first:
        first.execute("BEGIN IMMEDIATE")
        with pytest.raises(CorpusBusy, match="in use") as caught:
            feed(tmp_path / "data", path)
        assert caught.value.hint
        first.execute("ROLLBACK")
    assert feed(tmp_path / "data", path).added == 3


def test_deleted_text_is_gone_from_the_file_however_sqlite_was_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian's SQLite overwrites deleted text by itself; others leave it in the file."""
    without_secure_delete(monkeypatch)
    data_dir, secret = tmp_path / "data", "Zwiebelturm Quorndorf"
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"url": "https://example.org/a", "body": f"The {secret} was sold on Monday. " * 300}))
    with closing(open_database(data_dir)) as db:
        ingest_paths(db, [path], IngestOptions())
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert secret.encode() in (data_dir / DATABASE_NAME).read_bytes()
        with db.atomic():
            Articles(db).remove(1)
    assert secret.encode() not in (data_dir / DATABASE_NAME).read_bytes()


# --- reading only


def test_a_database_opened_for_reading_can_not_be_changed(tmp_path: Path) -> None:
    feed(tmp_path / "data", news(tmp_path / "a.jsonl", 3))
    with closing(open_database_read_only(tmp_path / "data")) as db:
        assert stored(db) == 3
        with pytest.raises(StorageFailure, match="can't be written"), storage_errors(tmp_path / "data"):
            Articles(db).remove(1)


def test_without_a_database_the_reader_is_told_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StorageFailure, match="no articles") as caught:
        open_database_read_only(tmp_path)
    assert "attache ingest" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_an_older_release_is_brought_up_to_date_for_a_reader(tmp_path: Path) -> None:
    feed(tmp_path / "data", news(tmp_path / "a.jsonl", 3))
    newer = Migrations("newer")
    newer(name="remarks")(lambda db: db.execute("CREATE TABLE remarks (id INTEGER PRIMARY KEY)"))
    with closing(open_database_read_only(tmp_path / "data", (newer,))) as db:
        assert stored(db) == 3
        assert db["remarks"].exists()


def on_a_read_only_disk(tmp_path: Path, mount: Mount, *, read_before: bool) -> Path:
    """A data folder with three articles on a disk that can't be written any more."""
    data_dir = mount("size=8m") / "data"
    feed(data_dir, news(tmp_path / "a.jsonl", 3))
    if read_before:
        # A reader leaves an empty log behind.
        with closing(open_database_read_only(data_dir)) as db:
            assert stored(db) == 3
    mount("remount,ro")
    return data_dir


@pytest.mark.parametrize("read_before", [False, True])
def test_a_read_only_disk_can_be_read(tmp_path: Path, mount: Mount, read_before: bool) -> None:
    data_dir = on_a_read_only_disk(tmp_path, mount, read_before=read_before)
    with closing(open_database_read_only(data_dir)) as db:
        assert stored(db) == 3


def test_a_read_only_disk_can_not_be_written_and_that_is_told_in_plain_words(tmp_path: Path, mount: Mount) -> None:
    data_dir = mount("size=8m") / "data"
    path = news(tmp_path / "a.jsonl", 3)
    feed(data_dir, path)
    mount("remount,ro")
    with pytest.raises(StorageFailure, match="can't be written") as caught:
        feed(data_dir, news(path, 4))
    assert "--data-dir" in caught.value.hint
    with pytest.raises(StorageFailure, match="can't be written"):
        open_database(data_dir.with_name("other"))


@pytest.mark.parametrize("read_before", [False, True])
def test_a_corpus_of_an_older_release_on_a_read_only_disk_is_told_of_as_such(
    tmp_path: Path, mount: Mount, read_before: bool
) -> None:
    data_dir = on_a_read_only_disk(tmp_path, mount, read_before=read_before)
    newer = Migrations("newer")
    newer(name="remarks")(lambda db: db.execute("CREATE TABLE remarks (id INTEGER PRIMARY KEY)"))
    with pytest.raises(StorageFailure, match="older release") as caught:
        open_database_read_only(data_dir, (newer,))
    assert str(data_dir) in caught.value.message
    assert "copy it" in caught.value.hint
    mount("remount,rw")
    with closing(open_database_read_only(data_dir, (newer,))) as db:
        assert stored(db) == 3


def test_a_log_that_a_killed_program_left_can_not_be_read_on_a_read_only_disk_and_that_is_told(
    tmp_path: Path, mount: Mount
) -> None:
    data_dir = mount("size=8m") / "data"
    with closing(open_database(tmp_path / "data")) as db:
        ingest_paths(db, [news(tmp_path / "a.jsonl", 3)], IngestOptions())
        data_dir.mkdir()
        for name in (DATABASE_NAME, f"{DATABASE_NAME}-wal"):
            shutil.copyfile(tmp_path / "data" / name, data_dir / name)
    mount("remount,ro")
    with pytest.raises(StorageFailure, match="can't be opened") as caught:
        open_database_read_only(data_dir)
    assert "copy it" in caught.value.hint
    copy = Path(shutil.copytree(data_dir, tmp_path / "copy"))
    with closing(open_database_read_only(copy)) as db:
        assert stored(db) == 3


# --- damage


@pytest.mark.parametrize("content", [b"no database at all " * 400, b"SQLite format 3\0" + b"\0" * 5000])
def test_a_file_that_is_no_database_is_told_in_plain_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(content)
    for opener in (open_database, open_database_read_only):
        with pytest.raises(StorageFailure) as caught:
            opener(tmp_path)
        assert str(tmp_path) in caught.value.message
        assert caught.value.hint


@pytest.mark.parametrize("part", range(8))
def test_overwritten_pages_never_raise_anything_but_plain_words(tmp_path: Path, part: int) -> None:
    data_dir = tmp_path / "data"
    feed(data_dir, news(tmp_path / "a.jsonl", 6))
    path = data_dir / DATABASE_NAME
    raw = bytearray(path.read_bytes())
    start = len(raw) * part // 8 // 4096 * 4096
    raw[start : start + 8192] = random.Random(part).randbytes(8192)
    path.write_bytes(raw)
    assert complaint(data_dir, news(tmp_path / "a.jsonl", 9, start=3))


def complaint(data_dir: Path, path: Path) -> str:
    """What the user is told about damage, when feeding articles or by the checks after it; other errors pass."""
    try:
        feed(data_dir, path)
        with closing(open_database(data_dir)) as db:
            return "; ".join(integrity_problems(db))
    except StorageFailure as failure:
        return failure.hint


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (sqlite3.OperationalError("database or disk is full"), StorageFailure),
        (sqlite3.OperationalError("disk I/O error"), StorageFailure),
        (sqlite3.OperationalError("database is locked"), CorpusBusy),
        (sqlite3.OperationalError("attempt to write a readonly database"), StorageFailure),
        (sqlite3.OperationalError("unable to open database file"), StorageFailure),
        (sqlite3.OperationalError("no such table: articles"), StorageFailure),
        (sqlite3.DatabaseError("database disk image is malformed"), StorageFailure),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), StorageFailure),
        (PermissionError(errno.EACCES, os.strerror(errno.EACCES)), StorageFailure),
    ],
    ids=str,
)
def test_every_failure_of_storage_is_one_sentence_with_what_to_do(
    tmp_path: Path, error: Exception, expected: type[AttacheError]
) -> None:
    with pytest.raises(expected) as caught, storage_errors(tmp_path):
        raise error
    assert str(tmp_path) in caught.value.message
    assert caught.value.message.endswith(".")
    assert caught.value.hint.endswith(".")
    assert caught.value.__cause__ is error


def test_failures_that_are_not_of_storage_pass_through(tmp_path: Path) -> None:
    with pytest.raises(KeyError), storage_errors(tmp_path):
        raise KeyError


# --- two programs at once

OPENS = """
import sys, time
from pathlib import Path
from corpus.database import open_database
root = Path(sys.argv[1])
(root / sys.argv[2]).touch()
while not ((root / "one").exists() and (root / "two").exists()):
    time.sleep(0.001)
for number in range(15):
    open_database(root / str(number)).close()
"""


def test_two_programs_may_open_new_folders_at_once(tmp_path: Path) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", OPENS, tmp_path, name], stderr=subprocess.PIPE, cwd=ROOT)
        for name in ("one", "two")
    ]
    for each in started:
        _, told = each.communicate(timeout=60)
        assert (each.returncode, told) == (0, b"")


# --- a full disk


def test_a_full_disk_loses_nothing_and_the_run_completes_once_there_is_room(tmp_path: Path, mount: Mount) -> None:
    data_dir = mount("size=1m") / "data"
    first, second = news(tmp_path / "a.jsonl", 20), news(tmp_path / "b.jsonl", 300, start=100)
    feed(data_dir, first)
    with pytest.raises(StorageFailure, match="full") as caught:
        feed(data_dir, second)
    assert "Make room" in caught.value.hint
    with closing(open_database_read_only(data_dir)) as db:
        before = stored(db)
        assert before >= 20
        assert misplaced_passages(db) == []
        assert db.execute("SELECT count(DISTINCT article_id) FROM passages").fetchone()[0] == before
    mount("remount,size=24m")
    report = feed(data_dir, second)
    assert report.unchanged == before - 20
    assert report.added + report.unchanged == 300
    with closing(open_database(data_dir)) as db:
        assert stored(db) == 320
        assert integrity_problems(db) == []
