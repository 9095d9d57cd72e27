"""How long people wait when many ask at once, beside a question alone in the same run."""

import asyncio
import itertools
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

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

    `ratio` is the 95th percentile among many as a multiple of one alone.
    """

    questions: int
    distinct: int
    alone_ms: float
    p50_ms: float
    p95_ms: float
    ratio: float
    answered: int
    loop_late_ms: float


class _Counted:
    """A place for pages that only counts them."""

    channel_id = None

    def __init__(self) -> None:
        self.shown = 0

    async def show(self, page: Page) -> int | None:
        page.layout()
        self.shown += 1
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
    desk, records = Desk(attache), Records(attache.settings.data_dir)
    settings = ServerSettings(questions_per_minute_member=60, questions_per_minute_server=600)
    asking = Asking(desk, records, Cooldowns())

    async def ask(number: int, text: str) -> float:
        scope = Scope(number % MEMBERS, number % MEMBERS % SERVERS + 1, 1, settings, phrases_in("en"))
        began = time.perf_counter()
        await asking.answer(Question(text, text), scope, counted)
        return time.perf_counter() - began

    counted = _Counted()
    try:
        await desk.warm_up()
        await ask(0, texts[0])
        alone = statistics.median([await ask(number, texts[number]) for number in range(1, ALONE)])
        counted = _Counted()
        late: list[float] = []
        watching = asyncio.create_task(_watch(late))
        chosen = itertools.islice(itertools.cycle(texts[ALONE : ALONE + distinct]), questions)
        waits = sorted(await asyncio.gather(*(ask(number, text) for number, text in enumerate(chosen))))
        watching.cancel()
    finally:
        await desk.close(0.0)
        await asyncio.to_thread(records.close)
    p95 = waits[int(0.95 * len(waits))]
    return LoadBench(
        questions=questions,
        distinct=distinct,
        alone_ms=alone * 1e3,
        p50_ms=waits[len(waits) // 2] * 1e3,
        p95_ms=p95 * 1e3,
        ratio=p95 / alone,
        answered=len(waits),
        loop_late_ms=max(late, default=0.0) * 1e3,
    )


async def _watch(late: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.002)
        late.append(time.perf_counter() - began - 0.002)
