"""The bot's side of one answering process: sends work, waits within a deadline, and replaces it when it is lost."""

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import structlog

from bot.processes.answer_loop import Said
from bot.processes.nursery import Child, Nursery
from bot.service.attache import Attache, Notify
from corpus.errors import AttacheError

log = structlog.get_logger(__name__)

T = TypeVar("T")

# Seconds for a piece of work: a hundred times what an answer takes, and people have gone by then.
ANSWER_S = 30.0
# Seconds for opening the corpus before it: verifying a million vectors takes seconds, healing their index minutes.
OPEN_S = 900.0
# A question that loses two processes would lose a third one.
TRIES = 2


class Unanswered(AttacheError):
    """Every process that worked on it was lost: it crashed, or took too long."""

    def __init__(self) -> None:
        super().__init__(
            "This could not be answered: working on it failed twice.",
            "Ask it in other words; if that fails, too, tell whoever runs this bot.",
        )


class _Lost(Exception):
    """The process crashed or is stuck."""


class AnswerProcess:
    """One answering process, started when it is first needed and replaced when it is lost; used by one thread.

    Args:
        nursery: forks and ends it.
        name: names it in the log.
        notify: receives its sentences for the operator.
        on_lost: called when it is replaced, with `crashed` or `stuck`.
        answer_s: seconds for a piece of work.
        open_s: seconds for opening the corpus before it.
    """

    # It embeds each question by itself: waiting for a batch would leave the other processes idle.
    batch = 1

    def __init__(
        self,
        nursery: Nursery,
        name: str,
        notify: Notify,
        on_lost: Callable[[str], None],
        answer_s: float = ANSWER_S,
        open_s: float = OPEN_S,
    ) -> None:
        self._nursery = nursery
        self.name = name
        self._notify = notify
        self._on_lost = on_lost
        self._answer_s = answer_s
        self._open_s = open_s
        self._child: Child | None = None

    @property
    def pid(self) -> int | None:
        """The process's number; None while there is none."""
        child = self._child
        return child.pid if child is not None else None

    def warm_up(self) -> None:
        """Open the corpus and load the models. Raises as `Attache.ask` does."""
        self.run(Attache.warm_up)

    def embed_questions(self, questions: Sequence[str]) -> bool:  # noqa: ARG002 - each is embedded when it is asked
        """Embed nothing beforehand."""
        return False

    def run(self, work: Callable[[Attache], T]) -> T:
        """Run a piece of work; raise what it raises.

        Args:
            work: importable by name, with arguments that pickle; it may run twice.

        Raises:
            Unanswered: the process was lost, and so was the next one.
            CannotFork: no process can be started now.
        """
        for _ in range(TRIES):
            child = self._ready()
            try:
                said, value = self._exchange(child, work)
            except _Lost as lost:
                self._lose(child, str(lost))
                continue
            if said is Said.FAILED:
                raise value
            result: T = value
            return result
        raise Unanswered

    def check(self) -> None:
        """Return once there is a process; one that ended by itself is replaced."""
        self._ready()

    def _ready(self) -> Child:
        """Return the process, a new one if it ended while it had nothing to do."""
        if self._child is not None and _has_ended(self._child):
            self._lose(self._child, "crashed")
        if self._child is None:
            self._child = self._nursery.fork()
        return self._child

    def _exchange(self, child: Child, work: Callable[[Attache], Any]) -> tuple[Said, Any]:
        """Send work and return how it ended.

        Raises:
            _Lost: the process crashed or is stuck.
        """
        try:
            child.link.send(work)
            said, value = self._next(child, self._open_s)
            if said is Said.BEGAN:
                said, value = self._next(child, self._answer_s)
        except BlockingIOError as error:
            # The socket's own time limit, in the middle of a message.
            raise _Lost("stuck") from error
        except (EOFError, OSError) as error:
            raise _Lost("crashed") from error
        return said, value

    def _next(self, child: Child, seconds: float) -> tuple[Said, Any]:
        """Return the next message but the sentences for the operator, which are passed on."""
        until = time.monotonic() + seconds
        while child.link.poll(max(0.0, until - time.monotonic())):
            said, value = child.link.recv()
            if said is not Said.TOLD:
                return said, value
            self._notify(value)
        raise _Lost("stuck")

    def _lose(self, child: Child, how: str) -> None:
        self._child = None
        code = self._nursery.end(child)
        log.error("answering process replaced", process=self.name, how=how, exit_code=code)
        self._on_lost(how)


def _has_ended(child: Child) -> bool:
    try:
        # It says nothing on its own, so there can only be the end of the link.
        return child.link.poll(0)
    except OSError:
        return True
