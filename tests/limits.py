"""How much work code may do: calls that are counted, and a limit on processor time that no other load touches."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


def count_calls(work: Callable[[], object]) -> int:
    """Return how many functions are called, in Python and from Python into C. Work inside of C is not counted."""
    calls = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


@contextmanager
def processor_limit(seconds: float) -> Iterator[None]:
    """Interrupt the block where it is, even in a regular expression, once it has used so much processor time."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"takes more than {seconds:g} seconds of processor time")

    before = signal.signal(signal.SIGVTALRM, interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
