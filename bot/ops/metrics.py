"""Every metric of the bot; none contains names or ids of people, servers or collections."""

import platform
from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib.metadata import version
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from bot.ops.corpus_gauges import CorpusGauges
from bot.writer.written import Outcome as WritingOutcome

# Seconds. A cached answer takes a few hundredths; after thirty, people have stopped waiting.
_ANSWER_BUCKETS = (0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 13.0, 20.0, 30.0, 60.0)
# Stages take from a fraction of a millisecond (fuse) to tens of milliseconds.
_STAGE_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
_WAIT_BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 60.0)
# Discord wants interactions acknowledged within 3 s, so much smaller delays matter.
_LAG_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)
_REQUEST_BUCKETS = (0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)

# The stages that an answer reports timings of.
STAGES = ("spelling", "embed", "dense", "lexical", "fuse", "rerank", "answer")
# The stages around it: storing the answer, waiting for the rate limiter, and sending, with the library's own waits.
STAGES_AROUND = ("keep", "pace", "send")
# How a writing ends: `bot.writer.written.Outcome`.
WRITING_OUTCOMES = tuple(each.value for each in WritingOutcome)
# How an answering process is lost: `bot.processes.answer_process`.
LOST_HOW = ("crashed", "stuck", "garbled")
FEED_STATES = ("in order", "new", "failing", "circuit open", "paused")
LOG_LEVELS = ("warning", "error", "critical")
# Name and description of the metric of each field of `CorpusGauges`.
_CORPUS_GAUGES = {
    "articles": ("corpus_articles", "Articles in all collections."),
    "passages": ("corpus_passages", "Passages in all collections."),
    "newest_article": ("corpus_newest_article_timestamp_seconds", "Day of the newest article; 0 for none."),
    "database_bytes": ("database_bytes", "Size of the corpus database."),
    "free_bytes": ("data_free_bytes", "Free space on the disk of the data folder."),
    "index_built": ("index_built_timestamp_seconds", "When the live index was built; 0 for none."),
    "vectors": ("index_vectors", "Vectors in the live index."),
    "joined": ("index_joined_passages", "Passages added since the index was built."),
    "gone": ("index_gone_passages", "Passages removed since the index was built."),
    "texts_without_vector": ("index_texts_without_vector", "Texts without a vector."),
    "feeds_overdue_s": ("feeds_overdue_seconds", "How long the feed that is longest due has been due."),
    "feeds_changed": ("feeds_newest_change_timestamp_seconds", "When a feed last had something new; 0 for never."),
    "read_at": ("corpus_read_timestamp_seconds", "When these gauges were read."),
}


class Entry(StrEnum):
    """Where a question came from."""

    MENTION = "mention"
    CHANNEL = "channel"
    DM = "dm"
    ASK = "ask"
    CLAIM = "claim"
    SHARE = "share"
    RETRY = "retry"
    NEXT = "next"
    ABOUT = "about"


class Outcome(StrEnum):
    """How a question ended: the verdict of its answer, a page about an answer, or why it got none."""

    YES = "yes"
    NO = "no"
    DISPUTED = "disputed"
    OPEN = "open"
    NOT_FOUND = "not_found"
    PAGE = "page"
    TOO_FAST = "too_fast"
    INVALID = "invalid"
    BUSY = "busy"
    CLOSING = "closing"
    TOO_LATE = "too_late"
    FAILED = "failed"


