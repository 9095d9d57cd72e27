"""What a test holds up inside the bot: the thread that answers, the event loop, the file of records."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from bot.discord.bot import AttacheBot
from bot.settings import Settings


@asynccontextmanager
async def held_desk(bot: AttacheBot) -> AsyncIterator[None]:
    """Nothing is answered inside: questions wait as they do for a slow model."""
    release = threading.Event()
    holding = asyncio.create_task(bot.answer_queue.run(lambda _attache: release.wait(60)))
    await asyncio.sleep(0)
    try:
        yield
    finally:
        release.set()
        await holding


@contextmanager
def held_records(settings: Settings) -> Iterator[None]:
    """Another program writes the records, and does not end."""
    held = sqlite3.connect(settings.data_dir / "records.sqlite3", isolation_level=None)
    try:
        held.execute("BEGIN IMMEDIATE")
        yield
    finally:
        held.close()
