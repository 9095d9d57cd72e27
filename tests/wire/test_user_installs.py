"""Where only a user has the bot: group chats, servers without it, and direct messages of strangers."""

import pytest

from bot.discord.i18n.phrases import phrases_in
from tests.wire.live import Live
from tests.wire.live_bot import ANSWER, BRIDGE, QUESTION, SETTLED_QUESTION
from tests.wire.script import Person, Place, make_group, make_place, make_stranger, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAY = phrases_in("en").say


def elsewhere(live: Live) -> list[Person]:
    """Somebody in a group chat, and somebody in a server that has neither the bot nor its commands."""
    return [make_group(live.server), make_place(live.server, has_bot=False, has_commands=False).bob]


async def test_a_question_is_answered_with_working_buttons(live: Live, one: Place):
    for person in elsewhere(live):
        person.runs("ask", question=SETTLED_QUESTION, private=True)
        answer = await person.sees(ANSWER)
        person.presses("uote", answer)
        await person.sees(ANSWER)
        person.presses("👎", answer)
        await person.fills_in(**{SAY("reason-label"): "It is old."})
        await person.sees(SAY("thanks"))
        person.presses("Share", answer)
        await person.sees(SAY("shared"))
        assert not (await person.sees(ANSWER))["flags"] & 1 << 6


async def test_the_others_press_the_buttons_too(live: Live, one: Place):
    place = make_place(live.server, has_bot=False, has_commands=False)
    place.bob.runs("ask", question=SETTLED_QUESTION)
    answer = await place.alice.sees(ANSWER)
    place.alice.presses("Source", answer)
    await place.alice.sees("news.example")


async def test_everything_can_be_looked_up(live: Live, one: Place):
    for person in elsewhere(live):
        for command, options, told in (
            ("article", {"title": "Arland"}, "Arland denies"),
            ("sources", {}, "Harbour Herald"),
            ("status", {}, "10 articles"),
            ("help", {}, SAY("help-title")),
            ("about", {}, SAY("about-title")),
            ("privacy", {}, SAY("privacy-title")),
            ("my-data export", {}, SAY("data-none")),
            ("search", {"query": "the harbour"}, "Harbour Herald"),
        ):
            person.runs(command, **options)
            await person.sees(told)
        person.turns("search")
        await person.sees("Harbour Herald")


async def test_a_message_is_checked_and_its_sources_are_found(live: Live, one: Place):
    for person in elsewhere(live):
        claim = person.writes("Arland sent rockets to Borduria")
        person.picks("Check this claim", claim)
        await person.sees("Claim: Arland sent rockets")
        person.picks("Find sources", claim)
        await person.sees("Arland denies")


async def test_nothing_is_kept_once_somebody_wants_it_deleted(live: Live, one: Place):
    for person in elsewhere(live):
        person.runs("ask", question=QUESTION)
        await person.sees(ANSWER)
        person.runs("my-data delete")
        await person.sees(SAY("data-confirm-title"))
        person.presses("Delete it all")
        await person.sees("Deleted: one record.")


async def test_what_a_server_has_of_its_own_is_not_read_outside(live: Live, one: Place):
    one.alice.runs("corpus add", file=BRIDGE)
    await one.alice.sees("One article added")
    for person in (*elsewhere(live), one.bob.in_dms()):
        person.runs("ask", question="When does the Velden bridge close for repairs?")
        assert "Valley Times" not in text_of(await person.sees())


async def test_what_admins_do_is_offered_nowhere(live: Live, one: Place):
    group, member = elsewhere(live)
    for person in (group, member, one.alice.in_dms()):
        with pytest.raises(AssertionError, match="not shown here"):
            person.runs("corpus status")


async def test_a_stranger_is_answered_and_channels_without_the_bot_are_left_alone(live: Live, one: Place):
    stranger = make_stranger(live.server)
    stranger.writes(QUESTION)
    await stranger.sees(ANSWER)
    # The channel of a server that the bot is not in is closed to it, so it must not even try.
    assert not [call for call in live.server.calls if call.code == 50001]
