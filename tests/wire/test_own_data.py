"""What people can do over the wire with what the bot keeps about them: read, have and delete it."""

import json
from typing import Any

import pytest

from bot.discord.i18n.phrases import phrases_in
from tests.wire.live_bot import ANSWER, QUESTION
from tests.wire.script import Message, Person, Place, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAY = phrases_in("en").say


def data_of(person: Person, message: Message) -> Any:
    """The file that hangs on a message."""
    (attachment,) = message["attachments"]
    return json.loads(person.server.world.uploads[attachment["url"].removeprefix("https://cdn.discordapp.com")])


async def asks_and_votes(person: Person) -> None:
    person.runs("ask", question=QUESTION)
    answer = await person.sees(ANSWER)
    person.presses("👍", answer)
    await person.sees(SAY("thanks"))


async def exported(person: Person) -> Any:
    person.runs("my-data export")
    return data_of(person, await person.sees())


async def test_privacy_tells_the_days_that_hold_here(one: Place):
    one.alice.runs("settings set", setting="keep_days", value="9")
    await one.alice.sees("is now 9")
    one.bob.runs("privacy")
    assert "9 days" in text_of(await one.bob.sees(SAY("privacy-title")))


async def test_everybody_has_what_is_kept_about_them_and_only_that(one: Place):
    await asks_and_votes(one.bob)
    kept = await exported(one.bob)
    assert [each["original"] for each in kept["asked"]] == [QUESTION]
    assert [each["vote"] for each in kept["feedback"]] == ["up"]
    assert (await exported(one.alice))["asked"] == []


async def test_nothing_is_deleted_that_was_not_meant(one: Place):
    await asks_and_votes(one.bob)
    one.bob.runs("my-data delete")
    await one.bob.sees(SAY("data-confirm-title"))
    one.bob.presses("Keep it")
    await one.bob.sees(SAY("data-kept"))
    assert (await exported(one.bob))["asked"]


async def test_all_goes_once_it_is_confirmed_and_the_buttons_with_it(one: Place):
    await asks_and_votes(one.bob)
    answer = one.bob.visible()[0]
    one.bob.runs("my-data delete")
    await one.bob.sees(SAY("data-confirm-title"))
    one.bob.presses("Delete it all")
    await one.bob.sees("Deleted: 2 records.")
    assert (await exported(one.bob))["asked"] == []
    one.bob.presses("Quote", answer)
    await one.bob.sees(SAY("failure-gone"))


async def test_acts_of_admins_stay_and_are_told(one: Place):
    one.alice.runs("settings set", setting="keep_days", value="9")
    await one.alice.sees("is now 9")
    one.alice.runs("my-data delete")
    await one.alice.sees(SAY("data-confirm-title"))
    one.alice.presses("Delete it all")
    await one.alice.sees("what you did as an admin stays")


async def test_data_is_handed_out_in_direct_messages_too(one: Place):
    bob = one.bob.in_dms()
    bob.writes(QUESTION)
    await bob.sees(ANSWER)
    assert [each["original"] for each in (await exported(bob))["asked"]] == [QUESTION]
