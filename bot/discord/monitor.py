"""Keeps metrics and health of a running bot up to date, answers on its port and tells the service manager."""

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
from bot.discord.workers.answer_queue import DeskClosed
from bot.ops.corpus_gauges import CorpusReading, read_corpus
from bot.ops.health import OK
from bot.ops.http_port import OperationsServer
from bot.ops.metrics import Metrics
from bot.ops.service_manager import Notifier
from bot.worker_thread import Worker
from corpus.errors import AttacheError

log = structlog.get_logger(__name__)

# Seconds between two looks at how late the event loop is.
BEAT_S = 0.5
# Seconds between two readings of the corpus.
READING_S = 60.0
# Counting the rows of a large corpus takes a while: it may take this share of the time.
READING_SHARE = 0.05


@asynccontextmanager
async def operating(bot: AttacheBot, notifier: Notifier) -> AsyncIterator["Operating"]:
    """Watches the bot while it runs, if anybody wants to know.

    Raises:
        AttacheError: the port for metrics can't be had.
    """
    watched = Operating(bot, notifier)
    await watched.open()
    try:
        yield watched
    finally:
        await watched.close()


class Operating:
    """The watch over one bot; `operating` makes it and ends it."""

    def __init__(self, bot: AttacheBot, notifier: Notifier, beat_s: float = BEAT_S) -> None:
        self._bot = bot
        self._notifier = notifier
        self._beat_s = beat_s
        self._port = bot.settings.metrics_port
        self._server = OperationsServer(bot.metrics, bot.health, self._refresh)
        self._log_counter = _LogCounter(bot.metrics)
        self._thread = Worker("watching", linger_s=0.0)
        self._tasks: list[asyncio.Task[None]] = []
        self._pulse: asyncio.Task[None] | None = None
        self._told_at = -math.inf
        self._told_ready = False

    async def open(self) -> None:
        """Answers on the port, if one is set; tells how late the event loop is from now on.

        Raises:
            AttacheError: the port can't be had.
        """
        if self._port:
            await self._server.open(self._bot.settings.metrics_host, self._port)
            log.info("metrics are served", host=self._bot.settings.metrics_host, port=self._port)
        logging.getLogger().addHandler(self._log_counter)
        if self._port or self._notifier.is_wanted:
            self._begin(self._beat())

    def opened(self) -> None:
        """The corpus is open: from now on it is read, and the thread that answers has to respond."""
        self._bot.health.opened()
        if self._port or self._notifier.is_wanted:
            self._begin(self._read())

    def stopping(self) -> None:
        """The bot begins to shut down."""
        self._bot.health.stop()
        self._notifier.stopping()
        self._notifier.status(self._summary())

    async def close(self) -> None:
        """Watches no more."""
        tasks = [*self._tasks, *([self._pulse] if self._pulse else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        logging.getLogger().removeHandler(self._log_counter)
        self._thread.shutdown(wait=False)
        await self._server.close()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        task.add_done_callback(_log_failure)
        self._tasks.append(task)

    async def _beat(self) -> None:
        while True:
            due = time.monotonic() + self._beat_s
            await asyncio.sleep(self._beat_s)
            self._bot.metrics.lag.observe(max(0.0, time.monotonic() - due))
            self._call_worker()
            self._tell_manager()

    def _call_worker(self) -> None:
        """Asks the thread that answers for a sign of life, unless it still owes the last one."""
        if not self._bot.health.is_warm or (self._pulse is not None and not self._pulse.done()):
            return
        self._bot.health.worker_was_called()
        self._pulse = asyncio.create_task(self._await_worker())

    async def _await_worker(self) -> None:
        # A closed desk has no thread to wait for; how long closing may take is limited elsewhere.
        with contextlib.suppress(DeskClosed):
            await self._bot.desk.pulse()
        self._bot.health.worker_answered()

    def _tell_manager(self) -> None:
        notifier, health, now = self._notifier, self._bot.health, time.monotonic()
        if not self._told_ready and health.can_answer:
            self._told_ready = True
            notifier.ready()
        notifier.status(self._summary())
        # A third of the time that the manager gives, so that one late beat does no harm.
        if notifier.watchdog_s and health.is_alive and now - self._told_at >= notifier.watchdog_s / 3:
            self._told_at = now
            notifier.alive()

    def _summary(self) -> str:
        """The state in one line."""
        amiss = [said for said in self._bot.health.parts().values() if said != OK]
        return " ".join(amiss) or f"Answering questions; {self._bot.health.shards_ready} shards are ready."

    async def _read(self) -> None:
        while True:
            began = time.monotonic()
            reading = await self._reading()
            self._bot.health.corpus_read(reading)
            if reading is not None:
                self._bot.metrics.corpus_read(reading)
            await asyncio.sleep(max(READING_S, (time.monotonic() - began) / READING_SHARE))

    async def _reading(self) -> CorpusReading | None:
        bot = self._bot
        present = frozenset(server_collection(guild.id) for guild in bot.guilds)
        data_dir, model = bot.settings.data_dir, bot.jobs.embedder.fingerprint
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._thread, lambda: read_corpus(data_dir, model, lambda feed: is_read_by_somebody(feed, present))
            )
        except AttacheError as failure:
            log.warning("the corpus could not be read", reason=failure.message)
        except Exception:
            log.exception("reading the corpus failed")
        return None

    def _refresh(self) -> None:
        """Notes what is only known at the moment."""
        bot, metrics, health = self._bot, self._bot.metrics, self._bot.health
        metrics.queue_length.set(bot.desk.waiting)
        metrics.pace_behind.set(bot.pace.behind_s)
        metrics.jobs_running.set(int(bot.jobs.current is not None))
        metrics.servers.set(len(bot.guilds))
        metrics.shards.set(bot.shard_count or 0)
        metrics.shards_ready.set(health.shards_ready)
        metrics.worker_silence.set(health.silence_s)
        metrics.index_behind.set(health.behind_s)
        for shard_id, seconds in bot.latencies:
            # Infinite before the first heartbeat.
            metrics.latency.labels(str(shard_id)).set(seconds if math.isfinite(seconds) else math.nan)
        for part, said in health.parts().items():
            metrics.ready.labels(part).set(int(said == OK))


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (failure := task.exception()) is not None:
        log.error("the watch over the bot ended", exc_info=failure)


class _LogCounter(logging.Handler):
    """Counts what is logged."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.WARNING)
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        """Counts one line by its level."""
        self._metrics.logged(record.levelname.lower())
