"""What admins choose for their server and what they see of its use, over the wire on every number of shards."""

import pytest

from bot.discord.i18n.phrases import phrases_in
from bot.records.server_settings import ServerSettings
from tests.wire.live_bot import ANSWER, QUESTION
from tests.wire.script import Place, buttons_of, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAY = phrases_in("en").say
UNKNOWN = "Who won the chess championship of Quellia?"
# A value other than the default; those of channels are put in where they are.
VALUES = {
    "language": "de",
    "answer_style": "plain",
    "private_by_default": "on",
    "channels": "<#{}>",
    "question_channels": "none",
    "thread_channels": "<#{}>",
    "hidden_publishers": "Harbour Herald",
    "hidden_collections": "shared",
    "questions_per_minute_member": "30",
    "questions_per_minute_server": "300",
    "keep_days": "7",
    "count_unanswered": "off",
    # Chosen last and given up first: all that happens between is told there.
    "log_channel": "<#{}>",
}


async def chooses(place: Place, setting: str, value: str) -> None:
    place.alice.runs("settings set", setting=setting, value=value)
    await place.alice.sees(f"`{setting}` is now")


async def test_every_setting_is_changed_shown_and_set_back(one: Place):
    assert set(VALUES) == set(ServerSettings.model_fields) == set(await names(one))
    one.alice.runs("settings show")
    before = text_of(await one.alice.sees(SAY("settings-title")))
    for setting, value in VALUES.items():
        await chooses(one, setting, value.format(one.channel.id))
    one.alice.runs("settings show")
    changed = text_of(await one.alice.sees("`keep_days`: **7**"))
    assert changed.count("**") == 2 * (len(VALUES) - 1)
    assert await one.alice.completes("settings reset", "setting", "keep") == ["keep_days"]
    for setting in reversed(VALUES):
        one.alice.runs("settings reset", setting=setting)
        await one.alice.sees(f"`{setting}` is now")
    one.alice.runs("settings show")
    assert text_of(await one.alice.sees(SAY("settings-title"))) == before


async def names(place: Place) -> list[str]:
    return await place.alice.completes("settings set", "setting", "", value="x")


async def test_values_are_offered_and_wrong_ones_explained(one: Place, two: Place):
    assert await one.alice.completes("settings set", "value", "", setting="language") == ["auto", "en", "de"]
    offered = await one.alice.completes("settings set", "value", "gen", setting="log_channel")
    assert offered == [f"<#{one.channel.id}>"]
    for setting, value, told in (
        ("keep_days", "9999", "it takes a number from 1 to 365"),
        ("keep_dayz", "7", "Did you mean keep"),
        ("hidden_collections", f"discord-{two.guild.id}", SAY("setting-only-shared")),
        ("question_channels", f"<#{one.channel.id}>", "Ask my operator to set"),
    ):
        one.alice.runs("settings set", setting=setting, value=value)
        await one.alice.sees(told)


async def test_a_setting_holds_at_once_and_only_in_its_server(one: Place, two: Place):
    await chooses(one, "private_by_default", "on")
    for place, flag in ((one, 1 << 6), (two, 0)):
        place.bob.runs("ask", question=QUESTION)
        assert (await place.bob.sees(ANSWER))["flags"] & 1 << 6 == flag


async def test_questions_are_answered_in_the_chosen_channels(one: Place):
    asking = one.new_channel("questions")
    await chooses(one, "channels", f"<#{asking.id}>")
    one.bob.asks(QUESTION)
    await one.bob.sees(f"I answer questions in <#{asking.id}>")
    one.bob.runs("ask", question=QUESTION)
    hidden = await one.bob.sees(ANSWER)
    assert hidden["flags"] & 1 << 6
    one.bob.presses("Share", hidden)
    await one.bob.sees(SAY("failure-not-allowed"))
    one.bob.at(asking).asks(QUESTION)
    await one.bob.at(asking).sees(ANSWER)


async def test_plain_text_has_working_buttons(one: Place):
    await chooses(one, "answer_style", "plain")
    one.bob.asks(QUESTION)
    answer = await one.bob.sees(ANSWER)
    assert ANSWER in answer["content"]
    one.bob.presses("Source", answer)
    await one.bob.sees("news.example")
    one.bob.runs("search", query="harbour ferries")
    assert "Harbour Herald" in (await one.bob.sees("Harbour Herald"))["content"]
    one.bob.turns("search")
    await one.bob.sees("Harbour Herald")


async def test_what_is_hidden_is_neither_quoted_nor_offered(one: Place, two: Place):
    (choice,) = await one.alice.completes("settings set", "value", "courier", setting="hidden_publishers")
    await chooses(one, "hidden_publishers", choice)
    assert not await one.bob.completes("ask", "publisher", "courier", question="x")
    one.bob.runs("ask", question=QUESTION)
    await one.bob.sees("I found nothing in my articles")
    two.bob.runs("ask", question=QUESTION)
    await two.bob.sees(ANSWER)
    await chooses(one, "hidden_publishers", "none")
    await chooses(one, "hidden_collections", "shared")
    one.bob.runs("status")
    await one.bob.sees("No articles yet")


async def test_the_numbers_of_a_server_name_nobody(one: Place, two: Place):
    one.bob.runs("ask", question=QUESTION)
    answer = await one.bob.sees(ANSWER)
    one.bob.presses("👎", answer)
    await one.bob.fills_in(**{SAY("reason-label"): f"ask <@{one.alice.user.id}> @everyone"})
    await one.bob.sees(SAY("thanks-reason"))
    one.bob.runs("ask", question=UNKNOWN)
    await one.bob.sees("I found nothing in my articles")
    one.alice.runs("insights", days=7)
    told = text_of(await one.alice.sees("2 questions, 1 without an answer"))
    assert "👎 1" in told
    assert "chess championship" in told
    for name in (str(one.bob.user.id), str(one.alice.user.id), "@everyone"):
        assert name not in told
    two.alice.runs("insights")
    await two.alice.sees(SAY("insights-none"))


async def test_a_question_that_found_nothing_is_not_listed_where_that_is_off(one: Place):
    await chooses(one, "count_unanswered", "off")
    one.bob.runs("ask", question=UNKNOWN)
    assert not [each for each in buttons_of(await one.bob.sees("I found nothing in my articles")) if "Source" in each]
    one.alice.runs("insights")
    assert "chess" not in text_of(await one.alice.sees("One question"))
