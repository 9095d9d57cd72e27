"""Written answers in Discord: the quotes at once, then the proven sentences in place; off where they are not wanted."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from simcord.env import Env

from bot.answering.answer import Verdict
from bot.answering.reader.packaged import packaged_reader
from bot.discord.bot import AttacheBot
from bot.discord.i18n.phrases import phrases_in
from bot.discord.process import make_bot
from bot.discord.questions.ask_flow import AskFlow, Question
from bot.discord.questions.near_passages import NearPassages
from bot.discord.questions.write_flow import WriteFlow
from bot.discord.scope import Scope
from bot.discord.transport.page import LONGEST_CONTENT, LONGEST_LAYOUT, Page
from bot.discord.views.answer_page import AnswerOptions, answer_page
from bot.discord.workers.answer_queue import AnswerQueue
from bot.discord.workers.corpus_reader import CorpusReader
from bot.records.records import Records
from bot.records.server_settings import ServerSettings
from bot.service.attache import Attache
from bot.service.written_answers import make_writer
from bot.settings import Settings
from bot.writer.reach import OneSided
from bot.writer.written import Checked, Draft, Outcome, Written
from tests.discord.admins import make_server
from tests.discord.made_answers import answer, evidence
from tests.discord.places import Place
from tests.discord.screen import button_id, text_of
from tests.fakes import HashingEmbedder
from tests.model_server import ModelServer, sentences

QUESTION = "Did Arland deny sending rockets to Borduria?"
PROVEN = "Arland's defence ministry denied that it had sent rockets to Borduria."
INVENTED = "Arland sold 400 rockets to Syldavia."
DRAFT = sentences((PROVEN, [1]), (INVENTED, [1]))


@pytest.fixture
def model() -> Iterator[ModelServer]:
    packaged_reader().load()
    with ModelServer(DRAFT) as server:
        yield server


@pytest.fixture
def settings(attache: Attache, model: ModelServer) -> Settings:
    return attache.settings.model_copy(update={"writer": "openai:tiny-model", "writer_url": f"{model.url}/v1"})


@pytest.fixture
def simcord_bot(settings: Settings) -> AttacheBot:
    return make_bot(settings, Attache(settings, embedder=HashingEmbedder()), shard_count=1)


@pytest.fixture
def remote_bot(settings: Settings, model: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model counts as one on another machine."""
    monkeypatch.setattr("bot.writer.endpoint.Endpoint.is_local", False)


async def shown_within(seconds: float, wanted: str, read) -> str:
    end = time.monotonic() + seconds
    while wanted not in (text := read()) and time.monotonic() < end:
        await asyncio.sleep(0.02)
    return text


async def ask(env: Env, here: Place, **options: object):
    return await here.member.slash(here.channel, "ask", question=QUESTION, **options)


async def test_the_quotes_come_at_once_and_the_proven_sentence_in_their_message(simcord_env: Env, here: Place):
    await ask(simcord_env, here)
    pages = [str(each) for each in simcord_env.http_requests if "@original" in str(each)]
    assert "> “" in pages[0]
    assert PROVEN not in pages[0]
    assert PROVEN in pages[-1]


async def test_the_proven_sentence_has_the_number_of_its_quote_and_the_invented_one_is_missing(
    simcord_env: Env, here: Place
):
    asked = await ask(simcord_env, here)
    text = await shown_within(20, "tiny-model", lambda: text_of(asked.response))
    assert f"{PROVEN}" in text
    assert "[¹](<https://news.example/arland-rockets" in text
    assert "> ¹ “" in text
    assert "Sentences by the model tiny-model" in text
    assert "Syldavia" not in text


async def test_the_quotes_button_shows_the_further_quotes_that_sentences_cite(
    here: Place, add_articles: Callable[..., None], model: ModelServer, monkeypatch: pytest.MonkeyPatch
):
    voted = "Arland's parliament voted on 6 March 2024 to inspect the depots of the ministry."
    add_articles({"title": "Arland's parliament votes", "url": "https://news.example/vote", "body": voted})

    def reply() -> str:
        document = model.documents()[-1]
        if "quotes" not in document:
            return '{"questions": ["What did Arland\'s parliament vote on?"]}'
        cited = [each["number"] for each in document["quotes"] if each["quote"] == voted]
        return sentences((voted, cited or [1]))

    monkeypatch.setattr(model, "next", reply)
    asked = await here.member.slash(here.channel, "ask", question="How did Arland's ministry deny sending rockets?")
    text = await shown_within(20, "tiny-model", lambda: text_of(asked.response))
    assert voted in text
    assert f"“{voted}”" not in text
    shown = await here.member.click(asked.response, custom_id=button_id(asked.response, "quotes"))
    assert f"“{voted}”" in text_of(shown.response)


