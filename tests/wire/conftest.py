"""A server for each test, or one for the stories of a file; a test fails where a client does what Discord refuses."""

import shutil
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from unittest.mock import AsyncMock

import pytest
import pytest_asyncio

from bot.settings import Settings
from index.embedding.embedder import SentenceEmbedder, packaged_embedder
from tests.fakes import HashingEmbedder
from tests.wire.live import Live, check, start_live
from tests.wire.live_bot import make_corpus
from tests.wire.script import Person, Place, make_place
from tests.wire.server import Server
from tests.wire.short_waits import SHORTER, shorten_waits
from tests.wire.tls import Certificates


@pytest.fixture(scope="session", autouse=True)
def _loaded_model() -> None:
    """Loads the packaged model, as the process does before it is ready: no message waits for that."""
    packaged_embedder().encode(["warm-up"])


@pytest.fixture(scope="module", autouse=True)
def _short_waits() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        shorten_waits(patch)
        yield


@pytest.fixture(scope="session")
def certificates() -> Certificates:
    return Certificates.make()


@pytest.fixture
async def server(certificates: Certificates) -> AsyncIterator[Server]:
    running = Server(certificates)
    running.buckets.shorten(SHORTER)
    await running.start()
    yield running
    await running.stop()
    check(running)


@pytest.fixture(scope="session")
def fed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with articles in it, to be copied."""
    folder = tmp_path_factory.mktemp("fed")
    make_corpus(folder, HashingEmbedder())
    return folder / "data"


@pytest.fixture(scope="session")
def fed_by_real_model(tmp_path_factory: pytest.TempPathFactory, real_embedder: SentenceEmbedder) -> Path:
    """The same, embedded by the packaged model."""
    folder = tmp_path_factory.mktemp("fed-by-real-model")
    make_corpus(folder, real_embedder)
    return folder / "data"


@pytest.fixture
def settings(fed_folder: Path, tmp_path: Path) -> Settings:
    return Settings.load(None, data_dir=shutil.copytree(fed_folder, tmp_path / "data"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(
    request: pytest.FixtureRequest,
    certificates: Certificates,
    fed_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Live]:
    """The bot on one shard, or on as many as its parameter says; tests that ask for it share the file's event loop."""
    data = shutil.copytree(fed_folder, tmp_path_factory.mktemp("live") / "data")
    async with start_live(certificates, data, getattr(request, "param", 1)) as made:
        yield made


@pytest.fixture
def one(live: Live) -> Iterator[Place]:
    """A server that the bot joins while it runs."""
    began = time.monotonic()
    yield make_place(live.server)
    check(live.server, began)


@pytest.fixture
def two(live: Live, one: Place) -> Place:
    """Another server, in the next shard where there are several."""
    made = make_place(live.server, "two")
    for session in live.server.gateway.live():
        count = session.count
    assert count == 1 or made.guild.shard_of(count) != one.guild.shard_of(count)
    return made


@pytest.fixture
def olga(live: Live, one: Place) -> Person:
    """An operator, who may manage the server `one`."""
    return one.admits(live.operator)


# Tests of the next questions below an answer: a module, or one test.
WITH_NEXT_QUESTIONS = {"test_walk", "test_a_member_asks_what_is_offered_next"}


@pytest.fixture(autouse=True)
def without_next_questions(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves answers as they are: the edit that adds next questions would be taken for a new answer."""
    names = {request.module.__name__.rsplit(".", 1)[-1], request.node.name}
    if not names & WITH_NEXT_QUESTIONS:
        monkeypatch.setattr("bot.discord.questions.ask_flow.suggest", AsyncMock(return_value=()))
