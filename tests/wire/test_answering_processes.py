"""`attache bot` with answering processes, from outside: it answers, loses some, goes on, and leaves none behind."""

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from tests.wire.process import process
from tests.wire.script import make_place
from tests.wire.server import Server

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="answering processes need Linux")]

ANSWER = "Nozari"


def processes_below(pid: int) -> set[int]:
    """All processes that it started, and those started by them."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found |= {child} | processes_below(child)
    return found


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
async def test_it_answers_goes_on_without_a_process_and_leaves_none_behind(
    end: signal.Signals, server: Server, starter_data: Path, tmp_path: Path
):
    shutil.copytree(starter_data, tmp_path / "run" / "data")
    place = make_place(server)
    async with process(server, tmp_path / "run", shards=0, model="real") as bot:
        await bot.start(answering="2")
        await bot.is_up(300)
        started = processes_below(bot.pid)
        # The one that the others are forked from, and two that answer.
        assert len(started) == 3, bot.told()
        place.bob.runs("ask", question="Did Iran deny the missile reports?")
        await place.bob.sees(ANSWER)
        (nursery,) = [pid for pid in started if processes_below(pid)]
        for pid in started - {nursery}:
            os.kill(pid, signal.SIGKILL)
        place.bob.runs("ask", question="Did Iran deny that it sent missiles to Russia?")
        await place.bob.sees(ANSWER)
        left = processes_below(bot.pid) | started
        bot.signal(end)
        assert await bot.ends() == (0 if end is signal.SIGTERM else -signal.SIGKILL), bot.told()
        await server.until(lambda: not any(map(is_running, left)), "the end of all processes")
        assert "Traceback" not in bot.told()
