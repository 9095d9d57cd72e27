"""Parses dates of publication and the bounds of a search; ambiguous dates are rejected, never guessed."""

import calendar
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from unicodedata import decimal

from corpus.errors import BadInput
from corpus.month_names import ENGLISH_MONTHS, is_weekday
from corpus.solar_hijri import SOLAR_YEARS, solar_day
from corpus.timestamps import instant, utc_text
from corpus.worded_dates import MAX_OFFSET_MINUTES, offset_of, parse_worded

_FIRST_YEAR = 1800
# Later years are of the Buddhist era, or numbers that are no years. Up to it a date is read, however far ahead: it is
# told as one in the future, and counts as none (`is_ahead`).
_LAST_YEAR = 2_399
# The first time zone's day begins 14 hours before that of UTC, and many sites state local times as UTC.
_MAX_AHEAD = timedelta(hours=14)
# No date is longer; dateparser takes seconds on long text.
_MAX_LENGTH = 80

_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s?"
    r"([a-z]{1,4}|(?:UTC|GMT)?[+-]\d\d:?\d\d|[+-]\d\d)?(?:\[[\w/+-]+\])?)?",
    re.IGNORECASE,
)
# As ISO 8601 allows, and as GDELT and web archives write it.
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(Z|[+-]\d\d:?\d\d)?)?", re.IGNORECASE)
# A week's day, and a year's (ISO 8601, 5.2.2 and 5.2.3); without hyphens, the latter would be any number.
_WEEK = re.compile(r"(\d{4})-?W(\d\d)-?([1-7])", re.IGNORECASE)
_ORDINAL = re.compile(r"(\d{4})-(\d{3})")
# In seconds since 1970, milliseconds or microseconds.
_EPOCH = re.compile(r"(1\d{9})(?:\d{3}|\d{6})?(?:\.\d+)?")
# Perhaps with the letter of "year", and a time of day, behind what introduces one.
_BEFORE_TIME = r"(?:(?:오전|오후|[上下]午|午[前後]|klo|kl\.?|um|at|à|alle|om|в|о|ساعت|الساعة)\s?)"
_TIME = (
    rf"(?:\s?[гр]\.?(?!\w))?"
    rf"(?:[T ,،|]+(?:{_BEFORE_TIME}?\d{{1,2}}:\d\d|{_BEFORE_TIME}\d{{1,2}}[.시時时]|\d{{1,2}}\s*[ap]\.?m\b).*|[ ,]*)"
)
_NUMERIC = re.compile(rf"(\d{{1,2}})([./-])(\d{{1,2}})[./-](\d{{4}}){_TIME}", re.IGNORECASE)
_YEAR_FIRST = re.compile(rf"(\d{{4}})[./-]\s?(\d{{1,2}})[./-]\s?(\d{{1,2}})\.?{_TIME}", re.IGNORECASE)
# `09SEP2024`, in military messages.
_TOGETHER = re.compile(r"(?<![^\W_])(\d{1,2})([A-Za-z]{3,9})(\d{4})(?![^\W_])")
# The day of a change, behind or before that of publication.
_CHANGE = r"(?:last )?(?:updated|modified|edited|aktualisiert|actualizado|mis à jour|обновлено)\b"
_CHANGED = re.compile(rf"^(.*\d{{4}}.*?)\W{{1,5}}{_CHANGE}.*", re.IGNORECASE)
_PUBLISHED_LATER = re.compile(rf"^{_CHANGE}.*\W(?=(?:first )?(?:published|posted)\b)", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,9})-(\d{1,2})-(\d{4})(?!\d)")
# The mail parser accepts almost any words with numbers, so require a full date.
_RFC_2822 = re.compile(r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} (?:\d{4}|\d\d(?= \d\d:\d\d:\d\d )) \d\d:\d\d")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_DAY = re.compile(r"(?<![\d:.+-])\d{1,2}(?![\d:])")
# `GMT+7`, as some feeds write it.
_SHORT_OFFSET = re.compile(r"\s?\b(?:UTC|GMT)\s?([+-])(\d{1,2})(?::?(\d\d))?$", re.IGNORECASE)
_DIGITS = re.compile(r"(?![0-9])\d")
_NUMBERED_MONTH = re.compile(r"\d[年월月]|\d{4}년")
_PREFIX = re.compile(
    r"^(?:first published|published|posted|(?:last )?updated|publi[ée] le|publicado(?: el| em)?"
    r"|ver[öo]ffentlicht(?: am)?|pubblicato il|gepubliceerd op|опубликовано|تاریخ انتشار|تاریخ|انتشار|date|on|since"
    r"|from|until|before)\b\s*:?\s*(?:on\b\s*)?",
    re.IGNORECASE,
)
# Before a date in numbers, it says what the text is about: "until 2024-09-30".
_BOUND = re.compile(r"(?:since|from|until|before)\b", re.IGNORECASE)
# The weekday before a numeric date, as some systems print both, or the time of day; Persian has weekdays of two words.
_NUMBERS = r"(?=\d{1,4}[./-]\d{1,2}[./-]\d{1,4})"
_WEEKDAY = re.compile(rf"^(?:[^\W\d_]+[ \u200c])?[^\W\d_]{{2,12}}\.?[,،]? {_NUMBERS}")
_TIME_FIRST = re.compile(rf"^\d\d?:\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?[ ,،|]+{_NUMBERS}", re.IGNORECASE)
# With these digits, a year that looks like one of Iran's may be one of the lunar calendar.
_ARABIC_DIGIT = re.compile("[٠-٩]")
_HINT = "Try a day such as 2024-09-30, a month such as 2024-09, a year, or words such as 'last week'."


