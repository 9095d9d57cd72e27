"""One admin's and one operator's story over the wire, with every command of theirs; tests/discord has the details."""

import json
import secrets

import pytest

from bot.discord.i18n.phrases import phrases_in
from bot.records.server_settings import ServerSettings
from tests.fakes import HashingEmbedder
from tests.web import response
from tests.wire.held_requests import hold_jobs
from tests.wire.live import Live
from tests.wire.live_bot import ANSWER, BRIDGE, BRIDGE_ANSWER, BRIDGE_QUESTION, QUESTION
from tests.wire.script import Person, Place, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAY = phrases_in("en").say


async def test_an_admin_adds_lists_removes_and_takes_back_articles(live: Live, one: Place):
    alice = one.alice
    assert await alice.completes("corpus add", "publisher", "exam") == ["The Example Courier"]
    alice.runs("corpus add", file=BRIDGE, publisher="The Example Courier")
    await alice.sees("One article added")
    one.bob.asks(BRIDGE_QUESTION)
    await one.bob.sees(BRIDGE_ANSWER)
    alice.runs("corpus undo")
    await alice.sees("Velden bridge closes for repairs")
    alice.presses("Undo")
    await alice.sees("one article removed")
    one.bob.asks(BRIDGE_QUESTION)
    assert BRIDGE_ANSWER not in text_of(await one.bob.sees())
    alice.runs("corpus add", link=live.paper.url("/story-1.html"))
    await alice.sees("One article added")
    (number,) = await alice.completes("corpus remove", "article", "council")
    alice.runs("corpus remove", article=number)
    await alice.sees("Remove this article for good?")
    alice.presses("Keep")
    await alice.sees("Nothing was removed.")
    alice.runs("corpus remove", article=number)
    await alice.sees("Council votes on item 1")
    alice.presses("Remove it")
    await alice.sees("Removed: Council votes on item 1")
    lines = [
        json.dumps({"title": f"Tide of day {day}", "body": f"The tide of day {day} came in at noon, as foretold."})
        for day in range(10)
    ]
    alice.runs("corpus add", file=("tides.jsonl", "\n".join(lines).encode()))
    await alice.sees("10 articles added")
    alice.runs("corpus list")
    first = text_of(await alice.sees("10 articles."))
    alice.turns("corpus-list")
    assert text_of(await alice.sees("Tide of day")) != first
    alice.runs("corpus list", words="day 7")
    await alice.sees("One article.")
    alice.runs("corpus status")
    await alice.sees("This server's articles:** 10 in 10 passages")


async def test_an_admin_updates_the_index_and_cancels_a_job_meanwhile(live: Live, one: Place):
    one.alice.runs("corpus reindex", full=True)
    await one.alice.sees(SAY("reindexed"))
    one.alice.runs("corpus reindex")
    await one.alice.sees(SAY("reindexed-nothing"))
    held = hold_jobs(live.bot)
    # A text that was embedded before would not be embedded again.
    name, content = BRIDGE
    unseen = f"It stays so for {secrets.token_hex(4)} days, the minister added.".encode()
    one.alice.runs("corpus add", file=(name, content + unseen))
    shown = await one.alice.sees("making searchable")
    one.bob.asks(QUESTION)
    await one.bob.sees(ANSWER)
    one.alice.presses("Cancel", shown)
    await one.alice.sees(SAY("job-cancelling"))
    held.release.set()
    await one.alice.sees(SAY("job-cancelled"))
    live.bot.jobs.embedder = HashingEmbedder()


