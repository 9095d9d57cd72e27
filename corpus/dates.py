"""Parses dates of publication and the bounds of a search; ambiguous dates are rejected, never guessed."""

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from corpus.errors import BadInput
from corpus.timestamps import utc_text

_FIRST_YEAR = 1800
# The first time zone's day begins 14 hours before that of UTC, and many sites state local times as UTC.
MAX_AHEAD = timedelta(hours=14)
# No date is longer; dateparser takes seconds on long text.
_MAX_LENGTH = 80

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s?(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_NUMERIC = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?=\D|$)")
_YEAR_FIRST = re.compile(r"(\d{4})[./](\d{1,2})[./](\d{1,2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_DAY = re.compile(r"(?<![\d:.+-])\d{1,2}(?![\d:])")
_ZONE = re.compile(r"(?:\b(?:UTC|GMT|Z|[ECMP][SD]T|BST|CES?T|EES?T|MSK|IST|JST)\b|[+-]\d\d:?\d\d\s*$)")
_CLOCK = re.compile(r"\d{1,2}:\d\d|\d\s*[ap]\.?m\b", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:first published|published|posted|updated|on|since|from|until|before)\b:?\s*", re.IGNORECASE)
_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name} | {
    name.lower(): i for i, name in enumerate(calendar.month_abbr) if name
}
# The languages of most news. With all that dateparser knows, it takes 8 s to reject a text.
_LANGUAGES = [
    "en", "fr", "de", "es", "it", "pt", "nl", "pl", "ru", "uk", "tr", "ar", "fa", "he", "zh", "ja", "ko",
    "hi", "id", "vi", "sv", "da", "nb", "fi", "cs", "sk", "sl", "hr", "hu", "ro", "bg", "el", "ca", "th",
]  # fmt: skip
_HINT = "Try a day such as 2024-09-30, a month such as 2024-09, a year, or words such as 'last week'."


def parse_published(text: str) -> str | None:
    """Return the absolute date that `text` states, or None if it states no unambiguous one.

    A time with its zone becomes `2024-09-09T12:30:00Z` in UTC, anything else `2024-09-09`. Weekdays, relative words,
    dates without a day, and numbers that could be two dates (`09/08/2024`) give None.
    """
    text = " ".join(text.split()) if len(text) <= 4 * _MAX_LENGTH else ""
    if not text or len(text) > _MAX_LENGTH:
        return None
    if match := _ISO.fullmatch(text):
        return _from_iso(match)
    if match := _COMPACT.fullmatch(text) or _YEAR_FIRST.match(text):
        return _valid_day(*map(int, match.groups())) if _is_only_date(text, match) else None
    if match := _NUMERIC.match(text):
        return _from_numeric(match) if _is_only_date(text, match) else None
    states_day = _YEAR.search(text) and _DAY.search(_YEAR.sub(" ", text))
    return (_from_rfc2822(text) or _from_words(text)) if states_day else None


def parse_bound(text: str, *, today: date, end: bool) -> date:
    """Return the day that `text` names as the bound of a search.

    Args:
        text: an ISO date, a year, a month with its year, "yesterday", "last week", or a date in words.
        today: the day that relative words refer to.
        end: return the last day of a year, month or week instead of the first.

    Raises:
        BadInput: it names no day.
    """
    plain = _PREFIX.sub("", " ".join(text.split()).lower().replace(",", " ").strip())
    span = _relative_span(plain, today) or _calendar_span(plain)
    if span:
        return span[end]
    stated = parse_published(text) or parse_published(plain)
    if stated:
        return date.fromisoformat(stated[:10])
    shown = text if len(text) <= _MAX_LENGTH else text[:_MAX_LENGTH] + "…"
    raise BadInput(f"“{shown}” isn't a date I understand.", _HINT)


def is_ahead(published_at: str, now: str) -> bool:
    """Return whether a date or time of publication lies after `now`, another ISO 8601 time in UTC."""
    try:
        latest = datetime.fromisoformat(now).replace(tzinfo=UTC) + MAX_AHEAD
    except (ValueError, OverflowError):
        return False
    return published_at > utc_text(latest)[: len(published_at)]


def day_in_words(iso: str) -> str:
    """Format the day of an ISO date or time: `9 September 2024`."""
    day = date.fromisoformat(iso[:10])
    return f"{day.day} {day:%B %Y}"


