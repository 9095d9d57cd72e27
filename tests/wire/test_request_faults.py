"""What breaks between requests and replies: rate limits, errors, lost connections, acknowledgements that come late."""

import pytest

from bot.discord.i18n.phrases import phrases_in
from bot.discord.transport.retry import MAX_DELAY_FOR_REFUSALS_S, MAX_DELAY_S, RateLimiter
from bot.settings import Settings
from tests.wire.burst import Burst
from tests.wire.live_bot import ANSWER, QUESTION, connected
from tests.wire.script import make_place, text_of
from tests.wire.server import Server

SAY = phrases_in("en").say
SEND = "POST /channels/*/messages"
EDIT = "PATCH /webhooks/*/*/messages/@original"
CALLBACK = "POST /interactions/*/*/callback"


FAULTS = (("rate limit", 0.1), ("status", 500), ("status", 503), ("slow", 0.1), ("cut before", 0), ("cut after", 0))


async def test_an_answer_to_a_message_comes_once_whatever_becomes_of_it(server: Server, settings: Settings):
    places = [make_place(server, str(number)) for number in range(len(FAULTS))]
    async with connected(server, settings):
        for place, (kind, value) in zip(places, FAULTS, strict=True):
            server.faults.add(SEND, kind, value)
            asked = place.bob.asks(QUESTION)
            await place.bob.sees(ANSWER)
            assert len(place.bob.replies_to(asked)) == 1
            assert server.faults.are_over


async def test_an_answer_to_a_command_comes_once_whatever_becomes_of_it(server: Server, settings: Settings):
    places = [make_place(server, str(number)) for number in range(len(FAULTS))]
    async with connected(server, settings):
        for place, (kind, value) in zip(places, FAULTS, strict=True):
            server.faults.add(EDIT, kind, value)
            place.bob.runs("ask", question=QUESTION)
            await place.bob.sees(ANSWER)
            assert len(place.channel.messages) == 1
            assert server.faults.are_over


@pytest.mark.parametrize("kind", ["cut before", "cut after"])
async def test_a_thread_is_opened_once_whatever_becomes_of_its_request(server: Server, settings: Settings, kind: str):
    place = make_place(server)
    async with connected(server, settings) as bot:
        await bot.settings_cache.set(place.guild.id, "thread_channels", f"<#{place.channel.id}>")
        server.faults.add("POST /channels/*/messages/*/threads", kind)
        asked = place.bob.asks(QUESTION)
        thread = await server.until(lambda: server.world.channels.get(int(asked["id"])), "a thread")
        await place.bob.at(thread).sees(ANSWER)
        assert not place.bob.replies_to(asked)


async def test_where_no_thread_can_be_opened_the_answer_is_a_reply(
    server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    place = make_place(server)
    monkeypatch.setattr("bot.discord.transport.retry.RETRY_DELAYS_S", (0.05,))
    async with connected(server, settings) as bot:
        await bot.settings_cache.set(place.guild.id, "thread_channels", f"<#{place.channel.id}>")
        server.faults.add("POST /channels/*/messages/*/threads", "cut before", times=2)
        asked = place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)
        assert len(place.bob.replies_to(asked)) == 1


@pytest.mark.parametrize("how", ["in a thread", "as a reply"])
async def test_what_is_asked_further_before_the_bot_hears_that_its_answer_was_sent_is_understood(
    server: Server, settings: Settings, how: str
):
    place = make_place(server)
    async with connected(server, settings):
        server.faults.add(SEND, "slow after", 0.3)
        place.bob.asks(QUESTION)
        answer = await place.bob.sees(ANSWER)
        if how == "in a thread":
            further = place.alice.at(place.opens_thread(answer, by=place.alice))
            further.asks("when?")
        else:
            # Discord does not always send the buttons along.
            further = place.alice
            further.asks("when?", reply_to=answer | {"components": []})
        await further.sees("Understood as")


