"""What becomes of questions in the queue: in what order, in which batches, and when the bot is told to stop."""

import asyncio
import threading
from datetime import UTC, datetime
from typing import ClassVar
from unittest.mock import create_autospec

import pytest

from bot.discord.workers.answer_queue import LONGEST_QUEUE, MOST_AT_ONCE, Desk, DeskBusy, DeskClosed
from bot.service.attache import Attache
from corpus.errors import BadInput
from index.errors import ModelUnavailable
from index.filters import Filters

NOW = datetime(2024, 9, 10, tzinfo=UTC)


class Said(str):
    """An answer, as far as the desk looks at it."""

    __slots__ = ()
    timings_ms: ClassVar[dict[str, float]] = {}


def service():
    return create_autospec(Attache, instance=True)


async def test_each_question_gets_its_own_answer_and_waiting_ones_are_embedded_together() -> None:
    attache, release = service(), threading.Event()
    attache.ask.side_effect = lambda question, *_given, **_named: (release.wait(5.0), Said(f"answer to {question}"))[1]
    desk = Desk(attache)
    asked = [asyncio.create_task(desk.ask(f"question {number}", Filters(), NOW)) for number in range(40)]
    await asyncio.sleep(0.05)
    release.set()
    assert await asyncio.gather(*asked) == [f"answer to question {number}" for number in range(40)]
    batches = [call.args[0] for call in attache.prepare.call_args_list]
    assert [len(batch) for batch in batches] == [MOST_AT_ONCE, MOST_AT_ONCE, 40 - 2 * MOST_AT_ONCE]
    await desk.close(1.0)


async def test_a_question_that_fails_fails_alone() -> None:
    attache = service()

    def ask(question: str, *_given: object, **_named: object) -> str:
        if question == "bad":
            raise BadInput("That is no question.")
        return Said("fine")

    attache.ask.side_effect = ask
    attache.prepare.side_effect = RuntimeError("no batch today")
    desk = Desk(attache)
    answers = await asyncio.gather(
        *(desk.ask(question, Filters(), NOW) for question in ("good", "bad", "good")), return_exceptions=True
    )
    assert [str(answer) for answer in answers] == ["fine", "That is no question.", "fine"]
    await desk.close(1.0)


async def test_whoever_gave_up_is_not_worked_for_and_a_full_queue_says_so() -> None:
    attache, release = service(), threading.Event()
    attache.ask.side_effect = lambda *_given, **_named: (release.wait(5.0), Said())[1]
    desk = Desk(attache)
    first = asyncio.create_task(desk.ask("first", Filters(), NOW))
    await asyncio.sleep(0.05)
    waiting = [asyncio.create_task(desk.ask(str(number), Filters(), NOW)) for number in range(LONGEST_QUEUE)]
    await asyncio.sleep(0)
    with pytest.raises(DeskBusy):
        await desk.ask("one too many", Filters(), NOW)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    release.set()
    await first
    await desk.close(1.0)
    assert attache.ask.call_count == 1


async def test_how_long_one_would_wait_goes_by_how_long_answers_take() -> None:
    attache, release = service(), threading.Event()
    attache.ask.side_effect = lambda question, *_given, **_named: (
        release.wait(5.0) if question == "long" else None,
        Said(),
    )[1]
    desk = Desk(attache)
    for _ in range(30):
        await desk.ask("short", Filters(), NOW)
    asked = [asyncio.create_task(desk.ask(each, Filters(), NOW)) for each in ("long", *["short"] * 40)]
    await asyncio.sleep(0.05)
    # By their number alone they would seem to wait for seconds.
    assert desk.waiting == 41
    assert 0.0 < desk.wait_s < 1.0
    release.set()
    await asyncio.gather(*asked)
    assert desk.wait_s == 0.0
    await desk.close(1.0)


async def test_a_reply_under_way_is_sent_before_the_desk_closes() -> None:
    desk, sent = Desk(service()), []

    async def reply() -> None:
        async with desk.visit():
            await asyncio.sleep(0.05)
            sent.append("reply")

    replying = asyncio.create_task(reply())
    await asyncio.sleep(0)
    await desk.close(5.0)
    assert sent == ["reply"]
    await replying


async def test_who_is_still_waiting_when_patience_ends_is_told() -> None:
    attache, release = service(), threading.Event()
    attache.ask.side_effect = lambda *_given, **_named: (release.wait(5.0), Said())[1]
    desk = Desk(attache)

    async def visit() -> str:
        async with desk.visit():
            try:
                return str(await desk.ask("Did Marn deny it?", Filters(), NOW))
            except DeskClosed as closed:
                return str(closed)

    visits = [asyncio.create_task(visit()) for _ in range(30)]
    await asyncio.sleep(0.05)
    closing = asyncio.create_task(desk.close(0.1))
    while desk.waiting > MOST_AT_ONCE:
        # Somebody beyond the present batch still waits until patience is over.
        await asyncio.sleep(0.01)
    release.set()
    await closing
    replies = await asyncio.gather(*visits)
    assert sum("restarting" in reply for reply in replies) == 29


@pytest.mark.parametrize(("behind_s", "told"), [(0.0, 54), (0.5, 59), (60.0, 64)])
async def test_who_stands_too_far_back_when_the_desk_closes_is_told_at_once(behind_s: float, told: int) -> None:
    attache, release = service(), threading.Event()
    attache.ask.side_effect = lambda *_given, **_named: (release.wait(5.0), Said())[1]
    desk = Desk(attache)

    async def visit(number: int) -> None:
        async with desk.visit():
            await desk.ask(str(number), Filters(), NOW)

    asked = [asyncio.create_task(visit(number)) for number in range(MOST_AT_ONCE + 64)]
    await asyncio.sleep(0.05)
    closing = asyncio.create_task(desk.close(1.0, behind_s))
    await asyncio.sleep(0.05)
    refused = [number for number, each in enumerate(asked) if each.done()]
    assert refused == list(range(MOST_AT_ONCE + 64 - told, MOST_AT_ONCE + 64))
    release.set()
    await closing
    await asyncio.gather(*asked, return_exceptions=True)


async def test_a_closed_desk_takes_no_question() -> None:
    desk = Desk(service())
    await desk.close(0.1)
    with pytest.raises(DeskClosed):
        await desk.ask("Did Marn deny it?", Filters(), NOW)


async def test_a_model_that_fails_ends_the_start() -> None:
    attache = service()
    attache.warm_up.side_effect = ModelUnavailable("The model can't be used.")
    with pytest.raises(ModelUnavailable):
        await Desk(attache).warm_up()