def _relative_span(text: str, today: date) -> tuple[date, date] | None:
    """Return first and last day of words such as "last week"; weeks begin on Monday."""
    if match := re.fullmatch(r"(?:last |past )?(\d{1,4}) (day|week)s?(?: ago)?", text):
        day = today - timedelta(days=int(match[1]) * (7 if match[2] == "week" else 1))
        return (day, day) if text.endswith("ago") else (day, today)
    names = {"today": 0, "yesterday": 1, "the day before yesterday": 2}
    if text in names:
        day = today - timedelta(days=names[text])
        return day, day
    match = re.fullmatch(r"(this|last|past) (week|month|year)", text)
    if not match:
        return None
    back = match[1] != "this"
    if match[2] == "week":
        monday = today - timedelta(days=today.weekday() + 7 * back)
        return monday, monday + timedelta(days=6)
    if match[2] == "year":
        return _days(today.year - back)
    before = today.replace(day=1) - timedelta(days=1) if back else today
    return _days(before.year, before.month)


def _calendar_span(text: str) -> tuple[date, date] | None:
    """Return first and last day of a year or a month with its year."""
    if match := re.fullmatch(r"(\d{4})(?:[-/](\d{1,2}))?", text):
        return _days(int(match[1]), int(match[2])) if match[2] else _days(int(match[1]))
    if match := re.fullmatch(r"([a-z]+)\.? (\d{4})", text):
        month = 9 if match[1] == "sept" else _MONTHS.get(match[1])
        return _days(int(match[2]), month) if month else None
    return None


def _days(year: int, month: int | None = None) -> tuple[date, date] | None:
    if not 1 <= year <= 9999 or not 1 <= (month or 1) <= 12:
        return None
    last = month or 12
    return date(year, month or 1, 1), date(year, last, calendar.monthrange(year, last)[1])


def _from_iso(match: re.Match[str]) -> str | None:
    year, month, day, clock, zone = match.groups()
    if not clock or not zone:
        return _valid_day(int(year), int(month), int(day))
    zone = {"Z": "+00:00", "UTC": "+00:00", "GMT": "+00:00"}.get(zone.upper(), zone)
    try:
        when = datetime.fromisoformat(f"{year}-{month}-{day}T{clock}{zone}")
    except ValueError:
        return None
    return _format(when, has_zone=True)


def _is_only_date(text: str, match: re.Match[str]) -> bool:
    """Return whether at most a time of day follows a numeric date."""
    rest = text[match.end() :].strip(" ,")
    return not rest or bool(_CLOCK.match(rest))


def _from_numeric(match: re.Match[str]) -> str | None:
    first, second, year = map(int, match.groups())
    if first > 12 or first == second:
        return _valid_day(year, second, first)
    return _valid_day(year, first, second) if second > 12 else None


def _from_rfc2822(text: str) -> str | None:
    """Parse a date of RFC 2822 (section 3.3) as feeds write it."""
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # The mail parser accepts almost any words with numbers, so require a full date.
    if not re.match(r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d", text):
        return None
    return _format(when, has_zone=when.tzinfo is not None)


def _from_words(text: str) -> str | None:
    """Parse a date with a month's name, in any of `_LANGUAGES`."""
    import dateparser  # noqa: PLC0415  # takes 130 ms to import, and most dates are numeric

    settings = {
        # Reject dates without a day, month or year.
        "STRICT_PARSING": True,
        "PARSERS": ["absolute-time"],
        "DATE_ORDER": "DMY",
    }
    try:
        when = dateparser.parse(_PREFIX.sub("", text), languages=_LANGUAGES, settings=settings)
    except (ValueError, OverflowError, TypeError, RecursionError):
        return None
    if when is None or str(when.year) not in text:
        return None
    zoned = bool(_CLOCK.search(text) and _ZONE.search(text)) and when.tzinfo is not None
    return _format(when, has_zone=zoned)


def _format(when: datetime, *, has_zone: bool) -> str | None:
    try:
        when = when.astimezone(UTC) if has_zone else when
    except OverflowError:
        return None
    day = _valid_day(when.year, when.month, when.day)
    return utc_text(when) if day and has_zone else day


def _valid_day(year: int, month: int, day: int) -> str | None:
    """Format a day that exists and is neither before 1800 nor after next year; else return None."""
    if not _FIRST_YEAR <= year <= datetime.now(UTC).year + 1:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
