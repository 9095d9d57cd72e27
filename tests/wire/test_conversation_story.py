"""A conversation over the wire: edits, deletions, threads, forums, settings of channels, and no request refused."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.discord.bot import AttacheBot
from bot.discord.i18n.phrases import phrases_in
from bot.settings import Settings
from tests.wire.live_bot import ANSWER, QUESTION, connected
from tests.wire.script import Message, Person, Place, buttons_of, make_place, text_of
from tests.wire.server import Server
from tests.wire.world import FORUM, NEWS, STAGE, VOICE, Channel

SAY = phrases_in("en").say
OTHER = "Did the harbour of Velden open its new pier for ferries?"
OTHER_ANSWER = "opened its new pier"


@pytest_asyncio.fixture(params=[True, False], ids=["with content", "without content"])
async def bot(request: pytest.FixtureRequest, server: Server, settings: Settings) -> AsyncIterator[AttacheBot]:
    """The bot, where its operator lets it read messages and where not."""
    server.gateway.allowed_privileged = 1 << 15
    async with connected(server, settings.model_copy(update={"message_content": request.param})) as running:
        yield running


def answers(person: Person) -> list[Message]:
    bot_id = str(person.server.world.bot.id)
    return [each for each in person.visible() if each["author"]["id"] == bot_id]


async def changes_a_question(place: Place, person: Person, before: str) -> None:
    """Edits it, deletes it, and deletes an answer: one answer all the time, then none."""
    person.looked.clear()
    asked = person.writes(f"{before} {QUESTION}")
    answer = await person.sees(ANSWER)
    person.edits(asked, f"{before} {OTHER}")
    assert (await person.sees(OTHER_ANSWER))["id"] == answer["id"]
    person.deletes(asked)
    await place.server.until(lambda: not answers(person), "the end of the answer")
    person.writes(f"{before} {QUESTION}")
    person.presses("🗑️", await person.sees(ANSWER))
    await place.server.until(lambda: not answers(person), "the end of the answer")


async def test_each_new_thing_is_used_once_and_no_request_is_refused(server: Server, bot: AttacheBot):
    await bot.wait_until_ready()
    place, has_content, mention = make_place(server), bot.settings.message_content, bot.user.mention
    # It is more than a member may ask in a minute.
    await bot.settings_cache.set(place.guild.id, "questions_per_minute_member", "60")
    await changes_a_question(place, place.bob, mention)
    await changes_a_question(place, place.bob.in_dms(), "")
    await goes_on(place, has_content=has_content)
    await asks_in_every_kind_of_channel(place, mention)
    await chooses_for_a_channel(place, has_content=has_content)
    assert [call for call in server.calls if call.status >= 400] == []


async def goes_on(place: Place, *, has_content: bool) -> None:
    """In a thread that the bot opened, and in a reply without a mention."""
    channel = place.new_channel("threads")
    place.alice.runs("settings set", setting="thread_channels", value=f"<#{channel.id}>")
    await place.alice.sees("is now")
    inside = place.bob.at(await place.thread_of(place.bob.at(channel).asks(QUESTION)))
    first = await inside.sees(ANSWER)
    assert ("to ask more in this thread" in text_of(first)) is not has_content
    inside.writes("tell me more")
    if has_content:
        await inside.sees("no further quotes")
    place.bob.asks(QUESTION)
    answer = await place.bob.sees(ANSWER)
    place.bob.writes("tell me more", reply_to=answer, pings=False)
    await place.bob.sees("no further quotes" if has_content else "mention me")


async def asks_in_every_kind_of_channel(place: Place, mention: str) -> None:
    """A forum's post, an announcement channel, and the chats of a voice and a stage channel."""
    for kind in (NEWS, VOICE, STAGE):
        place.bob.at(opened(place, kind)).asks(QUESTION)
        await place.bob.at(place.server.world.channels[max(place.guild.channels)]).sees(ANSWER)
    post = place.posts(opened(place, FORUM), "Rockets for Borduria", f"{mention} Did Arland send them?", by=place.bob)
    await place.bob.at(post).sees("Arland denies sending rockets")


def opened(place: Place, kind: int) -> Channel:
    channel = place.server.world.new_channel(kind, guild=place.guild, name=f"kind-{kind}")
    place.server.gateway.tell("CHANNEL_CREATE", channel.payload(), place.guild)
    return channel


async def chooses_for_a_channel(place: Place, *, has_content: bool) -> None:
    """Every setting of a channel, and what it changes."""
    channel = place.new_channel("chosen")
    alice, bob = place.alice, place.bob.at(channel)
    assert "answers" in await alice.completes("settings set", "setting", "answ", channel=channel, value="x")
    for setting, value in (("collection", "shared"), ("publishers", "The Example Courier"), ("language", "de"),
                           ("quotes", "1"), ("answers", "questions" if has_content else "quiet")):  # fmt: skip
        alice.runs("settings set", setting=setting, value=value, channel=channel)
        await alice.sees(f"`{setting}` is now {value}")
    alice.runs("settings show", channel=channel)
    assert text_of(await alice.sees("`answers`")).count("**") == 10
    if has_content:
        bob.writes("Arland sent rockets to Borduria.")
        bob.writes(QUESTION)
        assert "Stand:" in text_of(await bob.sees(ANSWER))
    else:
        bob.asks(QUESTION)
        bob.runs("ask", question=QUESTION)
        await bob.sees(ANSWER)
    assert len(answers(bob)) == 1
    alice.runs("settings reset", setting="answers", channel=channel)
    await alice.sees("`answers` is now mentions")
    alice.runs("settings set", setting="channels", value=f"<#{place.channel.id}>")
    await alice.sees("is now")
    bob.runs("ask", question=QUESTION)
    private = await bob.sees(ANSWER)
    assert private not in alice.at(channel).visible()
    assert SAY("button-share") not in buttons_of(private)
