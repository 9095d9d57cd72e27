"""What the benches' figures should reach, and whether they did."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

MILLION = 1_000_000
# The searches that `bench query` makes.
SEARCHES = ("no filter", "one publisher", "one month", "both")


@dataclass(frozen=True, slots=True)
class Target:
    """A bound of one figure: the most that it may be, or the least.

    `figure` is how its name begins or ends; `at` the passages for which it holds, 0 for any corpus.
    """

    bench: str
    figure: str
    unit: str
    value: float
    at: int = 0
    statistic: Literal["median", "p95"] = "median"
    at_least: bool = False

    def met_by(self, value: float) -> bool:
        """Whether a value reaches it."""
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


def reached(benches: Sequence[dict[str, Any]]) -> Iterator[tuple[Target, dict[str, Any], dict[str, Any]]]:
    """Each target with the benches that it holds for, and the figure."""
    for target in TARGETS:
        for bench in benches:
            if bench["bench"] != target.bench or (target.at and bench["settings"]["passages"] != target.at):
                continue
            for each in bench["figures"]:
                if each["name"].startswith(target.figure) or each["name"].endswith(target.figure):
                    yield target, bench, each
