"""What admins do with the articles of their server over the wire, on every number of shards."""

import json
import secrets
import threading

import pytest

from bot.discord.bot import AttacheBot
from bot.discord.i18n.phrases import phrases_in
from tests.discord.admins import MINE as FILE
from tests.discord.admins import QUESTION as ABOUT_IT
from tests.fakes import HashingEmbedder
from tests.wire.live import Live
from tests.wire.live_bot import ANSWER, QUESTION
from tests.wire.script import Place, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAY = phrases_in("en").say
BRIDGE = ("bridge.md", FILE)
TOLD = "The Velden bridge closes"


class Held(HashingEmbedder):
    """Embeds only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.release = threading.Event(), threading.Event()

    def encode(self, texts, on_done=lambda _count: None):
        self.begun.set()
        self.release.wait(20)
        return super().encode(texts, on_done)


def hold(bot: AttacheBot) -> Held:
    """Makes the next work on the corpus wait."""
    held = Held()
    bot.jobs.embedder = held
    return held


async def adds(place: Place) -> None:
    place.alice.runs("corpus add", file=BRIDGE)
    await place.alice.sees("One article added")


async def test_an_article_is_added_asked_about_and_taken_back(one: Place):
    assert await one.alice.completes("corpus add", "publisher", "exam") == ["The Example Courier"]
    one.alice.runs("corpus add", file=BRIDGE, publisher="The Example Courier")
    assert (await one.alice.sees("One article added"))["flags"] & 64
    one.bob.asks(ABOUT_IT)
    await one.bob.sees(TOLD)
    one.alice.runs("corpus undo")
    await one.alice.sees("one article removed")
    one.bob.asks(ABOUT_IT)
    assert TOLD not in text_of(await one.bob.sees())
    one.alice.runs("corpus undo")
    await one.alice.sees(SAY("undo-nothing"))


async def test_a_link_is_fetched(live: Live, one: Place):
    one.alice.runs("corpus add", link=live.paper.url("/story-1.html"))
    await one.alice.sees("One article added")
    one.bob.asks("What did the council of Velden vote on?")
    await one.bob.sees("Council votes on item 1")
    one.alice.runs("corpus add", link="http://169.254.169.254/latest")
    await one.alice.sees("One was rejected")


async def test_what_can_not_be_added_is_explained(one: Place):
    one.alice.runs("corpus add")
    await one.alice.sees(SAY("add-needs-one"))
    one.alice.runs("corpus add", file=("a.exe", b"MZ"))
    await one.alice.sees("This file type isn't supported")
    one.alice.runs("corpus add", file=("bad.jsonl", b'{"body": "@everyone **x**", "title": 5}\n' * 30))
    assert "@everyone" not in text_of(await one.alice.sees("30 were rejected"))


async def test_one_article_is_removed_and_no_shared_one(one: Place):
    await adds(one)
    assert not await one.alice.completes("corpus remove", "article", "arland")
    (number,) = await one.alice.completes("corpus remove", "article", "bridge")
    one.alice.runs("corpus remove", article=number)
    await one.alice.sees("Removed: Velden bridge closes")
    one.alice.runs("corpus remove", article="1")
    await one.alice.sees(SAY("remove-unknown"))
    one.bob.asks(QUESTION)
    await one.bob.sees(ANSWER)


async def test_the_list_has_pages_and_takes_words(one: Place):
    lines = [
        json.dumps({"title": f"Tide of day {day}", "body": f"The tide of day {day} came in at noon, as foretold."})
        for day in range(10)
    ]
    one.alice.runs("corpus list")
    await one.alice.sees("has no articles of its own yet")
    one.alice.runs("corpus add", file=("tides.jsonl", "\n".join(lines).encode()))
    await one.alice.sees("10 articles added")
    one.alice.runs("corpus list")
    first = text_of(await one.alice.sees("10 articles."))
    one.alice.turns("corpus-list")
    assert text_of(await one.alice.sees("Tide of day")) != first
    one.alice.runs("corpus list", words="day 7")
    await one.alice.sees("One article.")


async def test_the_status_tells_what_there_is_and_how_fresh(one: Place):
    await adds(one)
    one.alice.runs("corpus status")
    told = text_of(await one.alice.sees("This server's articles:** 1 in 1 passages"))
    assert SAY("corpus-index-current") in told
    assert SAY("corpus-no-job") in told


async def test_the_index_is_brought_up_to_date_in_full_once_an_hour(one: Place):
    one.alice.runs("corpus reindex")
    await one.alice.sees(SAY("reindexed").removesuffix("."))
    one.alice.runs("corpus reindex")
    await one.alice.sees(SAY("reindexed-nothing"))
    one.alice.runs("corpus reindex", full=True)
    await one.alice.sees("The index is up to date")
    one.alice.runs("corpus reindex", full=True)
    await one.alice.sees("once an hour")


async def test_acts_are_told_in_the_log_channel_without_a_ping(one: Place):
    log = one.new_channel("log")
    choice = f"<#{log.id}>"
    assert choice in await one.alice.completes("settings set", "value", "log", setting="log_channel")
    one.alice.runs("settings set", setting="log_channel", value=choice)
    await one.alice.sees("is now")
    reader = one.alice.at(log)
    one.alice.runs("corpus add", file=("@everyone.md", FILE))
    noted = await reader.sees("`/corpus add`")
    assert f"<@{one.alice.user.id}>" in noted["content"]
    assert "@everyone" not in noted["content"]
    assert not noted["mentions"]
    one.alice.runs("settings set", setting="log_channel", value="none")
    await reader.sees("`/settings reset`")


async def test_a_log_channel_of_another_server_or_without_the_right_to_write_is_refused(one: Place, two: Place):
    locked = one.new_channel("locked", denied=1 << 11)
    for channel, told in ((two.channel, "setting-unknown-channel"), (locked, "setting-locked-channel")):
        one.alice.runs("settings set", setting="log_channel", value=f"<#{channel.id}>")
        await one.alice.sees(SAY(told))


async def test_progress_is_shown_while_it_lasts_and_cancel_takes_it_all_back(live: Live, one: Place, two: Place):
    held = hold(live.bot)
    # A text that was made searchable before would not be so again.
    unseen = f"It stays so for {secrets.token_hex(4)} days, the minister added.".encode()
    one.alice.runs("corpus add", file=("bridge.md", FILE + unseen))
    shown = await one.alice.sees("making searchable")
    two.alice.runs("corpus reindex")
    assert str(one.alice.user.id) not in text_of(await two.alice.sees("waiting for its turn"))
    one.bob.asks(QUESTION)
    await one.bob.sees(ANSWER)
    one.alice.presses("Cancel", shown)
    await one.alice.sees(SAY("job-cancelling"))
    held.release.set()
    await one.alice.sees(SAY("job-cancelled"))
    await two.alice.sees("up to date")
    live.bot.jobs.embedder = HashingEmbedder()
    one.bob.asks(ABOUT_IT)
    assert TOLD not in text_of(await one.bob.sees())


async def test_members_are_not_even_shown_the_commands_of_admins(one: Place):
    for command in ("corpus status", "settings show", "insights"):
        with pytest.raises(AssertionError, match="not shown"):
            one.bob.runs(command)


async def test_a_member_whom_the_server_lets_through_is_refused(one: Place):
    one.permits("corpus", one.bob)
    one.bob.runs("corpus add", file=BRIDGE)
    await one.bob.sees(SAY("failure-not-allowed"))
    assert not await one.bob.completes("corpus remove", "article", "")
