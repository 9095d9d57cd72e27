"""The real bot with the real model over the starter corpus, in a simulated Discord."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.discord.bot import AttacheBot
from bot.discord.process import make_bot
from bot.service.attache import Attache
from bot.settings import Settings
from index.embedding.embedder import SentenceEmbedder


@pytest.fixture
def starter_attache(starter_copy: Path, real_embedder: SentenceEmbedder) -> Iterator[Attache]:
    """A service over a copy of the starter corpus, open."""
    settings = Settings.load(None, data_dir=starter_copy)
    with Attache(settings, embedder=real_embedder) as attache:
        yield attache


@pytest.fixture
def simcord_bot(starter_attache: Attache) -> AttacheBot:
    """The bot that the simulated Discord runs."""
    return make_bot(starter_attache.settings, starter_attache, shard_count=1)
