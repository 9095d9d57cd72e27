"""The results of a bench: medians with their spread, ratios to a baseline, and the machine."""

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
    """One measurement: median, 95th percentile, interquartile range, and how often it was measured.

    `ratio` is its median as a multiple of the baseline's; None for the baseline itself and where there is none.
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
    """Where and when a bench ran; `load` is the load average of its last minute, `memory_gb` the total memory."""

    processor: str
    cores: int
    memory_gb: float
    load: float
    when: str
    versions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Bench:
    """The results of one bench with its settings; `baseline` names the figure that ratios refer to."""

    bench: str
    settings: dict[str, str | int | float]
    baseline: str
    figures: tuple[Figure, ...]
    machine: Machine


def figure(name: str, unit: str, values: Sequence[float], baseline: Sequence[float] | None = None) -> Figure:
    """Summarise measured values, with their ratio to a baseline's."""
    q1, median, q3, p95 = np.percentile(values, (25, 50, 75, 95)).tolist()
    reference = float(np.median(baseline)) if baseline is not None else 0.0
    ratio = round(median / reference, 3) if reference else None
    return Figure(name, unit, _rounded(median), _rounded(p95), _rounded(q3 - q1), len(values), ratio)


def timed(work: Callable[[], object], rounds: int, warm_up: int = 1) -> list[float]:
    """Return the seconds of each round, after warm-up rounds."""
    for _ in range(warm_up):
        work()
    return [seconds(work) for _ in range(rounds)]


def seconds(work: Callable[[], object]) -> float:
    """Return how many seconds a call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def this_machine() -> Machine:
    """Describe this machine and the versions that matter."""
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
    versions = {}
    for name in _PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _rounded(value: float) -> float:
    """Round to four significant digits; no clock here is more precise."""
    return float(f"{value:.4g}")
