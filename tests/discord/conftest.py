"""A simulated Discord around the real bot, over a small made-up corpus."""

from pathlib import Path

import pytest

from bot.discord.client import AttacheBot
from bot.discord.running import make_bot
from bot.feeding import ingest
from bot.service import Attache
from bot.settings import Settings
from corpus.ingest import IngestOptions
from tests.fakes import HashingEmbedder

STORY = """---
title: Arland denies sending rockets to Borduria
url: https://news.example/arland-rockets
publisher: The Example Courier
date: 2024-03-05
---
Arland's defence ministry denied on 5 March 2024 that it had sent rockets to Borduria. The ministry called the reports
of @everyone and **unnamed** diplomats an invention. Borduria's army had said on 4 March that the rockets were in use.
"""


@pytest.fixture
def attache(tmp_path: Path) -> Attache:
    story = tmp_path / "story.md"
    story.write_text(STORY, encoding="utf-8")
    settings = Settings.load(None, data_dir=tmp_path / "data")
    embedder = HashingEmbedder()
    ingest(settings, embedder, [story], IngestOptions())
    return Attache(settings, embedder=embedder)


@pytest.fixture
def simcord_bot(attache: Attache) -> AttacheBot:
    return make_bot(attache.settings, attache, shard_count=1)
