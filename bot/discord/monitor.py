"""Keeps a running bot's metrics and health up to date, serves them over HTTP and notifies the service manager."""

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog

from bot.discord.bot import AttacheBot
from bot.discord.cogs.feeds import is_read_by_somebody
from bot.discord.scope import server_collection
from bot.discord.workers.answer_queue import ShuttingDown
from bot.ops.corpus_gauges import CorpusGauges, read_corpus
from bot.ops.health import OK
from bot.ops.http_port import OperationsServer
from bot.ops.metrics import Metrics
from bot.ops.service_manager import Notifier
from bot.worker_thread import Worker
from corpus.errors import AttacheError

log = structlog.get_logger(__name__)

# Seconds between measurements of the event loop's lag.
BEAT_S = 0.5
# Seconds between two readings of the corpus.
READING_S = 60.0
# Counting the rows of a large corpus is slow: it may take up this share of the time.
READING_SHARE = 0.05


@asynccontextmanager
async def monitoring(bot: AttacheBot, notifier: Notifier) -> AsyncIterator["Monitor"]:
    """Monitor a bot for the length of a block.

    Raises:
        AttacheError: the port for metrics is taken.
    """
    monitor = Monitor(bot, notifier)
    await monitor.open()
    try:
        yield monitor
    finally:
        await monitor.close()


class Monitor:
    """Monitors one bot; `monitoring` opens and closes it."""

    def __init__(self, bot: AttacheBot, notifier: Notifier, beat_s: float = BEAT_S) -> None:
        self._bot = bot
        self._notifier = notifier
        self._beat_s = beat_s
        self._port = bot.settings.metrics_port
        self._server = OperationsServer(bot.metrics, bot.health, self._refresh)
        self._log_counter = _LogCounter(bot.metrics)
        self._thread = Worker("monitor", join_timeout_s=0.0)
        self._tasks: list[asyncio.Task[None]] = []
        self._ping: asyncio.Task[None] | None = None
        self._watchdog_fed_at = -math.inf
        self._reported_ready = False

    async def open(self) -> None:
        """Serve the port, if one is set, and start to measure the event loop's lag.

        Raises:
            AttacheError: the port is taken.
        """
        if self._port:
            await self._server.open(self._bot.settings.metrics_host, self._port)
            log.info("serving metrics", host=self._bot.settings.metrics_host, port=self._port)
        logging.getLogger().addHandler(self._log_counter)
        if self._port or self._notifier.is_enabled:
            self._start(self._beat())

    def warmed_up(self) -> None:
        """Start to read the corpus and to check the answering thread, now that both are ready."""
        self._bot.health.set_warm()
        if self._port or self._notifier.is_enabled:
            self._start(self._read_periodically())

    def stopping(self) -> None:
        """Report that the bot is shutting down."""
        self._bot.health.stop()
        self._notifier.stopping()
        self._notifier.status(self._summary())

    async def close(self) -> None:
        """Stop monitoring."""
        tasks = [*self._tasks, *([self._ping] if self._ping else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        logging.getLogger().removeHandler(self._log_counter)
        self._thread.shutdown(wait=False)
        await self._server.close()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        task.add_done_callback(_log_failure)
        self._tasks.append(task)

    async def _beat(self) -> None:
        while True:
            due = time.monotonic() + self._beat_s
            await asyncio.sleep(self._beat_s)
            self._bot.metrics.lag.observe(max(0.0, time.monotonic() - due))
            # One ping at a time: a thread that owes an answer is not asked again.
            if self._bot.health.is_warm and (self._ping is None or self._ping.done()):
                self._bot.health.worker_pinged()
                self._ping = asyncio.create_task(self._ping_worker())
            self._notify_service_manager()

    async def _ping_worker(self) -> None:
        # A closed queue has no thread to wait for; shutdown has its own time limit.
        with contextlib.suppress(ShuttingDown):
            await self._bot.answer_queue.ping()
        self._bot.health.worker_answered()

    def _notify_service_manager(self) -> None:
        notifier, health, now = self._notifier, self._bot.health, time.monotonic()
        if not self._reported_ready and health.can_answer:
            self._reported_ready = True
            notifier.ready()
        notifier.status(self._summary())
        # At a third of the watchdog's interval, so that one late beat does no harm.
        if notifier.watchdog_s and health.is_alive and now - self._watchdog_fed_at >= notifier.watchdog_s / 3:
            self._watchdog_fed_at = now
            notifier.alive()

    def _summary(self) -> str:
        """Return the state in one line."""
        problems = [state for state in self._bot.health.parts().values() if state != OK]
        return " ".join(problems) or f"Answering questions; {self._bot.health.shards_ready} shards are ready."

    async def _read_periodically(self) -> None:
        while True:
            began = time.monotonic()
            reading = await self._read_corpus()
            self._bot.health.set_corpus(reading)
            if reading is not None:
                self._bot.metrics.set_corpus(reading)
            self._bot.metrics.set_process_memory(await self._read_memory())
            await asyncio.sleep(max(READING_S, (time.monotonic() - began) / READING_SHARE))

    async def _read_corpus(self) -> CorpusGauges | None:
        bot = self._bot
        present = frozenset(server_collection(guild.id) for guild in bot.guilds)
        settings, model = bot.settings, bot.jobs.embedder.fingerprint
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._thread, lambda: read_corpus(settings, model, lambda feed: is_read_by_somebody(feed, present))
            )
        except AttacheError as failure:
            log.warning("the corpus could not be read", reason=failure.message)
        except Exception:
            log.exception("reading the corpus failed")
        return None

    async def _read_memory(self) -> dict[str, int]:
        """Return the memory of each answering process in bytes; none without such processes."""
        found = await asyncio.get_running_loop().run_in_executor(self._thread, self._bot.answer_queue.memory)
        return {each.name: each.share for each in found}

    def _refresh(self) -> None:
        """Update the gauges whose values are read at the time of a request."""
        bot, metrics, health = self._bot, self._bot.metrics, self._bot.health
        metrics.queue_length.set(bot.answer_queue.waiting)
        metrics.pace_behind.set(bot.rate_limiter.delay_s)
        metrics.jobs_running.set(int(bot.jobs.current is not None))
        metrics.servers.set(len(bot.guilds))
        metrics.shards.set(bot.shard_count or 0)
        metrics.shards_ready.set(health.shards_ready)
        metrics.worker_silence.set(health.silence_s)
        metrics.index_behind.set(health.behind_s)
        for shard_id, seconds in bot.latencies:
            # Infinite before the first heartbeat.
            metrics.latency.labels(str(shard_id)).set(seconds if math.isfinite(seconds) else math.nan)
        for part, state in health.parts().items():
            metrics.ready.labels(part).set(int(state == OK))


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (failure := task.exception()) is not None:
        log.error("monitoring ended", exc_info=failure)


class _LogCounter(logging.Handler):
    """Counts log records by level."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.WARNING)
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        """Count one record."""
        self._metrics.count_log_record(record.levelname.lower())
