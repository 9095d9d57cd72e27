"""`attache bot` from outside: its death, a stop in its midst, a disk that is full."""

import asyncio
import resource
import shutil
import signal
import sys
from pathlib import Path

import pytest

from tests.wire.live_bot import ANSWER, QUESTION, SETTLED_QUESTION
from tests.wire.process import process
from tests.wire.script import buttons_of, make_place
from tests.wire.server import Server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits and signals of Linux")


@pytest.fixture
def folder(fed_folder: Path, tmp_path: Path) -> Path:
    shutil.copytree(fed_folder, tmp_path / "run" / "data")
    return tmp_path / "run"


async def test_killed_and_started_again_it_answers_old_buttons_and_new_questions(server: Server, folder: Path):
    place = make_place(server)
    async with process(server, folder) as bot:
        await bot.start()
        await bot.is_up()
        place.bob.runs("ask", question=SETTLED_QUESTION)
        answer = await place.bob.sees(ANSWER)
        bot.signal(signal.SIGKILL)
        await bot.ends()
        server.gateway.cut()
        server.clock.advance(6)
        for session in server.gateway.live():
            session.is_over = True
        syncs = [call for call in server.calls if call.request.startswith("PUT")]
        await bot.start()
        await bot.is_up()
        assert buttons_of(answer)
        place.bob.presses("uote", answer)
        await place.bob.sees(ANSWER)
        place.bob.asks(SETTLED_QUESTION)
        await place.bob.sees(ANSWER)
        # Commands that have not changed are not told again.
        assert [call for call in server.calls if call.request.startswith("PUT")] == syncs


@pytest.mark.slow
async def test_stopped_for_more_than_three_seconds_it_goes_on_afterwards(server: Server, folder: Path):
    """As a computer that sleeps, or a loop that is busy: what came in meanwhile is too late, and the rest goes on."""
    place = make_place(server)
    async with process(server, folder) as bot:
        await bot.start()
        await bot.is_up()
        bot.signal(signal.SIGSTOP)
        shake = place.bob.runs("ask", question=QUESTION)
        asked = place.alice.asks(QUESTION)
        await asyncio.sleep(3.2)
        bot.signal(signal.SIGCONT)
        await server.until(lambda: place.alice.replies_to(asked), "an answer")
        await server.until(lambda: shake.refusals, "a refusal")
        assert shake.refusals == [10062]
        place.bob.runs("ask", question=QUESTION)
        await place.bob.sees(ANSWER)
        assert "incident" not in bot.told()


@pytest.mark.slow
async def test_on_a_full_disk_it_answers_without_buttons_and_says_what_it_can_not_do(server: Server, folder: Path):
    place = make_place(server)
    async with process(server, folder) as bot:
        await bot.start()
        await bot.is_up()
        place.bob.runs("ask", question=QUESTION)
        assert buttons_of(await place.bob.sees(ANSWER))
        # No file may grow any more.
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        place.bob.runs("ask", question=QUESTION)
        assert not buttons_of(await place.bob.sees(ANSWER))
        place.alice.runs("corpus add", file=("one.md", b"The ferry to Ostrava sails at noon from Monday on."))
        await place.alice.sees("can't reach my articles")
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        place.alice.runs("corpus add", file=("one.md", b"The ferry to Ostrava sails at noon from Monday on."))
        await place.alice.sees("One article added")
