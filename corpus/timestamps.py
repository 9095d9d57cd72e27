"""Formats timestamps as they are stored: ISO 8601, to the second; in UTC unless a publisher states another offset."""

from datetime import UTC, datetime


def utc_text(moment: datetime) -> str:
    """Format a moment in UTC, such as `2024-09-09T14:03:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_now() -> str:
    """Format the current time as `utc_text` does."""
    return utc_text(datetime.now(UTC))


def instant(published_at: str) -> str:
    """Return a stored date of publication with its time in UTC, so that text order is time order; a day stays a day."""
    if len(published_at) <= len("2024-09-09") or published_at.endswith("Z"):
        return published_at
    try:
        return utc_text(datetime.fromisoformat(published_at))
    except (ValueError, OverflowError):
        return published_at
