"""Reads dates of the solar calendar of Iran and Afghanistan."""

import re
from datetime import date

_MONTHS = {
    name: number
    for names in (
        "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
        "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
        "farvardin ordibehesht khordad tir mordad shahrivar mehr aban azar dey bahman esfand",
    )
    for number, name in enumerate(names.split(), start=1)
}
# Arabic letters that many keyboards give for Persian ones.
_LETTERS = str.maketrans("يىك", "ییک")
_MONTH = rf"(?<!\w)(?P<month>{'|'.join(_MONTHS)})(?:\s?ماه)?(?!\w)"
_DATES = (
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})\s+{_MONTH}[\s،,]+(?P<year>1[2-4]\d\d)(?!\d)"),
    re.compile(rf"{_MONTH}\s+(?P<day>\d{{1,2}})[\s،,]+(?P<year>1[2-4]\d\d)(?!\d)"),
    re.compile(rf"(?<!\d)(?P<year>1[2-4]\d\d)[\s،,]+{_MONTH}\s+(?P<day>\d{{1,2}})(?!\d)"),
)
# Up to 2041; the years from there on may be those of the lunar calendar, which has had them since the 1990s.
SOLAR_YEARS = range(1300, 1420)


def solar_date(text: str) -> tuple[date, str] | None:
    """Return the day that a text states with a month of this calendar, and the rest of the text; None if it doesn't.

    Letters are small ones and may be Arabic, digits are those of ASCII. A month's last day that the year hasn't gives
    None.
    """
    plain = text.translate(_LETTERS)
    found = next(filter(None, (form.search(plain) for form in _DATES)), None)
    if found is None:
        return None
    stated = solar_day(int(found["year"]), _MONTHS[found["month"]], int(found["day"]))
    return (stated, f"{text[: found.start()]} {text[found.end() :]}") if stated else None


def solar_day(year: int, month: int, day: int) -> date | None:
    """Return a day of this calendar in the common one; None if the year has no such day."""
    from persiantools.jdatetime import JalaliDate  # noqa: PLC0415 - takes 60 ms to import, and few dates need it

    try:
        # The library types what it returns, but not this.
        stated: date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
    except ValueError:
        return None
    return stated
