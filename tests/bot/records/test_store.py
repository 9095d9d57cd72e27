"""The file of records: opened late, shared, killed, cancelled, closed, damaged; and what a caller is told."""

import asyncio
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.records.asked import find, save
from bot.records.audit import Act, record
from bot.records.records import RECORDS_NAME, Records, open_records
from bot.records.schema import migrations
from corpus.errors import BadInput, StorageFailure
from tests.bot.records.conftest import ASKER, NOW, SERVER, MakeAsked, acts_in
from tests.damage import without_secure_delete

ROOT = Path(__file__).parents[3]


def act(details: str) -> Callable[[Database], None]:
    return lambda db: record(db, Act(NOW, SERVER, ASKER, "corpus add", details))


def stored(db: Database) -> list[str]:
    return [each.details for each in acts_in(db, SERVER)]


def test_migrations_apply_twice_and_change_nothing(records: Database) -> None:
    before = records.schema
    migrations.apply(records)
    assert records.schema == before
    assert list(migrations.pending(records)) == []


async def test_the_disk_is_not_touched_before_the_first_use(tmp_path: Path) -> None:
    records = Records(tmp_path / "data")
    assert not (tmp_path / "data").exists()
    assert await records.run(stored) == []
    assert (tmp_path / "data" / RECORDS_NAME).exists()
    records.close()


async def test_only_the_operator_may_read_the_file(tmp_path: Path) -> None:
    records = Records(tmp_path)
    await records.run(act("one"))
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob(f"{RECORDS_NAME}*")} == {0o600}
    records.close()


def test_deleted_records_are_gone_from_the_file_however_sqlite_was_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_secure_delete(monkeypatch)
    records = open_records(tmp_path / RECORDS_NAME)
    for number in range(200):
        act(f"Zwiebelturm Quorndorf {number}")(records)
    records.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"Zwiebelturm" in (tmp_path / RECORDS_NAME).read_bytes()
    records.execute("DELETE FROM acts")
    records.close()
    assert b"Zwiebelturm" not in (tmp_path / RECORDS_NAME).read_bytes()


async def test_what_was_stored_is_there_when_opened_again(tmp_path: Path, make_asked: MakeAsked) -> None:
    first = Records(tmp_path)
    asked = make_asked()
    await first.run(lambda db: save(db, asked))
    first.close()
    second = Records(tmp_path)
    assert await second.run(lambda db: find(db, asked.token)) == asked
    second.close()


async def test_all_work_is_done_in_one_thread_with_one_connection(tmp_path: Path) -> None:
    records = Records(tmp_path)
    seen = await asyncio.gather(*(records.run(lambda db: (threading.get_ident(), id(db.conn))) for _ in range(50)))
    assert len(set(seen)) == 1
    assert seen[0][0] != threading.get_ident()
    records.close()


async def test_work_that_fails_stores_nothing_and_its_error_arrives(tmp_path: Path) -> None:
    records = Records(tmp_path)

    def fail(db: Database) -> None:
        act("half")(db)
        raise BadInput("No.", "Try another.")

    with pytest.raises(BadInput, match="No"):
        await records.run(fail)
    await records.run(act("whole"))
    assert await records.run(stored) == ["whole"]
    records.close()


async def test_calls_run_in_their_order(tmp_path: Path) -> None:
    records = Records(tmp_path)
    await asyncio.gather(*(records.run(act(str(number))) for number in range(100)))
    assert await records.run(stored) == [str(number) for number in range(100)]
    records.close()


async def test_cancelled_work_is_done_whole_or_not_begun(tmp_path: Path) -> None:
    records = Records(tmp_path)
    begun, go_on = threading.Event(), threading.Event()

    def slow(db: Database) -> None:
        act("one half")(db)
        begun.set()
        go_on.wait(10)
        act("other half")(db)

    running = asyncio.create_task(records.run(slow))
    await asyncio.to_thread(begun.wait, 10)
    waiting = asyncio.create_task(records.run(act("never")))
    await asyncio.sleep(0)
    for task in (running, waiting):
        task.cancel()
    assert all(
        isinstance(end, asyncio.CancelledError)
        for end in await asyncio.gather(running, waiting, return_exceptions=True)
    )
    go_on.set()
    assert await records.run(stored) == ["one half", "other half"]
    records.close()


async def test_a_cancelled_caller_does_not_wait_for_the_thread(tmp_path: Path) -> None:
    records = Records(tmp_path)
    go_on = threading.Event()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(records.run(lambda _db: go_on.wait()), 0.05)
    go_on.set()
    records.close()


async def test_closing_ends_what_was_begun_and_then_refuses_in_plain_words(tmp_path: Path) -> None:
    records = Records(tmp_path)
    tasks = [asyncio.create_task(records.run(act(str(number)))) for number in range(20)]
    await asyncio.sleep(0)
    records.close()
    records.close()
    await asyncio.gather(*tasks)
    with pytest.raises(StorageFailure, match="shutting down") as told:
        await records.run(stored)
    assert told.value.hint
    again = Records(tmp_path)
    assert len(await again.run(stored)) == 20
    again.close()


def test_closing_what_was_never_used_makes_no_file(tmp_path: Path) -> None:
    Records(tmp_path / "data").close()
    assert not (tmp_path / "data").exists()


async def test_two_on_one_file_at_once_lose_nothing(tmp_path: Path) -> None:
    one, two = Records(tmp_path), Records(tmp_path)

    def count_up(db: Database) -> None:
        # Reads first, then writes: what fails at once under SQLite's default transactions.
        known = len(acts_in(db, SERVER))
        act(str(known))(db)

    await asyncio.gather(*(each.run(count_up) for _ in range(100) for each in (one, two)))
    assert await one.run(stored) == [str(number) for number in range(200)]
    one.close()
    two.close()


