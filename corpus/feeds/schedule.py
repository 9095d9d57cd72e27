"""Computes when to poll a feed next, by its rate of change, its failures and the interval that it asks for."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from corpus.timestamps import utc_text

# Seconds between two polls of a feed. News agencies' feeds change within ten minutes.
INITIAL_INTERVAL_S = 30 * 60
MIN_INTERVAL_S = 10 * 60
MAX_INTERVAL_S = 12 * 3600
# Seconds to wait after the first failure, doubled by each further one, and once the circuit is open.
BASE_BACKOFF_S = 5 * 60
CIRCUIT_OPEN_S = 24 * 3600
# After this many failures in a row, a feed is polled only once a day.
CIRCUIT_FAILURES = 5
# Tries to fetch an article's page, seconds to wait after the first, and the factor for each further wait.
MAX_TRIES = 4
BASE_RETRY_S = 10 * 60
RETRY_FACTOR = 4
# Seconds before a changed entry is fetched again: some feeds change their texts at every request.
RECHECK_S = 3600
# The longest Retry-After to obey.
MAX_RETRY_AFTER_S = 7 * 86400
# No poll or try lies further ahead: Retry-After is the longest wait, and an hour more covers what is added to it. What
# does lie further ahead was computed while the clock was wrong, so it counts as due.
MAX_AHEAD_S = MAX_RETRY_AFTER_S + 3600
# A poll stored as later than now by more than this tells that the clock was wrong; less comes of adjusting a clock.
MAX_SKEW_S = 300


@dataclass(frozen=True, slots=True)
class Clock:
    """The time (seconds since 1970), a way to sleep, and a random number (at least 0, less than 1)."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], object] = time.sleep
    chance: Callable[[], float] = random.random

    def timestamp(self, offset_s: float = 0.0) -> str:
        """Return the time plus an offset, as it is stored."""
        return utc_text(datetime.fromtimestamp(self.now() + offset_s, UTC))

    @property
    def horizon(self) -> str:
        """The latest time at which a poll or a try may be due, as it is stored."""
        return self.timestamp(MAX_AHEAD_S)


def next_interval(interval_s: int, least_s: int, changes: int) -> int:
    """Return the interval after a poll with this many new or changed entries.

    It is halved for more than one, kept for one, and grows by half for none, so that a poll finds about one. It stays
    between the bounds, and at least as long as the feed asks for.
    """
    interval = interval_s // 2 if changes > 1 else interval_s if changes else interval_s * 3 // 2
    return min(MAX_INTERVAL_S, max(MIN_INTERVAL_S, least_s, interval))


def jitter(seconds: float, chance: float) -> float:
    """Vary a time by up to a tenth, so that feeds added together are not polled together."""
    return seconds * (0.9 + 0.2 * chance)


def backoff(failures: int, chance: float) -> float:
    """Return the seconds to wait after this many failures in a row: a random part between half and all of the time."""
    if failures >= CIRCUIT_FAILURES:
        return jitter(CIRCUIT_OPEN_S, chance)
    return BASE_BACKOFF_S * 2.0 ** (failures - 1) * (0.5 + 0.5 * chance)


def retry_delay(tries: int, chance: float) -> float:
    """Return the seconds to wait before an article's page is fetched again."""
    return jitter(BASE_RETRY_S * float(RETRY_FACTOR) ** (tries - 1), chance)


def parse_retry_after(text: str, now: float) -> float:
    """Return the seconds that a Retry-After states, as a number or a date (RFC 9110, 10.2.3); 0 if it states none."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return min(float(text), MAX_RETRY_AFTER_S)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return 0.0
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(0.0, at.timestamp() - now), MAX_RETRY_AFTER_S)
