"""Parses JSON that others wrote: within bounds, and so that other threads have turns meanwhile."""

from json import JSONDecoder
from json.scanner import py_make_scanner  # type: ignore[attr-defined] # the module that `JSONDecoder` uses

# Every list, object and text takes many times its characters in memory. A feed of 5,000 entries has a tenth of it.
MAX_LISTS = 200_000
MAX_TEXTS = 500_000
# The library's own parser lets no other thread run: 1,000,000 characters of numbers would take 40 ms.
_LONG = 500_000


class TooManyValues(ValueError):
    """The JSON holds more lists, objects or texts than is allowed."""


class _Interruptible(JSONDecoder):
    """Parses value by value in Python; only texts are read at once."""

    def __init__(self, *, strict: bool) -> None:
        super().__init__(strict=strict)
        self.scan_once = py_make_scanner(self)


def parse_json(text: str, *, strict: bool = True) -> object:
    """Return what a JSON text holds; unless `strict`, strings may have line breaks.

    Raises:
        ValueError: it isn't JSON (`json.JSONDecodeError`), holds too much (`TooManyValues`), or a number is too long.
        RecursionError: it is nested too deeply.
    """
    lists = text.count("[") + text.count("{")
    # Quotation marks within a text are escaped.
    if lists > MAX_LISTS or (text.count('"') - text.count('\\"')) // 2 > MAX_TEXTS:
        raise TooManyValues
    decoder = _Interruptible if len(text) > _LONG else JSONDecoder
    return decoder(strict=strict).decode(text)


def without_surrogates(text: str) -> str:
    """Return a text without lone surrogates, which JSON can escape and which can't be stored or printed."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
