"""Servers and threads that come, change and go while the bot runs."""

import pytest
import structlog

from tests.wire.live import Live
from tests.wire.live_bot import ANSWER, BRIDGE, BRIDGE_ANSWER, BRIDGE_QUESTION, QUESTION
from tests.wire.script import Message, Place, make_place, text_of
from tests.wire.world import Channel

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def adds(place: Place) -> None:
    place.alice.runs("corpus add", file=BRIDGE)
    await place.alice.sees("One article added")


async def test_a_server_that_invites_the_running_bot_can_do_everything_at_once(live: Live):
    await live.bot.wait_until_ready()
    place = make_place(live.server)
    await adds(place)
    place.bob.asks(BRIDGE_QUESTION)
    await place.bob.sees(BRIDGE_ANSWER)


async def test_where_only_the_commands_are_admins_are_told_how_to_add_the_bot(live: Live):
    place = make_place(live.server, has_bot=False)
    place.alice.runs("corpus status")
    await place.alice.sees("scope=bot")
    place.bob.runs("ask", question=QUESTION)
    await place.bob.sees(ANSWER)
    place.gets_the_bot()
    await adds(place)


async def test_a_server_that_takes_the_bot_back_finds_its_articles_again(one: Place):
    await adds(one)
    one.loses_the_bot()
    one.bob.runs("ask", question=BRIDGE_QUESTION)
    assert BRIDGE_ANSWER not in text_of(await one.bob.sees())
    one.gets_the_bot()
    one.bob.runs("ask", question=BRIDGE_QUESTION)
    await one.bob.sees(BRIDGE_ANSWER)


async def asked_in_threads(place: Place) -> Channel:
    """A channel where every answer opens a thread."""
    channel = place.new_channel("questions")
    place.alice.runs("settings set", setting="thread_channels", value=f"<#{channel.id}>")
    await place.alice.sees("thread_channels")
    return channel


async def under_way(place: Place, channel: Channel) -> Message:
    """A question whose answer is being sent."""
    faults = place.server.faults
    before = len(faults.hits)
    faults.add("POST /channels/*/messages", "slow", 0.3)
    asked = place.bob.at(channel).asks(QUESTION)
    await place.server.until(lambda: len(faults.hits) > before, "an answer on its way")
    return asked


async def test_a_question_in_a_members_thread_is_answered_there_and_one_from_an_answer_goes_on(one: Place):
    talk = one.opens_thread(one.alice.writes("About rockets"), by=one.alice)
    one.bob.at(talk).asks(QUESTION)
    await one.bob.at(talk).sees(ANSWER)
    one.bob.asks(QUESTION)
    further = one.bob.at(one.opens_thread(await one.bob.sees(ANSWER), by=one.bob))
    further.asks("when?")
    await further.sees("Understood as")


async def test_an_archived_thread_goes_on_with_the_next_question(one: Place):
    thread = await one.thread_of(one.bob.at(await asked_in_threads(one)).asks(QUESTION))
    inside = one.bob.at(thread)
    await inside.sees(ANSWER)
    one.archives(thread)
    inside.asks("when?")
    await inside.sees("Understood as")


async def test_an_answer_opens_the_thread_that_was_archived_meanwhile(one: Place):
    asked = await under_way(one, await asked_in_threads(one))
    thread = await one.thread_of(asked)
    one.archives(thread)
    await one.bob.at(thread).sees(ANSWER)
    assert not thread.is_archived


async def test_where_its_thread_is_deleted_or_locked_meanwhile_an_answer_is_a_reply(one: Place):
    channel = await asked_in_threads(one)
    asked = await under_way(one, channel)
    one.deletes(await one.thread_of(asked))
    answer = await one.bob.at(channel).sees(ANSWER)
    assert one.bob.at(channel).replies_to(asked) == [answer]
    asked = await under_way(one, channel)
    one.archives(await one.thread_of(asked), locked=True)
    answer = await one.bob.at(channel).sees(ANSWER)
    assert one.bob.at(channel).replies_to(asked) == [answer]


async def test_acts_are_told_in_a_thread_also_after_it_was_archived_and_done_after_it_was_deleted(one: Place):
    thread = one.opens_thread(one.alice.writes("The log"), by=one.alice)
    one.alice.runs("settings set", setting="log_channel", value=f"<#{thread.id}>")
    await one.alice.sees("is now")
    one.archives(thread)
    await adds(one)
    await one.alice.at(thread).sees("`/corpus add`")
    one.deletes(thread)
    one.alice.runs("corpus undo")
    await one.alice.sees("Undo the last addition?")
    one.alice.presses("Undo")
    await one.alice.sees("one article removed")


@pytest.mark.parametrize("happens", ["deleted", "locked"])
async def test_a_question_whose_own_thread_is_gone_is_let_go_quietly(one: Place, happens: str):
    talk = one.opens_thread(one.alice.writes("About rockets"), by=one.alice)
    with structlog.testing.capture_logs() as lines:
        await under_way(one, talk)
        if happens == "deleted":
            one.deletes(talk)
        else:
            one.archives(talk, locked=True)
        one.bob.asks(QUESTION)
        await one.bob.sees(ANSWER)
        await one.server.until(lambda: any(each["event"] == "too late" for each in lines), "the end of it")
    assert not [each for each in lines if each["log_level"] in ("warning", "error")]


async def test_a_command_in_a_locked_thread_is_let_go_quietly(one: Place):
    talk = one.opens_thread(one.alice.writes("About rockets"), by=one.alice)
    one.archives(talk, locked=True)
    with structlog.testing.capture_logs() as lines:
        one.bob.at(talk).runs("ask", question=QUESTION)
        await one.server.until(lambda: any(each["event"] == "too late" for each in lines), "the end of it")
    assert not [each for each in lines if each["log_level"] in ("warning", "error")]
