"""Reads the numbers of a text by value, and how a question compares them."""

import re
from dataclasses import dataclass
from enum import StrEnum

UNITS = dict(
    zip(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen""".split(),
        range(20),
        strict=True,
    )
)
TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0}
_SHORT_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12}
_WORDS = "|".join(sorted((*UNITS, *TENS), key=len, reverse=True))
_LONG = "|".join(SCALES)
# "three hundred and fifty", but not "three and four".
_AND = rf"\s+and\s+(?:{_WORDS})\b"
_NUMBER = re.compile(
    rf"""(?<![\w.,])(?:
        (?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:\s?(?P<short>bn|tn|mn|[km])\b|[\s-]+(?P<scale>{_LONG})s?\b)?
      | (?P<words>(?:{_WORDS}|(?:an?|several)\s+(?:{_LONG})(?:{_AND})?)
        (?:[\s-]+(?:(?:{_LONG})(?:{_AND})?|{_WORDS})){{0,8}})\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_YEAR = range(1900, 2100)
# After these a number of four digits is no year.
_COUNTED = re.compile(
    r"\s+(?:people|soldiers|troops|men|women|children|civilians|fighters|prisoners|tons|tonnes|miles|kilomet|drones|"
    r"missiles|shells|ships|votes|years|jobs|homes|euros|dollars)\b",
    re.IGNORECASE,
)


class Comparison(StrEnum):
    """How a number is compared with the one asked about."""

    EQUAL = "equal"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE = "more"
    FEWER = "fewer"


# What stands before a number, in the order in which it is looked for.
_BEFORE = tuple(
    (comparison, re.compile(rf"\b(?:{words})\s*$", re.IGNORECASE))
    for comparison, words in (
        (Comparison.AT_LEAST, r"at\s+least|no\s+(?:fewer|less)\s+than"),
        (Comparison.AT_MOST, r"at\s+most|up\s+to|no\s+more\s+than"),
        (Comparison.MORE, r"(?:more|greater|higher|longer|larger)\s+than|over|above|exceed\w*"),
        (Comparison.FEWER, r"(?:fewer|less|lower|shorter|smaller)\s+than|under|below"),
    )
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: its value, how it is compared, and where it stands."""

    value: float
    comparison: Comparison
    start: int
    end: int

    def admits(self, told: "Number") -> bool:
        """Return whether a number that a text tells is what this one asks for."""
        is_above = told.comparison in {Comparison.MORE, Comparison.AT_LEAST}
        is_below = told.comparison in {Comparison.FEWER, Comparison.AT_MOST}
        match self.comparison:
            case Comparison.MORE:
                return not is_below and (
                    told.value > self.value or (told.value == self.value and told.comparison is Comparison.MORE)
                )
            case Comparison.FEWER:
                return not is_above and (
                    told.value < self.value or (told.value == self.value and told.comparison is Comparison.FEWER)
                )
            case Comparison.AT_LEAST:
                return not is_below and told.value >= self.value
            case Comparison.AT_MOST:
                return not is_above and told.value <= self.value
        return told.value == self.value


def read_numbers(text: str) -> list[Number]:
    """Return the numbers of a text, digits or words, in order; years from 1900 to 2099 are not among them."""
    found = []
    for match in _NUMBER.finditer(text):
        value = _value(match)
        is_year = match["digits"] and len(match["digits"]) == 4 and not match["scale"] and int(value) in _YEAR
        if is_year and value == int(value) and not _COUNTED.match(text, match.end()):
            continue
        before = text[max(0, match.start() - 24) : match.start()]
        comparison = next((each for each, pattern in _BEFORE if pattern.search(before)), Comparison.EQUAL)
        found.append(Number(value, comparison, match.start(), match.end()))
    return found


def _value(match: re.Match[str]) -> float:
    if match["digits"]:
        scale = SCALES.get((match["scale"] or "").lower(), 1.0) * _SHORT_SCALES.get((match["short"] or "").lower(), 1.0)
        return round(float(match["digits"].replace(",", "")) * scale, 6)
    total = part = 0.0
    for word in re.split(r"[\s-]+", match["words"].lower()):
        if word in UNITS or word in TENS:
            part += UNITS.get(word, TENS.get(word, 0))
        elif word == "hundred":
            part = max(part, 1.0) * 100
        elif word in SCALES:
            total += max(part, 1.0) * SCALES[word]
            part = 0.0
    return total + part