async def test_a_global_rate_limit_holds_everything_and_loses_nothing(server: Server, settings: Settings):
    one, two = make_place(server), make_place(server, "two")
    async with connected(server, settings, shards=2):
        server.faults.add(SEND, "rate limit", 0.2, scope="global")
        asked = [one.bob.asks(QUESTION), two.bob.asks(QUESTION)]
        for place, message in zip((one, two), asked, strict=True):
            await place.bob.sees(ANSWER)
            assert len(place.bob.replies_to(message)) == 1
        assert [call.detail for call in server.calls].count("global") == 1


async def test_more_questions_than_requests_are_spaced_so_that_hardly_any_is_refused(
    server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    # Typing is not spaced, and on a busy machine the last answers take longer than it is put off.
    monkeypatch.setattr("bot.discord.transport.retry.TYPING_DELAY_S", 30.0)
    # In the proportion of the real limit and the real pace.
    server.buckets.whole.limit, server.buckets.whole.per_s = 7, 0.25
    burst = Burst(server, [make_place(server, str(number)) for number in range(24)])
    async with connected(server, settings) as bot:
        bot.rate_limiter = RateLimiter(20)
        for number in range(24):
            burst.ask(number)
        await burst.ends(within=60)
        # A loop that is held up lets a few go together.
        assert sum(call.status == 429 for call in server.calls) <= 2


async def test_whoever_goes_on_asking_too_fast_is_told_once_and_the_next_member_is_answered(
    server: Server, settings: Settings
):
    place = make_place(server)
    async with connected(server, settings) as bot:
        await bot.settings_cache.set(place.guild.id, "questions_per_minute_member", "1")
        bot.rate_limiter = RateLimiter(5)
        asked = [place.bob.asks(QUESTION) for _ in range(20)]
        last = place.alice.asks(QUESTION)
        await server.until(lambda: place.alice.replies_to(last), "an answer")
        too_fast = {"entry": "mention", "outcome": "too_fast"}
        counted = bot.metrics.registry.get_sample_value
        await server.until(
            lambda: counted("attache_questions_total", too_fast) == len(asked) - 1, "all but one to be refused"
        )

        def told() -> int:
            return sum(len(place.bob.replies_to(each)) for each in asked)

        await server.until(lambda: told() >= 2, "one answer, and one notice")
        assert told() == 2


@pytest.mark.parametrize(("delay_s", "replies"), [(MAX_DELAY_S + 1, 1), (MAX_DELAY_FOR_REFUSALS_S + 1, 0)])
async def test_where_messages_wait_long_for_their_turn_new_questions_are_refused(
    server: Server, settings: Settings, delay_s: float, replies: int
):
    class Behind(RateLimiter):
        delay_s = 0.0

    place = make_place(server)
    async with connected(server, settings) as bot:
        bot.rate_limiter = Behind()
        bot.rate_limiter.delay_s = delay_s
        asked = [place.bob.asks(QUESTION) for _ in range(3)]
        busy = {"entry": "mention", "outcome": "busy"}
        count = bot.metrics.registry.get_sample_value
        await server.until(lambda: count("attache_questions_total", busy) == len(asked), "refusals")
        if replies:
            await place.bob.sees(SAY("failure-busy"))
        assert sum(len(place.bob.replies_to(each)) for each in asked) == replies
        # Whoever was refused has spent none of the questions of this minute.
        bot.rate_limiter.delay_s = 0.0
        place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)


