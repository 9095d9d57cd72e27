"""Runs a program in a time that another process moves on: its clocks, its timers and its threads' waits follow."""

import mmap
import runpy
import struct
import sys
import threading
import time
from pathlib import Path

import time_machine

# Seconds ahead that are wanted, and those that are reached.
_SHARED = struct.Struct("dd")
# Real seconds between two looks: of the thread that moves time, and of a thread that waits.
LOOK_S, WAIT_LOOK_S = 0.002, 0.02
# Time stands while these threads work: what they fetch must not seem to take half a minute.
WORKERS = ("polling",)


class Shared:
    """Seconds that a program's time is ahead of the real one, in a file that both sides map."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_SHARED.pack(0.0, 0.0))
        with path.open("r+b") as file:
            self._bytes = mmap.mmap(file.fileno(), _SHARED.size)

    @property
    def wanted(self) -> float:
        return float(_SHARED.unpack_from(self._bytes)[0])

    @wanted.setter
    def wanted(self, seconds: float) -> None:
        struct.pack_into("d", self._bytes, 0, seconds)

    @property
    def reached(self) -> float:
        return float(_SHARED.unpack_from(self._bytes)[1])

    @reached.setter
    def reached(self, seconds: float) -> None:
        struct.pack_into("d", self._bytes, 8, seconds)


class Travel:
    """The moving of this process's time: `time`, `datetime`, event loops and `threading.Event` go along.

    `time.perf_counter` stays real, and with it what discord.py measures of its connection.
    """

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._resting: set[int] = set()
        self._lock = threading.Lock()
        self._ahead = 0.0
        self._monotonic = time.monotonic
        self._wait = threading.Event.wait
        self._wall = time_machine.travel(time.time(), tick=True).start()

    def begin(self) -> None:
        """To be called before anything is imported that keeps a clock."""
        time.monotonic = lambda: self._monotonic() + self._ahead
        travel = self

        def wait(event: threading.Event, timeout: float | None = None) -> bool:
            return travel._wait(event) if timeout is None else travel._wait_until(event, time.monotonic() + timeout)

        threading.Event.wait = wait  # type: ignore[method-assign]
        threading.Thread(target=self._follow, name="travelling", daemon=True).start()

    def _wait_until(self, event: threading.Event, end: float) -> bool:
        mine = threading.get_ident()
        with self._lock:
            self._resting.add(mine)
        try:
            while not event.is_set() and (left := end - time.monotonic()) > 0:
                self._wait(event, min(left, WAIT_LOOK_S))
        finally:
            with self._lock:
                self._resting.discard(mine)
        return event.is_set()

    def _follow(self) -> None:
        while True:
            step = self._shared.wanted - self._ahead
            if step > 0:
                with self._lock:
                    if not self._is_working():
                        self._wall.shift(step)
                        self._ahead += step
                        self._shared.reached = self._ahead
            time.sleep(LOOK_S)

    def _is_working(self) -> bool:
        return any(each.name in WORKERS and each.ident not in self._resting for each in threading.enumerate())


def main() -> None:
    """`python -m tests.wire.shifted_time FILE -m MODULE ARGUMENTS...` runs a module in the time that the file says."""
    path, _, module, *arguments = sys.argv[1:]
    Travel(Shared(Path(path))).begin()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
