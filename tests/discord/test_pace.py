"""How messages are spaced: as many a second as they may be, however late the loop is, and never many together."""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from types import SimpleNamespace

import discord
import pytest

from bot.discord.transport.retry import MAX_BAN_S, RateLimiter, retry

A_SECOND = 24.0


@dataclass
class Loop:
    """A clock that only sleeping moves; whoever sleeps wakes too late."""

    late_s: float
    now: float = 100.0
    told: list[tuple[str, float]] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds + self.late_s

    def pace(self) -> RateLimiter:
        return RateLimiter(A_SECOND, lambda: self.now, lambda stage, seconds: self.told.append((stage, seconds)))


async def sent(pace: RateLimiter, loop: Loop, count: int) -> list[float]:
    moments = []
    for _ in range(count):
        async with pace.slot():
            moments.append(loop.now)
    return moments


@pytest.mark.parametrize("late_s", [0.0, 0.005, 0.02, 0.04])
async def test_a_loop_that_is_always_a_little_late_costs_no_turns(monkeypatch: pytest.MonkeyPatch, late_s: float):
    loop = Loop(late_s)
    monkeypatch.setattr(asyncio, "sleep", loop.sleep)
    moments = await sent(loop.pace(), loop, 240)
    assert moments[-1] - moments[0] <= 240 / A_SECOND + late_s


async def test_after_a_loop_was_held_up_only_two_go_together(monkeypatch: pytest.MonkeyPatch):
    loop = Loop(0.0)
    monkeypatch.setattr(asyncio, "sleep", loop.sleep)
    pace = loop.pace()
    await sent(pace, loop, 10)
    loop.now += 5.0
    moments = await sent(pace, loop, 100)
    for first in moments:
        # What gathers in one second and goes out in the next is within Discord's 50.
        assert sum(first <= each < first + 1.0 - 1e-9 for each in moments) <= A_SECOND + 2
    assert moments[1] == pytest.approx(moments[0])
    assert moments[2] > moments[1] + 0.5 / A_SECOND


async def test_it_tells_how_long_a_message_waited_and_took(monkeypatch: pytest.MonkeyPatch):
    loop = Loop(0.0)
    monkeypatch.setattr(asyncio, "sleep", loop.sleep)
    pace = loop.pace()
    await sent(pace, loop, 2)
    async with pace.slot():
        loop.now += 0.3
    assert loop.told[-2:] == [("pace", pytest.approx(1 / A_SECOND)), ("send", pytest.approx(0.3))]


async def test_no_shut_out_holds_messages_longer_than_replies_are_kept_for(monkeypatch: pytest.MonkeyPatch):
    loop = Loop(0.0)
    monkeypatch.setattr(asyncio, "sleep", loop.sleep)
    pace = loop.pace()
    pace.block(86_400)
    assert pace.delay_s == MAX_BAN_S


def refused(seconds: int) -> discord.HTTPException:
    reply = SimpleNamespace(status=429, reason="", headers={"Retry-After": str(seconds)})
    return discord.HTTPException(reply, "error code: 1015")


@pytest.mark.parametrize(
    ("failures", "tries", "waited_s"),
    [
        # Within the quarter of an hour that a reply is kept for; the third would end after it.
        ([refused(400)] * 5, 3, 800),
        # Discord may have taken it, and soon knows it no more.
        ([OSError(), refused(100), refused(100)], 3, 100.1),
        ([refused(100), refused(100)], 3, 200),
    ],
)
async def test_all_tries_of_a_request_have_one_end(
    monkeypatch: pytest.MonkeyPatch, failures: list[Exception], tries: int, waited_s: float
):
    loop = Loop(0.0)
    monkeypatch.setattr(asyncio, "sleep", loop.sleep)
    monkeypatch.setattr(time, "monotonic", lambda: loop.now)
    coming, made = iter(failures), []

    async def request() -> None:
        made.append(loop.now)
        if (failure := next(coming, None)) is not None:
            raise failure

    with contextlib.suppress(discord.HTTPException):
        await retry(request)
    assert (len(made), made[-1] - 100.0) == (tries, pytest.approx(waited_s))