async def test_rate_limits_of_one_channel_are_waited_for(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        people = [place.newcomer(f"m{number}") for number in range(7)]
        asked = [person.asks(QUESTION) for person in people]
        await server.until(lambda: all(place.bob.replies_to(each) for each in asked), "all answers", within=15)
        assert [len(place.bob.replies_to(each)) for each in asked] == [1] * 7


async def test_errors_on_follow_ups_are_tried_again(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        place.bob.runs("ask", question=QUESTION, private=True)
        answer = await place.bob.sees(ANSWER)
        server.faults.add("POST /webhooks/*/*", "status", 500)
        place.bob.presses("Share", answer)
        await place.alice.sees(ANSWER)
        assert len(place.alice.visible()) == 1


async def test_a_share_whose_reply_is_lost_is_not_made_twice(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        place.bob.runs("ask", question=QUESTION, private=True)
        answer = await place.bob.sees(ANSWER)
        server.faults.add("POST /webhooks/*/*", "cut after")
        place.bob.presses("Share", answer)
        await place.bob.sees(SAY("failure-discord"))
        place.bob.presses("Share", answer)
        await place.bob.sees(SAY("shared-already"))
        assert sum(ANSWER in text_of(each) for each in place.alice.visible()) == 1


async def test_a_share_that_discord_refuses_can_be_made_again(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        place.bob.runs("ask", question=QUESTION, private=True)
        answer = await place.bob.sees(ANSWER)
        server.faults.add("POST /webhooks/*/*", "status", 403)
        place.bob.presses("Share", answer)
        await place.bob.sees(SAY("failure-forbidden"))
        place.bob.presses("Share", answer)
        await place.alice.sees(ANSWER)


async def test_an_acknowledgement_after_three_seconds_is_given_up_quietly(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        server.faults.add(CALLBACK, "late", 3.1)
        shake = place.bob.runs("ask", question=QUESTION)
        await server.until(lambda: shake.refusals, "a refusal")
        assert shake.refusals == [10062]
        place.bob.runs("ask", question=QUESTION)
        await place.bob.sees(ANSWER)
        assert len(place.channel.messages) == 1


async def test_questions_whose_acknowledgement_came_too_late_are_counted(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings) as bot:
        asked = bot.metrics.registry.get_sample_value
        place.bob.runs("ask", question=QUESTION, private=True)
        private = await place.bob.sees(ANSWER)
        place.bob.runs("ask", question=QUESTION, until="2020-01-01")
        refusal = await place.bob.sees("I found nothing")
        for entry, asks in (
            ("ask", lambda: place.bob.runs("ask", question=QUESTION)),
            ("claim", lambda: place.bob.picks("Check this claim", place.alice.writes("Arland sent rockets."))),
            ("share", lambda: place.bob.presses("Share", private)),
            ("retry", lambda: place.bob.presses(SAY("button-without-filters"), refusal)),
        ):
            server.faults.add(CALLBACK, "late", 3.1)
            shake = asks()
            late = {"entry": entry, "outcome": "too_late"}
            await server.until(lambda late=late: asked("attache_questions_total", late) == 1, f"{entry} counted")
            assert shake.refusals == [10062]


@pytest.mark.parametrize("kind", ["cut before", "cut after", "status after"])
async def test_an_acknowledgement_whose_answer_is_lost_is_made_again(server: Server, settings: Settings, kind: str):
    place = make_place(server)
    server.expected.add(40060)
    async with connected(server, settings):
        server.faults.add(CALLBACK, kind, 502)
        place.bob.runs("ask", question=QUESTION)
        await place.bob.sees(ANSWER)
        assert len(place.channel.messages) == 1


async def test_jumping_clocks_of_the_server_disturb_nobody(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        for jump in (3600, -7200, 86_400 * 30):
            server.clock.advance(jump)
            place.bob.asks(QUESTION)
            await place.bob.sees(ANSWER)
            place.bob.runs("ask", question=QUESTION)
            await place.bob.sees(ANSWER)


async def test_where_the_bot_may_not_write_nothing_else_breaks(server: Server, settings: Settings):
    place = make_place(server)
    locked = place.new_channel("locked", denied=1 << 11)
    async with connected(server, settings):
        asked = place.bob.at(locked).asks(QUESTION)
        await server.until(lambda: any(call.code == 50013 for call in server.calls), "a refusal")
        place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)
        assert not place.bob.at(locked).replies_to(asked)
