"""What runs work on the open corpus, one piece at a time: here a thread's own service, elsewhere a process."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from bot.service.attache import Attache

T = TypeVar("T")


class Answerer(Protocol):
    """Runs work on the open corpus, one piece at a time; all its methods block."""

    # Questions that are worth embedding together before the first of them is answered.
    batch: int

    def warm_up(self) -> None:
        """Open the corpus and load the models. Raises as `Attache.ask` does."""

    def embed_questions(self, questions: Sequence[str]) -> bool:
        """Embed questions before they are asked; return whether any was new."""

    def run(self, work: Callable[[Attache], T]) -> T:
        """Run a piece of work; raise what it raises."""

    def check(self) -> None:
        """Return once it responds."""


class ThreadAnswerer:
    """Runs work with a service of this process, in the thread that calls."""

    # Larger batches are no faster on two cores.
    batch = 16

    def __init__(self, attache: Attache) -> None:
        self._attache = attache

    def warm_up(self) -> None:
        """Open the corpus and load the models. Raises as `Attache.ask` does."""
        self._attache.warm_up()

    def embed_questions(self, questions: Sequence[str]) -> bool:
        """Embed questions before they are asked; return whether any was new."""
        return self._attache.embed_questions(questions)

    def run(self, work: Callable[[Attache], T]) -> T:
        """Run a piece of work; raise what it raises."""
        return work(self._attache)

    def check(self) -> None:
        """Return: the thread that calls is the one that answers."""