def parse_published(text: str) -> str | None:
    """Return the absolute date that `text` states, or None if it states no unambiguous one.

    A time with its zone keeps the offset, so that its day is the publisher's own: `2024-09-09T08:30:00+09:00`, for UTC
    `2024-09-09T12:30:00Z`. Anything else becomes a day, `2024-09-09`, also a time in a zone whose letters have several
    meanings, such as IST. Weekdays, relative words, dates without a day, and numbers that could be two dates
    (`09/08/2024`) give None. With full stops (`09.08.2024`) the day is first in every language (CLDR).
    """
    text = " ".join(text.split()) if len(text) <= 4 * _MAX_LENGTH else ""
    if not text or len(text) > _MAX_LENGTH:
        return None
    if text.isascii() and (iso := _ISO.fullmatch(text)):
        # Most are of this form, and what follows changes nothing in it.
        return _from_iso(iso)
    may_be_lunar = bool(_ARABIC_DIGIT.search(text))
    text = text if text.isascii() else _DIGITS.sub(lambda digit: str(decimal(digit[0])), text)
    text = _SHORT_OFFSET.sub(_with_whole_offset, text)
    text = _PUBLISHED_LATER.sub("", _CHANGED.sub(r"\1", text))
    text = _TOGETHER.sub(r"\1 \2 \3", _MONTH_FIRST.sub(r"\1 \2 \3", text, count=1), count=1)
    is_bound = _BOUND.match(text) is not None
    text = _PREFIX.sub("", text).replace(" - ", " ")
    text = _WEEKDAY.sub(_without_weekday, _TIME_FIRST.sub("", text))
    for form, read in _FORMS:
        if match := form.fullmatch(text):
            is_unclear = is_bound or (may_be_lunar and _states_solar_year(text))
            return None if is_unclear else read(match)
    states_day = _DAY.search(_YEAR.sub(" ", text)) or _NUMBERED_MONTH.search(text)
    return (_from_rfc2822(text) or _from_words(text)) if states_day else None


def _states_solar_year(text: str) -> bool:
    return any(int(year) in SOLAR_YEARS for year in _YEAR.findall(text))


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
        latest = datetime.fromisoformat(now).replace(tzinfo=UTC) + _MAX_AHEAD
    except (ValueError, OverflowError):
        return False
    published = instant(published_at)
    return published > utc_text(latest)[: len(published)]


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
        month = ENGLISH_MONTHS.get(match[1])
        return _days(int(match[2]), month) if month else None
    return None


def _days(year: int, month: int | None = None) -> tuple[date, date] | None:
    if not 1 <= year <= 9999 or not 1 <= (month or 1) <= 12:
        return None
    last = month or 12
    return date(year, month or 1, 1), date(year, last, calendar.monthrange(year, last)[1])


def _with_whole_offset(match: re.Match[str]) -> str:
    return f" {match[1]}{match[2]:0>2}{match[3] or '00'}"


