"""`bench pool`: questions of several servers at once, answered by a thread, by one process and by several."""

import asyncio
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bot.discord.workers.answer_queue import AnswerQueue
from bot.processes.answer_pool import AnswerPool
from bot.service.attache import Attache
from bot.settings import Settings
from corpus.errors import BadInput
from evals.speed.figures import Bench, Figure, figure, this_machine
from evals.speed.open_folder import count_passages, open_embedder, sample_questions
from evals.speed.pool_models import load_made
from index.filters import Filters

BASELINE = "16 at once, a thread"
AT_ONCE = 16
WARM_UP = 4
# Questions that a quiet server asks one after the other, and those that a noisy one has waiting meanwhile.
QUIET, NOISY = 8, 16
_NOISY_SERVER, _QUIET_SERVER = 1, 2


def bench_pool(settings: Settings, processes: int, rounds: int) -> Bench:
    """Ask 16 different questions at once of a thread, of one process and of several, in turn; then two servers at once.

    Args:
        settings: name the data folder.
        processes: how many answer.
        rounds: how often, with other questions each time.

    Raises:
        BadInput: the corpus has too few questions.
    """
    # The three sides get the same questions; each has a cache of its own.
    needed = WARM_UP + rounds * (AT_ONCE + 2 * QUIET + NOISY + 4 * QUIET * processes)
    texts = sample_questions(settings, needed)
    if len(texts) < needed:
        raise BadInput(f"The corpus has {len(texts)} questions to ask; {needed} are needed.", "Ask fewer rounds.")
    several = settings.model_copy(update={"answering": processes})
    one = settings.model_copy(update={"answering": 1})
    with Attache(settings, embedder=open_embedder(settings)) as attache:
        pools = [AnswerPool(each, lambda _sentence: None, load=load_made) for each in (one, several)]
        try:
            return asyncio.run(_measure(attache, pools, iter(texts), processes, rounds))
        finally:
            for pool in pools:
                pool.close()


async def _measure(
    attache: Attache, pools: Sequence[AnswerPool], texts: Iterator[str], processes: int, rounds: int
) -> Bench:
    names = (BASELINE, "16 at once, one process", f"16 at once, {processes} processes")
    queues = dict(zip(names, [AnswerQueue(attache), *(AnswerQueue(attache, pool=pool) for pool in pools)], strict=True))
    several = queues[names[-1]]
    warm = list(islice(texts, WARM_UP))
    for queue in queues.values():
        await queue.warm_up()
        await _at_once(queue, warm)
    whole: dict[str, list[float]] = {name: [] for name in names}
    spreads: dict[str, list[float]] = {name: [] for name in names}
    worked: dict[str, list[float]] = {name: [] for name in names}
    busiest: dict[str, list[float]] = {name: [] for name in names}
    alone: list[float] = []
    beside: list[float] = []
    pids = dict(zip(names, ([], *([each.pid for each in pool.answerers] for pool in pools)), strict=True))
    for _ in range(rounds):
        asked = list(islice(texts, AT_ONCE))
        for name, queue in queues.items():
            before = _processor_times(pids[name])
            waits, seconds = await _at_once(queue, asked)
            taken = [after - earlier for after, earlier in zip(_processor_times(pids[name]), before, strict=True)]
            worked[name].append(1e3 * sum(taken) / len(asked))
            busiest[name].append(max(taken))
            whole[name].append(seconds)
            spreads[name].append(waits[int(0.95 * len(waits))] / statistics.median(waits))
        alone += await _one_by_one(several, list(islice(texts, QUIET)))
        noise = asyncio.create_task(_keep_busy(several, texts))
        await asyncio.sleep(0.1)
        beside += await _one_by_one(several, list(islice(texts, QUIET)))
        noise.cancel()
        await asyncio.gather(noise, return_exceptions=True)
        while several.waiting:
            await asyncio.sleep(0.01)
    memory = [figure(f"memory of {each.name}", "MB", [each.share / 1e6]) for each in pools[1].memory()]
    own = [figure(f"of it {each.name}'s own", "MB", [each.own / 1e6]) for each in pools[1].memory()]
    costs = [
        figure(f"processor time of an answer, {name[12:]}", "ms", worked[name], worked[BASELINE]) for name in names
    ]
    # What the times would be with a core for each process and nothing else on it.
    ideal = _ratios(busiest[names[1]], busiest[names[2]])
    costs.append(figure("by processor time of the busiest process, to one process", "times", ideal))
    described: dict[str, str | int | float] = {
        "passages": count_passages(attache.settings),
        "processes": processes,
        "rounds": rounds,
    }
    return Bench(
        "pool",
        described,
        BASELINE,
        (*_figures(names, whole, spreads, alone, beside), *costs, *memory, *own),
        this_machine(),
    )


def _figures(
    names: Sequence[str],
    whole: dict[str, list[float]],
    spreads: dict[str, list[float]],
    alone: list[float],
    beside: list[float],
) -> list[Figure]:
    thread, one, several = names
    figures = [figure(name, "s", whole[name], None if name == thread else whole[thread]) for name in names]
    figures += [
        figure(f"throughput of {thread[12:]}, to one process", "times", _ratios(whole[one], whole[thread])),
        figure(f"throughput of {several[12:]}, to one process", "times", _ratios(whole[one], whole[several])),
        figure(f"throughput of {several[12:]}, to a thread", "times", _ratios(whole[thread], whole[several])),
        *(figure(f"{name}, p95 to p50", "times", spreads[name]) for name in names),
        figure("a quiet server alone", "s", alone),
        figure("a quiet server beside a noisy one", "s", beside),
        figure(
            "a quiet server, slower beside a noisy one", "times", [statistics.median(beside) / statistics.median(alone)]
        ),
    ]
    return figures


def _processor_times(pids: Sequence[int | None]) -> list[float]:
    """Return the seconds of processor time that this process and each of others have taken; others' on Linux only."""
    tick, seconds = os.sysconf("SC_CLK_TCK"), [time.process_time()]
    for pid in pids:
        # Fields 14 and 15, counted after the name, which may contain anything (proc_pid_stat(5)).
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        seconds.append((int(fields[11]) + int(fields[12])) / tick)
    return seconds


def _ratios(others: Sequence[float], ours: Sequence[float]) -> list[float]:
    """Return, round by round, how many times as fast ours were."""
    return [other / our for other, our in zip(others, ours, strict=True)]


async def _at_once(queue: AnswerQueue, texts: Sequence[str]) -> tuple[list[float], float]:
    """Return the seconds that each waited, ascending, and all together."""
    began = time.perf_counter()
    waits = await asyncio.gather(*(_ask(queue, text, number + 1) for number, text in enumerate(texts)))
    return sorted(waits), time.perf_counter() - began


async def _one_by_one(queue: AnswerQueue, texts: Sequence[str]) -> list[float]:
    return [await _ask(queue, text, _QUIET_SERVER) for text in texts]


async def _keep_busy(queue: AnswerQueue, texts: Iterator[str]) -> None:
    """Keep as many questions of the noisy server waiting as there are, until cancelled."""

    async def ask_on() -> None:
        for text in texts:
            await _ask(queue, text, _NOISY_SERVER)

    await asyncio.gather(*(ask_on() for _ in range(NOISY)))


async def _ask(queue: AnswerQueue, text: str, server: int) -> float:
    began = time.perf_counter()
    await queue.ask(text, Filters(), datetime.now(UTC), account=server)
    return time.perf_counter() - began
