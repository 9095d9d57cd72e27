"""Every metric of the bot, set by what happens in the product's own words; nothing in them names anybody."""

import platform
from collections.abc import Mapping
from enum import StrEnum
from importlib.metadata import version
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from bot.ops.corpus_gauges import CorpusReading

# Seconds. A remembered answer takes some hundredths of one; past thirty the asker has gone.
_WHOLE = (0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 13.0, 20.0, 30.0, 60.0)
# A stage takes from a fraction of a millisecond (fusing) to some tens of them.
_STAGE = (0.001, 0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
_WAIT = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 60.0)
# Discord wants an interaction acknowledged within 3 s, so lateness matters long before that.
_LAG = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)
_REQUEST = (0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)

# The stages that an answer states the time of; its total is the sum and some more.
STAGES = ("embed", "dense", "lexical", "fuse", "rerank", "answer")
# And what is around them: keeping the answer, a message's wait for its turn, sending it with what the library waits.
STAGES_AROUND = ("keep", "pace", "send")
FEED_STATES = ("in order", "new", "failing", "circuit open", "paused")
LOG_LEVELS = ("warning", "error", "critical")


class Entry(StrEnum):
    """Where a question came in."""

    MENTION = "mention"
    CHANNEL = "channel"
    DM = "dm"
    ASK = "ask"
    CLAIM = "claim"
    SHARE = "share"
    RETRY = "retry"


class Outcome(StrEnum):
    """How a question ended: the verdict of its answer, or why there was none."""

    YES = "yes"
    NO = "no"
    DISPUTED = "disputed"
    OPEN = "open"
    NOT_FOUND = "not_found"
    TOO_FAST = "too_fast"
    INVALID = "invalid"
    BUSY = "busy"
    CLOSING = "closing"
    TOO_LATE = "too_late"
    FAILED = "failed"


