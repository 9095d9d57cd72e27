"""`attache bot` as a process of its own, with the way to the server on loopback; all else is what the command does."""

import asyncio
import os
import sys
from pathlib import Path

from bot.cli.main import main
from bot.discord.running import read_token, run_bot
from bot.journal import keep_log
from bot.operations.metrics import Metrics
from bot.operations.notifying import Notifier
from bot.service import Attache
from bot.settings import Settings
from tests.fakes import HashingEmbedder
from tests.wire.tls import loopback_connector, trusting


def bot() -> None:
    """Runs until it is told to stop; `python -m tests.wire.launcher PORT AUTHORITY_PEM SHARDS MODEL`.

    The settings come from `.env` and the environment. MODEL is `hashing` for quick vectors, or `real`.
    """
    port, authority, shards, model = sys.argv[1:5]
    settings = Settings.load()
    read_token(settings)
    keep_log(settings.log_format)

    async def run(attache: Attache) -> None:
        connector = loopback_connector(int(port), trusting(Path(authority).read_text(encoding="utf-8")))
        notifier = Notifier.from_environment(os.environ)
        await run_bot(settings, attache, Metrics(), notifier, connector=connector, shard_count=int(shards) or None)

    with Attache(settings, embedder=HashingEmbedder() if model == "hashing" else None) as attache:
        asyncio.run(run(attache))


if __name__ == "__main__":
    main(bot)
