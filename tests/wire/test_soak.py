"""When a soak has failed, and that a program's time can be moved."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.wire.growth import Sample, growth, slope
from tests.wire.process import ROOT
from tests.wire.shifted_time import Shared

FLAT = Sample(
    hours=0.0,
    memory_mb=200.0,
    handles=20,
    threads=12,
    corpus_mb=1.0,
    records_mb=1.0,
    wal_mb=4.0,
    indexes=2,
    index_mb=1.0,
    articles=50,
    polls=6,
    failed_polls=0,
    fed=10,
)


def hours(**an_hour: float) -> list[Sample]:
    """Twenty hours in which something grows by so much an hour, with some noise."""
    noise = (0.0, 2.0, -1.0, 1.0)
    return [
        replace(
            FLAT,
            hours=float(hour),
            memory_mb=FLAT.memory_mb + noise[hour % 4] + an_hour.get("memory_mb", 0.0) * hour,
            handles=FLAT.handles + int(an_hour.get("handles", 0.0) * hour),
            threads=FLAT.threads + int(an_hour.get("threads", 0.0) * hour),
            corpus_mb=FLAT.corpus_mb + an_hour.get("corpus_mb", 0.0) * hour,
            articles=FLAT.articles + int(an_hour.get("articles", 0.0) * hour),
            indexes=FLAT.indexes + int(an_hour.get("indexes", 0.0) * hour),
            wal_mb=FLAT.wal_mb + an_hour.get("wal_mb", 0.0) * hour,
        )
        for hour in range(1, 21)
    ]


@pytest.mark.parametrize("an_hour", [{}, {"memory_mb": 0.1}, {"corpus_mb": 0.02, "articles": 1.0}])
def test_what_is_flat_passes_and_a_corpus_may_grow_with_its_articles(an_hour: dict[str, float]):
    assert growth(hours(**an_hour))[1] == []


@pytest.mark.parametrize(
    ("name", "an_hour", "found"),
    [
        ("memory_mb", 1.0, "memory"),
        ("handles", 0.5, "handles"),
        ("threads", 0.5, "threads"),
        ("corpus_mb", 0.1, "corpus"),
        ("indexes", 0.2, "index folders"),
        ("wal_mb", 1.0, "log of a database"),
    ],
)
def test_what_grows_is_named(name: str, an_hour: float, found: str):
    assert growth(hours(**{name: an_hour}))[1] == [found]


def test_what_grew_before_it_settled_is_no_growth():
    samples = [replace(FLAT, hours=float(hour), memory_mb=min(300.0, 200.0 + 40 * hour)) for hour in range(1, 21)]
    assert growth(samples)[1] == []
    assert slope(samples, lambda each: each.memory_mb) > 1.0


WAITS = """
import asyncio, threading, time
from datetime import UTC, datetime
began = time.monotonic(), time.time(), datetime.now(UTC).timestamp(), time.perf_counter()
print("waits", flush=True)
threading.Event().wait(3600)
asyncio.run(asyncio.sleep(0))
ended = time.monotonic(), time.time(), datetime.now(UTC).timestamp(), time.perf_counter()
print(*(round(after - before) for before, after in zip(began, ended)))
"""


def test_a_program_that_waits_for_an_hour_goes_on_when_its_time_is_moved(tmp_path: Path):
    (tmp_path / "waits.py").write_text(WAITS)
    shared = Shared(tmp_path / "time")
    command = [sys.executable, "-m", "tests.wire.shifted_time", str(tmp_path / "time"), "-m", "waits"]
    environment = {"PYTHONPATH": f"{ROOT}:{tmp_path}"}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "waits\n"
        while program.poll() is None:
            shared.wanted += 600.0
            time.sleep(0.05)
        monotonic, wall, date, real = map(int, program.stdout.read().split())
    assert monotonic >= 3600
    assert abs(monotonic - wall) <= 1
    assert abs(monotonic - date) <= 1
    assert real < monotonic
