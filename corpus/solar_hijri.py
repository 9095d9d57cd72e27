"""Converts dates of the solar calendar of Iran and Afghanistan."""

import re
from datetime import date, timedelta

_MONTHS = {
    name: number
    for names in (
        "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
        "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
    )
    for number, name in enumerate(names.split(), start=1)
}
# Arabic letters that many keyboards give for Persian ones.
_LETTERS = str.maketrans("يىك", "ییک")
_DATE = re.compile(rf"(?<!\d)(\d{{1,2}})\s+({'|'.join(_MONTHS)})(?:\s+ماه)?[\s،,]+(1[2-4]\d\d)(?!\d)")
# Of each 33 years 8 are leap years. The calendar itself goes by the equinox; since 1800 both begin every year on the
# same day, for which the shift and the first day are chosen.
_FIRST_DAY = date(622, 3, 21)
_CYCLE, _LEAPS, _SHIFT = 33, 8, 21
_LONG_MONTHS = 6


def solar_date(text: str) -> tuple[date, str] | None:
    """Return the day that a text states with a month of this calendar, and the rest of the text; None if it doesn't.

    Digits are those of ASCII, letters may be Arabic ones. A month's last day that the year has not gives None.
    """
    found = _DATE.search(text.translate(_LETTERS))
    if found is None:
        return None
    day, month, year = int(found[1]), _MONTHS[found[2]], int(found[3])
    first = _first_day(year)
    before = 31 * (month - 1) - max(0, month - 1 - _LONG_MONTHS)
    stated = first + timedelta(days=before + day - 1)
    length = 31 if month <= _LONG_MONTHS else 30
    if not 1 <= day <= length or stated >= _first_day(year + 1):
        return None
    return stated, f"{text[: found.start()]} {text[found.end() :]}"


def _first_day(year: int) -> date:
    return _FIRST_DAY + timedelta(days=365 * (year - 1) + (_LEAPS * year + _SHIFT) // _CYCLE)
