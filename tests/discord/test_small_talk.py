"""Small talk and questions about the bot: a friendly line, what they ask for, or a reaction, never an answer."""

import json
from pathlib import Path

import pytest
from simcord.env import Env

import evals
from bot.answering.question.about_bot import BotSubject
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
    BotSubject.GUIDE: ("help", "who are you?", "who are you", "what can you do?", "hilfe", "wer bist du?"),
    BotSubject.MAKER: ("are you an AI?", "who built you?", "is this bot open source", "bist du eine KI?"),
    BotSubject.SOURCES: ("where do you get your news from?", "what are the sources you use?",
                         "do you read the Guardian?", "Welche Quellen hast du?"),
    BotSubject.FRESHNESS: ("how current are you?", "how old is your newest article", "wie aktuell bist du?"),
    BotSubject.NEWS: ("what's new?", "summarise the news", "any news today?", "Was gibt's Neues?"),
    BotSubject.TRUST: ("are you biased?", "can you be wrong?", "are you pro western?", "kannst du dich irren?"),
    BotSubject.TASKS: ("translate this", "write me a poem", "what's the weather", "übersetz das bitte"),
    BotSubject.PRIVACY: ("do you store my messages?", "speicherst du was ich schreibe"),
    BotSubject.LANGUAGES: ("do you speak German?", "can I ask in Spanish?", "sprichst du Deutsch?"),
    BotSubject.SETUP: ("how do I add a feed?", "how do i turn you off in this channel",
                       "wie füge ich einen feed hinzu?"),
    Talk.OTHER: ("ok", "okay cool", "lol", "good bot", "that was wrong", "nvm", "how are you?"),
    Talk.EMOJI: ("🙂", "👍👍", "!!!", "…", "<:party:123456789012345678>", "?"),
}  # fmt: skip
QUESTIONS = (
    "why?", "when?", "who won?", "did they sign it?", "is there a war", "what about the drones",
    "sanctions", "NATO", "ceasefire", "Iran missiles", "thanks, and when did it start?", "thanks. What did Kyiv say?",
    "hello, did Iran deny the missile reports?", "Wann wurde das Abkommen unterzeichnet?", "is that true?",
    "who is behind it?", "how many died?", "Zelensky", "election results", "what happened in the coup",
    "hi, is the ceasefire still on?", "what is the latest on the grain deal", "Hat Iran die Berichte bestritten?",
    "what's new in Norvia?", "summarise the Drava treaty", "any news on the hostages?", "is the court biased?",
    "do you know Salome Dray?", "what do you know about the strike", "where do the rebels get their weapons from?",
    "which sources does the report cite?", "can the minister be wrong?", "who made the missiles?",
    "how current is the truce", "do you have articles on Norvia?", "what languages are spoken there",
    "how do they add members",
    "was gibt es Neues vom Gipfel", "woher bekommen sie ihr Geld?", "can you translate what the Kremlin said?",
)  # fmt: skip
# About the bot even right below an answer, and about the answer.
ABOUT_THE_BOT = {
    "where do you get your news from?": BotSubject.SOURCES, "can you be wrong?": BotSubject.TRUST,
    "what's new?": BotSubject.NEWS, "who made you?": BotSubject.MAKER,
}  # fmt: skip
ABOUT_AN_ANSWER = ("where did that come from", "summarise this", "are you sure?", "source?", "how do you know?",
                   "what are your sources?")  # fmt: skip
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
    corpora = Path(evals.__file__).parent / "data" / "corpora"
    lines = [line for path in sorted(corpora.glob("*[0-9].jsonl")) for line in path.read_text("utf-8").splitlines()]
    asked = [json.loads(line)["question"] for line in lines[::25]]
    assert [each for each in asked if await read_small_talk(each, "", queue) is not None] == []
    assert [each for each in QUESTIONS if await read_small_talk(each, "", queue) is not None] == []
    assert [each for each in REPEATS if await read_small_talk(each, QUESTION, queue) is not None] == []


async def test_below_an_answer_the_bot_and_the_answer_are_told_apart(queue: AnswerQueue):
    assert {each: await read_small_talk(each, QUESTION, queue) for each in ABOUT_THE_BOT} == ABOUT_THE_BOT
    assert [each for each in ABOUT_AN_ANSWER if await read_small_talk(each, QUESTION, queue) is not None] == []


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
    [("where do you get your news from?", ("One article from one", "They are from The Example Courier", "/sources")),
     ("how current are you?", ("Newest article", "/status")), ("what's new?", ("Arland denies sending", "/brief")),
     ("who made you?", ("I'm a program", "/about")), ("are you biased?", ("I take no side", "it can be wrong")),
     ("translate this", ("I don't translate", "Check this claim")), ("do you save my messages?", ("my-data delete",)),
     ("what languages do you speak?", ("in Discord also in German",)),
     ("how do i add a feed?", ("corpus feed add", "/news set")),
    ],
)  # fmt: skip
async def test_questions_about_the_bot_are_answered_in_a_mention_and_a_command(
    here: Place, simcord_env: Env, written: str, told: tuple[str, ...]
):
    await here.member.send(here.channel, mention(simcord_env, written))
    commanded = await here.slash("ask", question=written)
    for shown in (text_of(here.channel.last_message), text_of(commanded.response)):
        assert [each for each in told if each not in shown] == []
    stored = await simcord_env.bot.records.run(lambda db: db.execute("SELECT count(*) FROM asked").fetchone())
    assert stored == (0,)


async def test_without_articles_it_says_so_and_how_to_add_some(here: Place, simcord_env: Env):
    await simcord_env.bot.settings_cache.set(here.guild.id, "hidden_collections", "shared")
    for asked in ("what's new?", "which sources do you have?"):
        await here.member.send(here.channel, mention(simcord_env, asked))
        told = text_of(here.channel.last_message)
        assert "There are no articles here yet" in told
        assert "corpus feed add" in told


@pytest.mark.usefixtures("in_german")
async def test_questions_about_the_bot_are_answered_in_german(here: Place, simcord_env: Env):
    await simcord_env.bot.settings_cache.set(here.guild.id, "language", "de")
    await here.member.send(here.channel, mention(simcord_env, "Welche Quellen hast du?"))
    assert "Ich kenne nur die Artikel" in text_of(here.channel.last_message)


async def test_the_latest_stories_are_told_where_there_are_some(here: Place, simcord_env: Env, add_articles):
    told = (
        "Diplomats said on 3 March that Arland had sent rockets to Borduria. Its ministry did not answer.",
        "The quarry of Stonefield sold four blocks of granite to a mason. It will close for the winter.",
        "The ferry between Erem and Salis hit a pier in thick fog. Nobody was hurt, the harbour master said.",
    )
    for number, body in enumerate(told):
        for name in ("Post", "Courier"):
            link = f"https://{name}.example/{number}"
            add_articles(
                {"title": body[:30], "url": link, "publisher": name, "published_at": "2024-03-06", "body": body}
            )
    await here.member.send(here.channel, mention(simcord_env, "what's new?"))
    assert "2 articles, " in text_of(here.channel.last_message)


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
