"""Expands wiki templates that carry text, such as numbers, dates and quotations."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from corpus.formats.wiki_local_templates import LOCAL_EXPANSIONS, show_named
from corpus.formats.wiki_template_aliases import DATE, english_name
from corpus.formats.wiki_template_call import QUOTED, Call, parse_call
from corpus.formats.wiki_template_names import (
    AFFIXED,
    FIRST,
    HIDDEN,
    HIDDEN_ENDS,
    HIDDEN_STARTS,
    LAST,
    LISTS,
    MONEY,
    QUOTES,
    SHIPS,
    SIGNS,
    UNITS,
)
from corpus.formats.wikitext import DATELINE

_PUBLISHED = frozenset({"date", "byline", "dateline"})
_DATES = frozenset({
    "start date", "end date", "start date and age", "end date and age", "birth date", "death date",
    "birth date and age", "death date and age", "film date", "launch date", "release date", "dts", "start-date",
    "end-date",
})  # fmt: skip
_VALUES = frozenset({"val", "num", "nts", "formatnum", "number"})
_NAMESPACE = re.compile(r"(?:template|subst|safesubst|msg):\s?", re.IGNORECASE)
_CASES: dict[str, Callable[[str], str]] = {
    "lc": str.lower,
    "uc": str.upper,
    "ucfirst": lambda text: text[:1].upper() + text[1:],
    "lcfirst": lambda text: text[:1].lower() + text[1:],
}
_SILENT_FUNCTIONS = frozenset({"defaultsort", "displaytitle", "#tag", "#seo", "#related"})
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_NUMBER = re.compile(r"[-−+]?\d[\d,.]*(?:[ +]\d+/\d+|//?\d+)?")
_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_YEAR_MONTH_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
# Words between the numbers of a range, such as 3 to 5 km.
_RANGE = frozenset({"to", "-", "–", "and", "or", "by", "x", "×", "*", "to(-)", "+/-", "±", "+", "/", "to about"})
_FRACTION = re.compile(r"\d{1,4}/\d{1,4}")
# Who said a quotation.
_QUOTED_BY = ("author", "sign", "by", "source", "autor", "auteur", "автор", "quelle", "fuente", "источник")
# The code of a language, as in `{{ill|en|Local title|Foreign title}}`.
_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,8})?")


class Templates:
    """Expands the templates of one page.

    Args:
        language: the wiki's language; numbers are grouped in English only.
        is_news: whether the wiki's pages are news, which state the day of publication with a template for dates.
    """

    def __init__(self, language: str | None, *, is_news: bool = True) -> None:
        self._language = language or "en"
        self._is_english = self._language.startswith("en")
        self._is_news = is_news
        # What the page states as its publication date.
        self.dates: list[str] = []

    def __call__(self, parts: Sequence[str]) -> str | None:
        """Return the text of a template from its name and parameters; "" shows nothing, None is an unknown one."""
        title = _NAMESPACE.sub("", " ".join(parts[0].replace("_", " ").split()), count=1)
        function, is_function, content = title.partition(":")
        if is_function and function:
            return self._function(function.lower(), content.strip(), is_plain=len(parts) == 1)
        name = title.lower()
        call = parse_call(english_name(name, self._language), parts[1:])
        if (shown := show_named(name, call, self._language)) is not None:
            return shown
        if name in _PUBLISHED and self._is_news:
            self.dates.extend([" ".join(call.unnamed), call.get(1), call.named.get("date", "")])
            return f"{DATELINE[0]}{self._local_date(call) or ''}{DATELINE[1]}"
        if call.name == DATE or call.name in _PUBLISHED:
            return self._local_date(call)
        if call.name in _VALUES:
            return self._value(call)
        sign = _sign(call)
        return _expand(call) if sign is None else sign

    def _function(self, name: str, content: str, *, is_plain: bool) -> str | None:
        """Expand a parser function such as `formatnum:1250000`; with another parameter, it leaves the number plain."""
        if name == "formatnum":
            return self._grouped(content) if is_plain else content
        if name in _CASES:
            return _CASES[name](content)
        return "" if name in _SILENT_FUNCTIONS else None

    def _local_date(self, call: Call) -> str | None:
        """Expand day, month and year as the wiki's language writes them, or a date in one parameter."""
        parts = [part for part in call.unnamed[:3] if part]
        if len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts):
            from babel.dates import format_date  # noqa: PLC0415 - needed for wikis in other languages only

            try:
                first, month, last = map(int, parts)
                day = date(first, month, last) if len(parts[0]) == 4 else date(last, month, first)
                written = str(format_date(day, "long", locale=self._language.replace("-", "_")))
                # Russian wikis leave out the "year" that Babel writes.
                return written.removesuffix("\u202fг.")
            except (ValueError, OverflowError, LookupError):
                return None
        if len(parts) > 1 and parts[1].isdigit():
            return None
        if self._language.startswith("fr") and len(parts) > 1 and parts[0] == "1":
            parts[0] = "1er"
        return (" de " if self._language.startswith("es") else " ").join(parts) or None

    def _value(self, call: Call) -> str | None:
        """Expand a number with its unit, such as `val|1200|u=km`; powers and errors are unknown."""
        extra = call.named.keys() - {"u", "ul", "fmt", "p", "s"}
        if not call.get(1) or len(call.unnamed) > 1 or extra:
            return None
        unit = call.named.get("u") or call.named.get("ul") or ""
        number = f"{call.named.get('p', '')}{self._grouped(call.get(1))}{call.named.get('s', '')}"
        return f"{number} {UNITS.get(unit, unit)}".strip()

    def _grouped(self, number: str) -> str:
        if not self._is_english or not _PLAIN_NUMBER.fullmatch(number):
            return number
        whole, point, rest = number.partition(".")
        return f"{int(whole):,}{point}{rest}" if len(whole) < 40 else number


