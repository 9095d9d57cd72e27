"""Time zones by the names that people write, and the moments at which a day's local time comes."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

LONGEST_NAME = 60


@cache
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


def zone_names() -> list[str]:
    """Return the names of all time zones that this machine knows."""
    return sorted(_names().values())


def known_zone(text: str) -> str | None:
    """Return the name of a time zone as the tz database spells it; None if this machine knows none of that name."""
    return _names().get(text.strip().replace(" ", "_").casefold())


def load_zone(name: str) -> ZoneInfo:
    """Return a time zone; UTC for one that this machine does not know any more."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def latest_slot(now: datetime, minute: int, weekday: int | None, zone: ZoneInfo) -> date:
    """Return the last local day whose time of day has come.

    A local time that a change of clocks skips comes when the clocks have been put forward; one that comes twice counts
    the first time.

    Args:
        now: the present moment.
        minute: minutes after midnight by the local clock.
        weekday: 0 for Monday to 6; None for every day.
        zone: the local time zone.
    """
    day = now.astimezone(zone).date()
    # By UTC, since the local difference of two times leaves a change of clocks out.
    if _moment(day, minute, zone) > now:
        day -= timedelta(days=1)
    return day if weekday is None else day - timedelta(days=(day.weekday() - weekday) % 7)


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the moment of a local time, in UTC.

    By PEP 495 it is the first of two, and for a skipped one as long after the gap as it lies in it.
    """
    return datetime.combine(day, time(minute // 60, minute % 60), zone).astimezone(UTC)
