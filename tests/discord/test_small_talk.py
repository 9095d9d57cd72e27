"""Small talk in mentions, replies and direct messages: a friendly line, the guide or a reaction, never an answer."""

import pytest
from simcord.env import Env

from bot.answering.question.small_talk import MIN_CHANCE, small_talk_chance
from bot.discord.questions.courtesies import MIN_CHANCE_AFTER_OPENER, REACTION, Talk, read_small_talk
from bot.discord.workers.answer_queue import AnswerQueue
from bot.service.attache import Attache
from index.embedding.embedder import packaged_embedder
from tests.discord.places import QUESTION, Place
from tests.discord.screen import text_of

pytestmark = pytest.mark.simcord(settle_timeout=60)

# What people write to bots, in the languages of the interface, and how it is replied to.
SAID = {
    Talk.THANKS: ("thanks!", "thx", "Thank you very much", "ty", "thanks a lot, that's what I needed", "danke dir",
                  "Danke, das hilft!", "cheers", "perfect, thanks"),
    Talk.GREETING: ("hello", "hi there", "hey", "good morning", "hallo", "guten Morgen", "moin"),
    Talk.FAREWELL: ("bye", "good night", "gn", "tschüss", "bis bald"),
    Talk.GUIDE: ("help", "who are you?", "who are you", "what can you do?", "hilfe", "wer bist du?", "are you an AI?"),
    Talk.OTHER: ("ok", "okay cool", "lol", "good bot", "that was wrong", "nvm", "how are you?"),
    Talk.EMOJI: ("🙂", "👍👍", "!!!", "…", "<:party:123456789012345678>", "?"),
}  # fmt: skip
QUESTIONS = (
    "why?", "when?", "who won?", "did they sign it?", "is there a war", "what about the drones", "any news?",
    "sanctions", "NATO", "ceasefire", "Iran missiles", "thanks, and when did it start?", "thanks. What did Kyiv say?",
    "hello, did Iran deny the missile reports?", "Wann wurde das Abkommen unterzeichnet?", "is that true?",
    "who is behind it?", "how many died?", "Zelensky", "election results", "what happened in the coup",
    "hi, is the ceasefire still on?", "what is the latest on the grain deal", "Hat Iran die Berichte bestritten?",
)  # fmt: skip
REPEATS = ("really?", "are you sure?", "tell me more", "go on", "says who?", "prove it", "???", "more")


@pytest.fixture
async def queue(attache: Attache):
    running = AnswerQueue(attache)
    yield running
    await running.close(1.0)


async def test_real_small_talk_is_recognised_and_sorted(queue: AnswerQueue):
    read = {said: await read_small_talk(said, "", queue) for known in SAID.values() for said in known}
    assert read == {said: kind for kind, known in SAID.items() for said in known}


async def test_no_question_is_swallowed(queue: AnswerQueue):
    assert [each for each in QUESTIONS if await read_small_talk(each, "", queue) is not None] == []
    assert [each for each in REPEATS if await read_small_talk(each, QUESTION, queue) is not None] == []


def test_whatever_names_a_country_or_is_long_is_no_small_talk():
    for text in ("thanks Russia", "hello Ukraine", "thanks " * 13):
        assert small_talk_chance(text, packaged_embedder()) == 0.0
    assert MIN_CHANCE_AFTER_OPENER < MIN_CHANCE


def mention(env: Env, text: str) -> str:
    return f"<@{env.bot.user.id}> {text}"


def reactions(env: Env, message) -> list[str]:
    return [each.emoji for each in env.backend.get_message(message.channel.id, message.id).reactions]


def own(here: Place) -> list[str]:
    return [text_of(each) for each in here.channel.history() if each.author.bot]


async def test_thanks_after_an_answer_get_a_reaction(here: Place, simcord_env: Env):
    await here.member.send(here.channel, mention(simcord_env, QUESTION))
    answer = here.channel.last_message
    for given in ({"reply_to": answer}, {}):
        thanks = await here.member.send(here.channel, mention(simcord_env, "thanks!"), **given)
        assert reactions(simcord_env, thanks) == [REACTION]
    emoji = await here.member.send(here.channel, mention(simcord_env, "👏"), reply_to=answer)
    assert reactions(simcord_env, emoji) == [REACTION]
    assert len(own(here)) == 1


async def test_thanks_without_an_answer_or_a_right_to_react_get_a_line(here: Place, simcord_env: Env):
    await here.member.send(here.channel, mention(simcord_env, "thanks!"))
    assert own(here) == ["You're welcome!"]
    await here.member.send(here.channel, mention(simcord_env, QUESTION))
    simcord_env.inject_error("PUT", "/channels/*/messages/*/reactions/*/@me", status=403, code=50013)
    await here.member.send(here.channel, mention(simcord_env, "thanks!"))
    assert text_of(here.channel.last_message) == "You're welcome!"


@pytest.mark.parametrize(
    ("written", "told"),
    [("hello!", "Hello! Ask me something"), ("who are you?", "How to ask me"), ("🙂", "Ask me something"),
     ("bye", "Goodbye!"), ("good bot", "I only answer questions about world affairs")],
)  # fmt: skip
async def test_small_talk_gets_a_friendly_line_and_neither_search_nor_verdict(
    here: Place, simcord_env: Env, written: str, told: str
):
    await here.member.send(here.channel, mention(simcord_env, written))
    await here.member.send_dm(written)
    sent = [str(entry) for entry in simcord_env.http_requests if "messages" in str(entry)]
    assert told in text_of(here.channel.last_message)
    assert sum(told in entry for entry in sent) == 2
    assert not any("closest" in entry or "> “" in entry for entry in sent)
    stored = await simcord_env.bot.records.run(lambda db: db.execute("SELECT count(*) FROM asked").fetchone())
    assert stored == (0,)


@pytest.mark.usefixtures("in_german")
async def test_small_talk_is_answered_in_the_servers_language(here: Place, simcord_env: Env):
    await simcord_env.bot.settings_cache.set(here.guild.id, "language", "de")
    await here.member.send(here.channel, mention(simcord_env, "danke"))
    assert own(here) == ["Gern geschehen!"]


async def test_small_talk_opens_no_thread(here: Place, simcord_env: Env):
    await simcord_env.bot.settings_cache.set(here.guild.id, "thread_channels", f"<#{here.channel.id}>")
    await here.member.send(here.channel, mention(simcord_env, "hello"))
    assert not list(here.channel.threads)
    assert own(here)
