"""What becomes of questions when the bot is told to stop."""

import asyncio
import threading
from datetime import UTC, datetime
from unittest.mock import create_autospec

import pytest

from bot.discord.desk import Desk, DeskClosed
from bot.discord.replying import reply_to
from bot.service import Attache
from index.filters import Filters


async def test_a_reply_under_way_is_sent_before_the_desk_closes() -> None:
    desk, sent = Desk(create_autospec(Attache, instance=True)), []

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
    attache, release = create_autospec(Attache, instance=True), threading.Event()
    attache.ask.side_effect = lambda *_given, **_named: release.wait(5.0)
    desk = Desk(attache)

    async def visit() -> str:
        async with desk.visit():
            return await reply_to(desk, "Did Marn deny it?")

    visits = [asyncio.create_task(visit()) for _ in range(3)]
    await asyncio.sleep(0.05)
    asyncio.get_running_loop().call_later(0.3, release.set)
    await desk.close(0.1)
    replies = await asyncio.gather(*visits)
    assert sum("restarting" in reply for reply in replies) == 2


async def test_a_closed_desk_takes_no_question() -> None:
    desk = Desk(create_autospec(Attache, instance=True))
    await desk.close(0.1)
    with pytest.raises(DeskClosed):
        await desk.ask("Did Marn deny it?", Filters(), datetime.now(UTC))