def _sign(call: Call) -> str | None:
    """Return the text of a template without parameters that matter, "" for a hidden one; None for any other."""
    name = call.name
    if name in HIDDEN or name.startswith(HIDDEN_STARTS) or name.endswith(HIDDEN_ENDS):
        return ""
    # With words, another wiki shows them under this name: {{'"|we never promised it}}.
    if any(any(map(str.isalpha, text)) for text in call.unnamed):
        return None
    return name if _FRACTION.fullmatch(name) else SIGNS.get(name)


def _expand(call: Call) -> str | None:
    expand = _last if call.name.startswith("lang-") else _EXPANSIONS.get(call.name)
    return expand(call) if expand is not None else None


def _first(call: Call) -> str | None:
    return call.get(1) or call.named.get("text") or None


def _last(call: Call) -> str | None:
    return call.first(("text", "texte")) or next((text for text in reversed(call.unnamed) if text), None)


def _foreign(call: Call) -> str | None:
    """Return the text behind the code of its language."""
    return call.first(("text", "texte")) or next((text for text in reversed(call.unnamed[1:]) if text), None)


def _quotation(call: Call) -> str | None:
    """Return a paragraph of its own, in quotation marks, with who said it."""
    text = call.first(QUOTED) or call.get(1)
    by = call.first(_QUOTED_BY) or call.get(2)
    if call.name == "rquote":
        text, by = call.get(2), call.get(3)
    if not text:
        return None
    is_marked = text.startswith(("“", '"', "„", "«", "‘"))
    return "\n\n" + (text if is_marked else f"“{text}”") + (f" — {by}" if by else "") + "\n\n"


def _name(call: Call) -> str | None:
    return " ".join(filter(None, call.unnamed[:2])) or None


def _date(call: Call) -> str | None:
    """Return a date as English wikis write it: `October 1, 2024`, or with `df=y` `1 October 2024`."""
    year, month, day = (call.get(place) for place in (1, 2, 3))
    if (iso := _YEAR_MONTH_DAY.fullmatch(year)) is not None:
        year, month, day = iso.groups()
    is_day_first = call.named.get("df", "").lower() in {"y", "yes", "1", "true"}
    if not re.fullmatch(r"\d{1,4}", year):
        return year or None
    if not month:
        return year
    if month.isdecimal():
        if not 1 <= int(month[:4]) <= 12:
            return None
        month = _MONTHS[int(month[:4]) - 1]
    if not day:
        return f"{month} {year}"
    if not day.isdecimal():
        return None
    return f"{int(day[:4])} {month} {year}" if is_day_first else f"{month} {int(day[:4])}, {year}"


def _as_of(call: Call) -> str | None:
    when = _date(call)
    word = "Since" if call.named.get("since") else "As of"
    if when is None:
        return None
    return f"{word.lower() if call.named.get('lc') else word} {when}"


def _convert(call: Call) -> str | None:
    """Return a quantity as the source states it, without the converted one: `40 km`, `3 to 5 miles`, `5 ft 6 in`."""
    values = list(call.unnamed)
    words: list[str] = []
    while values and _NUMBER.fullmatch(values[0]):
        words.append(values.pop(0))
        if len(values) > 1 and values[0] in _RANGE and _NUMBER.fullmatch(values[1]):
            words.append(values.pop(0).removesuffix("(-)"))
    if not words or not values:
        return None
    unit = values.pop(0)
    is_adjective = call.named.get("adj", "") in {"on", "mid", "1"}
    quantity = " ".join(words)
    # Feet and inches, stones and pounds.
    if len(values) > 1 and _NUMBER.fullmatch(values[0]):
        return f"{quantity} {unit} {values[0]} {values[1]}"
    return f"{quantity}-{unit}" if is_adjective else f"{quantity} {UNITS.get(unit, unit)}"


