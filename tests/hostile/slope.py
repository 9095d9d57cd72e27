"""Measures how time grows with length: the slope of a line through both logarithms."""

import math
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

# A slope above this fails: 1 is linear, 2 quadratic; sorting and noise stay below.
MOST_SLOPE = 1.3
# Shorter times are noise.
LEAST_SECONDS = 0.004
# No single run takes longer, unless a library holds the interpreter.
MOST_SECONDS = 3.0
# Growth that fails is measured again: other load makes times longer, never shorter.
TRIES = 3


class TooSlow(Exception):
    """A run passed its time."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Times at growing lengths, in seconds, less that at no length; infinite where the run was stopped."""

    lengths: tuple[int, ...]
    seconds: tuple[float, ...]

    @property
    def slope(self) -> float:
        """Return the slope of log(time) against log(length) from the first time that is no noise; 0 for fewer than two."""
        if any(math.isinf(each) for each in self.seconds):
            return math.inf
        pairs = zip(self.lengths, self.seconds, strict=True)
        points = [(math.log(length), math.log(each)) for length, each in pairs if each >= LEAST_SECONDS]
        if len(points) < 2:
            return 0.0
        mean_x, mean_y = (sum(values) / len(points) for values in zip(*points, strict=True))
        spread = sum((x - mean_x) ** 2 for x, _ in points)
        return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread

    def __str__(self) -> str:
        pairs = zip(self.lengths, self.seconds, strict=True)
        shown = ", ".join(f"{length:,}: {each * 1e3:.1f} ms" for length, each in pairs)
        return f"{self.slope:5.2f}  ({shown})"


Work = Callable[[int], Callable[[], object]]


def measure(work: Work, lengths: Sequence[int], enough: float = math.inf) -> Growth:
    """Time `work(length)()` at each length, until one takes `enough` seconds; a growth that fails again and again."""
    best = _measure(work, lengths, enough)
    for _ in range(TRIES - 1):
        if best.slope <= MOST_SLOPE or math.isinf(best.slope):
            break
        best = min(best, _measure(work, lengths, enough), key=lambda each: each.slope)
    return best


def _measure(work: Work, lengths: Sequence[int], enough: float) -> Growth:
    nothing = time_of(work(0))
    seconds: list[float] = []
    for length in lengths:
        run = work(length)
        taken = time_of(run)
        if taken < 0.1:
            taken = min(taken, time_of(run), time_of(run))
        seconds.append(max(0.0, taken - nothing))
        if taken >= enough:
            break
    return Growth(tuple(lengths[: len(seconds)]), tuple(seconds))


def time_of(run: Callable[[], object], most: float = MOST_SECONDS) -> float:
    """Return the seconds that a call takes, infinite where it is stopped after `most` of processor time."""
    begin = time.perf_counter()
    try:
        with _limit(most):
            run()
    except TooSlow:
        return math.inf
    return time.perf_counter() - begin


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
