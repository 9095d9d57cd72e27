"""Messages as people write them: what the bot does with each, and that none gets a verdict that it did not ask for."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from simcord.env import Env

from bot.discord.process import make_bot
from bot.service.attache import Attache
from bot.settings import Settings
from index.embedding.embedder import packaged_embedder
from tests.discord.crowd import Crowd
from tests.discord.news import NewsReader, news_folder

__all__ = ["news_folder"]

ROWS = [
    json.loads(line) for line in Path(__file__).with_name("messages.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_there_are_many_messages_of_every_kind():
    assert len(ROWS) >= 130
    assert {row["how"] for row in ROWS} == {
        "mention", "reply", "after", "about", "dm", "dm-after", "ask", "claim", "forward",
    }  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_env(news_folder: Path) -> AsyncIterator[Env]:
    """One bot for all messages, which looks every 2 ms whether it has settled."""
    settings = Settings.load(None, data_dir=news_folder)
    service = Attache(settings, embedder=packaged_embedder(), reader=NewsReader())
    env = Env(make_bot(settings, service, shard_count=1), settle_timeout=60)
    await env.start()
    try:
        yield env
    finally:
        await env.shutdown()


@pytest.fixture(scope="module")
def crowd(shared_env: Env) -> Crowd:
    return Crowd(shared_env)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['how']}: {row['said'][:40]}")
async def test_a_message_gets_what_it_asks_for(shared_env: Env, crowd: Crowd, row: dict[str, Any]):
    shown = await crowd.reply_to(row)
    assert [each for each in row["shows"] if each not in shown] == []
    assert [each for each in row["without"] if each in shown] == []
