"""Every kind of request with every kind of error: one answer, or one sentence about what happened, and never two."""

import time
from functools import partial

import pytest

from bot.discord.i18n.phrases import phrases_in
from bot.settings import Settings
from tests.wire.held_requests import held_answers
from tests.wire.live import Live
from tests.wire.live_bot import ANSWER, QUESTION, connected
from tests.wire.script import Place, buttons_of, make_place, text_of
from tests.wire.server import Server

SAY = phrases_in("en").say
SEND = "POST /channels/*/messages"
CHANGE = "PATCH /channels/*/messages/*"
EDIT = "PATCH /webhooks/*/*/messages/@original"
CALLBACK = "POST /interactions/*/*/callback"
FOLLOW = "POST /webhooks/*/*"
THREAD = "POST /channels/*/messages/*/threads"
MANY = 4
ERRORS = [(kind, status) for status in (500, 502, 503, 504) for kind in ("status", "status after")]
FAULTS = [*ERRORS, ("slow", 0.1), ("cut before", 0), ("cut after", 0)]


async def test_a_message_is_answered_once(server: Server, settings: Settings):
    places = [make_place(server, str(number)) for number in range(len(FAULTS))]
    async with connected(server, settings):
        asked = []
        for place, (kind, value) in zip(places, FAULTS, strict=True):
            server.faults.add(f"POST /channels/{place.channel.id}/messages", kind, value)
            asked.append(place.bob.asks(QUESTION))
        for place, message in zip(places, asked, strict=True):
            await server.until(lambda place=place, message=message: place.bob.replies_to(message), "an answer")
        assert server.faults.are_over
        assert [len(place.channel.messages) for place in places] == [2] * len(places)


async def test_a_command_is_answered_once(server: Server, settings: Settings):
    """The acknowledgement fails in one place, the answer in the other."""
    server.expected.add(40060)
    places = [make_place(server, str(number)) for number in range(2 * len(FAULTS))]
    async with connected(server, settings):
        for place, (route, (kind, value)) in zip(
            places, [(route, fault) for route in (CALLBACK, EDIT) for fault in FAULTS], strict=True
        ):
            # One after the other: the tokens in the routes are not known before.
            server.faults.add(route, kind, value)
            place.bob.runs("ask", question=QUESTION)
            await place.bob.sees(ANSWER)
            assert server.faults.are_over
        assert [len(place.channel.messages) for place in places] == [1] * len(places)


