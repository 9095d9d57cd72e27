"""What members do, from a mention to a thread, over the wire and on every number of shards."""

import pytest

from bot.discord.phrases import phrases_in
from bot.settings import Settings
from tests.wire.running import ANSWER, QUESTION, connected
from tests.wire.script import Person, Place, buttons_of, make_group, make_place, make_stranger, text_of
from tests.wire.server import Server

SAY = phrases_in("en").say
FOLLOW_UP = "Are you sure?"


@pytest.mark.parametrize("shards", [1, 2, 4])
async def test_members_ask_look_up_and_follow_up(server: Server, settings: Settings, shards: int):
    # On four shards the two servers are in different ones.
    one, two = make_place(server), make_place(server, "two")
    async with connected(server, settings, shards=shards):
        for place in (one, two):
            await mentions_and_replies(place)
        await commands(one)
        await buttons(two)
        await menus(one)
        await direct_messages(one.bob)
        await threads(two)


async def mentions_and_replies(place: Place) -> None:
    asked = place.bob.asks(QUESTION)
    answer = await place.bob.sees(ANSWER)
    assert place.bob.replies_to(asked) == [answer]
    assert not answer["mention_everyone"]
    place.bob.writes("A word among members")
    place.alice.asks(FOLLOW_UP, reply_to=answer)
    await place.alice.sees(ANSWER)


async def commands(place: Place) -> None:
    bob = place.bob
    bob.runs("ask", question=QUESTION)
    await bob.sees(ANSWER)
    assert await bob.completes("ask", "publisher", "exam", question="x") == ["The Example Courier"]
    bob.runs("search", query="harbour ferries")
    await bob.sees("Harbour Herald")
    bob.presses("▶")
    await bob.sees("Harbour Herald")
    bob.runs("sources")
    await bob.sees("The Example Courier")


async def buttons(place: Place) -> None:
    bob = place.newcomer("carol")
    bob.runs("ask", question=QUESTION, private=True)
    answer = await bob.sees(ANSWER)
    assert answer not in place.alice.visible()
    bob.presses("Quote", answer)
    await bob.sees(ANSWER)
    bob.presses("Source", answer)
    await bob.sees("news.example")
    bob.presses("👍", answer)
    await bob.sees(SAY("thanks"))
    bob.presses("👎", answer)
    await bob.fills_in(**{SAY("reason-label"): "It is old."})
    await bob.sees(SAY("thanks-reason"))
    bob.presses("Share", answer)
    await place.alice.sees(ANSWER)


async def menus(place: Place) -> None:
    claim = place.alice.writes("Arland sent rockets to Borduria")
    carol = place.newcomer("carol")
    for entry in ("Check this claim", "Find sources"):
        carol.picks(entry, claim)
        assert (await carol.sees("Arland"))["flags"] & 64


async def direct_messages(bob: Person) -> None:
    bob = bob.in_dms()
    bob.writes(QUESTION)
    await bob.sees(ANSWER)
    bob.writes(FOLLOW_UP)
    await bob.sees(ANSWER)


async def threads(place: Place) -> None:
    channel = place.new_channel("questions")
    place.alice.runs("settings set", setting="thread_channels", value=f"<#{channel.id}>")
    await place.alice.sees("thread_channels")
    asked = place.bob.at(channel).asks(QUESTION)
    world = place.server.world
    thread = await place.server.until(lambda: world.channels.get(int(asked["id"])), "a thread")
    inside = place.bob.at(thread)
    await inside.sees(ANSWER)
    # Here every mention follows up what was answered before.
    inside.asks(FOLLOW_UP)
    await inside.sees(ANSWER)


async def test_where_only_a_user_has_the_bot_it_answers_with_little(server: Server, settings: Settings):
    """A group chat, a server without the bot, and a stranger's direct messages."""
    place = make_place(server, has_bot=False, has_commands=False)
    async with connected(server, settings):
        for person in (make_group(server), place.bob):
            person.runs("ask", question=QUESTION)
            answer = await person.sees(ANSWER)
            person.presses("Quote", answer)
            await person.sees(ANSWER)
        stranger = make_stranger(server)
        stranger.writes(QUESTION)
        await stranger.sees(ANSWER)
        # The channel of a server that the bot is not in is closed to it, so it must not even try.
        assert not [call for call in server.calls if call.code == 50001]


async def test_without_the_privileged_intent_only_mentions_are_read(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        written = place.bob.writes(QUESTION)
        asked = place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)
        assert not place.bob.replies_to(written)
        assert len(place.bob.replies_to(asked)) == 1


async def test_an_empty_mention_and_a_refusal_are_told_in_words(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        place.bob.asks("")
        await place.bob.sees("Ask me something")
        place.bob.asks("Who won the chess championship of Quellia?")
        refusal = await place.bob.sees("The corpus does not know")
        assert "Source" not in "".join(buttons_of(refusal))
        assert "news.example" not in text_of(refusal)
