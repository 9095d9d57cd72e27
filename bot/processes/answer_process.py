"""The bot's side of one answering process: sends work, waits within a deadline, and replaces it when it is lost."""

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import structlog

from bot.processes.answer_loop import Said
from bot.processes.link import Garbled, receive_message
from bot.processes.nursery import Child, Nursery
from bot.service.attache import Attache, Notify
from corpus.errors import AttacheError

log = structlog.get_logger(__name__)

T = TypeVar("T")

# Seconds for a piece of work: a hundred times what an answer takes, and people have gone by then.
ANSWER_S = 30.0
# Seconds for opening the corpus before it: verifying a million vectors takes seconds, healing their index minutes.
OPEN_S = 900.0
# Sentences for the operator while one piece of work runs; an index that is built anew tells a handful.
MOST_TOLD = 100
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
    """The process crashed, is stuck, or sends what is no message."""


class AnswerProcess:
    """One answering process, started when it is first needed and replaced when it is lost; used by one thread.

    Args:
        nursery: forks and ends it.
        name: names it in the log.
        notify: receives its sentences for the operator.
        on_lost: called when it is replaced, with `crashed`, `stuck` or `garbled`.
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
        # Pieces of work that it got.
        self._given = 0

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
            self._child, self._given = self._nursery.fork(), 0
        return self._child

    def _exchange(self, child: Child, work: Callable[[Attache], Any]) -> tuple[Said, Any]:
        """Send work and return how it ended.

        Raises:
            _Lost: the process crashed, is stuck, or sent what is no message.
        """
        try:
            child.link.send(work)
            self._given += 1
            said, value = self._next(child, self._open_s)
            if said is Said.BEGAN:
                said, value = self._next(child, self._answer_s, is_begun=True)
        # The first is the socket's own time limit, in the middle of what is sent.
        except (BlockingIOError, TimeoutError) as error:
            raise _Lost("stuck") from error
        except Garbled as error:
            raise _Lost("garbled") from error
        except (EOFError, OSError) as error:
            raise _Lost("crashed") from error
        return said, value

    def _next(self, child: Child, seconds: float, *, is_begun: bool = False) -> tuple[Said, Any]:
        """Return the next message but the sentences for the operator, which are passed on; no beginning once begun."""
        until = time.monotonic() + seconds
        for _ in range(MOST_TOLD):
            said, value = _checked(receive_message(child.link, until), self._given)
            if is_begun and said is Said.BEGAN:
                break
            if said is not Said.TOLD:
                return said, value
            self._notify(value)
        raise Garbled("too many sentences, or a second beginning")

    def _lose(self, child: Child, how: str) -> None:
        self._child = None
        code = self._nursery.end(child)
        log.error("answering process replaced", process=self.name, how=how, exit_code=code)
        self._on_lost(how)


def _checked(message: object, number: int) -> tuple[Said, Any]:
    """Return what was said of the piece of work with this number.

    Raises:
        Garbled: that is no message about it.
    """
    match message:
        case (int(about), Said() as said, value) if about == number:
            kinds: dict[Said, type] = {Said.TOLD: str, Said.BEGAN: type(None), Said.FAILED: Exception}
            if isinstance(value, kinds.get(said, object)):
                return said, value
    raise Garbled("a message of another form")


def _has_ended(child: Child) -> bool:
    try:
        # It says nothing on its own, so there can only be the end of the link.
        return child.link.poll(0)
    except OSError:
        return True
