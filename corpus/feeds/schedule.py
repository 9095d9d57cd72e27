"""When a feed is polled next: adapted to how often it changes, later after failures, never before it allows."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from corpus.feeds.feed import CIRCUIT_FAILURES
from corpus.timestamps import utc_text

# Seconds between two polls: at first, at least, at most. Ten minutes are what news agencies' feeds change in.
FIRST_INTERVAL_S = 30 * 60
LEAST_INTERVAL_S = 10 * 60
MOST_INTERVAL_S = 12 * 3600
# Seconds after the first failure, doubled with each further one; and once the circuit is open.
FIRST_BACKOFF_S = 5 * 60
OPEN_S = 24 * 3600
# Tries to get an article's page, the seconds after the first, and by how much each wait is longer than the one before.
MOST_TRIES = 4
FIRST_RETRY_S = 10 * 60
RETRY_FACTOR = 4
# A changed entry is looked at again no sooner: some feeds change their texts at every request.
RECHECK_S = 3600
# Nobody is waited for longer because their Retry-After says so.
MOST_RETRY_AFTER_S = 7 * 86400


@dataclass(frozen=True, slots=True)
class Clock:
    """The time (seconds since 1970), a way to wait for seconds, and chance (at least 0, less than 1)."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], object] = time.sleep
    chance: Callable[[], float] = random.random

    def text(self, later_s: float = 0.0) -> str:
        """The time, or a later one, as it is stored."""
        return utc_text(datetime.fromtimestamp(self.now() + later_s, UTC))


def next_interval(interval_s: int, least_s: int, changes: int) -> int:
    """The interval after a poll that found so many new or changed entries: half, the same, or half as much again.

    So a feed settles where a poll finds about one. The bounds hold, and what the feed asks for.
    """
    interval = interval_s // 2 if changes > 1 else interval_s if changes else interval_s * 3 // 2
    return min(MOST_INTERVAL_S, max(LEAST_INTERVAL_S, least_s, interval))


def spread(seconds: float, chance: float) -> float:
    """So many seconds, a tenth more or less: feeds that were added together don't stay together."""
    return seconds * (0.9 + 0.2 * chance)


def backoff(failures: int, chance: float) -> float:
    """Seconds to wait after so many failures in a row; between half of it and all, by chance."""
    if failures >= CIRCUIT_FAILURES:
        return spread(OPEN_S, chance)
    return FIRST_BACKOFF_S * 2.0 ** (failures - 1) * (0.5 + 0.5 * chance)


def retry_wait(tries: int, chance: float) -> float:
    """Seconds to wait before an article's page is tried again."""
    return spread(FIRST_RETRY_S * float(RETRY_FACTOR) ** (tries - 1), chance)


def retry_after(text: str, now: float) -> float:
    """The seconds that a Retry-After states, as a number or a date (RFC 9110, 10.2.3); 0 where it states none."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return min(float(text), MOST_RETRY_AFTER_S)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return 0.0
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(0.0, at.timestamp() - now), MOST_RETRY_AFTER_S)
