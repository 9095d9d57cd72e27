"""Shows the templates that only wikis in other languages have, or whose parameters they read in their own way."""

import re
from collections.abc import Callable

from corpus.dates import parse_published
from corpus.formats.wiki_template_aliases import (
    CENTURIES,
    CENTURY,
    CENTURY_BC,
    DOUBT,
    HEIGHT,
    HOUR,
    INLINE_QUOTE,
    LABELLED,
    MARKED,
    UNBROKEN,
    UNIT,
    UNTRANSLATED,
)
from corpus.formats.wiki_template_call import QUOTED, Call

_FRENCH_CENTURY = re.compile(r"([ivx]{1,5})(er?) (siècle|millénaire)( av\. j\.-c\.)?")
_BC = " av. J.-C."
# Such as `ang.` before an English word.
_POLISH_LANGUAGE = re.compile(r"[a-ząćęłńóśźż]{2,8}\.")
_FRENCH_PREFIXES = {
    "m.": "M.", "mme": "Mme", "mlle": "Mlle", "mgr": "Mgr", "dr": "Dr", "me": "Me",
    "n°": "n°", "no": "n°", "1er": "1er",
}  # fmt: skip
_POWERS = {"": "", "2": "²", "3": "³"}


def show_named(name: str, call: Call, language: str) -> str | None:
    """Return what a template shows whose own name is part of the text; None for any other."""
    if language.startswith("fr"):
        return _in_french(name, call)
    return _in_polish(name, call) if language.startswith("pl") else None


def _in_french(name: str, call: Call) -> str | None:
    """Return what French templates show that are named for it: `XXe siècle`, `1er janvier`, `Mme|Quist`."""
    if match := _FRENCH_CENTURY.fullmatch(name):
        return f"{match[1].upper()}{match[2]} {match[3]}{_BC if match[4] else ''}"
    if name in _FRENCH_PREFIXES:
        return f"{_FRENCH_PREFIXES[name]} {call.get(1)}".strip()
    return name if name.startswith("1er ") else None


def _in_polish(name: str, call: Call) -> str | None:
    """Return a foreign word behind the abbreviation of its language, for which the template is named."""
    return f"{name} {call.get(1)}".strip() if _POLISH_LANGUAGE.fullmatch(name) and call.get(1) else None


def _century(call: Call) -> str | None:
    return f"{call.get(1).upper()}{call.get(2) or 'e'} siècle" if call.get(1) else None


def _centuries(call: Call) -> str | None:
    one, ending, other, other_ending = (call.get(place) for place in (1, 2, 3, 4))
    return f"{one.upper()}{ending} et {other.upper()}{other_ending} siècles" if other else None


def _century_bc(call: Call) -> str | None:
    century = _century(call)
    return f"{century}{_BC}" if century else None


def _hour(call: Call) -> str | None:
    hours, minutes, seconds = (call.get(place) for place in (1, 2, 3))
    if not hours:
        return None
    return " ".join(filter(None, (hours, "h", minutes, f"min {seconds} s" if seconds else "")))


def _labelled(call: Call) -> str | None:
    return call.get(3) or call.get(1) or None


def _unbroken(call: Call) -> str:
    """Return text that stays on one line, or the space that no line ends at."""
    return call.get(1) or " "


def _marked(call: Call) -> str:
    """Return the text that an editor's mark is around."""
    return call.get(1)


def _doubt(call: Call) -> str | None:
    """Hide an editor's mark; it is unknown if it may have text of the article in it, and not only a day."""
    is_text = any(any(map(str.isalpha, text)) and not parse_published(text) for text in call.unnamed)
    return None if is_text else ""


def _inline_quotation(call: Call) -> str | None:
    text = call.first(QUOTED) or call.get(1)
    return f"« {text} »" if text else None


def _unit(call: Call) -> str | None:
    """Return a number with its unit; pairs of unit and power are known as far as `km` and `2`."""
    number, unit, power, *more = [*call.unnamed, "", "", ""]
    if not number or any(more) or power not in _POWERS:
        return None
    exponent = f"×10^{call.named['e']}" if call.named.get("e") else ""
    return f"{number}{exponent} {unit}{_POWERS[power]}".strip()


def _height_above_sea(call: Call) -> str | None:
    """Return a height in metres, without the sea level that it refers to."""
    return f"{call.get(1)} m" if call.get(1) else None


def _untranslated(call: Call) -> str | None:
    return call.get(2) or call.first(("текст", "надо", "треба")) or call.get(1) or None


LOCAL_EXPANSIONS: dict[str, Callable[[Call], str | None]] = {
    INLINE_QUOTE: _inline_quotation,
    UNIT: _unit,
    UNTRANSLATED: _untranslated,
    HOUR: _hour,
    HEIGHT: _height_above_sea,
    UNBROKEN: _unbroken,
    MARKED: _marked,
    DOUBT: _doubt,
    CENTURY: _century,
    CENTURY_BC: _century_bc,
    CENTURIES: _centuries,
    LABELLED: _labelled,
}
