"""The nursery: a process with one thread that loads the models once, and forks the answering processes from itself."""

import ctypes
import gc
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle

import structlog

from bot.answering.reader.relations import Reader
from bot.ops.log import configure_logging
from bot.processes.answer_loop import answer_until_closed, sendable
from bot.processes.link import send_message
from bot.service.sessions import load_embedder, load_reader
from bot.settings import Settings
from index.embedding.device import is_processor
from index.embedding.embedder import Embedder, packaged_of

LoadModels = Callable[[Settings], tuple[Embedder, Reader]]

log = structlog.get_logger(__name__)

# linux/prctl.h
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Start:
    """What the nursery is told first: the settings, without secrets, and how to load the models."""

    settings: Settings
    load: LoadModels


@dataclass(frozen=True, slots=True)
class Fork:
    """Asks for an answering process; its end of the link follows. The reply is its number, or an OSError."""


@dataclass(frozen=True, slots=True)
class End:
    """Asks to kill a process, if it still runs. The reply is its exit code; None if it is unknown."""

    pid: int


def load_models(settings: Settings) -> tuple[Embedder, Reader]:
    """Load the models of the settings, so that processes forked later share their memory."""
    import torch  # noqa: PLC0415 - takes seconds

    # Threads do not survive a fork, and every core has a process of its own.
    torch.set_num_threads(1)
    embedder, reader = load_embedder(settings), load_reader(settings)
    # What is on an accelerator can't be forked; each process loads it.
    if is_processor(settings.device):
        embedder.encode(())
        packaged_of(embedder).encode(())
        reader.load()
    return embedder, reader


def main(handle: int) -> None:
    """Serve the bot over an inherited socket, until the bot closes it or ends."""
    # Those for the whole group, such as Ctrl-C, are the bot's: it finishes its answers first.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    control = Connection(handle)
    try:
        start: Start = control.recv()
    except EOFError:
        return
    configure_logging(start.settings.log_format)
    try:
        embedder, reader = start.load(start.settings)
    except Exception as error:  # noqa: BLE001 - raised where the bot starts
        send_message(control, sendable(error))
        return
    send_message(control, None)
    # Collecting what was loaded would copy the shared pages into each process.
    gc.collect()
    gc.freeze()
    children: set[int] = set()
    try:
        _serve(control, children, lambda link: answer_until_closed(link, start.settings, embedder, reader))
    except (EOFError, ConnectionError):
        pass
    finally:
        for pid in children:
            _end(pid)


def _serve(control: Connection, children: set[int], answer: Callable[[Connection], None]) -> None:
    while True:
        order: Fork | End = control.recv()
        if isinstance(order, End):
            code = _end(order.pid) if order.pid in children else None
            children.discard(order.pid)
            send_message(control, code)
            continue
        link = recv_handle(control)
        try:
            pid = _fork(control, link, answer)
        except OSError as error:
            send_message(control, error)
        else:
            children.add(pid)
            send_message(control, pid)
        finally:
            os.close(link)


def _fork(control: Connection, link: int, answer: Callable[[Connection], None]) -> int:
    nursery = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        # The bot would not notice the end of the nursery while a process of it holds this.
        control.close()
        _die_with_parent(nursery)
        answer(Connection(link))
        code = 0
    except BaseException:
        log.exception("answering process failed")
    finally:
        os._exit(code)


def _die_with_parent(parent: int) -> None:
    """Have the system kill this process when the nursery ends, whatever it is doing then (prctl(2))."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _end(pid: int) -> int:
    """Kill a child, if it still runs, and return its exit code; negative for a signal."""
    # Its number can't belong to another process before it was waited for.
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
