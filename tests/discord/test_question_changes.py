"""Edited and deleted questions: the same answer changes or goes along, and never is there a second one."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import NoReturn

import discord
import pytest
from simcord.env import Env

from bot.discord.bot import AttacheBot
from bot.discord.cogs.question_changes import QuestionChanges
from bot.discord.cogs.question_messages import QuestionMessages
from bot.discord.questions.cooldowns import Cooldowns
from bot.discord.questions.courtesies import Said
from bot.discord.transport.retry import RateLimiter
from bot.discord.views.answer_page import Suggestion
from bot.records.due import mark_due
from tests.discord.places import QUESTION, Place
from tests.discord.screen import button_id, labels_of, text_of

pytestmark = pytest.mark.simcord(settle_timeout=120)

OTHER = "What did Borduria's army say about the rockets?"


def mention(env: Env, text: str) -> str:
    return f"<@{env.bot.user.id}> {text}"


def own(here: Place) -> list[discord.Message]:
    return [each for each in here.channel.history() if each.author.bot]


def run_for_long(bot: AttacheBot) -> None:
    """Have no answers from before the start."""
    cog = bot.get_cog(QuestionChanges.__cog_name__)
    assert isinstance(cog, QuestionChanges)
    cog._knows_since -= timedelta(hours=1)


async def refuse(*_: object) -> NoReturn:
    raise AssertionError("a look into the records")


async def originals(env: Env) -> list[str]:
    """The questions whose answers are kept."""
    return await env.bot.records.run(lambda db: [row[0] for row in db.execute("SELECT original FROM asked")])


async def test_an_edited_question_is_answered_again_in_the_same_message(here: Place, simcord_env: Env):
    asked = await here.member.send(here.channel, mention(simcord_env, OTHER))
    [before] = own(here)
    await here.member.edit(asked, mention(simcord_env, QUESTION))
    [after] = own(here)
    assert after.id == before.id
    assert "denied" in text_of(after).split("\n")[0]
    assert text_of(after) != text_of(before)
    assert await originals(simcord_env) == [QUESTION]
    quotes = await here.member.click(after, custom_id=button_id(after, "quotes"))
    assert "Arland's defence ministry" in text_of(quotes.response)


async def test_what_does_not_change_the_question_changes_nothing(here: Place, simcord_env: Env):
    asked = await here.member.send(here.channel, mention(simcord_env, QUESTION))
    requests = len(simcord_env.http_requests)
    await here.member.edit(asked, mention(simcord_env, f" {QUESTION} "))
    await here.member.edit(asked, mention(simcord_env, ""))
    # As Discord tells of a preview: without the time of an edit.
    simcord_env.bot.dispatch("raw_message_edit", discord.RawMessageUpdateEvent({"id": asked.id}, asked))
    await simcord_env.settle()
    assert len(simcord_env.http_requests) == requests


async def test_after_ten_minutes_an_edit_changes_nothing(
    here: Place, simcord_env: Env, monkeypatch: pytest.MonkeyPatch
):
    asked = await here.member.send(here.channel, mention(simcord_env, OTHER))
    [before] = map(text_of, own(here))
    monkeypatch.setattr("bot.discord.cogs.question_changes.EDIT_WINDOW", timedelta(seconds=-1))
    await here.member.edit(asked, mention(simcord_env, QUESTION))
    assert [*map(text_of, own(here))] == [before]


async def test_a_mention_that_is_added_later_is_answered_once(here: Place, simcord_env: Env):
    asked = await here.member.send(here.channel, QUESTION)
    assert own(here) == []
    await here.member.edit(asked, mention(simcord_env, QUESTION))
    await here.member.edit(asked, mention(simcord_env, OTHER))
    assert len(own(here)) == 1
    assert await originals(simcord_env) == [OTHER]


async def test_small_talk_becomes_an_answer_and_back_in_the_same_message(here: Place, simcord_env: Env):
    said = await here.member.send(here.channel, mention(simcord_env, "hello"))
    await here.member.edit(said, mention(simcord_env, QUESTION))
    [answer] = own(here)
    assert "denied" in text_of(answer)
    await here.member.edit(said, mention(simcord_env, "hello"))
    [greeting] = own(here)
    assert "Ask me something" in text_of(greeting)
    assert await originals(simcord_env) == []


async def test_an_edit_is_no_follow_up_to_its_own_answer(here: Place, simcord_env: Env):
    direct = await here.member.send_dm(QUESTION)
    await here.member.user.edit(direct, "When did they deny that?")
    kept = await simcord_env.bot.records.run(lambda db: db.execute("SELECT question, original FROM asked").fetchall())
    assert kept == [("When did they deny that?", "When did they deny that?")]


async def test_a_reply_about_an_answer_belongs_to_the_message_that_asked_for_it(here: Place, simcord_env: Env):
    asked = await here.member.send(here.channel, mention(simcord_env, QUESTION))
    [answer] = own(here)
    follow_up = await here.member.send(here.channel, mention(simcord_env, "source?"), reply_to=answer)
    about = own(here)[-1]
    assert "### Sources" in text_of(about)
    await here.member.edit(follow_up, mention(simcord_env, "timeline?"))
    assert [each.id for each in own(here)] == [answer.id, about.id]
    assert "### By date" in text_of(own(here)[-1])
    assert await originals(simcord_env) == [QUESTION, "timeline?"]
    await here.member.delete(asked)
    assert [each.id for each in own(here)] == [about.id]
    await here.member.delete(follow_up)
    assert own(here) == []
    assert await originals(simcord_env) == []


async def test_an_answer_whose_question_changed_meanwhile_gets_no_late_suggestions(
    here: Place, simcord_env: Env, monkeypatch: pytest.MonkeyPatch
):
    async def late(*_: object) -> tuple[Suggestion, ...]:
        await simcord_env.bot.records.run(lambda db: db.execute("DELETE FROM asked"))
        return (Suggestion("when", "When did Arland deny it?"),)

    monkeypatch.setattr("bot.discord.questions.ask_flow.suggest", late)
    await here.member.send(here.channel, mention(simcord_env, QUESTION))
    [answer] = own(here)
    assert "denied" in text_of(answer)
    assert "Ask next" not in text_of(answer)


async def test_a_deleted_question_takes_its_answer_and_its_record_along(here: Place, simcord_env: Env):
    asked = await here.member.send(here.channel, mention(simcord_env, QUESTION))
    other = await here.member.send(here.channel, mention(simcord_env, OTHER))
    await here.member.delete(asked)
    assert len(own(here)) == 1
    assert await originals(simcord_env) == [OTHER]
    simcord_env.backend.bulk_delete_messages(here.channel.id, [other.id])
    await simcord_env.settle()
    assert own(here) == []
    direct = await here.member.send_dm(QUESTION)
    await here.member.user.delete(direct)
    assert [each.author.bot for each in here.member.user.dm_channel.history()] == []
    assert await originals(simcord_env) == []


@pytest.mark.parametrize("is_just_started", [False, True])
@pytest.mark.parametrize("said", [QUESTION, "never mind", "and what about the rest?"])
async def test_an_edit_that_takes_the_mention_away_takes_the_answer_along(
    here: Place, simcord_env: Env, said: str, is_just_started: bool
):
    if not is_just_started:
        run_for_long(simcord_env.bot)
    asked = await here.member.send(here.channel, mention(simcord_env, QUESTION))
    talked = await here.member.send(here.channel, mention(simcord_env, "hello"))
    assert len(own(here)) == 2
    await here.member.edit(asked, said)
    await here.member.edit(talked, "hello everyone")
    assert own(here) == []
    assert await originals(simcord_env) == []
    await here.member.edit(asked, mention(simcord_env, QUESTION))
    [again] = own(here)
    assert "denied" in text_of(again)


async def test_what_members_edit_among_themselves_reads_no_records(
    here: Place, simcord_env: Env, monkeypatch: pytest.MonkeyPatch
):
    run_for_long(simcord_env.bot)
    talk = [await here.member.send(here.channel, f"We meet at {hour}.") for hour in range(3)]
    monkeypatch.setattr(simcord_env.bot.records, "_run", refuse)
    for message in talk:
        await here.member.edit(message, f"{message.content} At the harbour.")
    assert own(here) == []


@pytest.mark.parametrize("in_thread", [False, True])
async def test_after_a_restart_edits_and_deletions_find_the_answer(
    here: Place, simcord_env: Env, fresh_bot: Callable[[], AttacheBot], in_thread: bool
):
    if in_thread:
        await simcord_env.bot.settings_cache.set(here.guild.id, "thread_channels", f"<#{here.channel.id}>")
    asked = await here.member.send(here.channel, mention(simcord_env, OTHER))
    hello = await here.member.send(here.channel, mention(simcord_env, "hello"))
    place = next(iter(here.channel.threads)) if in_thread else here.channel
    count = len(own(here))
    await simcord_env.restart_bot(fresh_bot())
    await here.member.edit(asked, mention(simcord_env, QUESTION))
    assert sum("denied" in text_of(each).split("\n")[0] for each in place.history()) == 1
    await here.member.edit(hello, mention(simcord_env, "thanks!"))
    assert len(own(here)) == count
    await here.member.delete(asked)
    assert not [each for each in place.history() if each.author.bot and "denied" in text_of(each)]


async def test_an_edit_that_a_crash_cut_off_is_finished_in_place(
    here: Place, simcord_env: Env, fresh_bot: Callable[[], AttacheBot], monkeypatch: pytest.MonkeyPatch
):
    asked = await here.member.send(here.channel, mention(simcord_env, OTHER))
    [before] = own(here)

    async def die(*_: object, **__: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(QuestionMessages, "reply", die)
        await here.member.edit(asked, mention(simcord_env, QUESTION))
    assert text_of(own(here)[0]) == text_of(before)
    await simcord_env.restart_bot(fresh_bot())
    await simcord_env.settle()
    [after] = own(here)
    assert after.id == before.id
    assert "denied" in text_of(after).split("\n")[0]
    # It is done: nothing is due at the next start.
    requests = len(simcord_env.http_requests)
    await simcord_env.restart_bot(fresh_bot())
    await simcord_env.settle()
    assert not [each for each in simcord_env.http_requests[requests:] if "/messages" in str(each)]


async def test_a_deletion_that_a_crash_cut_off_is_finished(
    here: Place, simcord_env: Env, fresh_bot: Callable[[], AttacheBot]
):
    await here.member.send(here.channel, mention(simcord_env, QUESTION))
    await simcord_env.bot.records.run(
        lambda db: mark_due(db, [row[0] for row in db.execute("SELECT token FROM asked")], "delete")
    )
    await simcord_env.restart_bot(fresh_bot())
    await simcord_env.settle()
    assert own(here) == []
    assert await originals(simcord_env) == []


async def test_a_question_that_is_deleted_before_its_answer_is_sent_gets_none(
    here: Place, simcord_env: Env, monkeypatch: pytest.MonkeyPatch
):
    is_waiting, may_send = asyncio.Event(), asyncio.Event()
    wait = RateLimiter._wait

    async def waits(limiter: RateLimiter) -> None:
        is_waiting.set()
        await may_send.wait()
        await wait(limiter)

    monkeypatch.setattr(RateLimiter, "_wait", waits)
    sending = asyncio.create_task(here.member.send(here.channel, mention(simcord_env, QUESTION)))
    await is_waiting.wait()
    asked = next(each for each in simcord_env.backend.messages[here.channel.id].values())
    simcord_env.backend.delete_message(here.channel.id, asked.id)
    await asyncio.sleep(0)
    while not simcord_env.bot.get_cog("QuestionMessages").turns._turns[asked.id].delivery._is_withdrawn:
        await asyncio.sleep(0.001)
    may_send.set()
    await sending
    await simcord_env.settle()
    assert own(here) == []
    assert await originals(simcord_env) == []


async def test_a_storm_of_edits_is_answered_no_more_often_than_its_author_may_ask(
    here: Place, simcord_env: Env, monkeypatch: pytest.MonkeyPatch
):
    await simcord_env.bot.settings_cache.set(here.guild.id, "questions_per_minute_member", "2")
    now = 0.0
    simcord_env.bot.cooldowns = Cooldowns(lambda: now)
    asked = await here.member.send(here.channel, mention(simcord_env, OTHER))
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        nonlocal now
        waits.append(seconds)
        await real_sleep(0.05)
        now += seconds

    real_sleep = asyncio.sleep
    monkeypatch.setattr("bot.discord.cogs.question_changes.asyncio.sleep", sleep)
    answered: list[str] = []
    reply = QuestionMessages.reply

    async def counts(
        cog: QuestionMessages, message: discord.Message, said: Said, *given: object, **named: object
    ) -> None:
        answered.append(said.text)
        await reply(cog, message, said, *given, **named)

    monkeypatch.setattr(QuestionMessages, "reply", counts)
    for number in range(20):
        simcord_env.backend.edit_message(
            here.channel.id, asked.id, {"content": mention(simcord_env, f"Did Arland deny {number} rockets?")}
        )
    await simcord_env.settle()
    # One answer is left in this minute, and the newest version is answered in the next.
    assert len(answered) <= 2
    assert answered[-1] == "Did Arland deny 19 rockets?"
    assert len(own(here)) == 1
    assert await originals(simcord_env) == ["Did Arland deny 19 rockets?"]


async def test_the_asker_deletes_an_answer_and_nobody_else_but_moderators(here: Place, simcord_env: Env):
    role = here.guild.create_role("moderators", permissions=discord.Permissions(manage_messages=True))
    other = here.guild.add_member(simcord_env.create_user("other"))
    moderator = here.guild.add_member(simcord_env.create_user("moderator"), roles=[role])
    for person, may in ((here.member, True), (other, False), (moderator, True)):
        await here.member.send(here.channel, mention(simcord_env, QUESTION))
        answer = own(here)[-1]
        assert "🗑️" in labels_of(answer)
        pressed = await person.click(answer, custom_id=button_id(answer, "remove"))
        if may:
            assert answer.id not in [each.id for each in own(here)]
        else:
            assert "Only the person who asked" in text_of(pressed.response)
            assert answer.id in [each.id for each in own(here)]
    assert len(await originals(simcord_env)) == 1


async def test_a_page_about_an_answer_can_be_deleted_by_whoever_asked_for_it(here: Place, simcord_env: Env):
    other = here.guild.add_member(simcord_env.create_user("other"))
    await here.member.send(here.channel, mention(simcord_env, QUESTION))
    [answer] = own(here)
    await other.send(here.channel, mention(simcord_env, "who says so?"), reply_to=answer)
    page = own(here)[-1]
    refused = await here.member.click(page, custom_id=button_id(page, "remove"))
    assert "Only the person who asked" in text_of(refused.response)
    await other.click(page, custom_id=button_id(page, "remove"))
    assert [each.id for each in own(here)] == [answer.id]


async def test_a_public_search_can_be_deleted_too(here: Place):
    shown = (await here.slash("search", query="rockets", private=False)).response
    await here.member.click(shown, custom_id=button_id(shown, "remove"))
    assert own(here) == []
    assert "🗑️" not in labels_of((await here.slash("search", query="rockets")).response)


@pytest.mark.parametrize("said", ["hello!", ""], ids=["small talk", "nothing asked"])
async def test_a_deleted_message_takes_a_reply_along_that_is_no_answer(here: Place, simcord_env: Env, said: str):
    asked = await here.member.send(here.channel, mention(simcord_env, said))
    assert len(own(here)) == 1
    await here.member.delete(asked)
    assert own(here) == []


async def test_answers_to_commands_can_be_deleted_and_private_ones_have_no_such_button(here: Place):
    public = await here.slash("ask", question=QUESTION)
    await here.member.click(public.response, custom_id=button_id(public.response, "remove"))
    assert own(here) == []
    private = await here.slash("ask", question=QUESTION, private=True)
    assert "🗑️" not in labels_of(private.response)
