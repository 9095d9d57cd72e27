"""Reads the period that a question states: "in May 2023", "on 20 May 2023", "since 2022", "this week"."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.dates import day_in_words
from corpus.month_names import ENGLISH_MONTH, ENGLISH_MONTHS

_STATED = re.compile(
    rf"""\b(?:(?P<lead>since|after|before|until|till|by|as\s+of|from)\s+)?(?:
        (?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{ENGLISH_MONTH})\.?,?\s+(?P<y1>(?:19|20)\d\d)
      | (?P<m2>{ENGLISH_MONTH})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>(?:19|20)\d\d)
      | (?P<m3>{ENGLISH_MONTH})\.?,?\s+(?:of\s+)?(?P<y3>(?:19|20)\d\d)
      | (?P<y5>(?:19|20)\d\d)-(?P<m5>\d\d)(?:-(?P<d5>\d\d))?
      | (?<![\d$€£,.])(?P<y4>(?:19|20)\d\d)(?![\d,.]\d|\s+(?:people|soldiers|troops|men|tons|miles|drones|missiles))
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_IN_DIGITS = re.compile(r"(?<![\w/.-])(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?![\w/-])")
_FEW = {"two": 2, "couple of": 2, "three": 3, "few": 4, "four": 4, "five": 5, "six": 6}
_RECENT = re.compile(
    rf"""\b(?:
        (?P<which>this(?:\s+past)?|last|past|previous)\s+(?:(?P<count>{"|".join(_FEW)}|\d{{1,2}})\s+)?
            (?P<unit>day|week|weekend|month)s?
      | yesterday | tonight | last\s+night | this\s+(?:morning|afternoon|evening)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_UNIT_DAYS = {"day": 1, "week": 7, "weekend": 7, "month": 31}
# Live pages carry the date of their first entry, and time zones differ, so an article may be dated this much early.
MARGIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Period:
    """The first and last day that a question asks about; None leaves that end open."""

    first: date | None
    last: date | None

    def can_report(self, published: str | None) -> bool:
        """Return whether an article of this date can report on the period: not if it was published before."""
        if published is None or self.first is None:
            return True
        return date.fromisoformat(published[:10]) >= self.first - MARGIN


def read_period(question: str) -> Period | None:
    """Return the last period that a question states, None if it states none."""
    found = [each for match in _STATED.finditer(question) if (each := _period(match)) is not None]
    return found[-1] if found else None


def read_recent(question: str, today: date) -> Period | None:
    """Return the time up to today that a question asks about in relative words ("this week"), None if in none.

    "Today" is left out, which often means these days; so is the year, which is most often compared with another.
    """
    match = _RECENT.search(question)
    if match is None:
        return None
    days = 1
    if unit := match["unit"]:
        counted = (match["count"] or "1").lower()
        days = _UNIT_DAYS[unit.lower()] * (_FEW.get(counted) or int(counted))
        # Last week began up to two weeks ago; the last two weeks did not.
        days *= 2 if match["count"] is None and not match["which"].lower().startswith("this") else 1
    return Period(today - timedelta(days=days), today)


def spell_days(question: str) -> str:
    """Return a question with days in digits as articles write them: "2024-09-06" as "6 September 2024"."""
    return _IN_DIGITS.sub(_in_words, question)


def _in_words(match: re.Match[str]) -> str:
    try:
        return day_in_words(date(int(match["y"]), int(match["m"]), int(match["d"])).isoformat())
    except ValueError:
        return match[0]


def _period(match: re.Match[str]) -> Period | None:
    groups = match.groupdict()
    year = next(int(groups[f"y{i}"]) for i in range(1, 6) if groups[f"y{i}"])
    month_text = next((groups[f"m{i}"] for i in (1, 2, 3, 5) if groups[f"m{i}"]), None)
    day = next((int(groups[f"d{i}"]) for i in (1, 2, 5) if groups[f"d{i}"]), None)
    month = (
        None if month_text is None else int(month_text) if month_text.isdigit() else ENGLISH_MONTHS[month_text.lower()]
    )
    try:
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])
    except ValueError:
        return None
    lead = (match["lead"] or "").lower()
    if lead in {"since", "after", "from"}:
        return Period(first, None)
    if lead in {"before", "until", "till", "by"} or lead.startswith("as"):
        return Period(None, last)
    return Period(first, last)
