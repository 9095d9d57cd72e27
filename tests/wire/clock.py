"""The server's clock, which tests can move, and the ids that it stamps."""

import time
from datetime import UTC, datetime

# Milliseconds of 2015-01-01, from which Discord counts (discord.com/developers/docs/reference, "Snowflakes").
EPOCH_MS = 1_420_070_400_000


class Clock:
    """Seconds since 1970; runs with the real one, and jumps or stands still where a test says so."""

    def __init__(self) -> None:
        self._ahead_s = 0.0
        self._stands_at: float | None = None

    def now(self) -> float:
        return (time.time() if self._stands_at is None else self._stands_at) + self._ahead_s

    def stand_still(self) -> None:
        """Moves only where it is told to from now on, however slow the machine is."""
        self._stands_at = time.time()

    def advance(self, seconds: float) -> None:
        """Jumps ahead, or back where it is negative."""
        self._ahead_s += seconds

    def iso(self) -> str:
        return datetime.fromtimestamp(self.now(), UTC).isoformat()


class Ids:
    """Snowflakes: the moment in the upper bits, a counter in the lower ones."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._count = 0
        self._guilds = 0

    def new(self) -> int:
        """An id that nothing else has."""
        self._count += 1
        return (int(self._clock.now() * 1000 - EPOCH_MS) << 22) | (self._count & 0x3FFFFF)

    def new_guild(self) -> int:
        """An id of a day ago; one after the other they fall into one shard after the other."""
        self._guilds += 1
        # A multiple of 16 milliseconds first, so that the first server is in shard 0 of 1, 2, 4 and 16.
        base = int((self._clock.now() - 86_400) * 1000 - EPOCH_MS) // (1 << 20) * (1 << 20)
        return (base + self._guilds - 1) << 22
