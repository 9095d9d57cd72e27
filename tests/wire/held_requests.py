"""What a test holds up inside the bot: the thread that answers, the model, the file of records."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from bot.discord.bot import AttacheBot
from bot.settings import Settings
from tests.fakes import HashingEmbedder


class HeldEmbedder(HashingEmbedder):
    """Embeds once it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.release = threading.Event()

    def encode(self, texts, on_done=lambda _count: None):
        self.release.wait(60)
        return super().encode(texts, on_done)


def hold_jobs(bot: AttacheBot) -> HeldEmbedder:
    """Makes the next job wait where it embeds."""
    held = HeldEmbedder()
    bot.jobs.embedder = held
    return held


@asynccontextmanager
async def held_answers(bot: AttacheBot) -> AsyncIterator[None]:
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
