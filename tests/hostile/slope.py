"""Measures how time grows with length: the slope between both logarithms."""

import math
import resource
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from types import FrameType

# A slope above this fails: 1 is linear, 2 quadratic; sorting and noise stay below.
MOST_SLOPE = 1.3
# Shorter times are noise.
LEAST_SECONDS = 0.004
# No single run takes longer, unless a library holds the interpreter.
MOST_SECONDS = 3.0
# Growth that fails is measured again, and the least of each time counts: other load makes times longer, never shorter.
TRIES = 3
# And up to this many seconds: a step, of a bound or of the processor's caches, weighs less the longer the texts become,
# and growth does not.
CERTAIN_SECONDS = 2.0


class TooSlow(Exception):
    """A run passed its time."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Times at growing lengths, in seconds, less that at no length; infinite where the run was stopped."""

    lengths: tuple[int, ...]
    seconds: tuple[float, ...]

    @property
    def slope(self) -> float:
        """Return the slope of log(time) against log(length) over the times that are no noise; 0 for fewer than two.

        It is the median slope of all pairs (Theil and Sen), so that one wrong time does not decide.
        """
        if any(math.isinf(each) for each in self.seconds):
            return math.inf
        pairs = zip(self.lengths, self.seconds, strict=True)
        points = [(math.log(length), math.log(each)) for length, each in pairs if each >= LEAST_SECONDS]
        slopes = [(y - x) / (far - near) for (near, x), (far, y) in combinations(points, 2)]
        return median(slopes) if slopes else 0.0

    @property
    def is_bad(self) -> bool:
        """Return whether time outgrows length."""
        return self.slope > MOST_SLOPE

    def __str__(self) -> str:
        pairs = zip(self.lengths, self.seconds, strict=True)
        shown = ", ".join(f"{length:,}: {each * 1e3:.1f} ms" for length, each in pairs)
        return f"{self.slope:5.2f}  ({shown})"


Work = Callable[[int], Callable[[], object]]


def measure(work: Work, lengths: Sequence[int], enough: float = math.inf) -> Growth:
    """Time `work(length)()` at each length until one takes `enough` seconds.

    Where that fails, all lengths are timed until one takes `CERTAIN_SECONDS`, and the best of several times counts.
    """
    best = _measure(work, lengths, enough)
    if best.is_bad:
        best = _measure(work, lengths, CERTAIN_SECONDS)
    for _ in range(TRIES - 1):
        if not best.is_bad or math.isinf(best.slope):
            break
        found = _measure(work, best.lengths, math.inf)
        # A run of these may have ended earlier.
        best = Growth(best.lengths[: len(found.lengths)], tuple(map(min, best.seconds, found.seconds)))
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
        # Less what it takes to start, as a process does.
        if seconds[-1] >= enough:
            break
        # What passes a slow machine's time because it is long is no growth: only what outgrows the bound is stopped.
        after = lengths[min(len(seconds), len(lengths) - 1)]
        if seconds[-1] * (after / length) ** MOST_SLOPE > MOST_SECONDS:
            break
    return Growth(tuple(lengths[: len(seconds)]), tuple(seconds))


def time_of(run: Callable[[], object], most: float = MOST_SECONDS) -> float:
    """Return the processor seconds that a call and its processes take, infinite where it is stopped after `most`."""
    begin = _processor_seconds()
    try:
        with _limit(most):
            run()
    except TooSlow:
        return math.inf
    return _processor_seconds() - begin


def _processor_seconds() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    # While a timer runs, the clock of the process steps by 4 ms; that of the thread stays exact.
    return time.thread_time() + ended.ru_utime + ended.ru_stime


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
