"""Sessions that end while a question waits, close codes, connections that went dead, and events that make no sense."""

import asyncio
import random

import discord
import pytest
from discord.backoff import ExponentialBackoff

from bot.discord.transport import gateway as connecting
from bot.settings import Settings
from tests.wire.gateway import RECONNECT, TIMED_OUT, UNKNOWN_ERROR
from tests.wire.held_requests import held_answers
from tests.wire.live_bot import ANSWER, QUESTION, connected
from tests.wire.script import Message, Place, make_place
from tests.wire.server import Server
from tests.wire.world import Member


async def answered_once(place: Place, *asked: Message) -> None:
    """Waits for a reply to each, and checks that there is one."""
    for each in asked:
        await place.server.until(lambda each=each: place.bob.replies_to(each), "an answer", within=15)
    assert [len(place.bob.replies_to(each)) for each in asked] == [1] * len(asked)


@pytest.mark.parametrize("ends", ["7", "9 resumable", "9", "4000", "4009", "cut", "silent"])
async def test_a_session_lost_while_questions_wait_for_the_model_costs_none_of_them(
    server: Server, settings: Settings, ends: str
):
    """Asked before the loss, between the loss and the next session, and after it."""
    place = make_place(server)
    gateway = server.gateway
    async with connected(server, settings) as bot:
        server.clock.advance(6)
        # Of the connections that are still to be made.
        bot._connection.heartbeat_timeout = 0.5
        if ends == "silent":
            gateway.cut()
            await server.until(lambda: gateway.resumes, "a resume")
        resumes = gateway.resumes
        async with held_answers(bot):
            before = place.bob.asks(QUESTION)
            place.alice.runs("ask", question=QUESTION)
            await server.until(lambda: bot.answer_queue.waiting == 3, "the questions to come in")
            await end(server, ends)
            between = place.newcomer("carol").asks(QUESTION)
            is_new = ends in ("9", "4009")
            await server.until(
                lambda: len(gateway.identified) == 2 if is_new else gateway.resumes > resumes, "a session"
            )
            after = place.newcomer("dave").asks(QUESTION)
        await place.alice.sees(ANSWER)
        await answered_once(place, before, between, after)
        assert len(gateway.identified) == (2 if is_new else 1)


async def end(server: Server, how: str) -> None:
    gateway = server.gateway
    if how == "7":
        gateway.ask_to_reconnect()
    elif how.startswith("9"):
        gateway.invalidate(resumable=how != "9")
    elif how == "cut":
        gateway.cut()
    elif how == "silent":
        gateway.fall_silent()
    else:
        for session in gateway.live():
            session.is_over = int(how) == TIMED_OUT
            await session.link.close(int(how))


async def test_what_was_asked_without_a_session_is_found_in_its_channels_and_nothing_else_is_answered(
    server: Server, settings: Settings
):
    """In several servers and shards, in a thread of the bot's; not what was asked before, nor where it may not read."""
    one, two = make_place(server), make_place(server, "two")
    hidden = one.new_channel("hidden", denied=1 << 16)
    async with connected(server, settings, shards=2) as bot:
        earlier = [one.bob.asks(QUESTION), two.bob.asks(QUESTION)]
        await answered_once(one, earlier[0])
        await answered_once(two, earlier[1])
        server.clock.advance(6)
        server.gateway.invalidate(resumable=False)
        meant = [one.alice.asks(QUESTION), one.bob.asks(QUESTION), two.alice.asks(QUESTION)]
        unmeant = [two.bob.writes("Did Arland send rockets?"), one.bob.at(hidden).asks(QUESTION)]
        await answered_once(one, *meant[:2])
        await answered_once(two, meant[2])
        await answered_once(one, earlier[0])
        await answered_once(two, earlier[1])
        assert not any(one.bob.at(channel).replies_to(unmeant[-1]) for channel in (hidden, one.channel))
        assert not two.bob.replies_to(unmeant[0])
        await server.until(lambda: bot.health.shards_ready == 2, "both shards ready")


