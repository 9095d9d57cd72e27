"""Reads the dates that a text states, as far as it states them."""

import re
from dataclasses import dataclass

from corpus.month_names import CAPITAL_MONTH, ENGLISH_MONTHS


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date as far as a text states it; None for what it leaves out."""

    year: int | None
    month: int | None
    day: int | None

    def contradicts(self, other: "StatedDate") -> bool:
        """Return whether both state a year, month or day, and not the same."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return any(one is not None and two is not None and one != two for one, two in pairs)


def stated_dates(text: str) -> list[tuple[StatedDate, int, int]]:
    """Return the dates that a text states, with or without a year, and where they stand."""
    found = []
    for match in _DATED.finditer(text):
        month = match["m1"] or match["m2"] or match["m3"]
        day = match["d1"] or match["d2"]
        year = match["y1"] or match["y2"] or match["y3"] or match["y4"]
        number = ENGLISH_MONTHS[month.lower()] if month else None
        if match["y5"]:
            year, number, day = match["y5"], int(match["n5"]), match["d5"]
        stated = StatedDate(int(year) if year else None, number, int(day) if day else None)
        found.append((stated, match.start(), match.end()))
    return found


def without_dates(text: str) -> str:
    """Return a text with spaces in place of its dates, whose days are no numbers to compare."""
    for _, start, end in stated_dates(text):
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


# "May" and "March" begin sentences as well, so a month needs its capital, and alone a preposition before it.
_DATED = re.compile(
    rf"""(?<![\w])(?:
        (?P<y5>(?:19|20)\d\d)-(?P<n5>0[1-9]|1[0-2])-(?P<d5>\d\d)
      | (?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{CAPITAL_MONTH})\.?(?:,?\s+(?P<y1>(?:19|20)\d\d))?
      | (?P<m2>{CAPITAL_MONTH})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d,]\d)(?:,?\s+(?P<y2>(?:19|20)\d\d))?
      | (?:(?<=in\s)|(?<=since\s)|(?<=last\s)|(?<=until\s)|(?<=by\s)|(?<=from\s)|(?<=early\s)|(?<=late\s)
         |(?<=week\sof\s)|(?<=end\sof\s)|(?<=middle\sof\s)|(?<=start\sof\s)|(?<=beginning\sof\s)|(?<=mid-))
        (?P<m3>{CAPITAL_MONTH})\.?(?:,?\s+(?P<y3>(?:19|20)\d\d))?
      | (?<![$€£.,\d-])(?P<y4>(?:19|20)\d\d)(?![\d,.]\d|-\d|\s+(?:people|soldiers|troops|men|tons|miles|drones))
    )(?!\w)""",
    re.VERBOSE,
)