class Metrics:
    """The metrics of one bot.

    Args:
        registry: where they are kept; a fresh one by default.
    """

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._define_questions(self.registry)
        self._define_requests(self.registry)
        self._define_gateway(self.registry)
        self._define_corpus(self.registry)
        self._define_process(self.registry)

    def _define_questions(self, registry: CollectorRegistry) -> None:
        self._questions = Counter(
            "attache_questions",
            "Questions, by where they came in and how they ended.",
            ("entry", "outcome"),
            registry=registry,
        )
        self._whole = Histogram(
            "attache_question_seconds",
            "From a question's arrival until its answer was shown.",
            registry=registry,
            buckets=_WHOLE,
        )
        self._stages = Histogram(
            "attache_stage_seconds",
            "Stages of answering and of sending.",
            ("stage",),
            registry=registry,
            buckets=_STAGE,
        )
        self._remembered = Counter(
            "attache_answers_remembered", "Answers that were given before and not worked out again.", registry=registry
        )
        self._wait = Histogram(
            "attache_queue_wait_seconds",
            "Waiting of questions and look-ups before they were worked on.",
            registry=registry,
            buckets=_WAIT,
        )
        self.queue_length = Gauge("attache_queue_length", "Questions and look-ups in the queue.", registry=registry)
        self.pace_behind = Gauge(
            "attache_pace_behind_seconds", "How long a message would wait for its turn.", registry=registry
        )
        for stage in (*STAGES, *STAGES_AROUND):
            self._stages.labels(stage)
        # Each from the first scrape on: a series that begins at 200 has not increased, as Prometheus sees it.
        for entry, outcome in product(Entry, Outcome):
            self._questions.labels(entry, outcome)

    def _define_requests(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "attache_discord_requests",
            "Requests to Discord, by class of status; none got no reply.",
            ("status",),
            registry=registry,
        )
        self._request_time = Histogram(
            "attache_discord_request_seconds",
            "Requests to Discord, until the head of the reply.",
            registry=registry,
            buckets=_REQUEST,
        )
        self._invalid = Counter(
            "attache_discord_invalid_requests",
            "Replies that Discord counts as invalid requests.",
            ("status",),
            registry=registry,
        )
        self._limited = Counter(
            "attache_discord_rate_limited",
            "Replies with status 429, by whose limit it was.",
            ("scope",),
            registry=registry,
        )
        for status in ("1xx", "2xx", "3xx", "4xx", "5xx", "none"):
            self._requests.labels(status)
        for status in ("401", "403", "429"):
            self._invalid.labels(status)
        for scope in ("user", "global", "shared", "unknown"):
            self._limited.labels(scope)

    def _define_gateway(self, registry: CollectorRegistry) -> None:
        self.identifies = Counter("attache_discord_identifies", "Sessions begun anew.", registry=registry)
        self.resumes = Counter("attache_discord_resumes", "Sessions that were resumed.", registry=registry)
        self.disconnects = Counter("attache_discord_disconnects", "Connections of shards lost.", registry=registry)
        self.reconnects = Counter(
            "attache_discord_reconnects", "Connections of shards that came back, resumed or anew.", registry=registry
        )
        self.shards = Gauge("attache_discord_shards", "Shards that there should be.", registry=registry)
        self.shards_ready = Gauge("attache_discord_shards_ready", "Shards that are ready.", registry=registry)
        self.latency = Gauge(
            "attache_discord_shard_latency_seconds",
            "Heartbeat until its acknowledgement.",
            ("shard",),
            registry=registry,
        )
        self.servers = Gauge("attache_discord_servers", "Servers that the bot is a member of.", registry=registry)

    def _define_corpus(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, text: str) -> Gauge:
            return Gauge(f"attache_{name}", text, registry=registry)

        self._articles = gauge("corpus_articles", "Articles in all collections.")
        self._passages = gauge("corpus_passages", "Passages in all collections.")
        self._newest = gauge("corpus_newest_article_timestamp_seconds", "Day of the newest article; 0 for none.")
        self._database = gauge("database_bytes", "Size of the corpus's database.")
        self._free = gauge("data_free_bytes", "Room left on the disk of the data folder.")
        self._built = gauge("index_built_timestamp_seconds", "When the live index was built; 0 for none.")
        self._vectors = gauge("index_vectors", "Vectors in the live index.")
        self._joined = gauge("index_joined_passages", "Passages found beside the index since it was built.")
        self._gone = gauge("index_gone_passages", "Passages of the index that are gone from the corpus.")
        self._without = gauge("index_texts_without_vector", "Texts that are not embedded yet.")
        self.index_behind = gauge("index_behind_seconds", "How long there have been texts without a vector.")
        self._read_at = gauge("corpus_read_timestamp_seconds", "When these figures were read.")
        self._feeds = Gauge("attache_feeds", "Feeds, by how they are.", ("state",), registry=registry)
        self._overdue = gauge("feeds_overdue_seconds", "How long the feed that is longest due has been due.")
        self._fed = gauge("feeds_newest_change_timestamp_seconds", "When a feed last brought something; 0 for never.")
        self._polls = Counter("attache_feed_polls", "Polls of feeds.", ("result",), registry=registry)
        self._fed_articles = Counter(
            "attache_feed_articles", "Articles from feeds that were new or had a new text.", registry=registry
        )
        for result in ("ok", "failed"):
            self._polls.labels(result)

    def _define_process(self, registry: CollectorRegistry) -> None:
        self.jobs_running = Gauge("attache_jobs_running", "Long work on the corpus under way.", registry=registry)
        self.lag = Histogram(
            "attache_event_loop_lag_seconds",
            "How late the event loop was, twice a second.",
            registry=registry,
            buckets=_LAG,
        )
        self.worker_silence = Gauge(
            "attache_worker_silence_seconds", "How long the answering thread has not responded.", registry=registry
        )
        self.ready = Gauge("attache_ready", "Parts that are ready (1) or not (0).", ("part",), registry=registry)
        self._logged = Counter("attache_log_records", "Lines in the log, by level.", ("level",), registry=registry)
        for level in LOG_LEVELS:
            self._logged.labels(level)
        build = Gauge(
            "attache_build_info", "Always 1; what is running.", ("version", "python", "discord_py"), registry=registry
        )
        build.labels(version("attache"), platform.python_version(), version("discord.py")).set(1)
        ProcessCollector(registry=registry)

    def asked(self, entry: Entry, outcome: Outcome) -> None:
        """Notes a question and how it ended."""
        self._questions.labels(entry.value, outcome.value).inc()

    def answered(self, seconds: float) -> None:
        """Notes how long a question took until its answer was shown."""
        self._whole.observe(seconds)

    def worked_out(self, timings_ms: Mapping[str, float], seconds: float) -> None:
        """Notes the stages of an answer that took so long; called from the thread that answers."""
        # A remembered answer comes with the times of its first time, and faster than those.
        if seconds * 1e3 < timings_ms.get("total", 0.0):
            self._remembered.inc()
            return
        for stage in STAGES:
            # Questions are embedded before, many at once: what is left of that stage is a look into a memory.
            if stage in timings_ms and stage != "embed":
                self._stages.labels(stage).observe(timings_ms[stage] / 1e3)

    def took(self, stage: str, seconds: float) -> None:
        """Notes how long one of the stages around an answer took; called from any thread."""
        self._stages.labels(stage).observe(seconds)

    def waited(self, seconds: float) -> None:
        """Notes how long something waited in the queue; called from the thread that answers."""
        self._wait.observe(seconds)

    def requested(self, status: int | None, seconds: float, scope: str) -> None:
        """Notes one request to Discord.

        Args:
            status: of the reply; None where there was none.
            seconds: that it took.
            scope: whose limit a 429 is of, as Discord states it in `X-RateLimit-Scope`.
        """
        self._requests.labels(f"{status // 100}xx" if status else "none").inc()
        self._request_time.observe(seconds)
        if status == 429:
            self._limited.labels(scope if scope in {"user", "global", "shared"} else "unknown").inc()
        # 10,000 of these in ten minutes get an address banned; what others used up of a shared limit does not count
        # (discord.com/developers/docs/topics/rate-limits#invalid-request-limit).
        if status in {401, 403} or (status == 429 and scope != "shared"):
            self._invalid.labels(str(status)).inc()

    def polled(self, succeeded: int, failed: int, changes: int) -> None:
        """Notes a round of polling; called from its thread."""
        self._polls.labels("ok").inc(succeeded)
        self._polls.labels("failed").inc(failed)
        self._fed_articles.inc(changes)

    def logged(self, level: str) -> None:
        """Notes a line in the log."""
        if level in LOG_LEVELS:
            self._logged.labels(level).inc()

    def corpus_read(self, reading: CorpusReading) -> None:
        """Takes over the state of corpus, index and feeds."""
        self._articles.set(reading.articles)
        self._passages.set(reading.passages)
        self._newest.set(reading.newest_article)
        self._database.set(reading.database_bytes)
        self._free.set(reading.free_bytes)
        self._built.set(reading.index_built)
        self._vectors.set(reading.vectors)
        self._joined.set(reading.joined)
        self._gone.set(reading.gone)
        self._without.set(reading.texts_without_vector)
        self._overdue.set(reading.feeds_overdue_s)
        self._fed.set(reading.feeds_changed)
        self._read_at.set(reading.read_at)
        for state in FEED_STATES:
            self._feeds.labels(state.replace(" ", "_")).set(reading.feed_states.get(state, 0))
