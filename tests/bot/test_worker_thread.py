"""The thread that the end of the process does not wait for."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bot.worker_thread import Worker

ROOT = Path(__file__).parents[2]


def test_work_is_done_in_order_in_one_thread_and_failures_arrive() -> None:
    worker, done = Worker("test"), []
    threads = [worker.submit(lambda n: (done.append(n), threading.get_ident())[1], n) for n in range(50)]
    assert len({future.result(5) for future in threads}) == 1
    assert done == list(range(50))
    with pytest.raises(ZeroDivisionError):
        worker.submit(lambda: 1 / 0).result(5)
    assert worker.submit(max, 1, 2).result(5) == 2
    worker.shutdown()


def test_shut_down_it_does_what_is_in_line_or_drops_it_and_takes_no_more() -> None:
    for drops in (False, True):
        worker, release = Worker("test"), threading.Event()
        first, second = worker.submit(release.wait, 30), worker.submit(lambda: "second")
        time.sleep(0.05)
        worker.shutdown(wait=False, cancel_futures=drops)
        with pytest.raises(RuntimeError, match="shutdown"):
            worker.submit(lambda: None)
        release.set()
        worker.shutdown()
        assert first.result(5)
        assert second.cancelled() == drops
    Worker("never used").shutdown()


def test_a_shutdown_waits_no_longer_than_stated() -> None:
    worker, release = Worker("test", join_timeout_s=0.1), threading.Event()
    worker.submit(release.wait)
    worker.shutdown()
    release.set()


def test_a_process_ends_although_a_step_goes_on() -> None:
    script = """
import asyncio, time
from bot.worker_thread import Worker

async def main():
    worker = Worker("test", join_timeout_s=0.1)
    asyncio.get_running_loop().run_in_executor(worker, time.sleep, 60)
    await asyncio.sleep(0.1)
    await asyncio.to_thread(worker.shutdown)

asyncio.run(main())
"""
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=20, check=False).returncode == 0
