"""Time that grows faster than length is told from time that makes one step."""

import math
from collections.abc import Callable

import pytest

from tests.hostile import slope
from tests.hostile.slope import measure

LENGTHS = tuple(4_000 << power for power in range(11))
ENOUGH = 0.15


@pytest.fixture
def growing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int], float]], slope.Growth]:
    """Measure work that takes so many seconds at a length, by no clock."""
    monkeypatch.setattr(slope, "time_of", lambda run: run())
    return lambda seconds: measure(lambda length: lambda: seconds(length), LENGTHS, ENOUGH)


@pytest.mark.parametrize("bound", [10_000, 50_000, 200_000, 1_000_000])
def test_a_step_of_a_bound_is_no_growth(growing, bound: int):
    """Beyond the bound a text takes another way, thrice as long for each letter."""
    assert not growing(lambda length: length * (1.5e-7 if length < bound else 4.2e-7)).is_bad


@pytest.mark.parametrize("power", [1.35, 1.5, 2.0, 3.0])
@pytest.mark.parametrize("second", [1e-3, 1e-2])
def test_growth_is_bad_however_fast_the_machine(growing, power: float, second: float):
    assert growing(lambda length: second * (length / LENGTHS[0]) ** power).is_bad


def test_growth_that_begins_late_is_bad(growing):
    """Linear up to a length, quadratic in what is beyond it."""
    assert growing(lambda length: length * 1e-7 + (max(0, length - 16_000) / 64_000) ** 2).is_bad


def test_what_is_stopped_is_bad(growing):
    assert math.isinf(growing(lambda length: math.inf if length > 100_000 else length * 1e-7).slope)


def test_what_is_only_long_is_not_stopped(growing):
    """On a slow machine, after a step: linear, and past the time that a run may take."""

    def seconds(length: int) -> float:
        taken = length * (6e-6 if length < 20_000 else 1.5e-5)
        return taken if taken <= slope.MOST_SECONDS else math.inf

    assert not growing(seconds).is_bad


def test_slower_tries_may_end_earlier(monkeypatch: pytest.MonkeyPatch):
    """Other work makes the runs that are to settle it longer, so that the next length would be stopped."""
    monkeypatch.setattr(slope, "time_of", lambda run: run())
    rounds = 0

    def work(length: int) -> Callable[[], float]:
        nonlocal rounds
        # Each round begins with no text.
        rounds += length == 0
        return lambda: 1.1 * (length / 256_000) ** 1.4 * (1.25 if rounds > 2 else 1)

    assert measure(work, LENGTHS, ENOUGH).is_bad
    assert rounds > 2


def test_a_single_slow_moment_is_no_growth(monkeypatch: pytest.MonkeyPatch):
    """Other work makes a time longer, once."""
    late = iter([False] * 40 + [True] * 12)
    monkeypatch.setattr(slope, "time_of", lambda run: run())

    def seconds(length: int) -> float:
        return length * 1e-7 * (8 if next(late, False) else 1)

    assert not measure(lambda length: lambda: seconds(length), LENGTHS, ENOUGH).is_bad
