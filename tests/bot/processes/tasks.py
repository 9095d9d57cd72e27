"""What the tests have answering processes do: answer with quick vectors, crash, get stuck, fail."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from bot.answering.reader.relations import Reader
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
