"""When what could not be sent may be tried again: after five minutes, and twice as long after each further failure."""

from datetime import datetime, timedelta

from corpus.timestamps import utc_text

FIRST_S = 300.0
# The longest wait, in seconds, unless a caller has another.
LONGEST_S = 24 * 3600.0


def next_try(failures: int, now: datetime, longest_s: float = LONGEST_S) -> str:
    """Return when to try again after so many failures before (ISO 8601, UTC)."""
    return utc_text(now + timedelta(seconds=min(longest_s, FIRST_S * 2 ** min(failures, 20))))


def may_try(retry_at: str, now: datetime, longest_s: float = LONGEST_S) -> bool:
    """Return whether it is time; a time further ahead than any wait was stored while the clock was wrong."""
    return not utc_text(now) < retry_at <= utc_text(now + timedelta(seconds=longest_s))
