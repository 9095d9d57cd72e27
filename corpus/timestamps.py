"""Formats timestamps as they are stored: ISO 8601 in UTC, to the second, so that text order is time order."""

from datetime import UTC, datetime


def utc_text(moment: datetime) -> str:
    """Format a moment in UTC, such as `2024-09-09T14:03:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_now() -> str:
    """Format the current time as `utc_text` does."""
    return utc_text(datetime.now(UTC))
