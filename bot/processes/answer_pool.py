"""The answering processes of a bot: as many as the settings say, with one nursery, and how much memory each takes."""

import os
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.processes.answer_process import ANSWER_S, OPEN_S, AnswerProcess
from bot.processes.nursery import Nursery
from bot.processes.nursery_main import LoadModels, load_models
from bot.service.attache import Notify
from bot.settings import BadSettings, Settings


@dataclass(frozen=True, slots=True)
class ProcessMemory:
    """Memory of one process in bytes: `share` counts a page that n processes share as an nth of it, `own` not at all.

    All shares add up to what the bot takes.
    """

    name: str
    share: int
    own: int


class AnswerPool:
    """The answering processes; nothing is started before the first of them is used.

    Args:
        settings: name how many, and everything that an answer depends on.
        notify: receives sentences for the operator.
        load: loads the models; importable by name.
        on_lost: called when a process is replaced, with `crashed` or `stuck`.
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


def check_answering(settings: Settings) -> None:
    """Check that this system can answer from as many processes as the settings say.

    Raises:
        BadSettings: it can't.
    """
    if settings.answering > 1 and sys.platform != "linux":
        raise BadSettings(
            f"ATTACHE_ANSWERING={settings.answering} needs Linux: here only one thread can answer.",
            "Set ATTACHE_ANSWERING=1.",
        )


def read_memory(name: str, pid: int) -> ProcessMemory | None:
    """Return a process's memory; None if it is gone, or the system does not tell (proc_pid_smaps(5), Linux only)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
        sizes = {line.partition(":")[0]: 1024 * int(line.split()[1]) for line in lines}
        return ProcessMemory(name, sizes["Pss"], sizes["Private_Clean"] + sizes["Private_Dirty"])
    except (OSError, LookupError, ValueError):
        return None
