"""How long people wait when many ask at once, beside a question alone in the same run."""

import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.discord.asking import Asking, Question
from bot.discord.cooldowns import Cooldowns
from bot.discord.desk import Desk
from bot.discord.page import Page
from bot.discord.phrases import phrases_in
from bot.discord.scope import Scope
from bot.records.server_settings import ServerSettings
from bot.records.store import Records
from bot.service import Attache
from corpus.errors import BadInput

MEMBERS = 50
SERVERS = 4
ALONE = 9


@dataclass(frozen=True, slots=True)
class LoadBench:
    """Milliseconds from a question to its page, alone and among many; how late the event loop was at worst.

    `ratio` is the 95th percentile among many as a multiple of one alone; `throughput` how many are answered in the time
    of one alone.
    """

    questions: int
    distinct: int
    alone_ms: float
    p50_ms: float
    p95_ms: float
    ratio: float
    throughput: float
    loop_late_ms: float


class _Nowhere:
    """A place for pages that lays them out and shows them to nobody."""

    channel_id = None

    async def show(self, page: Page) -> int | None:
        page.layout()
        return None


async def bench_load(attache: Attache, texts: Sequence[str], questions: int, distinct: int) -> LoadBench:
    """Asks so many questions at once, by 50 members of 4 servers, the way that Discord's messages go.

    Args:
        attache: an open service.
        texts: what to ask; the first are asked alone, before.
        questions: how many are asked at once.
        distinct: how many different ones are among them.

    Raises:
        BadInput: there are fewer texts than needed.
    """
    if len(texts) < ALONE + distinct:
        raise BadInput(f"The corpus has {len(texts)} titles to ask; {ALONE + distinct} are needed.", "Ask fewer.")
    # Records of their own: nobody asked these questions.
    with tempfile.TemporaryDirectory() as folder:
        desk, records = Desk(attache), Records(Path(folder))
        asking = Asking(desk, records, Cooldowns())
        try:
            await desk.warm_up()
            await _ask(asking, 0, texts[0])
            alone = statistics.median([await _ask(asking, number, texts[number]) for number in range(1, ALONE)])
            late: list[float] = []
            watching = asyncio.create_task(_watch(late))
            chosen = itertools.islice(itertools.cycle(texts[ALONE : ALONE + distinct]), questions)
            began = time.perf_counter()
            waits = await asyncio.gather(*(_ask(asking, number, text) for number, text in enumerate(chosen)))
            whole = time.perf_counter() - began
            watching.cancel()
        finally:
            await desk.close(0.0)
            await asyncio.to_thread(records.close)
    return _summary(sorted(waits), alone, whole, max(late, default=0.0), distinct)


def _summary(waits: list[float], alone: float, whole: float, late: float, distinct: int) -> LoadBench:
    """The figures, of seconds: the sorted waits among many, one alone, all together, and the worst lateness."""
    p95 = waits[int(0.95 * len(waits))]
    return LoadBench(
        questions=len(waits),
        distinct=distinct,
        alone_ms=alone * 1e3,
        p50_ms=waits[len(waits) // 2] * 1e3,
        p95_ms=p95 * 1e3,
        ratio=p95 / alone,
        throughput=len(waits) * alone / whole,
        loop_late_ms=late * 1e3,
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
