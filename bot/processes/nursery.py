"""The bot's side of the nursery: starts it, starts it again when it is gone, and has processes forked and ended."""

import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from typing import Any

from pydantic import SecretStr

from bot.processes.link import receive_message
from bot.processes.nursery_main import End, Fork, LoadModels, Start
from bot.settings import PREFIX, Settings
from corpus.errors import AttacheError

# Seconds for loading the models from a slow disk, and for a fork.
LOAD_S = 600.0
FORK_S = 60.0
# Seconds for each part of a message that goes out.
MESSAGE_S = 10
# Seconds that the nursery has to end its processes and itself, before it is killed.
CLOSE_S = 3.0
# The paths are those of the bot, wherever its modules are.
_CODE = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[2]); "
    "from bot.processes.nursery_main import main; main(int(sys.argv[1]))"
)


class CannotFork(AttacheError):
    """The system starts no process now."""


@dataclass(frozen=True, slots=True)
class Child:
    """A process that answers: its number, and the link to it."""

    pid: int
    link: Connection


class Nursery:
    """Forks answering processes from one that has the models loaded; thread-safe.

    Args:
        settings: the settings of the bot; its secrets stay here.
        load: loads the models there; importable by name.
    """

    def __init__(self, settings: Settings, load: LoadModels) -> None:
        none = SecretStr("")
        secrets = {"discord_token": none, "proxy": none, "writer_key": none}
        self._start = Start(settings.model_copy(update=secrets), load)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: Connection | None = None
        self._is_open = True

    @property
    def pid(self) -> int | None:
        """The nursery's number; None while it does not run."""
        return self._process.pid if self._process is not None else None

    def fork(self) -> Child:
        """Start an answering process.

        Raises:
            ModelUnavailable: a model can't be loaded.
            CannotFork: the system starts no process now, or the nursery was closed.
        """
        with self._lock:
            try:
                return self._fork()
            except (EOFError, ConnectionError):
                # It is gone, such as when memory ran out; its processes ended with it.
                self._give_up()
            try:
                return self._fork()
            except (EOFError, ConnectionError) as error:
                self._give_up()
                raise _cannot_fork("it ended at once") from error

    def end(self, child: Child) -> int | None:
        """End a process whatever it is doing; return its exit code, negative for a signal, None if unknown."""
        child.link.close()
        with self._lock:
            if self._control is None:
                return None
            try:
                self._control.send(End(child.pid))
                code: int | None = self._reply(FORK_S)
            except (EOFError, OSError):
                # Its processes end with it.
                self._give_up()
                return None
            return code

    def close(self) -> None:
        """End the nursery and all its processes."""
        self._is_open = False
        process = self._process
        if self._lock.acquire(timeout=CLOSE_S):
            try:
                self._give_up()
            finally:
                self._lock.release()
        elif process is not None:
            # It still loads the models; whoever waits for it holds the lock.
            process.kill()

    def _fork(self) -> Child:
        if not self._is_open:
            raise _cannot_fork("the bot is shutting down")
        control = self._control or self._begin()
        ours, theirs = socket.socketpair()
        with theirs:
            control.send(Fork())
            send_handle(control, theirs.fileno(), self.pid)
        # A process that was stopped in the middle of a message must not hold the thread that waits for it.
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            ours.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", MESSAGE_S, 0))
        link = Connection(ours.detach())
        pid = self._reply(FORK_S)
        if isinstance(pid, OSError):
            link.close()
            raise _cannot_fork(pid.strerror or type(pid).__name__) from pid
        return Child(pid, link)

    def _begin(self) -> Connection:
        ours, theirs = socket.socketpair()
        # The settings come over the socket; the rest of the environment holds what libraries need.
        environment = {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)}
        # Its threads do not survive a fork.
        environment["TOKENIZERS_PARALLELISM"] = "false"
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this very program
                [sys.executable, "-c", _CODE, str(theirs.fileno()), json.dumps(sys.path)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                # Ctrl-C at a terminal is for the bot alone.
                process_group=0,
                env=environment,
            )
        self._control = Connection(ours.detach())
        self._control.send(self._start)
        failure = self._reply(LOAD_S)
        if failure is not None:
            self._give_up()
            raise failure
        return self._control

    def _reply(self, seconds: float) -> Any:  # noqa: ANN401 - as the order says
        assert self._control is not None
        try:
            return receive_message(self._control, time.monotonic() + seconds)
        except TimeoutError as error:
            self._give_up()
            raise _cannot_fork(f"no answer in {seconds:.0f} seconds") from error

    def _give_up(self) -> None:
        control, process, self._control, self._process = self._control, self._process, None, None
        if control is not None:
            # It ends its processes and itself when it reads that.
            control.close()
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(CLOSE_S)
            process.kill()
            process.wait()


def _cannot_fork(why: str) -> CannotFork:
    return CannotFork(
        f"No answering process could be started ({why}).", "Look for free memory and processes, or ask again later."
    )
