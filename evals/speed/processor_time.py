"""Processor time of the processes that this one started, counted while they live."""

import os
import threading
from pathlib import Path
from typing import Self

PROC = Path("/proc")
# Starts the workers of a Ray cluster on this machine, and may itself be started by nobody that is still there.
_RAYLET = "(raylet"
# What a process takes between the last look and its end is not seen.
_EVERY_S = 0.2


class ProcessorTime:
    """Looks at this process's descendants, and a local Ray's, five times a second, within a block.

    The system adds what ended children took to their parent's account, but not for parents who ignore their children's
    end (wait(2), NOTES), such as Ray's `raylet`.
    """

    def __init__(self, proc: Path = PROC) -> None:
        self._proc = proc
        self._lock = threading.Lock()
        # Seconds by process: its id, and when it started, since ids come again.
        self._taken: dict[tuple[int, int], float] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._go_on_looking)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def look(self) -> float:
        """Return the seconds that all descendants seen so far have taken, those of ended ones included."""
        with self._lock:
            self._taken |= self._descendants()
            return sum(self._taken.values())

    def _go_on_looking(self) -> None:
        while not self._stop.wait(_EVERY_S):
            self.look()

    def _descendants(self) -> dict[tuple[int, int], float]:
        tick = os.sysconf("SC_CLK_TCK")
        parents: dict[int, int] = {}
        taken: dict[int, tuple[tuple[int, int], float]] = {}
        found = {os.getpid()}
        for stat in self._proc.glob("[0-9]*/stat"):
            try:
                # Fields 4, 14, 15 and 22, counted after the name, which may contain anything (proc_pid_stat(5)).
                name, _, rest = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")
            except OSError:
                continue
            pid, fields = int(stat.parent.name), rest.split()
            found |= {pid} if name.endswith(_RAYLET) else set()
            parents[pid] = int(fields[1])
            taken[pid] = (pid, int(fields[19])), (int(fields[11]) + int(fields[12])) / tick
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return dict(taken[pid] for pid in found - {os.getpid()} if pid in taken)
