"""A simulated Discord around the real bot, over a small made-up corpus."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import pytest
import simcord.interactions
from simcord.env import Env

from bot.discord.bot import AttacheBot
from bot.discord.process import make_bot
from bot.service.attache import Attache
from bot.service.ingest import ingest
from bot.settings import Settings
from corpus.ingest import IngestOptions
from tests.discord.places import Place
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


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks every 2 ms whether the bot has settled, where simcord by itself lets every press wait for 50."""
    monkeypatch.setattr(Env.settle, "__defaults__", (None, 0.002))
    monkeypatch.setitem(Env._settle_internal.__kwdefaults__, "idle", 0.002)
    # Its 5 seconds are over before a model is loaded where other programs keep the processor busy.
    monkeypatch.setitem(Env.__init__.__kwdefaults__, "settle_timeout", 60.0)


@pytest.fixture
def with_next_questions() -> None:
    """For tests of what answers offer to ask next."""


@pytest.fixture(autouse=True)
def _without_next_questions(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves answers without next questions: up to six others are asked for them, and simcord waits for all."""
    if "with_next_questions" not in request.fixturenames:
        monkeypatch.setattr("bot.discord.questions.ask_flow.suggest", AsyncMock(return_value=()))


@pytest.fixture(scope="session")
def _one_story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one article, to be copied."""
    folder = tmp_path_factory.mktemp("one-story")
    (folder / "story.md").write_text(STORY, encoding="utf-8")
    settings = Settings.load(None, data_dir=folder / "data")
    ingest(settings, HashingEmbedder(), [folder / "story.md"], IngestOptions())
    return settings.data_dir


@pytest.fixture
def attache(_one_story: Path, tmp_path: Path) -> Attache:
    settings = Settings.load(None, data_dir=shutil.copytree(_one_story, tmp_path / "data"))
    return Attache(settings, embedder=HashingEmbedder())


@pytest.fixture
def simcord_bot(attache: Attache) -> AttacheBot:
    return make_bot(attache.settings, attache, shard_count=1)


@pytest.fixture
def fresh_bot(attache: Attache) -> Callable[[], AttacheBot]:
    """Makes the bot as another process would, over the same data folder: for `env.restart_bot`."""

    def make() -> AttacheBot:
        service = Attache(attache.settings, embedder=HashingEmbedder())
        return make_bot(attache.settings, service, shard_count=1)

    return make


@pytest.fixture
def add_articles(attache: Attache, tmp_path: Path) -> Callable[..., None]:
    """Takes articles into a collection, as another process would while the bot runs."""

    def add(*articles: dict[str, Any], collection: str = "shared") -> None:
        path = tmp_path / f"added-{collection}.jsonl"
        path.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
        ingest(attache.settings, HashingEmbedder(), [path], IngestOptions(collection=collection))

    return add


@pytest.fixture
def in_german(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody's Discord is set to German."""
    make = simcord.interactions.base_payload

    def payload(*given: Any, **named: Any) -> Any:
        record, sent = make(*given, **named)
        return record, sent | {"locale": "de"}

    monkeypatch.setattr(simcord.interactions, "base_payload", payload)


@pytest.fixture
def here(simcord_env: Env) -> Place:
    return Place(simcord_env, "here")


@pytest.fixture
def there(simcord_env: Env) -> Place:
    return Place(simcord_env, "there")
