"""How long people wait when many ask at once, beside a question alone in the same run."""

import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.discord.i18n.phrases import phrases_in
from bot.discord.questions.ask_flow import Asking, Question
from bot.discord.questions.cooldowns import Cooldowns
from bot.discord.scope import Scope
from bot.discord.transport.page import Page
from bot.discord.workers.answer_queue import Desk
from bot.records.records import Records
from bot.records.server_settings import ServerSettings
from bot.service.attache import Attache
from corpus.errors import BadInput

MEMBERS = 50
SERVERS = 4
# Asked alone in each round, and before all rounds.
ALONE = 8
WARM_UP = 4


@dataclass(frozen=True, slots=True)
class LoadBench:
    """Milliseconds from a question to its page, alone and among many; how late the event loop was at worst.

    `ratio` is the 95th percentile among many as a multiple of one alone, `spread` of the median among many;
    `throughput` how many are answered in the time of one alone, `cpu_throughput` in the processor time of one alone,
    which other work on the machine moves less. All are medians over `rounds`, each of different questions.
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
    """Seconds, on the clock and of the processors: one alone, each of many (sorted), all of them, how late at worst."""

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


class _Nowhere:
    """A place for pages that lays them out and shows them to nobody."""

    channel_id = None

    async def show(self, page: Page) -> int | None:
        page.layout()
        return None


async def bench_load(
    attache: Attache, texts: Sequence[str], questions: int, distinct: int, rounds: int = 1
) -> LoadBench:
    """Asks so many questions at once, by 50 members of 4 servers, the way that Discord's messages go.

    Args:
        attache: an open service.
        texts: what to ask; in each round some are asked alone, then others at once.
        questions: how many are asked at once.
        distinct: how many different ones are among them.
        rounds: how often.

    Raises:
        BadInput: there are fewer texts than needed.
    """
    needed = texts_needed(distinct, rounds)
    if len(texts) < needed:
        raise BadInput(f"The corpus has {len(texts)} titles to ask; {needed} are needed.", "Ask fewer.")
    remaining = iter(texts)
    # Records of their own: nobody asked these questions.
    with tempfile.TemporaryDirectory() as folder:
        desk, records = Desk(attache), Records(Path(folder))
        asking = Asking(desk, records, Cooldowns())
        try:
            await desk.warm_up()
            for text in itertools.islice(remaining, WARM_UP):
                await _ask(asking, 0, text)
            found = [await _round(asking, remaining, questions, distinct) for _ in range(rounds)]
        finally:
            await desk.close(0.0)
            await asyncio.to_thread(records.close)
    return _summary(found, distinct)


def texts_needed(distinct: int, rounds: int) -> int:
    """How many different texts are asked."""
    return WARM_UP + rounds * (ALONE + distinct)


async def _round(asking: Asking, texts: Iterator[str], questions: int, distinct: int) -> _Round:
    alone, alone_cpu = [], []
    for number, text in enumerate(itertools.islice(texts, ALONE)):
        began = time.process_time()
        alone.append(await _ask(asking, number, text))
        alone_cpu.append(time.process_time() - began)
    late: list[float] = []
    watching = asyncio.create_task(_watch(late))
    chosen = itertools.islice(itertools.cycle(list(itertools.islice(texts, distinct))), questions)
    began, began_cpu = time.perf_counter(), time.process_time()
    waits = await asyncio.gather(*(_ask(asking, number, text) for number, text in enumerate(chosen)))
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


def _summary(found: Sequence[_Round], distinct: int) -> LoadBench:
    """The medians of the rounds' figures."""

    def median(figure: Callable[[_Round], float]) -> float:
        return statistics.median(figure(each) for each in found)

    return LoadBench(
        rounds=len(found),
        questions=len(found[0].waits),
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


async def _ask(asking: Asking, number: int, text: str) -> float:
    """Asks as one of the members; returns seconds until the page."""
    scope = Scope(number % MEMBERS, number % MEMBERS % SERVERS + 1, 1, ServerSettings(), phrases_in("en"))
    began = time.perf_counter()
    await asking.answer(Question(text, text), scope, _Nowhere())
    return time.perf_counter() - began


async def _watch(late: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.002)
        late.append(time.perf_counter() - began - 0.002)
