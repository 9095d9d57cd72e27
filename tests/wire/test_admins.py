"""What admins do over the wire: articles with progress and cancel, settings, and what stays in their server."""

import asyncio
import threading

import pytest

from bot.discord.client import AttacheBot
from bot.settings import Settings
from tests.discord.admins import MINE as FILE
from tests.discord.admins import QUESTION as ABOUT_IT
from tests.fakes import HashingEmbedder
from tests.wire.running import ANSWER, QUESTION, connected
from tests.wire.script import Place, make_place, text_of
from tests.wire.server import Server

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


@pytest.mark.parametrize("shards", [1, 2, 4])
async def test_admins_feed_their_server_and_nobody_else_reads_it(server: Server, settings: Settings, shards: int):
    one, two = make_place(server), make_place(server, "two")
    async with connected(server, settings, shards=shards):
        one.alice.runs("corpus add", file=("bridge.md", FILE))
        await one.alice.sees("One article added")
        one.bob.asks(ABOUT_IT)
        await one.bob.sees(TOLD)
        await nothing_leaks(two)
        one.alice.runs("settings set", setting="answer_style", value="plain")
        await one.alice.sees("answer_style")
        one.bob.asks(QUESTION)
        assert (await one.bob.sees(ANSWER))["content"]
        one.alice.runs("corpus undo")
        await one.alice.sees("one article removed")
        assert "answer_style" in await one.alice.completes("settings set", "setting", "answer", value="x")


async def nothing_leaks(place: Place) -> None:
    """Everything that shows articles, in another server."""
    eve = place.newcomer("eve")
    before = len(place.server.world.uploads)
    eve.asks(ABOUT_IT)
    seen = [await eve.sees()]
    for command, options in (("ask", {"question": ABOUT_IT}), ("search", {"query": "Velden bridge"}), ("sources", {})):
        eve.runs(command, **options)
        seen.append(await eve.sees())
    choices = await eve.completes("ask", "publisher", "valley", question="x")
    choices += await eve.completes("article", "title", "bridge")
    told = "\n".join(map(text_of, seen)) + str(choices)
    assert "Valley Times" not in told
    assert "cracked pillars" not in told
    assert len(place.server.world.uploads) == before


async def test_progress_is_shown_while_it_lasts_and_cancel_takes_it_all_back(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings) as bot:
        held = hold(bot)
        place.alice.runs("corpus add", file=("bridge.md", FILE))
        shown = await place.alice.sees("making searchable")
        place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)
        place.alice.presses("Cancel", shown)
        await place.alice.sees("Cancelling")
        held.release.set()
        await place.alice.sees("Cancelled.")
        bot.jobs.embedder = HashingEmbedder()
        place.bob.asks(ABOUT_IT)
        assert TOLD not in text_of(await place.bob.sees())


async def test_members_are_not_even_shown_the_commands_of_admins(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        with pytest.raises(AssertionError, match="not shown"):
            place.bob.runs("corpus reindex")
        await asyncio.sleep(0)
