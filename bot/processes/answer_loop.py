"""What an answering process does: it gets work from the bot, runs it on its own open corpus, and sends the result."""

import pickle
import traceback
from collections.abc import Callable
from enum import StrEnum
from itertools import count
from multiprocessing.connection import Connection
from typing import Any

from bot.answering.reader.relations import Reader
from bot.processes.link import TooLong, send_message
from bot.service.attache import Attache
from bot.settings import Settings
from index.embedding.embedder import Embedder
from index.generation.vector_index import VectorIndex

# A piece of work has to be importable by name with arguments that pickle: `functools.partial` of a module's function.
Work = Callable[[Attache], Any]


class Said(StrEnum):
    """What a message of an answering process is; each comes with the number of the piece of work, and a value.

    `TOLD` carries a sentence for the operator, `BEGAN` nothing: the corpus is open, and the work begins. `DONE` carries
    the result and `FAILED` what was raised; one of them ends each piece of work.
    """

    TOLD = "told"
    BEGAN = "began"
    DONE = "done"
    FAILED = "failed"


def answer_until_closed(link: Connection, settings: Settings, embedder: Embedder, reader: Reader) -> None:
    """Run one piece of work after the other, until the bot closes the link or ends."""
    number = 0

    def tell(said: Said, value: object) -> None:
        # With the number of the work, so that no message is ever taken for one on the next.
        send_message(link, (number, said, value))

    def notify(sentence: str) -> None:
        tell(Said.TOLD, sentence)

    attache = Attache(settings, embedder=embedder, reader=reader, open_vectors=VectorIndex.map, notify=notify)
    with attache:
        for number in count(1):  # noqa: B007 - read by `tell`
            try:
                _run(attache, _receive(link), tell)
            except (EOFError, BrokenPipeError, ConnectionError):
                return


def _receive(link: Connection) -> Work:
    try:
        work: Work = link.recv()
    except (EOFError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - raised where the work is awaited
        failure = error

        def work(_attache: Attache) -> None:
            raise failure

    return work


def _run(attache: Attache, work: Work, tell: Callable[[Said, object], None]) -> None:
    """Run a piece of work, and tell how it ended."""
    try:
        # Verifying or healing an index may take minutes, an answer may not.
        attache.open()
        tell(Said.BEGAN, None)
        tell(Said.DONE, work(attache))
    except (BrokenPipeError, ConnectionError):
        raise
    except BaseException as error:  # noqa: BLE001 - raised where the work is awaited
        try:
            tell(Said.FAILED, sendable(error))
        except TooLong:
            tell(Said.FAILED, RuntimeError(f"{type(error).__name__}, with too long a message to be told"))


def sendable(error: BaseException) -> Exception:
    """Return an error as another process can get it, with its traceback as a note for the log."""
    told = "".join(traceback.format_exception(error))
    try:
        # Those that take other arguments than their message can't be made again.
        found = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    except Exception:  # noqa: BLE001 - whatever it raises, the error can't be sent
        found = None
    # What ends a process there would end the thread that waits here.
    sent = found if isinstance(found, Exception) else RuntimeError(f"{type(error).__name__}: {error}")
    sent.add_note(told)
    return sent