def test_those_who_open_a_new_file_at_the_same_moment_all_succeed(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def open_with_others(path: Path) -> None:
        together.wait(30)
        open_records(path).close()

    with ThreadPoolExecutor(8) as threads:
        for number in range(15):
            opened = [threads.submit(open_with_others, tmp_path / str(number) / RECORDS_NAME) for _ in range(8)]
            assert [each.exception() for each in opened] == [None] * 8


def test_a_new_file_that_another_is_just_making_is_waited_for(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / RECORDS_NAME, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    done = threading.Timer(0.2, other.close)
    done.start()
    db = open_records(tmp_path / RECORDS_NAME)
    assert db.journal_mode == "wal"
    db.close()
    done.join()


def test_killed_in_the_middle_of_a_write_leaves_whole_calls_only(tmp_path: Path) -> None:
    script = """
        import asyncio, sys
        from pathlib import Path
        from bot.records.audit import Act, record
        from bot.records.records import Records

        async def main():
            records = Records(Path(sys.argv[1]))
            for number in range(1_000_000):
                def pair(db):
                    for half in "ab":
                        record(db, Act("2024-09-09T12:30:00Z", 1, 2, half, f"{number} " + "x" * 5000))
                await records.run(pair)
                print(number, flush=True)

        asyncio.run(main())
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)]
    for _ in range(3):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            told = [process.stdout.readline() for _ in range(40)]
            process.kill()
            told += process.stdout.readlines()
        db = open_records(tmp_path / RECORDS_NAME)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        halves = dict(db.execute("SELECT act, count(*) FROM acts GROUP BY act").fetchall())
        # What was told as stored is stored.
        assert halves["a"] == halves["b"] >= int(told[-1].split()[0])
        with db.atomic():
            db.execute("DELETE FROM acts")
        db.close()


async def test_a_damaged_file_is_told_and_the_corpus_is_not_blamed(tmp_path: Path) -> None:
    (tmp_path / RECORDS_NAME).write_bytes(b"no database at all, but longer than a header" * 100)
    records = Records(tmp_path)
    with pytest.raises(StorageFailure, match=f"{RECORDS_NAME} is damaged") as told:
        await records.run(stored)
    assert "articles stay" in told.value.hint
    records.close()


async def test_a_folder_that_cannot_be_made_is_told_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    records = Records(tmp_path / "data")
    with pytest.raises(StorageFailure, match="can't be used"):
        await records.run(stored)
    (tmp_path / "data").unlink()
    assert await records.run(stored) == []
    records.close()


async def test_a_file_that_another_program_holds_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.records.records.BUSY_TIMEOUT_S", 0.1)
    records = Records(tmp_path)
    await records.run(stored)
    holder = sqlite3.connect(tmp_path / RECORDS_NAME)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageFailure, match="in use by another program"):
        await records.run(act("one"))
    holder.close()
    await records.run(act("two"))
    assert await records.run(stored) == ["two"]
    records.close()


async def test_a_full_disk_is_told_and_earlier_records_are_kept(tmp_path: Path) -> None:
    records = Records(tmp_path)
    await records.run(act("small"))
    await records.run(lambda db: db.conn.execute("PRAGMA max_page_count = 60").fetchone())
    with pytest.raises(StorageFailure, match="full"):
        await records.run(act("x" * 1_000_000))
    assert await records.run(stored) == ["small"]
    records.close()


def test_deleted_text_is_gone_from_the_file(tmp_path: Path, make_asked: MakeAsked) -> None:
    path = tmp_path / RECORDS_NAME
    db = open_records(path)
    with db.atomic():
        save(db, make_asked(original="a question about my neighbour"))
    with db.atomic():
        db.execute("DELETE FROM asked")
    db.close()
    assert b"neighbour" not in path.read_bytes()
    assert [each.name for each in tmp_path.iterdir()] == [RECORDS_NAME]


class Panic(BaseException):
    """What libraries written in Rust raise."""


def closes(db: Database) -> None:
    db.close()
    raise ValueError("broken")


def begins(db: Database) -> None:
    db.conn.execute("BEGIN")


def commits(db: Database) -> None:
    db.conn.commit()
    raise ValueError("broken")


def raises(error: BaseException) -> Callable[[Database], None]:
    def work(db: Database) -> None:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        raise error

    return work


BROKEN = {
    "a panic": raises(Panic()),
    "an end of iteration": raises(StopIteration()),
    "an exit": raises(SystemExit()),
    "no memory": raises(MemoryError()),
    "a closed file": closes,
    "a transaction in a transaction": begins,
    "a transaction that is over": commits,
    "no such table": lambda db: db.execute("SELECT 1 FROM nothing"),
}


@pytest.mark.parametrize("work", BROKEN.values(), ids=BROKEN)
async def test_work_that_fails_is_told_and_what_comes_next_is_done(tmp_path: Path, work) -> None:
    records = Records(tmp_path)
    await records.run(act("one"))
    for run in (records.run, records.read):
        with pytest.raises(Exception):  # noqa: B017, PT011 - whatever it is, it can be caught
            await asyncio.wait_for(run(work), 5)
        assert await asyncio.wait_for(run(stored), 5) == ["one"]
    await records.run(act("two"))
    assert await records.read(stored) == ["one", "two"]
    records.close()
