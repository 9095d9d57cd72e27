"""Rate limits at every place: of a route, shared, global, and the border that shuts the bot out."""

import asyncio
from functools import partial

import pytest

from bot.discord.i18n.phrases import phrases_in
from bot.discord.transport.retry import MAX_DELAY_FOR_REFUSALS_S
from bot.settings import Settings
from tests.wire.held_requests import held_answers
from tests.wire.live_bot import ANSWER, QUESTION, connected
from tests.wire.script import Message, Person, make_place, text_of
from tests.wire.server import Server

SAY = phrases_in("en").say
SEND = "POST /channels/*/messages"
EDIT = "PATCH /webhooks/*/*/messages/@original"
CALLBACK = "POST /interactions/*/*/callback"
TYPING = "POST /channels/*/typing"


def answers(person: Person, message: Message) -> list[Message]:
    """The replies to a message that are its answer, and no notice."""
    return [each for each in person.replies_to(message) if ANSWER in text_of(each)]


def make_people(server: Server, count: int) -> list[Person]:
    """So many people, four in a channel: more than five answers would wait for the channel's limit."""
    places = [make_place(server, f"people-{number}") for number in range(-(-count // 4))]
    return [places[number // 4].newcomer(f"m{number}") for number in range(count)]


def refused(server: Server) -> int:
    """How many requests were refused for being too many."""
    return sum(call.status == 429 for call in server.calls)


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_a_limit_on_a_command_s_answer_is_waited_for_once(server: Server, settings: Settings, scope: str):
    place = make_place(server)
    async with connected(server, settings) as bot:
        server.faults.add(EDIT, "rate limit", 0.1, scope=scope)
        place.bob.runs("ask", question=QUESTION)
        await place.bob.sees(ANSWER)
        assert (refused(server), len(place.channel.messages)) == (1, 1)
        counted = bot.metrics.registry.get_sample_value
        assert counted("attache_discord_rate_limited_total", {"scope": scope}) == 1
        # What others used up is not held against the bot.
        assert counted("attache_discord_invalid_requests_total", {"status": "429"}) == (0 if scope == "shared" else 1)


async def test_a_limit_on_the_change_of_a_message_is_waited_for(
    server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """Who waits in a long queue gets a notice; the answer takes its place."""
    monkeypatch.setattr("bot.discord.questions.ask_flow.LONG_WAIT_S", 0.15)
    people = make_people(server, 4)
    async with connected(server, settings) as bot:
        async with held_answers(bot):
            asked = [(person, person.asks(QUESTION)) for person in people]
            await people[-1].sees("Many people are asking")
            for scope in ("user", "shared", "global"):
                server.faults.add("PATCH /channels/*/messages/*", "rate limit", 0.1, scope=scope)
        for person, message in asked:
            await server.until(partial(answers, person, message), "an answer", within=20)
        assert [len(person.replies_to(message)) for person, message in asked] == [1] * 4


async def test_a_global_limit_on_typing_does_not_silence_the_bot(
    server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    """The answer comes while typing still waits for the limit: what is let go then must not take all else with it."""
    monkeypatch.setattr("bot.discord.transport.retry.TYPING_DELAY_S", 0.05)
    place, other = make_place(server), make_place(server, "two")
    async with connected(server, settings) as bot:
        async with held_answers(bot):
            server.faults.add(TYPING, "rate limit", 0.3, scope="global")
            asked = place.bob.asks(QUESTION)
            await server.until(lambda: server.faults.are_over, "typing to be refused")
        await place.bob.sees(ANSWER)
        other.alice.asks(QUESTION)
        await other.alice.sees(ANSWER)
        assert len(place.bob.replies_to(asked)) == 1


async def test_shut_out_the_bot_is_quiet_until_it_may_speak_and_then_answers(
    server: Server, settings: Settings, capsys
):
    first, *others = make_people(server, 10)
    async with connected(server, settings) as bot:
        server.faults.add(SEND, "shut out", 1)
        asked = [(first, first.asks(QUESTION))]
        await server.until(lambda: bot.rate_limiter.delay_s, "the bot to know")
        assert "temporarily banned by Discord" in capsys.readouterr().out
        asked += [(person, person.asks(QUESTION)) for person in others]
        await asyncio.sleep(0.2)
        assert refused(server) == 1
        for person, message in asked:
            await server.until(partial(person.replies_to, message), "an answer")
        assert [len(person.replies_to(message)) for person, message in asked] == [1] * 10
        assert refused(server) == 1
        counted = bot.metrics.registry.get_sample_value
        assert counted("attache_discord_rate_limited_total", {"scope": "unknown"}) == 1


async def test_shut_out_for_long_new_questions_cost_no_request(server: Server, settings: Settings):
    place = make_place(server)
    # What it could send in an hour is not waited for at the end.
    async with connected(server, settings, patience_s=0.1) as bot:
        server.faults.add(SEND, "shut out", 3600)
        place.bob.asks(QUESTION)
        await server.until(lambda: bot.rate_limiter.delay_s > MAX_DELAY_FOR_REFUSALS_S, "the bot to know")
        for number in range(20):
            place.newcomer(f"m{number}").asks(QUESTION)
        busy = {"entry": "mention", "outcome": "busy"}
        counted = bot.metrics.registry.get_sample_value
        await server.until(lambda: counted("attache_questions_total", busy) == 20, "refusals")
        await asyncio.sleep(0.2)
        assert refused(server) == 1


@pytest.mark.parametrize("where", [CALLBACK, EDIT])
async def test_a_command_that_is_shut_out_is_tried_once_more_at_most(server: Server, settings: Settings, where: str):
    place = make_place(server)
    async with connected(server, settings):
        server.faults.add(where, "shut out", 3600, times=20)
        shake = place.bob.runs("ask", question=QUESTION)
        await server.until(lambda: refused(server), "the refusal")
        await asyncio.sleep(0.3)
        # What failed, and the sentence about it.
        assert refused(server) <= 2
        assert where == EDIT or shake.reply_kind is None


async def test_a_short_shut_out_loses_no_answer_to_a_command(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        server.faults.add(EDIT, "shut out", 1)
        place.bob.runs("ask", question=QUESTION)
        await place.bob.sees(ANSWER)
        assert (refused(server), len(place.channel.messages)) == (1, 1)
