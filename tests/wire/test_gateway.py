"""What breaks on the gateway: connections cut, sessions to resume or begin anew, events twice; nothing is lost."""

import asyncio
import random

import discord
import pytest

from bot.settings import Settings
from tests.wire.burst import Burst
from tests.wire.gateway import FORBIDDEN_INTENTS, UNKNOWN_ERROR
from tests.wire.live_bot import ANSWER, QUESTION, connected
from tests.wire.script import Message, Place, make_place
from tests.wire.server import Server


async def cut(server: Server) -> None:
    server.gateway.cut()


async def asked_to_reconnect(server: Server) -> None:
    server.gateway.ask_to_reconnect()


async def invalid_but_resumable(server: Server) -> None:
    server.gateway.invalidate(resumable=True)


async def closed_with_an_error(server: Server) -> None:
    await server.gateway.close(UNKNOWN_ERROR)


async def answer_under_way(place: Place) -> Message:
    """A question that bob asked, while its answer is being sent."""
    server = place.server
    server.faults.add("POST /channels/*/messages", "slow", 0.3)
    asked = place.bob.asks(QUESTION)
    await server.until(lambda: server.faults.hits, "an answer on its way")
    assert not place.bob.replies_to(asked)
    return asked


@pytest.mark.parametrize("happens", [cut, asked_to_reconnect, invalid_but_resumable, closed_with_an_error])
async def test_a_lost_connection_is_resumed_and_the_answer_under_way_comes_once(
    server: Server, settings: Settings, happens
):
    place = make_place(server)
    async with connected(server, settings):
        first = await answer_under_way(place)
        await happens(server)
        second = place.alice.asks(QUESTION)
        for asked in (first, second):
            await server.until(lambda asked=asked: place.bob.replies_to(asked), "an answer")
        await server.until(lambda: server.gateway.resumes, "a resume")
        assert [len(place.bob.replies_to(asked)) for asked in (first, second)] == [1, 1]
        assert len(server.gateway.identified) == 1


async def test_a_session_that_is_over_begins_anew(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        # Five seconds are between two identifies.
        server.clock.advance(6)
        asked = await answer_under_way(place)
        server.gateway.invalidate(resumable=False)
        await server.until(lambda: len(server.gateway.identified) == 2, "an identify")
        again = place.alice.asks(QUESTION)
        await server.until(lambda: place.bob.replies_to(again), "an answer")
        await server.until(lambda: place.bob.replies_to(asked), "the answer that was under way")
        assert [len(place.bob.replies_to(each)) for each in (asked, again)] == [1, 1]


async def test_what_is_told_twice_is_answered_once(server: Server, settings: Settings):
    """Events that come again by themselves, and in a resume that begins too early."""
    place = make_place(server)
    async with connected(server, settings):
        (session,) = server.gateway.live()
        asked = place.bob.asks(QUESTION)
        session.repeat("MESSAGE_CREATE")
        await server.until(lambda: place.bob.replies_to(asked), "an answer")
        session.repeat("MESSAGE_CREATE")
        place.bob.runs("ask", question=QUESTION)
        session.repeat("INTERACTION_CREATE")
        await place.bob.sees(ANSWER)
        server.gateway.overlap = 50
        server.gateway.cut()
        await server.until(lambda: server.gateway.resumes, "a resume")
        assert server.gateway.replayed > 1
        place.alice.asks(QUESTION)
        await place.alice.sees(ANSWER)
        assert len(place.bob.replies_to(asked)) == 1
        assert len(place.channel.messages) == 5


async def test_a_press_told_twice_shares_an_answer_once_though_its_acknowledgement_is_cut(
    server: Server, settings: Settings
):
    place = make_place(server)
    async with connected(server, settings):
        place.bob.runs("ask", question=QUESTION, private=True)
        answer = await place.bob.sees(ANSWER)
        server.faults.add("POST /interactions/*/*/callback", "cut before")
        place.bob.presses("Share", answer)
        server.gateway.live()[0].repeat("INTERACTION_CREATE")
        await place.alice.sees(ANSWER)
        await asyncio.sleep(0.2)
        assert len(place.alice.visible()) == 1


async def test_a_command_told_twice_changes_the_corpus_once(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings) as bot:
        place.alice.runs("corpus add", file=("one.md", b"The ferry to Ostrava sails at noon from Monday on."))
        server.gateway.live()[0].repeat("INTERACTION_CREATE")
        await place.alice.sees("One article added")
        acts = await bot.records.run(lambda db: db.execute("SELECT COUNT(*) FROM acts").fetchone())
        assert acts == (1,)


async def test_an_intent_that_is_not_allowed_is_told_as_such(server: Server, settings: Settings):
    wanting = settings.model_copy(update={"message_content": True})
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with connected(server, wanting):
            pass
    assert server.gateway.closed == [FORBIDDEN_INTENTS]


async def test_with_the_privileged_intent_every_question_of_a_channel_is_answered(server: Server, settings: Settings):
    place = make_place(server)
    server.gateway.allowed_privileged = 1 << 15
    async with connected(server, settings.model_copy(update={"message_content": True})) as bot:
        await bot.settings_cache.set_in(place.guild.id, place.channel.id, "answers", "questions")
        asked = place.bob.writes(QUESTION)
        await place.bob.sees(ANSWER)
        assert len(place.bob.replies_to(asked)) == 1


async def test_heartbeats_keep_a_connection_alive(server: Server, settings: Settings):
    place = make_place(server)
    # The server ends a connection after two that stay away.
    server.gateway.heartbeat_s = 0.1
    async with connected(server, settings):
        await asyncio.sleep(0.5)
        assert not server.gateway.closed
        place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)


@pytest.mark.parametrize("status", [503, 429])
async def test_what_is_asked_while_the_gateway_refuses_handshakes_is_answered_when_it_takes_them(
    server: Server, settings: Settings, status: int
):
    place = make_place(server)
    async with connected(server, settings):
        server.gateway.is_down, server.gateway.down_status = True, status
        server.gateway.cut()
        asked = place.bob.asks(QUESTION)
        await asyncio.sleep(0.3)
        server.gateway.is_down = False
        await server.until(lambda: place.bob.replies_to(asked), "an answer")
        assert len(server.gateway.identified) == 1


async def test_what_is_asked_while_the_network_is_gone_is_answered_when_it_is_back(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        await server.stop_listening()
        asked = place.bob.asks(QUESTION)
        await asyncio.sleep(0.3)
        await server.listen()
        await server.until(lambda: place.bob.replies_to(asked), "an answer")
        assert len(server.gateway.identified) == 1


@pytest.mark.parametrize(
    ("moments", "questions", "seed"),
    [(4, 40, 4), *(pytest.param(50, 500, seed, marks=pytest.mark.slow) for seed in (1, 2, 3))],
)
async def test_cut_at_random_moments_under_a_load_nothing_is_lost_or_answered_twice(
    server: Server, settings: Settings, moments: int, questions: int, seed: int
):
    chance = random.Random(seed)
    places: list[Place] = [make_place(server, f"s{number}") for number in range(max(10, questions // 10))]
    cuts = set(chance.sample(range(questions), moments))
    async with connected(server, settings, shards=2):
        burst = Burst(server, places)
        for number in range(questions):
            burst.ask(number)
            if number in cuts:
                await asyncio.sleep(chance.uniform(0, 0.05))
                server.gateway.cut(chance.choice((0, 1, None)))
            # No faster: what gathers while messages wait for their turn is refused.
            await asyncio.sleep(0.025)
        await burst.ends(within=60 + questions / 4)
        assert server.gateway.resumes
