"""Parses the dates of a feed's entries; of dates in words, which are slow, only some."""

import re
from email.utils import parsedate_to_datetime

from corpus.dates import parse_published

# A date in words takes up to 30 ms. Feeds must write dates as RFC 822 or ISO 8601 do, which take microseconds.
MAX_WORDED = 100
_ISO = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?", re.IGNORECASE
)
_RFC_822 = re.compile(r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d")


class EntryDates:
    """The dates of one listing."""

    def __init__(self) -> None:
        self._left = MAX_WORDED
        self._known: dict[str, str] = {}

    def parse(self, text: str) -> str:
        """Return the date that a text states, as `parse_published` does; empty if it states none."""
        text = text.strip()
        if text and text not in self._known:
            is_quick = _is_quick(text)
            self._left -= not is_quick
            self._known[text] = (parse_published(text) or "") if is_quick or self._left >= 0 else ""
        return self._known.get(text, "")


def _is_quick(text: str) -> bool:
    """Return whether a date is in one of the standard forms, or no date at all."""
    if _ISO.fullmatch(text) or len(text) > 80 or not any(map(str.isdigit, text)):
        return True
    try:
        return bool(_RFC_822.match(text) and parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return False
