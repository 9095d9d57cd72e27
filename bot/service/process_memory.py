"""The memory of processes: what they take, what answering processes will need, and what the allocator gives back."""

import ctypes
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.settings import BadSettings, Settings

# What an answering process holds for itself after some fifty answers over 10,000 passages, and what the process that
# they are forked from does; `python -m evals bench pool` measures both.
OWN_BYTES = 330_000_000
NURSERY_BYTES = 200_000_000
# glibc gives threads up to eight arenas for each processor (mallopt(3)), and each arena keeps what its threads freed:
# some 100 MB with the threads of an answer. Two are enough where most threads wait for the interpreter.
MOST_ARENAS = 2
# malloc.h
_M_ARENA_MAX = -8


@dataclass(frozen=True, slots=True)
class ProcessMemory:
    """Memory of one process in bytes: `share` counts a page that n processes share as an nth of it, `own` not at all.

    All shares add up to what the bot takes.
    """

    name: str
    share: int
    own: int


def read_memory(name: str, pid: int) -> ProcessMemory | None:
    """Return a process's memory; None if it is gone, or the system does not tell (proc_pid_smaps(5), Linux only)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
        sizes = {line.partition(":")[0]: 1024 * int(line.split()[1]) for line in lines}
        return ProcessMemory(name, sizes["Pss"], sizes["Private_Clean"] + sizes["Private_Dirty"])
    except (OSError, LookupError, ValueError):
        return None


def memory_for(processes: int) -> tuple[int, int]:
    """Return the bytes that so many answering processes take, and those that are free; 0 if that is unknown."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        free = next((1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")), 0)
    except OSError:
        free = 0
    return OWN_BYTES * processes + NURSERY_BYTES, free


def share_arenas() -> None:
    """Have all threads share two of the allocator's arenas; call it before there are any.

    Does nothing where the operator chose a number (`MALLOC_ARENA_MAX`), and with other allocators than glibc's.
    """
    if "MALLOC_ARENA_MAX" not in os.environ and (libc := _libc()):
        with suppress(AttributeError):
            libc.mallopt(_M_ARENA_MAX, MOST_ARENAS)


def return_freed_memory() -> None:
    """Give memory that was freed back to the system (malloc_trim(3)); does nothing with other allocators than glibc's.

    It takes some milliseconds without the interpreter, so that other threads go on.
    """
    if libc := _libc():
        with suppress(AttributeError):
            libc.malloc_trim(0)


def _libc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if sys.platform == "linux" else None


def can_fork() -> bool:
    """Return whether this system can have answering processes."""
    return sys.platform == "linux"


def check_answering(settings: Settings) -> None:
    """Check that this system can answer from as many processes as the settings say.

    Raises:
        BadSettings: it can't.
    """
    if settings.answering > 1 and not can_fork():
        raise BadSettings(
            f"ATTACHE_ANSWERING={settings.answering} needs Linux: here only one thread can answer.",
            "Set ATTACHE_ANSWERING=1.",
        )
