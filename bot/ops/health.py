"""Whether the bot is alive and ready, and which part is not, from what the parts were last heard to do."""

import time
from collections.abc import Callable

from bot.ops.corpus_gauges import CorpusReading

# Seconds. Healing a large index is the longest that the answering thread does; what takes longer than this hangs.
STUCK_S = 300.0
# Between an article's storing and its embedding lies a round of polling; where texts lack their vectors for longer than
# this many seconds, nobody embeds them.
STALE_S = 1800.0

OK = "ok"


class Health:
    """What is known of the parts of one bot. Lives in the event loop: that it answers shows that the loop does.

    Args:
        clock: seconds that only grow.
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
        """Whether questions are answered, from an index that is up to date."""
        return all(said == OK for said in self.parts().values())

    @property
    def can_answer(self) -> bool:
        """Whether questions are answered, be it from an index that is behind."""
        return all(said == OK for part, said in self.parts().items() if part != "index_fresh")

    @property
    def shards_ready(self) -> int:
        """How many shards are ready."""
        return len(self._shards)

    @property
    def behind_s(self) -> float:
        """Seconds since every text was last seen with its vector in an open index; 0 while all have theirs."""
        return 0.0 if self._behind_since is None else self._clock() - self._behind_since

    @property
    def silence_s(self) -> float:
        """Seconds for which the answering thread has not responded; 0 while it does."""
        return 0.0 if self._silent_since is None else self._clock() - self._silent_since

    def parts(self) -> dict[str, str]:
        """Every part with `ok` or a sentence that says what is not."""
        return {
            "running": "The bot is shutting down." if self._is_stopping else OK,
            "shards": self._connection(),
            "index_open": self._index(),
            "index_fresh": self._freshness(),
            "worker": self._worker(),
        }

    def opened(self) -> None:
        """The corpus is open and the model loaded."""
        self._is_warm = True

    def shard_is_ready(self, shard_id: int, shard_count: int | None) -> None:
        """A shard of so many is ready."""
        self._shards.add(shard_id)
        self._shard_count = shard_count

    def shard_is_lost(self, shard_id: int) -> None:
        """A shard lost its connection."""
        self._shards.discard(shard_id)

    def corpus_read(self, reading: CorpusReading | None) -> None:
        """The state of the corpus was read; None where it could not be."""
        self._can_read = reading is not None
        if reading is None:
            return
        self._is_open = reading.is_open
        if reading.is_current:
            self._behind_since = None
        elif self._behind_since is None:
            self._behind_since = self._clock()

    def worker_was_called(self) -> None:
        """The answering thread was asked for a sign of life."""
        self._silent_since = self._clock()

    def worker_answered(self) -> None:
        """It gave one."""
        self._silent_since = None

    def stop(self) -> None:
        """The bot begins to shut down."""
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
        return OK if self._is_open else "There is no index that can be read."

    def _freshness(self) -> str:
        if self.behind_s > STALE_S:
            return f"Articles have lacked their vectors for {self.behind_s / 60:.0f} minutes."
        return OK

    def _worker(self) -> str:
        if self.silence_s > STUCK_S:
            return f"The answering thread has not responded for {self.silence_s:.0f} seconds."
        return OK