async def test_a_session_too_soon_after_the_last_is_begun_once_discord_takes_it(
    server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tests.wire.gateway.IDENTIFY_EVERY_S", 0.5)
    place = make_place(server)
    server.gateway.identified.append((server.clock.now(), 0))
    async with connected(server, settings):
        assert len(server.gateway.identified) == 2
        await answered_once(place, place.bob.asks(QUESTION))


async def test_a_connection_cut_before_its_first_word_is_made_again(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        server.gateway.cuts_before_hello = 3
        server.gateway.cut()
        await answered_once(place, place.bob.asks(QUESTION))
        assert len(server.gateway.identified) == 1
        assert server.gateway.cuts_before_hello == 0


async def test_a_connection_cut_while_a_new_session_begins_does_not_end_the_bot(
    server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connecting, "RETRY_DELAYS_S", ())
    monkeypatch.setattr(ExponentialBackoff, "delay", lambda _self: 0.05)
    place = make_place(server)
    async with connected(server, settings):
        server.clock.advance(6)
        server.gateway.is_down = True
        server.gateway.cut()
        await server.until(lambda: server.gateway.turned_away, "a handshake that is refused")
        server.gateway.cuts_before_hello = 2
        server.gateway.is_down = False
        await server.until(lambda: len(server.gateway.identified) == 2, "a session")
        await answered_once(place, place.bob.asks(QUESTION))


async def test_discord_is_asked_once_for_the_sessions_of_a_start(
    server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """A shard that is refused in between would be tried for ever."""
    monkeypatch.setattr(discord.Client, "before_identify_hook", at_once)
    server.gateway.max_concurrency = 2
    async with connected(server, settings, shards=2, hasty=False):
        assert [call.request for call in server.calls].count("GET /gateway/bot") == 1


async def at_once(*_given: object, **_named: object) -> None:
    """Waits for nothing before a shard identifies."""


SENSELESS = (
    ("MESSAGE_CREATE", {}),
    ("MESSAGE_CREATE", {"id": "x", "channel_id": None}),
    ("INTERACTION_CREATE", {"id": "1", "type": 2}),
    ("INTERACTION_CREATE", {"id": "2", "type": 99, "token": "x"}),
    ("GUILD_CREATE", {"id": "3"}),
    ("GUILD_DELETE", {}),
    ("THREAD_CREATE", {"id": "4"}),
    ("CHANNEL_UPDATE", {"type": 77}),
    ("SOMETHING_NEW", {"answer": 42}),
)


async def test_what_makes_no_sense_is_passed_over(server: Server, settings: Settings):
    """Unknown opcodes and events, and known events that are not what they should be."""
    place = make_place(server)
    async with connected(server, settings):
        (session,) = server.gateway.live()
        for op in (42, -1, RECONNECT + 100):
            session.link.send(op, {"what": "is this"})
        for name, data in SENSELESS:
            session.tell(name, data)
        await answered_once(place, place.bob.asks(QUESTION))
        place.bob.runs("ask", question=QUESTION)
        await place.bob.sees(ANSWER)
        assert (server.gateway.resumes, len(server.gateway.identified)) == (0, 1)


async def test_a_server_that_cannot_be_read_is_not_taken_for_direct_messages(server: Server, settings: Settings):
    place, other = make_place(server), make_place(server, "two", has_bot=False)
    async with connected(server, settings):
        bot_id = server.world.bot.id
        other.guild.has_bot = True
        other.guild.members[bot_id] = Member(server.world.bot)
        unreadable = other.guild.payload(bot_id, is_new=True) | {"roles": [{"id": "x"}]}
        server.gateway.tell("GUILD_CREATE", unreadable, other.guild)
        said = other.bob.writes("Good morning, everybody.")
        await answered_once(place, place.bob.asks(QUESTION))
        await answered_once(place, place.newcomer("zoe").asks(QUESTION))
        assert not other.bob.replies_to(said)


async def test_an_event_of_many_megabytes_is_taken(server: Server, settings: Settings):
    place = make_place(server)
    noise = random.Random(7).randbytes(6 * 2**20).hex()
    async with connected(server, settings):
        (session,) = server.gateway.live()
        session.tell("GUILD_CREATE", place.guild.payload(server.world.bot.id) | {"noise": noise})
        await answered_once(place, place.bob.asks(QUESTION))
        assert server.gateway.resumes == 0


async def test_a_session_is_resumed_however_often_it_breaks(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        asked = []
        for number in range(8):
            asked.append(place.newcomer(f"m{number}").asks(QUESTION))
            await asyncio.sleep(0.05)
            await server.gateway.close(UNKNOWN_ERROR)
        await answered_once(place, *asked)
        assert len(server.gateway.identified) == 1