async def test_an_admin_follows_feeds(live: Live, one: Place):
    alice = one.alice
    for number in range(9):
        live.paper.site.serve(f"/feed-{number}", response(live.paper.rss()))
        alice.runs("corpus feed add", link=live.paper.url(f"/feed-{number}"), publisher="Velden Times")
        await alice.sees("Added: Harbour Herald. It lists 2 entries")
    alice.presses("What has come in")
    await alice.sees("still to be fetched")
    feed = (await alice.completes("corpus feed check", "feed", "herald"))[0]
    alice.runs("corpus feed check", feed=feed)
    await alice.sees("Council votes on item 1")
    assert feed in await alice.completes("corpus feed pause", "feed", "")
    alice.runs("corpus feed pause", feed=feed)
    await alice.sees("Paused: Harbour Herald")
    alice.runs("corpus feed pause", feed=feed, resume=True)
    await alice.sees("Resumed: ")
    alice.runs("corpus feed list")
    before = text_of(await alice.sees("9 of 9 feeds"))
    alice.turns("feed-list")
    assert text_of(await alice.sees("9 of 9 feeds")) != before
    assert feed in await alice.completes("corpus feed remove", "feed", "")
    alice.runs("corpus feed remove", feed=feed)
    await alice.sees("Removed: Harbour Herald")


async def test_an_admin_chooses_settings_reads_insights_and_the_log(one: Place):
    alice, log = one.alice, one.new_channel("log")
    assert set(await alice.completes("settings set", "setting", "", value="x")) == set(ServerSettings.model_fields)
    assert f"<#{log.id}>" in await alice.completes("settings set", "value", "log", setting="log_channel")
    alice.runs("settings set", setting="log_channel", value=f"<#{log.id}>")
    await alice.sees("is now")
    alice.runs("settings set", setting="keep_days", value="7")
    await alice.sees("`keep_days` is now 7")
    act = await alice.at(log).sees("`/settings set`")
    assert not act["mentions"]
    alice.runs("settings show")
    await alice.sees("`keep_days`: **7**")
    assert await alice.completes("settings reset", "setting", "keep") == ["keep_days"]
    alice.runs("settings reset", setting="keep_days")
    await alice.sees("`keep_days` is now 30")
    one.bob.runs("ask", question=QUESTION)
    await one.bob.sees(ANSWER)
    alice.runs("insights", days=7)
    told = text_of(await alice.sees(SAY("insights-title")))
    assert str(one.bob.user.id) not in told


async def test_a_member_is_not_shown_the_commands_and_refused_where_the_server_shows_them(one: Place):
    for command in ("corpus status", "settings show", "insights"):
        with pytest.raises(AssertionError, match="not shown"):
            one.bob.runs(command)
    one.permits("corpus", one.bob)
    one.bob.runs("corpus add", file=BRIDGE)
    await one.bob.sees(SAY("failure-not-manager"))
    assert not await one.bob.completes("corpus remove", "article", "")


async def test_an_operator_changes_the_shared_articles_and_publishers(live: Live, one: Place, two: Place, olga: Person):
    one.alice.runs("corpus add", file=BRIDGE, shared=True)
    await one.alice.sees(SAY("failure-not-operator"))
    for takes_back in (True, False):
        olga.runs("corpus add", file=BRIDGE, shared=True)
        await olga.sees("One article added")
        two.bob.asks(BRIDGE_QUESTION)
        await two.bob.sees(BRIDGE_ANSWER)
        if takes_back:
            olga.runs("corpus undo", shared=True)
            await olga.sees("Undo the last addition?")
            olga.presses("Undo")
            await olga.sees("one article removed")
        else:
            (number,) = await olga.completes("corpus remove", "article", "bridge", shared=True)
            olga.runs("corpus remove", article=number, shared=True)
            await olga.sees("Remove this article for good?")
            olga.presses("Remove it")
            await olga.sees("Removed: Velden bridge closes")
        two.bob.asks(BRIDGE_QUESTION)
        assert BRIDGE_ANSWER not in text_of(await two.bob.sees())
    olga.runs("corpus publisher", name="The Example Courier", kind="newspaper", country="LV", domain="news.example")
    await olga.sees("Publisher changed: The Example Courier (Latvia, newspaper).")
    olga.runs("corpus publisher", name="news.example", state_controlled=True, source="A decree of 2024")
    await olga.sees("(Latvia, state-controlled newspaper)")
    two.bob.asks(QUESTION)
    await two.bob.sees("(Latvia, state-controlled newspaper)")
