"""Shorter waits for tests: the delays of the bot, and those of discord.py before it tries again."""

import asyncio

import pytest
from discord.backoff import ExponentialBackoff

# How many times shorter the windows of rate limits are.
SHORTER = 10.0
WAITS = {
    "bot.discord.cogs._admin.FIRST_EDIT_S": 0.1,
    "bot.discord.cogs._admin.EDIT_EVERY_S": 0.3,
    "bot.discord.cogs.briefs.ROUND_S": 0.25,
    "bot.discord.cogs.housekeeper.WAIT_S": 0.1,
    "bot.discord.cogs.missed_messages.CHECK_INTERVAL_S": 0.05,
    "bot.discord.cogs.news.ROUND_S": 0.25,
    "bot.discord.cogs.watch.ROUND_S": 0.25,
    "bot.discord.transport.gateway.RECONNECT_DELAY_S": 0.05,
    "bot.discord.transport.gateway.RETRY_DELAYS_S": (0.05,) * 100,
    "bot.discord.transport.retry.RETRY_DELAYS_S": (0.02, 0.05, 0.1, 0.2),
    "bot.discord.workers.answer_queue.APOLOGY_TIMEOUT_S": 0.5,
}


class ImpatientAsyncio:
    """asyncio, except that whole seconds pass at once: discord.py waits so many before it tries again."""

    def __getattr__(self, name: str) -> object:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0 if isinstance(seconds, int) else seconds)


def shorten_waits(patch: pytest.MonkeyPatch) -> None:
    """Makes them short until the patch is undone."""
    for name, seconds in WAITS.items():
        patch.setattr(name, seconds)
    for module in ("discord.http", "discord.webhook.async_"):
        patch.setattr(f"{module}.asyncio", ImpatientAsyncio())
    patch.setattr(ExponentialBackoff, "delay", lambda _self: 0.05)
