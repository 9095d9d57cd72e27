"""The allocator keeps little of what was freed, and whatever allocator there is, nothing fails."""

import ctypes
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.service import process_memory
from bot.service.process_memory import MOST_ARENAS, return_freed_memory, share_arenas

ROOT = Path(__file__).parents[3]
HAS_GLIBC = sys.platform == "linux" and hasattr(ctypes.CDLL(None), "mallopt")
only_with_glibc = pytest.mark.skipif(not HAS_GLIBC, reason="the allocator is another")
# Each of twelve threads allocates while all the others are there; then the allocator tells of its arenas.
ARENAS = """
import ctypes, sys, threading
from bot.service.process_memory import share_arenas
share_arenas()
libc = ctypes.CDLL(None)
libc.fopen.restype = libc.malloc.restype = ctypes.c_void_p
together = threading.Barrier(12)
def allocate():
    together.wait()
    libc.malloc(5_000)
    together.wait()
threads = [threading.Thread(target=allocate) for _ in range(12)]
[each.start() for each in threads], [each.join() for each in threads]
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file), libc.fclose(file)
"""
# 60 MB in pieces that the allocator takes from the middle of its heap, with the last still in use.
FREED = """
import ctypes
from pathlib import Path
from bot.service.process_memory import return_freed_memory
def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
pieces = [ctypes.c_void_p(libc.malloc(60_000)) for _ in range(1_000)]
[ctypes.memset(each, 1, 60_000) for each in pieces]
[libc.free(each) for each in pieces[:-1]]
before = held()
return_freed_memory()
print(before - held())
"""


def run(program: str, *arguments: str, **environment: str) -> str:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True, check=True).stdout


def arenas(tmp_path: Path, **environment: str) -> int:
    run(ARENAS, str(tmp_path / "told"), **environment)
    return (tmp_path / "told").read_text().count("<heap nr=")


@only_with_glibc
def test_threads_share_two_arenas_unless_the_operator_chose_a_number(tmp_path: Path) -> None:
    assert arenas(tmp_path) <= MOST_ARENAS
    assert arenas(tmp_path, MALLOC_ARENA_MAX="5") > MOST_ARENAS


@only_with_glibc
def test_what_was_freed_is_given_back() -> None:
    assert int(run(FREED)) > 40_000_000


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_other_allocators_are_left_alone(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    """Such as musl's, which has neither function."""
    monkeypatch.setattr(process_memory.sys, "platform", platform)
    monkeypatch.setattr(process_memory.ctypes, "CDLL", lambda _name: SimpleNamespace())
    monkeypatch.delenv("MALLOC_ARENA_MAX", raising=False)
    share_arenas()
    return_freed_memory()