def _from_iso(match: re.Match[str]) -> str | None:
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    zone = _zone(match[5]) if match[4] else None
    try:
        if zone is not None and (stated := _day(year, month, day)) is not None:
            return _format(datetime.combine(stated, time.fromisoformat(match[4]), zone))
    except ValueError:
        # Leap seconds, and the midnight at a day's end that is written 24:00.
        pass
    return _valid_day(year, month, day)


def _from_compact(match: re.Match[str]) -> str | None:
    year, month, day, *clock, zone = match.groups()
    stated, tz = _day(int(year), int(month), int(day)), _zone(zone)
    if tz is None or stated is None:
        return _valid_day(int(year), int(month), int(day))
    try:
        return _format(datetime.combine(stated, time(int(clock[0]), int(clock[1]), int(clock[2] or 0)), tz))
    except ValueError:
        return None


def _zone(text: str | None) -> timezone | None:
    """Return the offset from UTC that `Z`, `+0900`, `GMT+9:00` or letters with one meaning state; None for others."""
    if not text:
        return None
    if text[-1].isalpha():
        minutes = offset_of(text)
        return None if minutes is None else timezone(timedelta(minutes=minutes))
    digits = re.sub(r"\D", "", text)
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    if minutes > MAX_OFFSET_MINUTES:
        return None
    return timezone(timedelta(minutes=-minutes if "-" in text else minutes))


def _from_week(match: re.Match[str]) -> str | None:
    try:
        day = date.fromisocalendar(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return _valid_day(day.year, day.month, day.day)


def _from_ordinal(match: re.Match[str]) -> str | None:
    year, number = int(match[1]), int(match[2])
    if not 1 <= number <= 365 + calendar.isleap(year) or year < _FIRST_YEAR:
        return None
    day = date(year, 1, 1) + timedelta(days=number - 1)
    return _valid_day(day.year, day.month, day.day)


def _without_weekday(match: re.Match[str]) -> str:
    """Return nothing for the name of a day, and anything else as it is."""
    # "سه شنبه" is written with a space, too.
    return "" if is_weekday(match[0].lower().strip(" .,،").replace(" ", "\u200c")) else match[0]


def _from_epoch(match: re.Match[str]) -> str | None:
    return _format(datetime.fromtimestamp(int(match[1]), UTC))


def _from_year_first(match: re.Match[str]) -> str | None:
    return _valid_day(int(match[1]), int(match[2]), int(match[3]))


def _from_numeric(match: re.Match[str]) -> str | None:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if first > 12 or first == second or match[2] == ".":
        return _valid_day(year, second, first)
    return _valid_day(year, first, second) if second > 12 else None


def _from_rfc2822(text: str) -> str | None:
    """Parse a date of RFC 2822 (section 3.3) as feeds write it."""
    if not _RFC_2822.match(text):
        return None
    try:
        return _format(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _from_words(text: str) -> str | None:
    """Parse a date with a month's name."""
    stated = parse_worded(text)
    if stated is None:
        return None
    return _format(stated.moment) if stated.moment else _valid_day(stated.year, stated.month, stated.day)


def _format(when: datetime) -> str | None:
    """Format a time with its offset, to the second, and one without as its day."""
    day = _valid_day(when.year, when.month, when.day)
    if day is None or when.tzinfo is None:
        return day
    text = when.replace(microsecond=0).isoformat()
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def _valid_day(year: int, month: int, day: int) -> str | None:
    """Format a day that exists, of 1800 to 2399; else return None.

    Programs write the first day of 1970, where their clocks begin, if they know of no date.
    """
    stated = _day(year, month, day)
    if stated is None or not _FIRST_YEAR <= stated.year <= _LAST_YEAR or stated == date(1970, 1, 1):
        return None
    return stated.isoformat()


def _day(year: int, month: int, day: int) -> date | None:
    """Return a day of the common or, by its year, the solar calendar; None if there is none."""
    if year in SOLAR_YEARS:
        return solar_day(year, month, day)
    try:
        return date(year, month, day)
    except ValueError:
        return None


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
    (_ISO, _from_iso),
    (_COMPACT, _from_compact),
    (_WEEK, _from_week),
    (_ORDINAL, _from_ordinal),
    (_EPOCH, _from_epoch),
    (_YEAR_FIRST, _from_year_first),
    (_NUMERIC, _from_numeric),
)
