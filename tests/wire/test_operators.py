"""What only operators do over the wire: the shared collection, and what is said of publishers everywhere."""

import pytest

from bot.discord.i18n.phrases import phrases_in
from tests.discord.admins import MINE
from tests.discord.admins import QUESTION as ABOUT_IT
from tests.wire.live_bot import ANSWER, QUESTION
from tests.wire.script import Person, Place, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAY = phrases_in("en").say
FILE = ("bridge.md", MINE)
TOLD = "The Velden bridge closes"


async def knows(place: Place) -> bool:
    """Whether a server is told of the article."""
    place.bob.asks(ABOUT_IT)
    return TOLD in text_of(await place.bob.sees())


async def test_what_an_operator_adds_for_all_is_read_in_every_server_until_it_is_taken_back(
    one: Place, two: Place, olga: Person
):
    olga.runs("corpus add", file=FILE, shared=True)
    await olga.sees("One article added")
    assert await knows(one)
    assert await knows(two)
    olga.runs("corpus undo", shared=True)
    await olga.sees("one article removed")
    assert not await knows(two)


async def test_an_operator_removes_a_shared_article(one: Place, two: Place, olga: Person):
    olga.runs("corpus add", file=FILE, shared=True)
    await olga.sees("One article added")
    assert not await one.alice.completes("corpus remove", "article", "bridge", shared=True)
    (number,) = await olga.completes("corpus remove", "article", "bridge", shared=True)
    olga.runs("corpus remove", article=number, shared=True)
    await olga.sees("Removed: Velden bridge closes")
    assert not await knows(two)


async def test_admins_who_are_no_operators_change_nothing_for_others(one: Place):
    refused = SAY("failure-not-allowed")
    one.alice.runs("corpus add", file=FILE, shared=True)
    await one.alice.sees(refused)
    one.alice.runs("corpus remove", article="1", shared=True)
    await one.alice.sees(refused)
    one.alice.runs("corpus undo", shared=True)
    await one.alice.sees(refused)
    one.alice.runs("corpus publisher", name="The Example Courier", kind="newspaper")
    await one.alice.sees(refused)
    one.bob.asks(QUESTION)
    await one.bob.sees(ANSWER)


async def test_what_an_operator_says_of_a_publisher_is_told_in_every_server(one: Place, two: Place, olga: Person):
    olga.runs("corpus publisher", name="The Example Courier", kind="newspaper", country="LV", domain="news.example")
    await olga.sees("Publisher changed: The Example Courier (Latvia, newspaper).")
    two.bob.asks(QUESTION)
    await two.bob.sees("The Example Courier (Latvia, newspaper)")
    olga.runs("corpus publisher", name="news.example", state_controlled=True, source="A decree of 2024")
    await olga.sees("(Latvia, state-controlled newspaper)")
    two.bob.runs("sources")
    await two.bob.sees("(Latvia, state-controlled newspaper)")
    olga.runs("corpus publisher", name="news.example", country="zz")
    await olga.sees("a country code")
