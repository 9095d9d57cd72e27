"""What was asked while a shard had no session: found in its channels, however late, many or hidden they are."""

import asyncio

import pytest

from bot.discord.questions import cooldowns
from bot.settings import Settings
from tests.wire.live_bot import QUESTION, READY_AFTER_S, connected
from tests.wire.script import Message, Person, make_place, text_of
from tests.wire.server import Server
from tests.wire.world import VOICE


async def answered_once(*asked: tuple[Person, Message]) -> None:
    for person, each in asked:
        await person.server.until(lambda person=person, each=each: person.replies_to(each), "an answer", within=15)
    assert [len(person.replies_to(each)) for person, each in asked] == [1] * len(asked)


def end_session(server: Server) -> None:
    """Another one may begin at once."""
    server.clock.advance(6)
    server.gateway.invalidate(resumable=False)


async def test_in_a_server_that_comes_in_late_and_where_nothing_was_said_before(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        place.guild.is_available = False
        end_session(server)
        asked = place.bob.asks(QUESTION)
        await server.until(lambda: len(server.gateway.identified) == 2, "a session")
        # Longer than discord.py waits for servers.
        await asyncio.sleep(4 * READY_AFTER_S)
        place.guild.is_available = True
        server.gateway.tell("GUILD_CREATE", place.guild.payload(server.world.bot.id), place.guild)
        await answered_once((place.bob, asked))


async def test_among_more_than_is_read_at_once_though_a_request_fails_and_a_thread_has_no_channel(
    server: Server, settings: Settings
):
    place = make_place(server)
    voice = place.bob.at(server.world.new_channel(VOICE, guild=place.guild, name="voice"))
    hidden = place.alice.at(place.new_channel("hidden"))
    async with connected(server, settings):
        thread = place.alice.at(place.opens_thread(hidden.writes("Well."), by=hidden))
        end_session(server)
        del place.guild.channels[hidden.channel.id]
        thread.asks(QUESTION)
        server.faults.add("GET /channels/*/messages", "cut before")
        for number in range(110):
            place.alice.writes(f"chatter {number}")
        await answered_once((place.bob, place.bob.asks(QUESTION)), (voice, voice.asks(QUESTION)))


async def test_more_than_a_member_may_ask_a_minute_is_answered_in_turns(
    server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cooldowns, "WINDOW_S", 0.5)
    place = make_place(server)
    async with connected(server, settings) as bot:
        await bot.settings_cache.set(place.guild.id, "questions_per_minute_member", "2")
        end_session(server)
        asked = [place.bob.asks(QUESTION) for _ in range(5)]
        await answered_once(*((place.bob, each) for each in asked))
        assert all("Arland" in text_of(place.bob.replies_to(each)[0]) for each in asked)
