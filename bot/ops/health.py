"""Whether the bot is alive and ready, and which part is not."""

import time
from collections.abc import Callable

from bot.ops.corpus_gauges import CorpusGauges

# Seconds. The longest thing that the answering thread does is healing a large index; beyond this it hangs.
STUCK_S = 300.0
# Seconds. New articles lack vectors until their polling round ends; beyond this, embedding has failed.
STALE_S = 1800.0

OK = "ok"


class Health:
    """The state of the parts of one bot. Lives in the event loop: if it answers, the loop runs.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._is_warm = False
        self._is_stopping = False
        self._shards: set[int] = set()
        self._shard_count: int | None = None
        self._can_read = True
        self._is_open = True
        self._behind_since: float | None = None
        self._silent_since: float | None = None

    @property
    def is_warm(self) -> bool:
        """Whether the corpus is open and the model loaded."""
        return self._is_warm

    @property
    def is_alive(self) -> bool:
        """Whether the answering thread responds."""
        return self._worker() == OK

    @property
    def is_ready(self) -> bool:
        """Whether questions are answered from an up-to-date index."""
        return all(state == OK for state in self.parts().values())

    @property
    def can_answer(self) -> bool:
        """Whether questions are answered, even if from an outdated index."""
        return all(state == OK for part, state in self.parts().items() if part != "index_fresh")

    @property
    def shards_ready(self) -> int:
        """How many shards are ready."""
        return len(self._shards)

    @property
    def behind_s(self) -> float:
        """Seconds since every text last had its vector in an open index; 0 while all have."""
        return 0.0 if self._behind_since is None else self._clock() - self._behind_since

    @property
    def silence_s(self) -> float:
        """Seconds since the answering thread was pinged without a response; 0 if it responded."""
        return 0.0 if self._silent_since is None else self._clock() - self._silent_since

    def parts(self) -> dict[str, str]:
        """Return the state of every part: `ok`, or a sentence that says what is wrong."""
        return {
            "running": "The bot is shutting down." if self._is_stopping else OK,
            "shards": self._connection(),
            "index_open": self._index(),
            "index_fresh": self._freshness(),
            "worker": self._worker(),
        }

    def set_warm(self) -> None:
        """Record that the corpus is open and the model loaded."""
        self._is_warm = True

    def shard_ready(self, shard_id: int, shard_count: int | None) -> None:
        """Record that a shard is ready, and how many there are."""
        self._shards.add(shard_id)
        self._shard_count = shard_count

    def shard_lost(self, shard_id: int) -> None:
        """Record that a shard lost its connection."""
        self._shards.discard(shard_id)

    def set_corpus(self, gauges: CorpusGauges | None) -> None:
        """Record the state of the corpus; None if it could not be read."""
        self._can_read = gauges is not None
        if gauges is None:
            return
        self._is_open = gauges.is_open
        if gauges.is_current:
            self._behind_since = None
        elif self._behind_since is None:
            self._behind_since = self._clock()

    def worker_pinged(self) -> None:
        """Record that the answering thread was pinged."""
        self._silent_since = self._clock()

    def worker_answered(self) -> None:
        """Record that it responded."""
        self._silent_since = None

    def stop(self) -> None:
        """Record that the bot is shutting down."""
        self._is_stopping = True

    def _connection(self) -> str:
        if self._shard_count is None:
            return "Discord is not connected yet."
        if len(self._shards) < self._shard_count:
            return f"{len(self._shards)} of {self._shard_count} shards are ready."
        return OK

    def _index(self) -> str:
        if not self._is_warm:
            return "The corpus is being opened."
        if not self._can_read:
            return "The corpus can't be read."
        return OK if self._is_open else "There is no readable index."

    def _freshness(self) -> str:
        if self.behind_s > STALE_S:
            return f"Some articles have had no vectors for {self.behind_s / 60:.0f} minutes."
        return OK

    def _worker(self) -> str:
        if self.silence_s > STUCK_S:
            return f"The answering thread has not responded for {self.silence_s:.0f} seconds."
        return OK
