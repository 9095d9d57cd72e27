"""When what could not be sent may be tried again: after five minutes, and twice as long after each further failure."""

from datetime import datetime, timedelta

from sqlite_utils import Database

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


def note_failure(db: Database, table: str, rule_id: int, problem: str, retry_at: str) -> bool:
    """Store that what a rule of a table sends failed; return whether it worked before, so that somebody is told."""
    row = db.execute(f"SELECT problem FROM {table} WHERE id = ?", (rule_id,)).fetchone()
    sql = f"UPDATE {table} SET failures = failures + 1, problem = ?, retry_at = ? WHERE id = ?"
    db.execute(sql, (problem, retry_at, rule_id))
    return row is not None and not row[0]
