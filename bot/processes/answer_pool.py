"""The answering processes of a bot: as many as the settings say, with one nursery, and how much memory each takes."""

import os
from collections import Counter
from collections.abc import Callable

from bot.processes.answer_process import ANSWER_S, OPEN_S, AnswerProcess
from bot.processes.nursery import Nursery
from bot.processes.nursery_main import LoadModels, load_models
from bot.service.attache import Notify
from bot.service.process_memory import ProcessMemory, read_memory
from bot.settings import Settings


class AnswerPool:
    """The answering processes; nothing is started before the first of them is used.

    Args:
        settings: name how many, and everything that an answer depends on.
        notify: receives sentences for the operator.
        load: loads the models; importable by name.
        on_lost: called when a process is replaced, with `crashed`, `stuck` or `garbled`.
        answer_s: seconds for a piece of work.
        open_s: seconds for opening the corpus.
    """

    def __init__(
        self,
        settings: Settings,
        notify: Notify,
        *,
        load: LoadModels = load_models,
        on_lost: Callable[[str], None] = lambda _how: None,
        answer_s: float = ANSWER_S,
        open_s: float = OPEN_S,
    ) -> None:
        self._nursery = Nursery(settings, load)
        self.lost: Counter[str] = Counter()
        self._on_lost = on_lost
        self.answerers = tuple(
            AnswerProcess(self._nursery, f"answers-{number}", notify, self._count_lost, answer_s, open_s)
            for number in range(1, settings.answering + 1)
        )

    def close(self) -> None:
        """End all processes; what they work on raises."""
        self._nursery.close()

    def memory(self) -> list[ProcessMemory]:
        """Return the memory of the bot, the nursery and each answering process that runs."""
        pids = {"bot": os.getpid(), "models": self._nursery.pid} | {each.name: each.pid for each in self.answerers}
        found = (read_memory(name, pid) for name, pid in pids.items() if pid is not None)
        return [each for each in found if each is not None]

    def _count_lost(self, how: str) -> None:
        self.lost[how] += 1
        self._on_lost(how)
