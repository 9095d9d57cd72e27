"""What `bench load` found, as figures that the report can show."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from evals.speed.figures import Bench, figure, this_machine

if TYPE_CHECKING:
    from evals.speed.load import LoadBench

BASELINE = "one alone"


def load_figures(found: "LoadBench", passages: int) -> Bench:
    """The medians of its rounds, beside a question alone."""
    alone, at_once = found.alone_ms, 1e3 * found.throughput / found.alone_ms
    named = {
        BASELINE: ("ms", alone),
        "many at once, median": ("ms", found.p50_ms),
        "many at once, 95th percentile": ("ms", found.p95_ms),
        "95th percentile to median": ("times", found.spread),
        "answers in the time of one alone": ("times", found.throughput),
        "answers in the processor time of one alone": ("times", found.cpu_throughput),
        "answers a second, one at a time": ("1/s", 1e3 / alone),
        "answers a second, at once": ("1/s", at_once),
        "event loop late, at most": ("ms", found.loop_late_ms),
    }
    settings = {name: value for name, value in asdict(found).items() if name in ("questions", "distinct", "rounds")}
    return Bench(
        "load",
        {"passages": passages, **settings},
        BASELINE,
        tuple(
            figure(name, unit, [value], [alone] if unit == "ms" and name != BASELINE else None)
            for name, (unit, value) in named.items()
        ),
        this_machine(),
    )
