"""What the tests have answering processes do: answer with quick vectors, crash, get stuck, fail."""

import os
import pickle
import signal
import struct
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bot.answering.reader.relations import Reader
from bot.processes.answer_loop import Said, answer_until_closed
from bot.processes.link import MOST_BYTES
from bot.service.attache import Attache
from bot.settings import Settings
from corpus.errors import AttacheError
from index.embedding.embedder import Embedder, packaged_embedder
from tests.fakes import HashingEmbedder, agreeing_reader


def load_fakes(_settings: Settings) -> tuple[Embedder, Reader]:
    packaged_embedder().encode(())
    return HashingEmbedder(), agreeing_reader()


def load_nothing(_settings: Settings) -> tuple[Embedder, Reader]:
    raise AttacheError("There is no model.")


def find_ids(attache: Attache, words: str) -> list[str | None]:
    return [hit.article.external_id for hit in attache.search(words).hits]


def lose_once(_attache: Attache, how: str, mark: Path) -> str:
    """Crash or hang, but the first time only, which leaves the mark behind."""
    if mark.exists():
        return "answered"
    mark.touch()
    return lose(_attache, how)


def lose(_attache: Attache, how: str) -> str:
    match how:
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exited":
            os._exit(3)
        case "stopped":
            os.kill(os.getpid(), signal.SIGSTOP)
        case "busy":
            while True:
                pass
    time.sleep(60)
    return "never"


def garble_once(_attache: Attache, how: str, mark: Path) -> str:
    """Send something else than a message, but the first time only, which leaves the mark behind."""
    if mark.exists():
        return "answered"
    mark.touch()
    link, number = _of_process("link"), _of_process("number")

    def framed(content: bytes) -> bytes:
        return struct.pack("!I", len(content)) + content

    if how == "half, and ends":
        os.write(link.fileno(), struct.pack("!I", 1000) + b"half")
        os._exit(1)
    if how == "byte by byte":
        os.write(link.fileno(), struct.pack("!I", 1000))
        while True:
            os.write(link.fileno(), b"a")
            time.sleep(0.05)
    if how == "sentences without end":
        while True:
            os.write(link.fileno(), framed(pickle.dumps((number, Said.TOLD, "Hello."))))
    sent = {
        "no pickle": framed(b"garbage"),
        "a longer message than one may be": struct.pack("!I", MOST_BYTES + 1),
        "another form": framed(pickle.dumps("an answer")),
        "an unknown word": framed(pickle.dumps((number, "answered", "an answer"))),
        "a failure that is none": framed(pickle.dumps((number, Said.FAILED, "a failure"))),
        "a beginning twice": framed(pickle.dumps((number, Said.BEGAN, None))),
        "an answer to another question": framed(pickle.dumps((number - 1, Said.DONE, "another answer"))),
    }
    os.write(link.fileno(), sent[how])
    time.sleep(60)
    return "never"


def return_much(_attache: Attache) -> bytes:
    return bytes(MOST_BYTES + 1)


def end_by_exit(_attache: Attache) -> None:
    raise SystemExit(3)


def _of_process(name: str) -> Any:
    """What the loop of this process has under a name: its end of the link, or the number of the work."""
    frame: Any = sys._getframe()
    while frame.f_code is not answer_until_closed.__code__:
        frame = frame.f_back
    found = frame.f_locals[name]
    assert isinstance(found, Connection | int)
    return found


def fail(_attache: Attache) -> None:
    raise OddError("some", "thing")


def return_lock(_attache: Attache) -> Any:
    return (each for each in ())


def tell_surroundings(attache: Attache) -> tuple[str, list[str]]:
    secret = attache.settings.discord_token.get_secret_value()
    return secret, [name for name in os.environ if name.startswith("ATTACHE_")]


def wait(_attache: Attache, seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


class OddError(Exception):
    """Can't be made again from its message."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one}{other}")
