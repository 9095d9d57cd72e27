"""Questions without a mention: in own threads, in replies, in forums, and where every question is answered."""

import discord
import pytest
from simcord.backend.models.message import AllowedMentions
from simcord.env import Env

from bot.answering.question.ask_intent import asks_something
from bot.discord.bot import AttacheBot
from bot.discord.process import make_bot
from bot.discord.questions import courtesies
from bot.discord.questions.courtesies import REACTION, read_small_talk
from bot.discord.workers.answer_queue import AnswerQueue
from bot.service.attache import Attache
from corpus.errors import StorageFailure
from index.embedding.embedder import packaged_embedder
from tests.discord.places import QUESTION, Place
from tests.discord.screen import text_of

pytestmark = pytest.mark.simcord(settle_timeout=120)

OTHER = "What did Borduria's army say about the rockets?"
QUESTIONS = (
    QUESTION, OTHER, "did iran deny the missile reports", "when was the ceasefire signed", "is the ceasefire still on",
    "what are the sanctions on Russia", "Hat Iran die Berichte bestritten?", "Wann wurde das Abkommen unterzeichnet?",
    "Is it true that Iran sent missiles to Russia", "I read this yesterday. Did Finland join NATO?",
    "Finland joined NATO in 2023?", "so what did Kyiv say?", "Does anyone know if Finland joined NATO?",
)  # fmt: skip
NO_QUESTIONS = (
    "I think the war will end soon", "Iran denied the missile reports.", "that's what I read yesterday", "who cares",
    "I wonder whether they signed it", "I asked him when he would come", "Where there is smoke there is fire",
    "Because they lied", "That is why they left", "What they did is a crime", "Who would have thought", "Why not",
    "thanks for the info", "sanctions", "How are you?", "how was your weekend?", "anyone want to play tonight?",
    "what?", "Really?", "Das Abkommen wurde gestern unterzeichnet", "Ich glaube das nicht", "can't believe this",
    "The minister resigned yesterday, wow", "When they left, the talks collapsed", "lol what a mess", "",
)  # fmt: skip


def test_questions_are_told_from_statements_and_small_talk():
    packaged = packaged_embedder()
    assert [each for each in QUESTIONS if not asks_something(each, packaged)] == []
    assert [each for each in NO_QUESTIONS if asks_something(each, packaged)] == []


@pytest.fixture
def simcord_bot(attache: Attache) -> AttacheBot:
    """The bot where its operator lets it read messages."""
    settings = attache.settings.model_copy(update={"message_content": True})
    return make_bot(settings, attache, shard_count=1)


def mention(env: Env, text: str) -> str:
    return f"<@{env.bot.user.id}> {text}"


def own(channel) -> list[discord.Message]:
    return [each for each in channel.history() if each.author.bot]


async def replies_without_ping(here: Place, env: Env, text: str, to: discord.Message) -> None:
    """A member replies and switches off the mention that Discord adds."""
    backend, channel_id = env.backend, here.channel.id
    reference = {"channel_id": str(channel_id), "message_id": str(to.id)}
    backend.create_message(
        channel_id,
        here.member.id,
        text,
        reference=backend.normalize_message_reference(channel_id, reference),
        allowed_mentions=AllowedMentions(replied_user=False),
    )
    env._mark_mutation()
    await env.settle()


async def threaded(here: Place, env: Env):
    """The thread that the bot opens for an answer."""
    await env.bot.settings_cache.set(here.guild.id, "thread_channels", f"<#{here.channel.id}>")
    await here.member.send(here.channel, mention(env, QUESTION))
    return next(iter(here.channel.threads))


async def test_in_its_own_thread_no_mention_is_needed_and_chatter_is_left_alone(here: Place, simcord_env: Env):
    thread = await threaded(here, simcord_env)
    other = here.guild.add_member(simcord_env.create_user("other"))
    await other.send(thread, "when?")
    assert "Understood as" in text_of(own(thread)[-1])
    await here.member.send(thread, OTHER)
    assert len(own(thread)) == 3
    for said in ("thanks!", "wow", "I don't believe a word of it, honestly", f"<@{other.id}> what do you think of it?"):
        await here.member.send(thread, said)
    question = await other.send(thread, "lol")
    await here.member.send(thread, "did you read that?", reply_to=question)
    assert len(own(thread)) == 3


