"""`bench records`: how fast several processes store answers at once, as shards of one bot would."""

import multiprocessing
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from bot.answering.cited_places import QuotedPlace
from bot.records import asked
from bot.records.asked import AskedQuestion, new_token
from bot.records.records import RECORDS_NAME, open_records, record_errors
from corpus.database import write_transaction
from corpus.errors import StorageFailure
from corpus.timestamps import utc_text
from evals.speed.figures import Bench, Figure, figure, this_machine

BASELINE = "a write, one process"
# Discord lets a bot send 50 requests a second over all its shards (discord.com/developers/docs/topics/rate-limits), and
# an answer takes one at least. Each answer is stored in three transactions: before it is sent, its message, what it
# offers next.
ANSWERS_PER_S = 50
# Questions that are stored before: a week of 10,000 servers that ask twenty a day each would be fourteen times as many.
STORED = 100_000
_CITED = 3


@dataclass(frozen=True, slots=True)
class _Written:
    """Seconds of each transaction from when it was due, and how many found the file in use for too long."""

    waits: list[float]
    failures: int


def bench_records(servers: int, processes: Sequence[int], seconds: float) -> Bench:
    """Store answers from several processes at once: first as many as Discord lets a bot send, then without a limit.

    Args:
        servers: how many servers ask.
        processes: numbers of processes to try.
        seconds: how long each is tried.
    """
    figures: list[Figure] = []
    baseline: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / RECORDS_NAME
        _fill(path, servers)
        for count in processes:
            named = "one process" if count == 1 else f"{count} processes"
            paced = _run(path, servers, count, seconds, ANSWERS_PER_S / count)
            baseline = baseline or paced.waits
            figures += [
                figure(f"a write, {named}", "ms", _ms(paced.waits), _ms(baseline) if count > 1 else None),
                figure(f"longest write, {named}", "ms", [1e3 * max(paced.waits)]),
                figure(f"answers a second, {named}", "1/s", [len(paced.waits) / 3 / seconds]),
            ]
            free = _run(path, servers, count, seconds, None)
            figures += [
                figure(f"answers a second without a limit, {named}", "1/s", [len(free.waits) / 3 / seconds]),
                figure(f"a write without a limit, {named}", "ms", _ms(free.waits)),
                figure(f"failures, {named}", "", [paced.failures + free.failures]),
            ]
        size = path.stat().st_size / 1e6
    figures.append(figure("size of the records", "MB", [size]))
    described: dict[str, str | int | float] = {
        "servers": servers,
        "answers a second": ANSWERS_PER_S,
        "seconds": seconds,
    }
    return Bench("records", described, BASELINE, tuple(figures), this_machine())


def _fill(path: Path, servers: int) -> None:
    db = open_records(path)
    try:
        began = datetime.now(UTC) - timedelta(days=7)
        with write_transaction(db):
            for number in range(STORED):
                asked.save(db, _question(number % servers, number, began + timedelta(seconds=6 * number)))
    finally:
        db.close()


def _run(path: Path, servers: int, processes: int, seconds: float, rate: float | None) -> _Written:
    context = multiprocessing.get_context("spawn")
    # All begin at once, after the slowest has imported what it needs.
    start = time.time() + 5 + 2 * processes
    with ProcessPoolExecutor(processes, context) as pool:
        running = [pool.submit(_write, path, servers, place, start, seconds, rate) for place in range(processes)]
        every = [each.result() for each in running]
    return _Written([wait for each in every for wait in each.waits], sum(each.failures for each in every))


def _write(path: Path, servers: int, place: int, start: float, seconds: float, rate: float | None) -> _Written:
    """Store answers until the time is over, `rate` a second; None for as many as possible."""
    waits: list[float] = []
    failures = number = 0
    db = open_records(path)
    try:
        time.sleep(max(0.0, start - time.time()))
        began = time.perf_counter()
        while (now := time.perf_counter() - began) < seconds:
            due = number / rate if rate else now
            time.sleep(max(0.0, due - now))
            try:
                waits += _store_answer(db, path, servers, number * 7919 + place, began + due)
            except StorageFailure:
                failures += 1
            number += 1
    finally:
        db.close()
    return _Written(waits, failures)


def _store_answer(db: Database, path: Path, servers: int, number: int, due: float) -> list[float]:
    """Store an answer as the bot does, with what it reads before; return the seconds of each transaction."""
    question = _question(number % servers, number, datetime.now(UTC))
    steps = (
        lambda: asked.save(db, question),
        lambda: asked.set_message(db, question.token, question.channel_id or 0, number),
        lambda: asked.set_offered(db, question.token, ["When did it happen?"]),
    )
    waits: list[float] = []
    with record_errors(path):
        asked.last_in_channel(db, number % servers, user_id=number, since=question.asked_at)
        for step in steps:
            # Waiting for its turn in this process counts for the first, which is due at a certain time.
            began = due if not waits else time.perf_counter()
            with write_transaction(db):
                step()
            waits.append(time.perf_counter() - began)
    return waits


def _question(server: int, number: int, moment: datetime) -> AskedQuestion:
    cited = tuple(QuotedPlace(number % 50_000 + each, number % 500_000, 10, 90, "0" * 64) for each in range(_CITED))
    return AskedQuestion(
        token=new_token(),
        kind="answer",
        user_id=number % 100_000,
        server_id=server,
        channel_id=server,
        question="Did the ministry confirm the talks on the ferry line?",
        original="did the ministry confirm the talks on the ferry line",
        verdict="yes",
        headline="Yes: the ministry confirmed it (The Example Courier, 5 March 2024).",
        private=False,
        asked_at=utc_text(moment),
        cited=cited,
    )


def _ms(seconds: Sequence[float]) -> list[float]:
    return [1e3 * each for each in seconds]
