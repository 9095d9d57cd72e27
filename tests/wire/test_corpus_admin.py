"""What admins do with the feeds of their server over the wire, and what its members are told of the articles."""

import asyncio

import pytest

from bot.discord.i18n.phrases import phrases_in
from bot.settings import Settings
from tests.feeds import newspaper, story
from tests.web import page, response
from tests.wire.live import SHARDS, Live
from tests.wire.live_bot import connected
from tests.wire.script import Place, make_place, text_of
from tests.wire.server import Server

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAY = phrases_in("en").say
QUESTION = "Who denied that it had asked for mooring posts?"
TOLD = "Blue Heron Lines"


async def adds(place: Place, link: str) -> None:
    place.alice.runs("corpus feed add", link=link, publisher="Velden Times")
    await place.alice.sees("Added: Harbour Herald. It lists 2 entries")


async def test_a_feed_is_checked_paused_resumed_and_removed(live: Live, one: Place):
    await adds(one, live.paper.url())
    (number,) = await one.alice.completes("corpus feed check", "feed", "herald")
    one.alice.runs("corpus feed check", feed=number)
    assert "2 entries." in text_of(await one.alice.sees("Council votes on item 1"))
    assert await one.alice.completes("corpus feed pause", "feed", "") == [number]
    one.alice.runs("corpus feed pause", feed=number)
    await one.alice.sees("Paused: Harbour Herald")
    one.alice.runs("corpus feed list")
    assert SAY("feed-state-paused") in text_of(await one.alice.sees("1 of 9 feeds"))
    one.alice.runs("corpus feed pause", feed=number, resume=True)
    await one.alice.sees("Resumed: ")
    assert await one.alice.completes("corpus feed remove", "feed", "") == [number]
    one.alice.runs("corpus feed remove", feed=number)
    await one.alice.sees("Removed: Harbour Herald")
    one.alice.runs("corpus feed list")
    await one.alice.sees(SAY("feeds-none"))


async def test_another_server_can_not_reach_a_feed(live: Live, one: Place, two: Place):
    await adds(one, live.paper.url())
    (number,) = await one.alice.completes("corpus feed remove", "feed", "herald")
    assert not await two.alice.completes("corpus feed remove", "feed", "")
    two.alice.runs("corpus feed remove", feed=number)
    await two.alice.sees(SAY("feed-unknown"))
    two.alice.runs("corpus feed check", feed=number)
    await two.alice.sees(SAY("feed-unknown"))
    two.alice.runs("corpus feed pause", feed=number)
    await two.alice.sees(SAY("feed-unknown"))
    two.alice.runs("corpus feed list")
    await two.alice.sees(SAY("feeds-none"))


async def test_many_feeds_fill_pages_until_there_are_too_many(live: Live, one: Place):
    for number in range(9):
        live.paper.site.serve(f"/feed-{number}", response(live.paper.rss()))
        await adds(one, live.paper.url(f"/feed-{number}"))
    one.alice.runs("corpus feed add", link=live.paper.url())
    await one.alice.sees("already has 9 feeds")
    one.alice.runs("corpus feed list")
    before = text_of(await one.alice.sees("9 of 9 feeds"))
    one.alice.turns("feed-list")
    assert text_of(await one.alice.sees("9 of 9 feeds")).count("Harbour Herald") == 1 < before.count("Harbour Herald")


async def test_what_is_no_feed_is_explained(live: Live, one: Place):
    live.paper.site.serve("/page", response(page()))
    one.alice.runs("corpus feed add", link=live.paper.url("/page"))
    await one.alice.sees("This is a web page, not a feed.")
    one.alice.runs("corpus feed add", link="file:///etc/passwd")
    assert "root" not in text_of(await one.alice.sees())


@pytest.mark.asyncio(loop_scope="function")
@pytest.mark.parametrize("shards", SHARDS)
async def test_what_a_feed_brings_is_read_in_its_server_and_in_no_other(
    server: Server, settings: Settings, shards: int
):
    one, two = make_place(server), make_place(server, "two")
    with newspaper() as paper:
        paper.stories += [story(number) for number in range(2)]
        host = f"127.0.0.1:{paper.site.port}"
        paper.url = lambda path="/feed": f"http://{host}{path}"  # type: ignore[method-assign]
        settings = settings.model_copy(update={"allowed_hosts": host, "feed_delay_s": 0.0})
        async with connected(server, settings, shards=shards):
            await adds(one, paper.url())
        server.clock.advance(6)
        # A bot that starts looks at once at what is due.
        async with connected(server, settings, shards=shards):
            await until_told(one)
            two.bob.runs("ask", question=QUESTION)
            assert TOLD not in text_of(await two.bob.sees())


async def until_told(place: Place) -> None:
    """Looks whether the articles came until they did."""
    for _ in range(100):
        place.alice.runs("corpus feed list")
        if SAY("feed-state-in-order") in text_of(await place.alice.sees(SAY("feeds-title"))):
            break
        await asyncio.sleep(0.1)
    for _ in range(100):
        place.alice.runs("corpus status")
        told = text_of(await place.alice.sees(SAY("corpus-title")))
        if "articles:** 2 in" in told and SAY("corpus-index-current") in told:
            break
        await asyncio.sleep(0.1)
    place.bob.runs("ask", question=QUESTION)
    await place.bob.sees(TOLD)
