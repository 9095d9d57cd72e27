"""The bot as it really is, connected to the server in the same process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.discord.client import AttacheBot
from bot.discord.running import close_down, make_bot
from bot.feeding import ingest
from bot.service import Attache
from bot.settings import Settings
from corpus.ingest import IngestOptions
from tests.fakes import HashingEmbedder
from tests.wire.server import TOKEN, Server

STORY = """---
title: Arland denies sending rockets to Borduria
url: https://news.example/arland-rockets
publisher: The Example Courier
date: 2024-03-05
---
Arland's defence ministry denied on 5 March 2024 that it had sent rockets to Borduria. The ministry called the reports
of @everyone and **unnamed** diplomats an invention. Borduria's army had said on 4 March that the rockets were in use.
"""
QUESTION = "Did Arland send rockets to Borduria?"
ANSWER = "Arland's defence ministry denied"


def make_corpus(folder: Path, **overrides: object) -> Settings:
    """Settings of a data folder with one article."""
    story = folder / "story.md"
    story.write_text(STORY, encoding="utf-8")
    settings = Settings.load(None, data_dir=folder / "data", **overrides)
    ingest(settings, HashingEmbedder(), [story], IngestOptions())
    return settings


@asynccontextmanager
async def connected(
    server: Server, settings: Settings, *, shards: int = 1, attache: Attache | None = None
) -> AsyncIterator[AttacheBot]:
    """The bot, once all its shards have identified; at the end it closes down as it does in a process."""
    bot = make_bot(
        settings,
        attache or Attache(settings, embedder=HashingEmbedder()),
        connector=server.connector(),
        shard_count=shards,
    )
    server.gateway.max_concurrency = max(server.gateway.max_concurrency, shards)
    running = asyncio.create_task(bot.start(TOKEN))
    try:
        await server.until(
            lambda: running.done() or {each.shard for each in server.gateway.live()} == set(range(shards)),
            f"{shards} shards",
            within=60.0,
        )
        if running.done():
            await running
        yield bot
    finally:
        await close_down(bot, patience_s=5.0, closing_s=6.0)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
