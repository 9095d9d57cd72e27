"""Answers that a language model puts into sentences, over the wire: replaced in place, and never left half."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.answering.reader.packaged import packaged_reader
from bot.settings import Settings
from tests.model_server import ModelServer, sentences
from tests.wire.live_bot import ANSWER, SETTLED_QUESTION, connected
from tests.wire.script import Place, make_place, text_of
from tests.wire.server import Server

DENIED = "Arland's defence ministry denied that it had sent rockets to Borduria."
# So long that a piece of the stream ends with it: a sentence is read when the one after it is whole.
INVENTED = "Arland sold them to Syldavia again."
DATED = "The ministry denied this on 5 March 2024."
DRAFT = sentences((DENIED, [1]), (INVENTED, [1]), (DATED, [1]))
PATIENCE_S = 30.0


@pytest.fixture
def model() -> Iterator[ModelServer]:
    packaged_reader().load()
    with ModelServer(DRAFT) as server:
        yield server


@pytest.fixture
async def place(server: Server, fed_folder: Path, tmp_path: Path, model: ModelServer) -> AsyncIterator[Place]:
    """A server with the bot, which has a model to write with."""
    data = shutil.copytree(fed_folder, tmp_path / "data")
    settings = Settings.load(None, data_dir=data, writer="openai:tiny-model", writer_url=f"{model.url}/v1")
    async with connected(server, settings):
        yield make_place(server)


async def test_proven_sentences_come_into_the_shown_answer_one_by_one(place: Place, model: ModelServer):
    model.script = [f"pause|{DRAFT}", sentences((INVENTED, [1]))]
    asked = place.bob.asks(SETTLED_QUESTION)
    first = text_of(await place.bob.sees(ANSWER, within=PATIENCE_S))
    assert DENIED not in first
    growing = await place.bob.sees(DENIED, within=PATIENCE_S)
    assert DATED not in text_of(growing)
    model.released.set()
    whole = await place.bob.sees(DATED, within=PATIENCE_S)
    assert place.bob.replies_to(asked) == [whole]
    assert text_of(whole).index(DENIED) < text_of(whole).index(DATED)
    assert "tiny-model" in text_of(whole)
    assert "Syldavia" not in text_of(whole)


@pytest.mark.parametrize("way", ["asks", "runs"])
async def test_when_the_model_breaks_off_the_quotes_stand_as_before(place: Place, model: ModelServer, way: str):
    model.script = [f"stall|{DRAFT}"]
    if way == "asks":
        place.bob.asks(SETTLED_QUESTION)
    else:
        place.bob.runs("ask", question=SETTLED_QUESTION)
    first = text_of(await place.bob.sees(ANSWER, within=PATIENCE_S))
    assert DENIED not in first
    half = await place.bob.sees(DENIED, within=PATIENCE_S)
    model.released.set()
    last = await place.bob.sees(ANSWER, within=PATIENCE_S)
    assert last["id"] == half["id"]
    assert text_of(last) == first
    assert len([each for each in place.bob.visible() if ANSWER in text_of(each)]) == 1


async def test_when_the_proof_fails_half_way_the_quotes_stand_as_before(
    place: Place, model: ModelServer, monkeypatch: pytest.MonkeyPatch
):
    model.script = [f"pause|{DRAFT}"]
    place.bob.asks(SETTLED_QUESTION)
    first = text_of(await place.bob.sees(ANSWER, within=PATIENCE_S))
    await place.bob.sees(DENIED, within=PATIENCE_S)

    def fails(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("bot.discord.questions.write_flow.prove_sentences", fails)
    model.released.set()
    assert text_of(await place.bob.sees(ANSWER, within=PATIENCE_S)) == first
