"""`bench load`: how long members wait when many ask at once, compared with one question alone."""

import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.discord.i18n.phrases import phrases_in
from bot.discord.questions.ask_flow import AskFlow, Question
from bot.discord.questions.near_passages import NearPassages
from bot.discord.scope import Scope
from bot.discord.transport.page import Page
from bot.discord.workers.answer_queue import AnswerQueue
from bot.discord.workers.corpus_reader import CorpusReader
from bot.records.records import Records
from bot.records.server_settings import ServerSettings
from bot.service.attache import Attache
from corpus.errors import BadInput
from evals.speed.figures import Bench, figure, this_machine

MEMBERS = 50
SERVERS = 4
# Questions asked alone in each round, and before all rounds.
ALONE = 8
WARM_UP = 4
BASELINE = "one alone"


@dataclass(frozen=True, slots=True)
class LoadBench:
    """Milliseconds from a question to its page, alone and among many; the event loop's maximum delay.

    `ratio` is the 95th percentile among many as a multiple of one alone, `spread` of the median among many.
    `throughput` is how many are answered in the time of one alone, `cpu_throughput` in the CPU time of one alone, which
    depends less on other load. All are medians over `rounds`, each with different questions.
    """

    rounds: int

    questions: int
    distinct: int
    alone_ms: float
    p50_ms: float
    p95_ms: float
    ratio: float
    spread: float
    throughput: float
    cpu_throughput: float
    loop_late_ms: float


@dataclass(frozen=True, slots=True)
class _Round:
    """Wall and CPU seconds of one question alone and of all together, each wait (sorted), and the maximum delay."""

    alone: float
    alone_cpu: float
    waits: list[float]
    whole: float
    whole_cpu: float
    late: float

    @property
    def p50(self) -> float:
        return self.waits[len(self.waits) // 2]

    @property
    def p95(self) -> float:
        return self.waits[int(0.95 * len(self.waits))]


class _NullChannel:
    """Lays pages out and discards them."""

    channel_id = None

    async def show(self, page: Page) -> int | None:
        page.layout()
        return None

    async def amend(self, page: Page) -> None:
        await self.show(page)


async def bench_load(
    attache: Attache, texts: Sequence[str], questions: int, distinct: int, rounds: int = 1
) -> LoadBench:
    """Ask many questions at once as 50 members of 4 servers, through the bot's own queue.

    Args:
        attache: an open service.
        texts: what to ask; in each round some are asked alone, then others at once.
        questions: how many are asked at once.
        distinct: how many different ones are among them.
        rounds: how often.

    Raises:
        BadInput: there are too few texts.
    """
    needed = texts_needed(distinct, rounds)
    if len(texts) < needed:
        raise BadInput(f"The corpus has {len(texts)} titles to ask; {needed} are needed.", "Ask fewer.")
    remaining = iter(texts)
    # Temporary records: no member asked these questions.
    with tempfile.TemporaryDirectory() as folder:
        queue, records = AnswerQueue(attache), Records(Path(folder))
        reader = CorpusReader(attache.settings)
        flow = AskFlow(queue, NearPassages(queue, reader), records)
        try:
            await queue.warm_up()
            for text in itertools.islice(remaining, WARM_UP):
                await _ask(flow, 0, text)
            results = [await _round(flow, remaining, questions, distinct) for _ in range(rounds)]
        finally:
            await queue.close(0.0)
            await reader.close()
            await asyncio.to_thread(records.close)
    return _summarise(results, distinct)


def texts_needed(distinct: int, rounds: int) -> int:
    """Return how many different texts are asked."""
    return WARM_UP + rounds * (ALONE + distinct)


def load_figures(bench: LoadBench, passages: int) -> Bench:
    """Convert the result to figures for the report."""
    alone, at_once = bench.alone_ms, 1e3 * bench.throughput / bench.alone_ms
    named = {
        BASELINE: ("ms", alone),
        "many at once, median": ("ms", bench.p50_ms),
        "many at once, 95th percentile": ("ms", bench.p95_ms),
        "95th percentile to median": ("times", bench.spread),
        "answers in the time of one alone": ("times", bench.throughput),
        "answers in the processor time of one alone": ("times", bench.cpu_throughput),
        "answers a second, one at a time": ("1/s", 1e3 / alone),
        "answers a second, at once": ("1/s", at_once),
        "event loop late, at most": ("ms", bench.loop_late_ms),
    }
    figures = tuple(
        figure(name, unit, [value], [alone] if unit == "ms" and name != BASELINE else None)
        for name, (unit, value) in named.items()
    )
    described: dict[str, str | int | float] = {
        "passages": passages,
        "rounds": bench.rounds,
        "questions": bench.questions,
        "distinct": bench.distinct,
    }
    return Bench("load", described, BASELINE, figures, this_machine())


async def _round(flow: AskFlow, texts: Iterator[str], questions: int, distinct: int) -> _Round:
    alone, alone_cpu = [], []
    for number, text in enumerate(itertools.islice(texts, ALONE)):
        began = time.process_time()
        alone.append(await _ask(flow, number, text))
        alone_cpu.append(time.process_time() - began)
    late: list[float] = []
    watching = asyncio.create_task(_watch_loop(late))
    chosen = itertools.islice(itertools.cycle(list(itertools.islice(texts, distinct))), questions)
    began, began_cpu = time.perf_counter(), time.process_time()
    waits = await asyncio.gather(*(_ask(flow, number, text) for number, text in enumerate(chosen)))
    whole, cpu = time.perf_counter() - began, time.process_time() - began_cpu
    watching.cancel()
    return _Round(
        alone=statistics.median(alone),
        alone_cpu=statistics.median(alone_cpu),
        waits=sorted(waits),
        whole=whole,
        whole_cpu=cpu,
        late=max(late, default=0.0),
    )


def _summarise(results: Sequence[_Round], distinct: int) -> LoadBench:
    def median(value: Callable[[_Round], float]) -> float:
        return statistics.median(value(each) for each in results)

    return LoadBench(
        rounds=len(results),
        questions=len(results[0].waits),
        distinct=distinct,
        alone_ms=median(lambda each: each.alone * 1e3),
        p50_ms=median(lambda each: each.p50 * 1e3),
        p95_ms=median(lambda each: each.p95 * 1e3),
        ratio=median(lambda each: each.p95 / each.alone),
        spread=median(lambda each: each.p95 / each.p50),
        throughput=median(lambda each: len(each.waits) * each.alone / each.whole),
        cpu_throughput=median(lambda each: len(each.waits) * each.alone_cpu / each.whole_cpu),
        loop_late_ms=median(lambda each: each.late * 1e3),
    )


async def _ask(flow: AskFlow, number: int, text: str) -> float:
    """Ask as one of the members; return the seconds until the page."""
    scope = Scope(number % MEMBERS, number % MEMBERS % SERVERS + 1, 1, ServerSettings(), phrases_in("en"))
    began = time.perf_counter()
    await flow.answer(Question(text, text), scope, _NullChannel())
    return time.perf_counter() - began


async def _watch_loop(late: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.002)
        late.append(time.perf_counter() - began - 0.002)
