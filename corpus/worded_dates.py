"""Parses dates with a month's name, in the languages of most news."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from corpus.month_names import is_beside_month, is_weekday, month_of, numbers_months
from corpus.solar_hijri import solar_date

# The languages of most news. With all that dateparser knows, it takes 8 s to reject a text.
_LANGUAGES = [
    "en", "fr", "de", "es", "it", "pt", "nl", "pl", "ru", "uk", "tr", "ar", "fa", "he", "zh", "ja", "ko",
    "hi", "id", "vi", "sv", "da", "nb", "fi", "cs", "sk", "sl", "hr", "hu", "ro", "bg", "el", "ca", "th",
]  # fmt: skip
# Zones whose letters mean one offset wherever they are used, in minutes.
_ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 60, "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120, "EET": 120,
    "EEST": 180, "MSK": 180, "МСК": 180, "TRT": 180, "EAT": 180, "SAST": 120, "PKT": 300, "NPT": 345, "WIB": 420,
    "HKT": 480, "SGT": 480, "JST": 540, "KST": 540, "AWST": 480, "ACST": 570, "AEST": 600, "AEDT": 660, "NZST": 720,
    "NZDT": 780, "EDT": -240, "MDT": -360, "PDT": -420, "NST": -210, "NDT": -150,
}  # fmt: skip
# These stand for different offsets in different countries, so only the day counts.
_AMBIGUOUS_ZONES = frozenset({"est", "cst", "cdt", "mst", "pst", "ast", "adt", "bst", "ist", "gst", "sst", "wst", "et"})
# Kiribati has the largest offset from UTC.
MAX_OFFSET_MINUTES = 14 * 60
_NUMBERED = re.compile(
    r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日号號일][^\d年月]{0,12}(?:\d\d?[:：时時시].*)?"
)
_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2})(?::(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?|\s?[h.](\d\d)\b(?!\.)|(?=\s?[ap]\.?\s?m\b))"
    r"(?:\s?([ap])\.?\s?m\b\.?)?"
)
_OFFSET = re.compile(r"(?:\b(?:utc|gmt)\s?|(?<=\s))([+-])(\d\d):?(\d\d)(?=\s|$)")
# The months of two words that Lebanon, Syria, Iraq and Jordan use.
_LEVANTINE = {
    "تشرين الأول": "october",
    "تشرين الثاني": "november",
    "كانون الأول": "december",
    "كانون الثاني": "january",
}
_TWO_WORDS = re.compile("(تشرين|كانون) ال(أول|اول|ثاني)")
_THAI_STOP = re.compile(r"(?<=[\u0e01-\u0e3a])\.(?=[\u0e01-\u0e3a])")
# The years before the first one of Japanese eras and that of the Republic of China, and of the Buddhist era, in which
# Thailand counts.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_ERA = re.compile(r"(令和|平成|昭和|民[國国])\s?(\d{1,3}|元)\s?年")
_BUDDHIST, _LEAST_BUDDHIST = 543, 2_400
_NAMED_ERA = re.compile(r"[พค]\.?ศ\.?\s?(?=\d{4})")
# Between a day in the Islamic calendar and the same day in another one: "corresponding to".
_CORRESPONDS = re.compile(r"الموافقة?(?: لـ?)?|برابر با|مطابق با")
# As Croatian and Czech write the number of a day, and Polish doesn't.
_ORDINAL = re.compile(r"\d\.\s?[^\W\d]")
# A name of the zone after its offset, as browsers write it.
_COMMENT = re.compile(r"\s*\([^()]*\)\s*$")
_SEPARATORS = re.compile(r"[\s,;|/،·•–—-]+|(?<=\D)\.(?=\D|$)|(?<=\d)\.(?!\d)")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|re|e|º|ª|°)?")
_YEAR = re.compile(r"(\d{4})(?:г|р|r)?")
# RFC 850 as RFC 9110 (5.6.7) describes it.
_TWO_DIGIT_YEAR = re.compile(r"([a-z]+day, \d\d-[a-z]{3}-)(\d\d)(?= \d\d:\d\d)")
_FOUR_DIGITS = re.compile(r"\d{4}")
_MAX_CACHED = 4_096


@dataclass(frozen=True, slots=True)
class WordedDate:
    """A day, and its time if the text states one with an unambiguous offset from UTC."""

    year: int
    month: int
    day: int
    moment: datetime | None = None


def offset_of(zone: str) -> int | None:
    """Return the offset of a zone's letters from UTC in minutes; None if they are unknown, or mean several."""
    return _ZONES.get(zone.upper())