def _fraction(call: Call) -> str | None:
    match call.unnamed:
        case [bottom]:
            return f"1/{bottom}"
        case [top, bottom]:
            return f"{top}/{bottom}"
        case [whole, top, bottom]:
            return f"{whole} {top}/{bottom}"
    return None


def _interlanguage(call: Call) -> str | None:
    shown = call.first(("lt", "label", "texte", "tekst", "نص", "fr", "zh", "عر", "trad"))
    is_code = bool(_LANGUAGE_CODE.fullmatch(call.get(1)) and call.get(2))
    return shown or call.get(2 if is_code else 1) or None


def _ship(call: Call) -> str | None:
    if call.name != "ship":
        return f"{call.name.upper()} {call.get(1)}" if call.get(1) else None
    return f"{call.get(1)} {call.get(2)}".strip() if call.get(2) else None


def _ship_class(call: Call) -> str | None:
    return f"{call.get(1)}-class {call.get(2)}".strip() if call.get(1) else None


def _money(call: Call) -> str | None:
    return f"{MONEY[call.name]}{call.get(1)}"


def _list(call: Call) -> str | None:
    return ", ".join(filter(None, call.unnamed)) or None


def _affixed(call: Call) -> str | None:
    before, after = AFFIXED[call.name]
    text = "–".join(filter(None, call.unnamed[:2])) if call.name == "reign" else call.get(1)
    return f"{before}{text}{after}".strip()


def _height(call: Call) -> str | None:
    return " ".join(f"{call.named[unit]} {unit}" for unit in ("m", "cm", "ft", "in") if call.named.get(unit)) or None


def _japanese(call: Call) -> str | None:
    """Return an English name with the Japanese one and its reading in parentheses."""
    name, *others = [*filter(None, call.unnamed), ""]
    rest = ", ".join(filter(None, others))
    return (f"{name} ({rest})" if rest else name) or None


def _ordinal(call: Call) -> str | None:
    number = call.get(1)
    if not re.fullmatch(r"\d{1,12}", number):
        return None
    is_teen = number[-2:-1] == "1"
    return number + ("th" if is_teen else {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th"))


def _second(call: Call) -> str | None:
    return call.get(2) or None


def _joined(call: Call) -> str | None:
    return "".join(call.unnamed) or None


def _quoted_in_line(call: Call) -> str | None:
    """Return a quotation within a sentence, in quotation marks unless they stand around it already."""
    text = call.first(QUOTED) or call.get(1)
    return f"“{text}”" if text else None


def _circa(call: Call) -> str | None:
    return f"c. {'–'.join(filter(None, call.unnamed[:2]))}".strip()


_EXPANSIONS: dict[str, Callable[[Call], str | None]] = {
    **dict.fromkeys(_DATES, _date),
    **dict.fromkeys(FIRST, _first),
    **dict.fromkeys(LAST, _last),
    **dict.fromkeys(("lang", "langx", "wikt-lang", "transl", "transliteration"), _foreign),
    **dict.fromkeys(QUOTES, _quotation),
    **dict.fromkeys(LISTS, _list),
    **dict.fromkeys(MONEY, _money),
    **dict.fromkeys(AFFIXED, _affixed),
    **dict.fromkeys(SHIPS, _ship),
    **dict.fromkeys(("convert", "cvt"), _convert),
    **dict.fromkeys(("frac", "sfrac", "fraction", "fract"), _fraction),
    **dict.fromkeys(
        ("ill", "interlanguage link", "interlanguage link multi", "link-interwiki", "illm"), _interlanguage
    ),
    **dict.fromkeys(("sclass", "sclass2", "ship class"), _ship_class),
    **dict.fromkeys(("circa", "c.", "ca."), _circa),
    **dict.fromkeys(("ordinal", "ord"), _ordinal),
    **dict.fromkeys(("nihongo", "nihongo2", "nihongo3"), _japanese),
    **dict.fromkeys(("hover title", "h:title"), _second),
    **dict.fromkeys(("chem", "linktext"), _joined),
    **dict.fromkeys(("tq", "talk quote", "talk quote inline", "tqi", "inline quote"), _quoted_in_line),
    "as of": _as_of,
    "sortname": _name,
    "sort": _last,
    **LOCAL_EXPANSIONS,
    "ship": _ship,
    "height": _height,
}