async def test_in_its_own_thread_who_was_answered_thanks_the_bot(here: Place, simcord_env: Env):
    def reactions(message: discord.Message) -> list[str]:
        return [each.emoji for each in simcord_env.backend.get_message(thread.id, message.id).reactions]

    thread = await threaded(here, simcord_env)
    other = here.guild.add_member(simcord_env.create_user("other"))
    for said in ("thx", "ty", "cheers", "thank u", "ok thanks!"):
        assert reactions(await here.member.send(thread, said)) == [REACTION]
        assert reactions(await other.send(thread, said)) == []
    for said in ("nice", "thanks for nothing, what a mess"):
        assert reactions(await here.member.send(thread, said)) == []
    assert reactions(await other.send(thread, "thx", reply_to=own(thread)[-1])) == [REACTION]
    assert len(own(thread)) == 1


async def test_in_its_own_thread_the_bot_is_asked_about_itself_without_a_mention(here: Place, simcord_env: Env):
    thread = await threaded(here, simcord_env)
    for said in ("what's new?", "whats new"):
        await here.member.send(thread, said)
        assert "What is new" in text_of(own(thread)[-1])
    assert len(own(thread)) == 3
    await here.member.send(thread, "can you be wrong?")
    assert "Whether you can trust me" in text_of(own(thread)[-1])


async def test_whether_a_message_is_small_talk_is_read_once(
    here: Place, simcord_env: Env, monkeypatch: pytest.MonkeyPatch
):
    read: list[tuple[str, str]] = []

    async def count(text: str, earlier: str, queue: AnswerQueue) -> object:
        read.append((text, earlier))
        return await read_small_talk(text, earlier, queue)

    monkeypatch.setattr(courtesies, "read_small_talk", count)
    await simcord_env.bot.settings_cache.set_in(here.guild.id, here.channel.id, "answers", "questions")
    await here.member.send(here.channel, OTHER)
    assert read == [(OTHER, "")]
    thread = await threaded(here, simcord_env)
    read.clear()
    await here.member.send(thread, "when?")
    assert len(read) == 1


async def test_where_all_questions_are_answered_an_edit_without_its_mention_is_still_one(here: Place, simcord_env: Env):
    await simcord_env.bot.settings_cache.set_in(here.guild.id, here.channel.id, "answers", "questions")
    asked = await here.member.send(here.channel, mention(simcord_env, OTHER))
    [before] = own(here.channel)
    await here.member.edit(asked, QUESTION)
    [after] = own(here.channel)
    assert after.id == before.id
    assert "denied" in text_of(after)
    await here.member.edit(asked, "Never mind, I found it.")
    assert own(here.channel) == []


async def test_an_answer_stays_while_it_can_not_be_told_whether_it_is_still_asked_for(
    here: Place, simcord_env: Env, monkeypatch: pytest.MonkeyPatch
):
    asked = await here.member.send(here.channel, mention(simcord_env, QUESTION))

    async def fail(_message: discord.Message) -> None:
        raise StorageFailure("The settings can't be read.", "Try again.")

    monkeypatch.setattr(simcord_env.bot, "scope_of_message", fail)
    await here.member.edit(asked, QUESTION)
    assert len(own(here.channel)) == 1


async def test_a_reply_to_an_answer_needs_no_mention(here: Place, simcord_env: Env):
    await here.member.send(here.channel, mention(simcord_env, QUESTION))
    [answer] = own(here.channel)
    await replies_without_ping(here, simcord_env, "tell me more", answer)
    await replies_without_ping(here, simcord_env, "nice", answer)
    await here.member.send(here.channel, OTHER)
    assert len(own(here.channel)) == 2


async def test_where_every_question_is_answered_statements_small_talk_and_bots_are_not(here: Place, simcord_env: Env):
    bot = simcord_env.bot
    await bot.settings_cache.set_in(here.guild.id, here.channel.id, "answers", "questions")
    await here.member.send(here.channel, OTHER)
    assert len(own(here.channel)) == 1
    other = here.guild.add_member(simcord_env.create_user("other"))
    robot = here.guild.add_member(simcord_env.create_user("robot", bot=True))
    for said in ("Arland sent rockets to Borduria.", "hello there", "how are you?", "ok", f"<@{other.id}> {QUESTION}"):
        await here.member.send(here.channel, said)
    question = await other.send(here.channel, "I was there.")
    await here.member.send(here.channel, QUESTION, reply_to=question)
    await robot.send(here.channel, QUESTION)
    await here.guild.create_webhook(here.channel).send(QUESTION)
    assert sum(each.author.id == bot.user.id for each in here.channel.history()) == 1
    await bot.settings_cache.set(here.guild.id, "questions_per_minute_member", "1")
    await here.member.send(here.channel, QUESTION)
    await here.member.send(here.channel, QUESTION)
    told = [text_of(each) for each in own(here.channel) if each.author.id == bot.user.id]
    # Told once that it is too fast.
    assert len(told) == 2
    assert "Please ask again in" in told[-1]


