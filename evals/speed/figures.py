"""What a bench found: medians with their spread, ratios to a baseline of the same run, and the machine."""

import os
import platform
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

_PACKAGES = ("faiss-cpu", "numpy", "torch", "sentence-transformers", "sqlite-utils")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing: median, 95th percentile, distance between the quartiles, and how often it was measured.

    `ratio` is its median as a multiple of the baseline's, None for the baseline itself and where there is none.
    """

    name: str
    unit: str
    median: float
    p95: float
    iqr: float
    count: int
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """Where and when it was measured; `load` is the load average over a minute at the end, `memory_gb` all there is."""

    processor: str
    cores: int
    memory_gb: float
    load: float
    when: str
    versions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Bench:
    """What one bench found. `settings` are what it was run with; `baseline` names the figure that ratios refer to."""

    bench: str
    settings: dict[str, str | int | float]
    baseline: str
    figures: tuple[Figure, ...]
    machine: Machine


def figure(name: str, unit: str, values: Sequence[float], baseline: Sequence[float] | None = None) -> Figure:
    """A figure of measured values; `baseline` are those that it is compared with."""
    q1, median, q3, p95 = np.percentile(values, (25, 50, 75, 95)).tolist()
    against = float(np.median(baseline)) if baseline is not None else 0.0
    return Figure(
        name,
        unit,
        _rounded(median),
        _rounded(p95),
        _rounded(q3 - q1),
        len(values),
        round(median / against, 3) if against else None,
    )


def timed(work: Callable[[], object], rounds: int, warm_up: int = 1) -> list[float]:
    """Seconds of each round, after rounds that do not count."""
    for _ in range(warm_up):
        work()
    return [seconds(work) for _ in range(rounds)]


def seconds(work: Callable[[], object]) -> float:
    """Seconds that it takes once."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def this_machine() -> Machine:
    """The machine and the versions that matter."""
    # Linux: where there is no such file the figure is left out.
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (ValueError, OSError):
        memory = 0.0
    return Machine(
        processor=_processor(),
        cores=os.cpu_count() or 1,
        memory_gb=round(memory, 1),
        load=round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0.0,
        when=f"{datetime.now(UTC):%Y-%m-%d %H:%M}",
        versions={"python": platform.python_version(), "sqlite": sqlite3.sqlite_version} | _versions(),
    )


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _rounded(value: float) -> float:
    """Four significant digits: no clock here tells more."""
    return float(f"{value:.4g}")
