"""Targets of the benches' figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

MILLION = 1_000_000
# The searches of `bench query`.
SEARCHES = ("no filter", "one publisher", "one month", "both")


@dataclass(frozen=True, slots=True)
class Target:
    """An upper or lower bound of one figure.

    `figure` is the beginning or end of its name; `at` the number of passages that it applies to, 0 for any corpus.
    """

    bench: str
    figure: str
    unit: str
    value: float
    at: int = 0
    statistic: Literal["median", "p95"] = "median"
    at_least: bool = False

    def met_by(self, value: float) -> bool:
        """Return whether a value reaches the target."""
        return value >= self.value if self.at_least else value <= self.value


TARGETS = (
    Target("encode", "encode, to the bare products of its round", "times", 1.3),
    Target("build", "whole: read, build, write, flush, verify", "s", 600, MILLION),
    *(Target("query", f"search, {name}", "ms", 80, MILLION) for name in SEARCHES),
    *(Target("query", f"search, {name}", "ms", 200, MILLION, "p95") for name in SEARCHES),
    Target("start", "first answer", "s", 10, MILLION),
    Target("memory", "answered", "MB", 2_500, MILLION),
    Target("load", "answers in the time of one alone", "times", 2.5, at_least=True),
    Target("load", "95th percentile to median", "times", 4),
)


def compare_with_targets(benches: Sequence[dict[str, Any]]) -> Iterator[tuple[Target, dict[str, Any], dict[str, Any]]]:
    """Yield each target with each bench that it applies to, and the figure."""
    for target in TARGETS:
        for bench in benches:
            if target.at in (0, bench["settings"]["passages"]):
                yield from ((target, bench, each) for each in matching_figures(bench, target.bench, target.figure))


def matching_figures(bench: dict[str, Any], name: str, figure: str) -> Iterator[dict[str, Any]]:
    """Yield a bench's figures whose names begin or end with `figure`, if it is the bench of that name."""
    if bench["bench"] == name:
        yield from (
            each for each in bench["figures"] if each["name"].startswith(figure) or each["name"].endswith(figure)
        )
