"""Runs one step of one side in this process, and prints its figures as JSON."""

import importlib
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from evals.peers.exchange import Data, Filters, Question
from evals.speed.figures import seconds

COUNT = 10
DEPTH = 5
WARM_UP = 5
ENCODED = 128


class Side(Protocol):
    """A system to measure, with a folder of its own; `notes` describe its settings."""

    notes: tuple[str, ...]

    def __init__(self, data: Data, store: Path, model: str) -> None: ...

    def index(self) -> None:
        """Build and store the index of all passages from their given vectors."""

    def open(self) -> None:
        """Load what `index` stored, ready to search."""

    def search(self, question: int, filters: Filters) -> list[int]:
        """Return the articles, best first, of at most COUNT passages that pass the filters.

        Args:
            question: its place in the exchange files, which have its vector.
            filters: what the passages have to pass.
        """

    def update(self, articles: list[int]) -> None:
        """Change the texts of some articles, and store the index."""

    def delete(self, articles: list[int]) -> None:
        """Remove some articles, and store the index."""

    def encode(self, texts: list[str]) -> object:
        """Embed texts with the model itself."""


def index(side: Side, data: Data, store: Path) -> dict[str, float]:
    """Measure indexing: time, passages a second, memory and disk."""
    took = seconds(side.index)
    return {
        "index, s": took,
        "passages indexed a second": len(data.vectors) / took,
        "memory while indexing, MB": memory("VmHWM"),
        "disk, MB": sum(path.stat().st_size for path in store.rglob("*") if path.is_file()) / 2**20,
    }


def encode(side: Side, data: Data, _store: Path) -> dict[str, float]:
    """Measure the model: passages a second, and a question alone."""
    every = [each.text for each in data.passages()]
    texts = every[:: max(1, len(every) // ENCODED)][:ENCODED]
    side.encode(texts[:8])
    rate = len(texts) / min(seconds(lambda: side.encode(texts)) for _ in range(2))
    alone = [seconds(lambda each=each: side.encode([each.text])) * 1e3 for each in data.questions[:20]]
    return {"passages encoded a second": rate, "encode a question p50, ms": statistics.median(alone)}


def ask(side: Side, data: Data, _store: Path) -> dict[str, float]:
    """Measure opening and searching, with and without filters: how long it takes, and how often five articles hit."""
    figures = {"open, s": seconds(side.open)}
    # A program that answers questions has the model in memory.
    side.encode([data.questions[0].text])
    for name, choose in FILTERS.items():
        times, hits, full = [], [], []
        for number, question in enumerate(data.questions):
            filters = choose(question)
            start = time.perf_counter()
            found = side.search(number, filters)
            times.append((time.perf_counter() - start) * 1e3)
            hits.append(any(article in question.articles for article in found[:DEPTH]))
            full.append(len(found) >= DEPTH)
        quantiles = statistics.quantiles(times[WARM_UP:], n=20)
        figures |= {
            f"query p50, ms{name}": statistics.median(times[WARM_UP:]),
            f"query p95, ms{name}": quantiles[-1],
            f"hit@5{name}": sum(hits) / len(hits),
            f"questions with five results{name}": sum(full) / len(full),
        }
    figures["memory while asked, MB"] = memory("VmRSS")
    figures["memory while asked, of it mapped files, MB"] = memory("RssFile")
    return figures


def change(side: Side, data: Data, _store: Path) -> dict[str, float]:
    """Measure updates and removals, and count removed articles that are still found."""
    side.open()
    figures = {
        "update 1% of the articles, s": seconds(lambda: side.update(data.changed)),
        "delete 1% of the articles, s": seconds(lambda: side.delete(data.removed)),
    }
    gone = set(data.removed)
    shown = [article for number in range(len(data.questions)) for article in side.search(number, Filters())]
    figures["deleted articles still found"] = len(gone.intersection(shown))
    return figures


FILTERS: dict[str, Callable[[Question], Filters]] = {
    "": lambda _question: Filters(),
    ", one publisher": lambda question: Filters(publisher=question.publisher),
    ", one month": lambda question: Filters(since=question.since, until=question.until),
}
STEPS = {"index": index, "encode": encode, "ask": ask, "change": change}


def memory(name: str) -> float:
    """Return a figure of this process's memory in MB: `VmHWM` (peak), `VmRSS` (now), `RssFile` (of it mapped files)."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


def main() -> None:
    """Run one step of one side: NAME STEP EXCHANGE STORE MODEL."""
    name, step, folder, store, model = sys.argv[1:6]
    data = Data(Path(folder))
    side: Side = importlib.import_module(f"evals.peers.{name}_side").make(data, Path(store), model)
    figures = STEPS[step](side, data, Path(store))
    sys.stdout.write("\n" + json.dumps({"figures": figures, "notes": side.notes}) + "\n")


if __name__ == "__main__":
    main()
