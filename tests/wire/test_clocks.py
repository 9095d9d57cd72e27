"""The bot's own clock jumps, hours ahead and back: what counts seconds goes by time that only grows."""

import time
from datetime import datetime, timedelta

import pytest

from bot.settings import Settings
from tests.wire.held_requests import hold_jobs
from tests.wire.live_bot import ANSWER, BRIDGE, QUESTION, connected
from tests.wire.script import make_place
from tests.wire.server import Server

HOURS = 5 * 3600.0


class Wall:
    """The clock of this computer, as the bot reads it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead_s = 0.0
        real, wall = time.time, self

        class Moved(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.fromtimestamp(real() + wall.ahead_s, tz)

        monkeypatch.setattr("discord.utils.datetime.datetime", Moved)
        for module in (
            "bot.discord.questions.ask_flow",
            "bot.discord.questions.earlier_answers",
            "bot.discord.cogs.corpus",
            "corpus.timestamps",
        ):
            monkeypatch.setattr(f"{module}.datetime", Moved)
        monkeypatch.setattr(time, "time", lambda: real() + wall.ahead_s)


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch, server: Server) -> Wall:
    # Discord's clock goes on.
    monkeypatch.setattr(server.clock, "now", lambda real=time.time: real() + server.clock._ahead_s)
    return Wall(monkeypatch)


@pytest.mark.parametrize("jump", [HOURS, -HOURS], ids=["ahead", "back"])
async def test_questions_and_their_limits_do_not_notice(server: Server, settings: Settings, wall: Wall, jump: float):
    place = make_place(server)
    async with connected(server, settings) as bot:
        await bot.settings_cache.set(place.guild.id, "questions_per_minute_member", "2")
        for _ in range(2):
            place.bob.asks(QUESTION)
            await place.bob.sees(ANSWER)
        wall.ahead_s = jump
        # The minute is not over because the clock says so, nor is it hours long.
        place.bob.runs("ask", question=QUESTION)
        told = await place.bob.sees("seconds")
        assert any(f" {seconds} " in str(told) for seconds in range(40, 61))
        place.alice.runs("ask", question=QUESTION, private=True)
        answer = await place.alice.sees(ANSWER)
        place.alice.presses("Share", answer)
        await place.bob.sees(ANSWER)


@pytest.mark.parametrize("jump", [HOURS, -HOURS], ids=["ahead", "back"])
async def test_long_work_is_followed_to_its_end_where_it_was_begun(
    server: Server, settings: Settings, wall: Wall, jump: float
):
    place = make_place(server)
    async with connected(server, settings) as bot:
        held = hold_jobs(bot)
        place.alice.runs("corpus add", file=BRIDGE)
        await place.alice.sees("making searchable")
        wall.ahead_s = jump
        place.alice.runs("corpus status")
        await place.alice.sees("Adding")
        held.release.set()
        await place.alice.sees("One article added")
        assert not place.alice.in_dms().visible()


@pytest.mark.parametrize("jump", [HOURS, -HOURS], ids=["ahead", "back"])
async def test_what_fails_is_told_whatever_the_clock_says(server: Server, settings: Settings, wall: Wall, jump: float):
    place = make_place(server)
    async with connected(server, settings):
        wall.ahead_s = jump
        place.alice.runs("settings set", setting="no such setting", value="1")
        await place.alice.sees("no such setting")


async def test_a_full_reindex_is_possible_again_although_the_clock_was_set_back(
    server: Server, settings: Settings, wall: Wall
):
    place = make_place(server)
    async with connected(server, settings):
        wall.ahead_s = HOURS
        place.alice.runs("corpus reindex", full=True)
        await place.alice.sees("up to date")
        wall.ahead_s = 0.0
        place.alice.runs("corpus reindex", full=True)
        await place.alice.sees("up to date")
        place.alice.runs("corpus reindex", full=True)
        await place.alice.sees("try again in 60 minutes")


async def test_nothing_is_deleted_by_a_clock_that_jumped_years_ahead(server: Server, settings: Settings, wall: Wall):
    place = make_place(server)
    async with connected(server, settings) as bot:
        place.bob.runs("ask", question=QUESTION)
        await place.bob.sees(ANSWER)
        keeper = bot.get_cog("Housekeeper")
        await server.until(keeper.round.is_running, "the rounds of its own")
        keeper.round.cancel()

        async def kept() -> int:
            return (await bot.records.read(lambda db: db.execute("SELECT COUNT(*) FROM asked").fetchone()))[0]

        wall.ahead_s = timedelta(days=400).total_seconds()
        await keeper.round()
        assert await kept() == 1
        wall.ahead_s = 0.0
        await keeper.round()
        await keeper.round()
        assert await kept() == 1
