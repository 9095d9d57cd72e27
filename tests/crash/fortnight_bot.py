"""The bot of the replayed fortnight, in a process that may be killed: it lives at one moment until all is told."""

import asyncio
import math
from contextlib import suppress
from pathlib import Path

import time_machine
from sqlite_utils import Database

from bot.discord.process import make_bot, shut_down
from bot.records.watches import compared_to
from bot.service.attache import Attache
from bot.service.near_questions import embedded_to
from bot.settings import Settings
from index.embedding.embedder import packaged_embedder
from tests.wire.live_bot import READY_AFTER_S
from tests.wire.server import TOKEN
from tests.wire.tls import loopback_connector, trusting

CHECK_S = 0.1


def settled(db: Database, newest: int | None) -> bool:
    """Whether nothing waits to be compared up to the passage `newest`, asked again or told."""
    waiting = db.execute(
        """SELECT (SELECT count(*) FROM watches WHERE is_due) + (SELECT count(*) FROM watch_changes)
        + (SELECT count(*) FROM watch_posts WHERE message_id IS NULL)"""
    ).fetchone()[0]
    return not waiting and (newest is None or (compared_to(db) or 0) >= newest)


def work(data_dir: Path, port: int, authority: str, moment: str) -> None:
    """What is killed: the bot with all its parts, from its start until its rounds have told everything."""
    with time_machine.travel(moment, tick=True):
        asyncio.run(_live(Settings.load(None, data_dir=data_dir), port, authority))


WORK = work


async def _live(settings: Settings, port: int, authority: str) -> None:
    embedder = packaged_embedder()
    attache = Attache(settings, embedder=embedder)
    bot = make_bot(settings, attache, connector=loopback_connector(port, trusting(authority)), shard_count=1)
    bot._connection.guild_ready_timeout = READY_AFTER_S
    running = asyncio.create_task(bot.start(TOKEN))
    try:
        while not bot.is_ready():
            await asyncio.sleep(CHECK_S)
            if running.done():
                await running
        newest = await bot.corpus_reader.run(lambda db: embedded_to(db, embedder.fingerprint))
        cog = bot.get_cog("Watch")
        # However slow the machine is, one round asks all again.
        cog.desk.looks_s = math.inf
        # A whole round, the first of which begins by itself with the session.
        while cog._rounds.current_loop == 0 or not await bot.records.read(lambda db: settled(db, newest)):
            await asyncio.sleep(CHECK_S)
            if running.done():
                await running
    finally:
        await shut_down(bot, grace_s=5.0, close_timeout_s=6.0)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
