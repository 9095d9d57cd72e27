"""How members ask: by mention, command, reply, thread and direct message; over the wire, on every number of shards."""

import pytest

from bot.discord.i18n.phrases import phrases_in
from bot.settings import Settings
from tests.wire.live_bot import ANSWER, QUESTION, connected
from tests.wire.script import Place, buttons_of, make_place, text_of
from tests.wire.server import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAY = phrases_in("en").say
UNKNOWN = "Who won the chess championship of Quellia?"


async def test_a_mention_is_answered_with_a_reply_that_pings_nobody(one: Place, two: Place):
    for place in (one, two):
        asked = place.bob.asks(QUESTION)
        answer = await place.bob.sees(ANSWER)
        assert place.bob.replies_to(asked) == [answer]
        assert not answer["mention_everyone"]
        assert not answer["mentions"]


async def test_what_members_say_to_each_other_is_left_alone(one: Place):
    said = one.bob.writes(QUESTION)
    asked = one.bob.asks(QUESTION)
    await one.bob.sees(ANSWER)
    assert not one.bob.replies_to(said)
    assert len(one.bob.replies_to(asked)) == 1


async def test_a_reply_to_an_answer_asks_further(one: Place):
    one.bob.asks(QUESTION)
    answer = await one.bob.sees(ANSWER)
    one.alice.asks("when?", reply_to=answer)
    assert "rockets" in text_of(await one.alice.sees("Understood as")).splitlines()[0]


async def test_a_thread_opens_where_admins_want_it_and_goes_on_there(one: Place):
    channel = one.new_channel("questions")
    one.alice.runs("settings set", setting="thread_channels", value=f"<#{channel.id}>")
    await one.alice.sees("thread_channels")
    inside = one.bob.at(await one.thread_of(one.bob.at(channel).asks(QUESTION)))
    await inside.sees(ANSWER)
    inside.asks("when?")
    await inside.sees("Understood as")


async def test_direct_messages_are_answered_and_followed_up(one: Place):
    bob = one.bob.in_dms()
    bob.writes(QUESTION)
    await bob.sees(ANSWER)
    bob.writes("when?")
    await bob.sees("Understood as")
    bob.runs("ask", question=QUESTION)
    await bob.sees(ANSWER)


async def test_ask_keeps_to_its_filters_and_answers_again_without_them(one: Place):
    bob = one.bob
    assert await bob.completes("ask", "publisher", "exam", question="x") == ["The Example Courier"]
    bob.runs("ask", question=QUESTION, publisher="The Example Courier", since="March 2024", until="2024-03-31")
    await bob.sees(ANSWER)
    bob.runs("ask", question=QUESTION, since="2024-04-01")
    refusal = await bob.sees("I found nothing in my articles")
    assert "Source" not in "".join(buttons_of(refusal))
    bob.presses("Without filters", refusal)
    assert (await bob.sees(ANSWER))["id"] == refusal["id"]
    bob.runs("ask", question=QUESTION, since="the day of the moon")
    await bob.sees("date")


async def test_only_whoever_asked_drops_the_filters(one: Place):
    one.bob.runs("ask", question=QUESTION, publisher="Harbour Herald")
    refusal = await one.bob.sees("I found nothing in my articles")
    one.alice.presses("Without filters", refusal)
    assert (await one.alice.sees(SAY("failure-not-allowed")))["flags"] & 64


async def test_a_private_answer_is_seen_by_others_once_it_is_shared(one: Place):
    one.bob.runs("ask", question=QUESTION, private=True)
    answer = await one.bob.sees(ANSWER)
    assert answer not in one.alice.visible()
    one.bob.presses("Share", answer)
    await one.bob.sees(SAY("shared"))
    await one.alice.sees(ANSWER)
    one.bob.presses("Share", answer)
    await one.bob.sees(SAY("shared-already"))


async def test_the_buttons_of_an_answer_serve_everybody_for_themselves(one: Place):
    one.bob.runs("ask", question=QUESTION)
    answer = await one.alice.sees(ANSWER)
    one.alice.presses("Quote", answer)
    quotes = await one.alice.sees(ANSWER)
    one.alice.presses("Source", answer)
    sources = await one.alice.sees("news.example")
    one.alice.presses("More like this", answer)
    similar = await one.alice.sees("News from")
    assert not [each for each in (quotes, sources, similar) if each in one.bob.visible()]


async def test_thumbs_are_counted_and_a_reason_is_asked_for(one: Place):
    one.bob.runs("ask", question=QUESTION)
    answer = await one.alice.sees(ANSWER)
    one.alice.presses("👍", answer)
    await one.alice.sees(SAY("thanks"))
    one.alice.presses("👎", answer)
    await one.alice.fills_in(**{SAY("reason-label"): "It is old."})
    await one.alice.sees(SAY("thanks-reason"))


async def test_a_message_is_checked_as_a_claim_and_its_sources_are_found(one: Place):
    claim = one.alice.writes("Arland sent rockets to Borduria")
    one.bob.picks("Check this claim", claim)
    assert (await one.bob.sees("Claim: Arland sent rockets"))["flags"] & 64
    one.bob.picks("Find sources", claim)
    assert (await one.bob.sees("Arland denies sending"))["flags"] & 64
    empty = one.alice.writes("<#1> https://x.example")
    one.bob.picks("Check this claim", empty)
    await one.bob.sees(SAY("no-claim"))


async def test_an_empty_mention_and_a_refusal_are_told_in_words(one: Place):
    one.bob.asks("")
    await one.bob.sees("Ask me a question")
    one.bob.asks(UNKNOWN)
    refusal = await one.bob.sees("I found nothing in my articles")
    assert "Source" not in "".join(buttons_of(refusal))
    assert "news.example" not in text_of(refusal)


async def test_who_asks_too_fast_is_told_how_long_to_wait(one: Place):
    one.alice.runs("settings set", setting="questions_per_minute_member", value="1")
    await one.alice.sees("is now 1")
    one.bob.runs("ask", question=QUESTION)
    await one.bob.sees(ANSWER)
    one.bob.runs("ask", question=QUESTION)
    await one.bob.sees("faster than this server allows")


@pytest.mark.asyncio(loop_scope="function")
async def test_with_the_privileged_intent_every_question_of_a_channel_is_answered(server: Server, settings: Settings):
    place = make_place(server)
    server.gateway.allowed_privileged = 1 << 15
    async with connected(server, settings.model_copy(update={"message_content": True})):
        place.alice.runs("settings set", setting="question_channels", value=f"<#{place.channel.id}>")
        await place.alice.sees("question_channels")
        asked = place.bob.writes(QUESTION)
        await place.bob.sees(ANSWER)
        assert len(place.bob.replies_to(asked)) == 1