def parse_worded(text: str) -> WordedDate | None:
    """Return the date that a short text states with a month's name or sign; None if it states none, or several."""
    if len(sides := _CORRESPONDS.split(text, maxsplit=2)) == 2:
        return _agreed(*map(parse_worded, sides))
    plain = _with_whole_year(_COMMENT.sub("", text.lower()))
    if solar := solar_date(plain):
        stated = WordedDate(solar[0].year, solar[0].month, solar[0].day)
        return _agreed(stated, parse_worded(solar[1])) if _FOUR_DIGITS.search(solar[1]) else stated
    plain = _NAMED_ERA.sub("", plain)
    plain = _ERA.sub(lambda era: f"{_ERAS[era[1]] + int(era[2].replace('元', '1'))}年", plain)
    plain = _TWO_WORDS.sub(lambda name: _LEVANTINE[name[0].replace("الاول", "الأول")], _THAI_STOP.sub("", plain))
    if match := _NUMBERED.fullmatch(plain):
        return WordedDate(int(match[1]), int(match[2]), int(match[3]))
    clock = _CLOCK.search(plain)
    rest = plain[: clock.start()] + " " + plain[clock.end() :] if clock else plain
    offset = _OFFSET.search(rest) if clock else None
    rest = rest[: offset.start()] + " " + rest[offset.end() :] if offset else rest
    words = [word for word in _SEPARATORS.split(rest) if word]
    is_ordinal = bool(_ORDINAL.search(rest))
    named = {word: month for word in words if (month := month_of(word, is_ordinal=is_ordinal)) is not None}
    if not named and not numbers_months(plain):
        return None
    months = _months(named)
    # A name of two months.
    if 0 in months:
        return None
    minutes = _offset_minutes(offset) if offset else None
    others = [word for word in words if word not in named]
    return _from_parts(others, months, clock, minutes) or _from_any_words(text)


def _agreed(one: WordedDate | None, other: WordedDate | None) -> WordedDate | None:
    """Return the day of two that one text states in two calendars, of which one may be unknown; None if they differ."""
    if one and other and (one.year, one.month, one.day) != (other.year, other.month, other.day):
        return None
    return one or other


def _months(named: dict[str, int]) -> set[int]:
    """Return the months that words name."""
    months = set(named.values())
    if len(months) <= 1:
        return months
    # The French `mar.` is both a weekday and a month.
    return {month for word, month in named.items() if not is_weekday(word)}


def _with_whole_year(text: str) -> str:
    """Write out the year of an RFC 850 date: the last one with its two digits that isn't 50 years ahead."""
    match = _TWO_DIGIT_YEAR.match(text)
    if match is None:
        return text
    this_year = datetime.now(UTC).year
    year = this_year // 100 * 100 + int(match[2])
    return f"{match[1]}{year - 100 if year > this_year + 50 else year}{text[match.end() :]}"


def _from_parts(
    words: list[str], months: set[int], clock: re.Match[str] | None, minutes: int | None
) -> WordedDate | None:
    """Return the date of one month and of other words that are one day, one year and nothing unknown."""
    years: list[int] = []
    days: list[int] = []
    for word in words:
        zone = offset_of(word) if clock else None
        if match := _YEAR.fullmatch(word):
            years.append(int(match[1]))
        elif match := _DAY.fullmatch(word):
            days.append(int(match[1]))
        elif zone is not None and minutes is None:
            minutes = zone
        elif not (zone is not None or (clock and word in _AMBIGUOUS_ZONES) or is_beside_month(word)):
            return None
    if not len(months) == len(years) == len(days) == 1:
        return None
    year, month, day = years[0], months.pop(), days[0]
    if year >= _LEAST_BUDDHIST:
        year -= _BUDDHIST
    moment = _moment(year, month, day, clock, minutes) if clock and minutes is not None else None
    return WordedDate(year, month, day, moment)


def _moment(year: int, month: int, day: int, clock: re.Match[str], minutes: int) -> datetime | None:
    hour, minute, second = int(clock[1]), int(clock[2] or clock[4] or 0), int(clock[3] or 0)
    if clock[5] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if clock[5] == "p" else 0)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=timezone(timedelta(minutes=minutes)))
    except ValueError:
        return None


def _offset_minutes(offset: re.Match[str]) -> int | None:
    """Return the minutes of a stated offset, None if no place on Earth has it."""
    minutes = int(offset[2]) * 60 + int(offset[3])
    if minutes > MAX_OFFSET_MINUTES:
        return None
    return -minutes if offset[1] == "-" else minutes


def load_words() -> None:
    """Load what only dates in unforeseen words need: it takes seconds, and holds the interpreter for a third of one."""
    _from_any_words("from 9 September 2024 until 1 May 2025")


@lru_cache(_MAX_CACHED)
def _from_any_words(text: str) -> WordedDate | None:
    """Parse what the forms above don't cover. It takes up to 30 ms, so only for texts that name a month."""
    import dateparser  # noqa: PLC0415 - takes 130 ms to import, and few dates need it

    settings = {
        # Reject dates without a day, month or year.
        "STRICT_PARSING": True,
        "PARSERS": ["absolute-time"],
        "DATE_ORDER": "DMY",
    }
    try:
        when = dateparser.parse(text, languages=_LANGUAGES, settings=settings)
    except (ValueError, OverflowError, TypeError, RecursionError):
        return None
    if when is None or str(when.year) not in text:
        return None
    return WordedDate(when.year, when.month, when.day)