async def test_a_notice_is_changed_into_the_answer_once(
    server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.discord.questions.ask_flow.LONG_WAIT_S", 0.15)
    place = make_place(server)
    async with connected(server, settings) as bot:
        async with held_answers(bot):
            # All but the first would wait longer than that, by what an answer is estimated to take.
            people = [place.newcomer(f"m{number}") for number in range(MANY)]
            asked = [(person, person.asks(QUESTION)) for person in people]
            await server.until(lambda: bot.answer_queue.waiting == MANY + 1, "the questions to come in")
            await people[-1].sees("Many people are asking")
            server.faults.add(CHANGE, "cut before")
            server.faults.add(CHANGE, "cut after")
            server.faults.add(CHANGE, "status after", 503)
        for person, message in asked:
            await server.until(
                lambda person=person, message=message: any(
                    ANSWER in text_of(each) for each in person.replies_to(message)
                ),
                "an answer",
                within=20,
            )
        assert server.faults.are_over
        assert [len(person.replies_to(message)) for person, message in asked] == [1] * MANY


@pytest.mark.parametrize(("kind", "value"), [("status", 500), ("status", 503), ("slow", 0.1)])
async def test_a_share_that_discord_failed_at_is_made_once(server: Server, settings: Settings, kind: str, value: float):
    place = make_place(server)
    async with connected(server, settings):
        place.bob.runs("ask", question=QUESTION, private=True)
        answer = await place.bob.sees(ANSWER)
        server.faults.add(FOLLOW, kind, value)
        place.bob.presses("Share", answer)
        await place.alice.sees(ANSWER)
        assert len(place.alice.visible()) == 1


async def test_a_share_that_discord_refuses_tells_nobody_the_question(server: Server, settings: Settings):
    place = make_place(server)
    thread = place.opens_thread(place.alice.writes("About rockets"), by=place.alice)
    alice, bob = place.alice.at(thread), place.bob.at(thread)
    async with connected(server, settings):
        bob.runs("ask", question=QUESTION, private=True)
        answer = await bob.sees(ANSWER)
        server.faults.add(FOLLOW, "refused", 50013)
        bob.presses("Share", answer)
        await bob.sees(SAY("failure-forbidden"))
        asked = alice.asks("when?")
        (reply,) = await server.until(lambda: alice.replies_to(asked), "a reply")
        assert "Borduria" not in text_of(reply)


async def test_a_share_that_may_be_there_is_told_and_not_made_again(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        place.bob.runs("ask", question=QUESTION, private=True)
        answer = await place.bob.sees(ANSWER)
        server.faults.add(FOLLOW, "cut before")
        place.bob.presses("Share", answer)
        await place.bob.sees(SAY("failure-discord"))
        assert not place.alice.visible()


@pytest.mark.parametrize(("kind", "value"), [("status", 500), ("status after", 500), ("status", 503), ("slow", 0.1)])
async def test_a_thread_is_opened_once(server: Server, settings: Settings, kind: str, value: float):
    place = make_place(server)
    async with connected(server, settings) as bot:
        await bot.settings_cache.set(place.guild.id, "thread_channels", f"<#{place.channel.id}>")
        server.faults.add(THREAD, kind, value)
        asked = place.bob.asks(QUESTION)
        thread = await server.until(lambda: server.world.channels.get(int(asked["id"])), "a thread")
        await place.bob.at(thread).sees(ANSWER)
        assert len(thread.messages) == 1
        assert not place.bob.replies_to(asked)


@pytest.mark.parametrize(
    ("kind", "value"), [("cut before", 0), ("cut after", 0), ("status after", 502), ("slow after", 0.2)]
)
async def test_a_modal_is_opened_and_taken_once(server: Server, settings: Settings, kind: str, value: float):
    place = make_place(server)
    server.expected.add(40060)
    async with connected(server, settings) as bot:
        place.bob.runs("ask", question=QUESTION)
        answer = await place.bob.sees(ANSWER)
        server.faults.add(CALLBACK, kind, value)
        shake = place.bob.presses("👎", answer)
        await server.until(lambda: shake.answer, "a modal")
        server.faults.add(CALLBACK, kind, value)
        await place.bob.fills_in(**{next(iter(labels(shake.answer))): "It says nothing about the reports."})
        await place.bob.sees(SAY("thanks-reason"))
        votes = await bot.records.read(lambda db: db.execute("SELECT vote, reason FROM feedback").fetchall())
        assert votes == [("down", "It says nothing about the reports.")]


def labels(modal: dict) -> list[str]:
    return [each["label"] for each in modal["components"]]


async def test_a_press_while_the_loop_is_busy_is_gone_quietly_and_counted(server: Server, settings: Settings, capsys):
    """Something blocks the event loop for more than three seconds; messages have no such limit."""
    place = make_place(server)
    async with connected(server, settings) as bot:
        place.bob.runs("ask", question=QUESTION, private=True)
        answer = await place.bob.sees(ANSWER)
        late = [place.bob.runs("ask", question=QUESTION), place.bob.presses("Share", answer)]
        asked = place.alice.asks(QUESTION)
        server.clock.advance(3.0)
        time.sleep(0.3)
        await server.until(lambda: all(shake.refusals for shake in late), "refusals")
        await server.until(lambda: place.bob.replies_to(asked), "an answer")
        assert [shake.refusals for shake in late] == [[10062], [10062]]
        for entry in ("ask", "share"):
            sample = {"entry": entry, "outcome": "too_late"}
            counted = partial(bot.metrics.registry.get_sample_value, "attache_questions_total", sample)
            await server.until(lambda counted=counted: counted() == 1, f"the late {entry} to be counted")
        assert "incident" not in capsys.readouterr().out
        assert buttons_of(answer)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("code", [50013, 50001, 10003])
@pytest.mark.parametrize("request_", [SEND, EDIT, CALLBACK, FOLLOW, THREAD])
async def test_what_is_not_allowed_or_gone_ends_quietly_and_nothing_else_breaks(
    live: Live, one: Place, two: Place, request_: str, code: int, capsys
):
    server, place = live.server, one
    calls, hits = len(server.calls), len(server.faults.hits)
    if request_ == THREAD:
        await live.bot.settings_cache.set(place.guild.id, "thread_channels", f"<#{place.channel.id}>")
    if request_ == FOLLOW:
        place.bob.runs("ask", question=QUESTION, private=True)
        await place.bob.sees(ANSWER)
    here = request_.replace("/channels/*", f"/channels/{place.channel.id}")
    server.faults.add(here, "refused", code, times=1 if request_ in (THREAD, FOLLOW) else 2)
    if request_ in (SEND, THREAD):
        place.bob.asks(QUESTION)
    elif request_ == FOLLOW:
        place.bob.presses("Share")
    else:
        place.bob.runs("ask", question=QUESTION)
    await server.until(lambda: len(server.faults.hits) > hits, "the refusal")
    if request_ == THREAD:
        # No thread; the answer is a reply.
        await place.bob.sees(ANSWER)
    elif request_ == FOLLOW and code != 10003:
        await place.bob.sees(SAY("failure-forbidden"))
    server.faults.clear()
    two.alice.asks(QUESTION)
    await two.alice.sees(ANSWER)
    assert "incident" not in capsys.readouterr().out
    assert sum(call.code == code for call in list(server.calls)[calls:]) <= 2
