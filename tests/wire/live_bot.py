"""The bot as it really is, connected to the server in the same process."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.discord.bot import AttacheBot
from bot.discord.process import make_bot, shut_down
from bot.service.attache import Attache
from bot.service.ingest import ingest
from bot.settings import Settings
from corpus.ingest import IngestOptions
from index.embedding.embedder import Embedder
from tests.discord import admins
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
# Enough for a second page of a search, and no two alike.
HARBOURS = (
    ("Velden", "opened its new pier for ferries after three winters of dredging, the mayor told a crowd"),
    ("Marn", "turned away a tanker whose papers named another owner, coast guards said"),
    ("Ostrava", "loses its only crane, and with it the timber trade that fed two villages"),
    ("Quist", "raised fees for yachts by a third, to pay for a lighthouse that nobody asked for"),
    ("Brandt", "was closed for a week by striking pilots, who want longer nights of rest"),
    ("Rell", "sank by four centimetres in a year, engineers measured from a satellite"),
    ("Tolm", "took in ninety sailors of a burning freighter and fed them in the town hall"),
    ("Eskar", "will freeze over in January for the first time since the war, forecasters expect"),
    ("Ivola", "sold its warehouses to a maker of batteries, according to the land register"),
)
OTHERS = "\n".join(
    json.dumps(
        {
            "id": f"harbour-{number}",
            "url": f"https://news.example/harbour-{number}",
            "title": f"News from {place}",
            "publisher": "Harbour Herald",
            "published_at": f"2024-02-{number + 1:02}",
            "body": f"The harbour of {place} {news}.",
        }
    )
    for number, (place, news) in enumerate(HARBOURS)
)
QUESTION = "Did Arland send rockets to Borduria?"
ANSWER = "Arland's defence ministry denied"
# The same matter, asked so that there is a verdict, from one quote of one source; the answer begins with the same.
SETTLED_QUESTION = "Did Arland's defence ministry deny sending rockets to Borduria?"
# What admins add, a question about it, and how the answer begins.
BRIDGE = ("bridge.md", admins.MINE)
BRIDGE_QUESTION = admins.QUESTION
BRIDGE_ANSWER = "The Velden bridge closes"
# Seconds without a new server after which a session counts as ready: 2 in discord.py.
READY_AFTER_S = 0.1


def write_articles(folder: Path) -> list[Path]:
    """The files that hold the articles."""
    story, others = folder / "story.md", folder / "others.jsonl"
    story.write_text(STORY, encoding="utf-8")
    others.write_text(OTHERS, encoding="utf-8")
    return [story, others]


def make_corpus(folder: Path, embedder: Embedder) -> Settings:
    """Settings of a data folder with a few articles, embedded."""
    settings = Settings.load(None, data_dir=folder / "data")
    ingest(settings, embedder, write_articles(folder), IngestOptions())
    return settings


@asynccontextmanager
async def connected(
    server: Server,
    settings: Settings,
    *,
    shards: int = 1,
    attache: Attache | None = None,
    hasty: bool = True,
    patience_s: float = 5.0,
) -> AsyncIterator[AttacheBot]:
    """The bot, once all its shards have identified; at the end it closes down as it does in a process.

    Args:
        server: what it connects to.
        settings: those of the bot.
        shards: so many.
        attache: answers the questions; None for one with quick vectors.
        hasty: whether it may identify all shards at once, as Discord allows large bots, rather than one in 5 seconds.
        patience_s: how long it waits at the end for questions that it has begun with.
    """
    bot = make_bot(
        settings,
        attache or Attache(settings, embedder=HashingEmbedder()),
        connector=server.connector(),
        shard_count=shards,
    )
    bot._connection.guild_ready_timeout = READY_AFTER_S
    if hasty:
        server.gateway.max_concurrency = max(server.gateway.max_concurrency, shards)
        bot.before_identify_hook = _at_once
    every = set(range(shards))
    # Of a bot before this one, which may have gone without a word.
    former = set(server.gateway.sessions)
    running = asyncio.create_task(bot.start(TOKEN))
    try:
        await server.until(
            lambda: running.done() or {each.shard for each in server.gateway.live() if each.id not in former} == every,
            f"{shards} shards",
            within=60.0,
        )
        if running.done():
            await running
        yield bot
    finally:
        await shut_down(bot, grace_s=patience_s, close_timeout_s=6.0)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def _at_once(_shard_id: int | None, *, initial: bool = False) -> None:
    """Waits for nothing before a shard identifies."""