class Metrics:
    """The metrics of one bot.

    Args:
        registry: where they are registered; by default a new one.
    """

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._define_questions()
        self._define_writer()
        self._define_requests()
        self._define_gateway()
        self._define_corpus()
        self._define_process()

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"attache_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"attache_{name}", text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: Sequence[float], *labels: str) -> Histogram:
        return Histogram(f"attache_{name}", text, labels, registry=self.registry, buckets=buckets)

    def _define_questions(self) -> None:
        self._questions = self._counter("questions", "Questions, by origin and outcome.", "entry", "outcome")
        self._answer_time = self._histogram(
            "question_seconds", "Time from a question's arrival until its answer was sent.", _ANSWER_BUCKETS
        )
        self._stages = self._histogram(
            "stage_seconds", "Time of the stages of answering and sending.", _STAGE_BUCKETS, "stage"
        )
        self._cached = self._counter("answers_remembered", "Answers from the cache.")
        self._queue_wait = self._histogram(
            "queue_wait_seconds", "Time that questions and lookups waited in the queue.", _WAIT_BUCKETS
        )
        self._lost_processes = self._counter(
            "answering_processes_replaced",
            "Answering processes that crashed, were stuck or sent no message, and were replaced.",
            "how",
        )
        self._process_memory = self._gauge(
            "process_memory_bytes",
            "Memory of each process; a shared page counts in parts, so that all add up.",
            "process",
        )
        for how in LOST_HOW:
            self._lost_processes.labels(how)
        self.queue_length = self._gauge("queue_length", "Questions and lookups in the queue.")
        self.pace_behind = self._gauge("pace_behind_seconds", "How long a new message would wait for the rate limiter.")
        for stage in (*STAGES, *STAGES_AROUND):
            self._stages.labels(stage)
        # Present from the first scrape on: Prometheus sees no increase in a series that starts at 200.
        for entry, outcome in product(Entry, Outcome):
            self._questions.labels(entry, outcome)

    def _define_writer(self) -> None:
        self._writings = self._counter("written_answers", "Answers that a model was to write, by outcome.", "outcome")
        self._sentences = self._counter("written_sentences", "Sentences of a model, shown or dropped.", "result")
        self._tokens = self._counter("writer_tokens", "Tokens that the writer's model read and wrote.")
        self._writing_time = self._histogram("writing_seconds", "Time of writing an answer.", _ANSWER_BUCKETS)
        for outcome in WRITING_OUTCOMES:
            self._writings.labels(outcome)
        for result in ("shown", "dropped"):
            self._sentences.labels(result)

    def _define_requests(self) -> None:
        self._requests = self._counter(
            "discord_requests", "Requests to Discord, by status class; none if there was no response.", "status"
        )
        self._request_time = self._histogram(
            "discord_request_seconds", "Time of requests to Discord, until the response headers.", _REQUEST_BUCKETS
        )
        self._invalid = self._counter(
            "discord_invalid_requests", "Responses that Discord counts as invalid requests.", "status"
        )
        self._rate_limited = self._counter(
            "discord_rate_limited", "Responses with status 429, by the scope of the limit.", "scope"
        )
        for status in ("1xx", "2xx", "3xx", "4xx", "5xx", "none"):
            self._requests.labels(status)
        for status in ("401", "403", "429"):
            self._invalid.labels(status)
        for scope in ("user", "global", "shared", "unknown"):
            self._rate_limited.labels(scope)

    def _define_gateway(self) -> None:
        self.identifies = self._counter("discord_identifies", "New sessions.")
        self.resumes = self._counter("discord_resumes", "Resumed sessions.")
        self.disconnects = self._counter("discord_disconnects", "Lost shard connections.")
        self.reconnects = self._counter("discord_reconnects", "Restored shard connections, resumed or new.")
        self.shards = self._gauge("discord_shards", "Expected shards.")
        self.shards_ready = self._gauge("discord_shards_ready", "Ready shards.")
        self.latency = self._gauge(
            "discord_shard_latency_seconds", "Time from a heartbeat to its acknowledgement.", "shard"
        )
        self.servers = self._gauge("discord_servers", "Servers that the bot is in.")

    def _define_corpus(self) -> None:
        self._corpus = {name: self._gauge(*described) for name, described in _CORPUS_GAUGES.items()}
        self.index_behind = self._gauge("index_behind_seconds", "How long some texts have had no vector.")
        self._feeds = self._gauge("feeds", "Feeds, by state.", "state")
        self._polls = self._counter("feed_polls", "Polls of feeds.", "result")
        self._feed_articles = self._counter("feed_articles", "New and updated articles from feeds.")
        for result in ("ok", "failed"):
            self._polls.labels(result)

    def _define_process(self) -> None:
        self.jobs_running = self._gauge("jobs_running", "Running jobs.")
        self.lag = self._histogram(
            "event_loop_lag_seconds", "How late the event loop was, measured twice a second.", _LAG_BUCKETS
        )
        self.worker_silence = self._gauge(
            "worker_silence_seconds", "How long the answering thread has not responded to a ping."
        )
        self.ready = self._gauge("ready", "Whether each part is ready (1) or not (0).", "part")
        self._logged = self._counter("log_records", "Log records, by level.", "level")
        for level in LOG_LEVELS:
            self._logged.labels(level)
        build = self._gauge("build_info", "Always 1; the running version.", "version", "python", "discord_py")
        build.labels(version("attache"), platform.python_version(), version("discord.py")).set(1)
        ProcessCollector(registry=self.registry)

    def count_question(self, entry: Entry, outcome: Outcome) -> None:
        """Count a question by origin and outcome."""
        self._questions.labels(entry.value, outcome.value).inc()

    def observe_answer_time(self, seconds: float) -> None:
        """Record the time from a question's arrival until its answer was sent."""
        self._answer_time.observe(seconds)

    def observe_answer_stages(
        self, timings_ms: Mapping[str, float], seconds: float, *, is_embedded_alone: bool = False
    ) -> None:
        """Record the stages of an answer that took `seconds`, with its embedding if no batch of questions had it."""
        # A cached answer returns its original timings, in less time than they add up to.
        if seconds * 1e3 < timings_ms.get("total", 0.0):
            self._cached.inc()
            return
        for stage in STAGES:
            # A question that was embedded in a batch beforehand is only looked up in that stage.
            if stage in timings_ms and (stage != "embed" or is_embedded_alone):
                self._stages.labels(stage).observe(timings_ms[stage] / 1e3)

    def observe_stage(self, stage: str, seconds: float) -> None:
        """Record the time of a stage around an answer; called from any thread."""
        self._stages.labels(stage).observe(seconds)

    def count_writing(self, outcome: str, proven: int, dropped: int, tokens: int, seconds: float) -> None:
        """Count a writing: how it ended, its sentences that were shown and not shown, tokens, and seconds."""
        self._writings.labels(outcome).inc()
        self._sentences.labels("shown").inc(proven)
        self._sentences.labels("dropped").inc(dropped)
        self._tokens.inc(tokens)
        self._writing_time.observe(seconds)

    def count_lost_process(self, how: str) -> None:
        """Count an answering process that was replaced; called from any thread."""
        self._lost_processes.labels(how).inc()

    def set_process_memory(self, shares: Mapping[str, int]) -> None:
        """Set the bytes of each process, by name."""
        for name, share in shares.items():
            self._process_memory.labels(name).set(share)

    def observe_queue_wait(self, seconds: float) -> None:
        """Record the time something waited in the queue; called from the answering thread."""
        self._queue_wait.observe(seconds)

    def count_request(self, status: int | None, seconds: float, scope: str) -> None:
        """Count a request to Discord; `status` is None without a response, `scope` is its `X-RateLimit-Scope`."""
        self._requests.labels(f"{status // 100}xx" if status else "none").inc()
        self._request_time.observe(seconds)
        if status == 429:
            self._rate_limited.labels(scope if scope in {"user", "global", "shared"} else "unknown").inc()
        # Discord bans an address for 10,000 of these in ten minutes; a shared limit used up by others does not count
        # (discord.com/developers/docs/topics/rate-limits#invalid-request-limit).
        if status in {401, 403} or (status == 429 and scope != "shared"):
            self._invalid.labels(str(status)).inc()

    def count_polls(self, succeeded: int, failed: int, changes: int) -> None:
        """Count a round of polling; called from its thread."""
        self._polls.labels("ok").inc(succeeded)
        self._polls.labels("failed").inc(failed)
        self._feed_articles.inc(changes)

    def count_log_record(self, level: str) -> None:
        """Count a log record."""
        if level in LOG_LEVELS:
            self._logged.labels(level).inc()

    def set_corpus(self, gauges: CorpusGauges) -> None:
        """Set the gauges of corpus, index and feeds."""
        for name, gauge in self._corpus.items():
            gauge.set(getattr(gauges, name))
        for state in FEED_STATES:
            self._feeds.labels(state.replace(" ", "_")).set(gauges.feed_states.get(state, 0))