async def test_of_a_forums_post_title_and_first_message_are_the_question(here: Place, simcord_env: Env):
    forum = here.guild.create_forum_channel("ask")
    post = await posts(here, simcord_env, forum, "Rockets for Borduria", mention(simcord_env, "Did Arland deny that?"))
    answer = own(post)[-1]
    assert "denied" in text_of(answer)
    kept = await simcord_env.bot.records.run(lambda db: db.execute("SELECT original FROM asked").fetchall())
    assert kept == [("Did Arland deny that: Rockets for Borduria?",)]
    silent = await posts(here, simcord_env, forum, QUESTION, "I can't find anything.")
    assert own(silent) == []
    await simcord_env.bot.settings_cache.set_in(here.guild.id, forum.id, "answers", "questions")
    answered = await posts(here, simcord_env, forum, QUESTION, "I can't find anything.")
    assert "denied" in text_of(own(answered)[-1])
    await here.member.send(answered, "I see.")
    assert len(own(answered)) == 1


async def posts(here: Place, env: Env, forum, title: str, text: str):
    """A member posts into a forum: a thread, and its first message with the same id."""
    backend = env.backend
    thread = backend.create_thread(forum.id, title, here.member.id, broadcast=False)
    backend.announce_thread_create(thread)
    message = backend.create_message(thread.id, here.member.id, text, broadcast=False)
    del backend.messages[thread.id][message.id]
    message.id = thread.id
    backend.messages[thread.id][message.id] = message
    backend.announce_message_create(message)
    env._mark_mutation()
    await env.settle()
    return next(each for each in forum.threads if each.id == thread.id)


@pytest.mark.parametrize("kind", ["news", "voice", "stage"])
async def test_announcement_channels_and_chats_of_voice_channels_work(here: Place, simcord_env: Env, kind: str):
    channel = getattr(here.guild, f"create_{kind}_channel")(kind)
    bot = simcord_env.bot
    await bot.settings_cache.set(here.guild.id, "thread_channels", f"<#{channel.id}>")
    await here.member.send(channel, mention(simcord_env, QUESTION))
    where = next(iter(channel.threads)) if kind == "news" else channel
    assert "denied" in text_of(own(where)[-1])
    await bot.settings_cache.set_in(here.guild.id, channel.id, "answers", "quiet")
    await here.member.send(channel, mention(simcord_env, OTHER))
    assert len(own(where)) == 1


class TestWithoutMessageContent:
    """Where Discord hides what doesn't mention the bot."""

    @pytest.fixture
    def simcord_bot(self, attache: Attache) -> AttacheBot:
        return make_bot(attache.settings, attache, shard_count=1)

    async def test_a_thread_says_once_how_to_go_on(self, here: Place, simcord_env: Env):
        thread = await threaded(here, simcord_env)
        assert "to ask more in this thread" in text_of(own(thread)[-1])
        await here.member.send(thread, OTHER)
        assert len(own(thread)) == 1
        await here.member.send(thread, mention(simcord_env, OTHER))
        assert "to ask more in this thread" not in text_of(own(thread)[-1])

    async def test_a_reply_without_a_mention_is_told_once_and_quietly_how_to_go_on(self, here: Place, simcord_env: Env):
        await here.member.send(here.channel, mention(simcord_env, QUESTION))
        [answer] = own(here.channel)
        for _ in range(2):
            await replies_without_ping(here, simcord_env, "when?", answer)
        [_, hint] = own(here.channel)
        assert text_of(hint).startswith("-# ")
        assert "mention me" in text_of(hint)
        assert hint.flags.suppress_notifications


STATEMENT = "Arland sent rockets to Borduria in March 2024."


@pytest.mark.parametrize("said", ["is this true?", "fact check pls", "source?", ""])
async def test_asked_about_somebody_elses_message_the_bot_checks_what_it_claims(
    here: Place, simcord_env: Env, said: str
):
    other = here.guild.add_member(simcord_env.create_user("other"))
    theirs = await other.send(here.channel, STATEMENT)
    await here.member.send(here.channel, mention(simcord_env, said), reply_to=theirs)
    (told,) = own(here.channel)
    assert f"Claim: {STATEMENT}" in text_of(told)
    assert told.reference.message_id == here.channel.history()[-2].id


async def test_several_statements_of_somebody_else_are_checked_one_by_one(here: Place, simcord_env: Env):
    other = here.guild.add_member(simcord_env.create_user("other"))
    theirs = await other.send(here.channel, f"{STATEMENT} Borduria left the talks in April.")
    await here.member.send(here.channel, mention(simcord_env, "is that legit?"), reply_to=theirs)
    told = text_of(own(here.channel)[0])
    assert "Claims in this message" in told
    assert "**2** · Borduria left the talks in April." in told