@pytest.mark.parametrize("switched_off", ["written_answers"])
async def test_a_server_can_switch_it_off(simcord_env: Env, here: Place, model: ModelServer, switched_off: str):
    await simcord_env.bot.settings_cache.set(here.guild.id, switched_off, "off")
    await ask(simcord_env, here)
    await asyncio.sleep(0.2)
    assert model.requests == []


@pytest.mark.usefixtures("remote_bot")
async def test_private_questions_do_not_leave_the_machine(simcord_env: Env, here: Place, model: ModelServer):
    await ask(simcord_env, here, private=True)
    await asyncio.sleep(0.2)
    assert model.requests == []
    await ask(simcord_env, here, private=False)
    await shown_within(20, "x", lambda: "x" if model.requests else "")
    assert model.requests


async def test_a_posted_brief_has_proven_sentences_and_a_private_one_does_not_leave_the_machine(
    simcord_env: Env, add_articles: Callable[..., None], model: ModelServer, monkeypatch: pytest.MonkeyPatch
):
    server = make_server(simcord_env)
    body = "Arland's defence ministry denied on Tuesday that it had sent rockets to Borduria. It called this invented."
    add_articles({"title": "Arland denies it", "url": "https://news.example/denial", "body": body})
    shown = text_of((await server.bob.slash(server.channel, "brief")).response)
    assert PROVEN in shown
    assert "Sentences by the model tiny-model" in shown
    assert "Syldavia" not in shown
    monkeypatch.setattr("bot.writer.endpoint.Endpoint.is_local", False)
    asked = len(model.requests)
    assert PROVEN not in text_of((await server.bob.slash(server.channel, "brief", days=3)).response)
    assert len(model.requests) == asked


class Screen:
    """A delivery that keeps what it shows."""

    channel_id = None

    def __init__(self) -> None:
        self.pages: list[str] = []

    async def show(self, page: Page) -> int:
        self.pages.append(page.content())
        return len(self.pages)

    async def amend(self, page: Page) -> None:
        await self.show(page)


@pytest.fixture
async def flow(settings: Settings, tmp_path: Path) -> AsyncIterator[AskFlow]:
    service, records = Attache(settings, embedder=HashingEmbedder()), Records(tmp_path)
    queue, reader, writer = AnswerQueue(service), CorpusReader(settings), make_writer(settings)
    writes = WriteFlow(queue, writer, may_write_private=False)
    yield AskFlow(queue, NearPassages(queue, reader), records, None, writes)
    await queue.close(0.0)
    await reader.close()
    await writer.close()
    records.close()


def scope() -> Scope:
    return Scope(1, 2, 3, ServerSettings(), phrases_in("en"))


async def test_a_stuck_model_delays_nobody(flow: AskFlow, model: ModelServer) -> None:
    model.script = ["hang"]
    screens = [Screen() for _ in range(3)]
    await asyncio.wait_for(flow.answer(Question(QUESTION, QUESTION), scope(), screens[0]), 20)
    began = time.monotonic()
    for screen in screens[1:]:
        await flow.answer(Question(QUESTION, QUESTION), scope(), screen)
    assert time.monotonic() - began < 5
    assert all("> “" in screen.pages[0] for screen in screens)
    await shown_within(20, "x", lambda: "x" if model.requests else "")
    assert model.requests
    model.released.set()


async def test_a_question_that_is_edited_is_not_overwritten_by_what_was_written_before(
    flow: AskFlow, model: ModelServer
) -> None:
    model.script = [f"hold|{DRAFT}", "letters"]
    screen = Screen()
    await flow.answer(Question(QUESTION, QUESTION, message_id=7), scope(), screen)
    await shown_within(20, "x", lambda: "x" if model.requests else "")
    other = "Who said the rockets were in use?"
    await flow.answer(Question(other, other, message_id=7), scope(), screen)
    model.released.set()
    await asyncio.sleep(0.5)
    assert not any(PROVEN in page for page in screen.pages)


def a_written(sentences: int, length: int, quotes: int) -> Written:
    made = tuple(evidence(number) for number in range(1, quotes + 1))
    checked = tuple(
        Checked(Draft(f"{number} " + "word " * (length // 5) + "ends.", (number % quotes + 1,)), (), 0.9, 1.0)
        for number in range(sentences)
    )
    return Written("a-model", Outcome.WRITTEN, made, checked, one_sided=OneSided.STATE)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("sentences", "length", "quotes"), [(1, 50, 1), (5, 200, 4), (8, 390, 8)])
def test_pages_with_sentences_keep_within_the_limits_of_discord(
    sentences: int, length: int, quotes: int, language: str
) -> None:
    written = a_written(sentences, length, quotes)
    asked = answer(Verdict.OPEN, *written.evidence[:4])
    page = answer_page(asked, AnswerOptions(token="t" * 12, written=written), phrases_in(language))
    assert sum(map(len, page.blocks)) <= LONGEST_LAYOUT
    assert len(page.content()) <= LONGEST_CONTENT
    assert "a-model" in page.content()
    assert "> ¹ " in page.content()
