"""The names of months and weekdays in the languages of most news, and words that stand beside them in dates."""

import calendar
from collections.abc import Iterable
from functools import cache

# With regions that have names of their own.
_LOCALES = (
    "en", "en_GB", "fr", "fr_CA", "de", "de_AT", "es", "es_PE", "it", "pt", "pt_PT", "nl", "pl", "ru", "uk", "tr", "ar",
    "ar_SY", "ar_MA", "ar_DZ", "fa", "he", "hi", "id", "ms", "sv", "da", "nb", "nn", "fi", "cs", "sk", "sl", "hr", "hu",
    "ro", "bg", "el", "ca", "sr", "sr_Latn", "th", "ur", "bn", "ta", "te", "ml", "mr", "gu", "kn", "pa", "ne",
    "si", "fil", "sw", "am", "ka", "hy", "az", "lv", "lt", "et", "sq", "is", "af",
)  # fmt: skip
ENGLISH_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
# For regular expressions: the names, longest first. In texts, "may" and "march" are words unless they have a capital.
ENGLISH_MONTH = f"(?:{'|'.join(sorted(ENGLISH_MONTHS, key=len, reverse=True))})"
CAPITAL_MONTH = f"(?:{'|'.join(sorted(map(str.capitalize, ENGLISH_MONTHS), key=len, reverse=True))})"
_ENGLISH_DAYS = frozenset(name.lower() for names in (calendar.day_name, calendar.day_abbr) for name in names) | {
    "tues", "wednes", "thur", "thurs",
}  # fmt: skip
# What Unicode's tables (CLDR) lack: spellings without accents, older ones, and prepositions written together.
_MORE = {
    "janv": 1, "fevrier": 2, "fevr": 2, "aout": 8, "decembre": 12, "jänner": 1, "feber": 2, "mrz": 3, "mär": 3,
    "setiembre": 9, "set": 9, "marco": 3, "agust": 8, "şub": 2, "agu": 8, "сен": 9, "сент": 9, "июн": 6, "июл": 7,
    "মে": 5,
}  # fmt: skip
# Names that stand for another month in another language.
_POLISH = {"listopada": 11, "lip": 7, "lis": 11}
_CROATIAN = {"listopada": 10, "lip": 6}
_BESIDE = frozenset(
    "of the on at um à a le il el den der am de del di do da uhr г года год р року роки w dnia r o kl klo och ora ore h"
    " в о об στις and dated hrs hours gmt utc z m d gada metų".split()
)
# Signs and words of months in languages that number them or write them together with other words.
_NUMBERED = ("月", "월", "tháng", "thg")


def month_of(word: str, *, is_ordinal: bool = False) -> int | None:
    """Return the number of the month that a word in lower case names; None for none, and 0 for two different ones.

    Args:
        word: the name.
        is_ordinal: whether the day's number has a full stop: `9. listopada` is in October, `9 listopada` in November.
    """
    if word in ENGLISH_MONTHS:
        return ENGLISH_MONTHS[word]
    # Loading the other languages takes 0.4 s, once.
    if word in _BESIDE or word in _ENGLISH_DAYS or not word[:1].isalpha():
        return None
    found = _all_months().get(word)
    return found if found != 0 else (_CROATIAN if is_ordinal else _POLISH).get(word, 0)


def is_weekday(word: str) -> bool:
    """Return whether a word in lower case is a weekday's name."""
    return word in _ENGLISH_DAYS or word in _all_days()


def is_beside_month(word: str) -> bool:
    """Return whether a word in lower case is a weekday's name, or stands in dates without a meaning of its own."""
    return word in _BESIDE or is_weekday(word)


def numbers_months(text: str) -> bool:
    """Return whether a text in lower case has a sign or word of languages that number months."""
    return any(sign in text for sign in _NUMBERED)


@cache
def _all_months() -> dict[str, int]:
    found = dict(_MORE)
    for tables in _tables("months"):
        for number, name in tables.items():
            for spelling in _spellings(name):
                # A name of two months names none.
                found[spelling] = int(number) if found.get(spelling, number) == number else 0
    return found


@cache
def _all_days() -> frozenset[str]:
    return frozenset(
        spelling for table in _tables("days") for name in table.values() for spelling in _spellings(name)
    )  # fmt: skip


def _tables(kind: str) -> Iterable[dict[int, str]]:
    from babel import Locale  # noqa: PLC0415 - needed for dates in words that are not English only

    for code in _LOCALES:
        of_locale = getattr(Locale.parse(code), kind)
        for form in of_locale.values():
            yield from (form[width] for width in ("wide", "abbreviated"))


def _spellings(name: str) -> set[str]:
    """Return a name as the words of a date are compared: in lower case, without a full stop or preposition."""
    word = name.lower().strip(".").removeprefix("de ").removeprefix("d’").removeprefix("d'")
    words = {word, "ב" + word} if "\u05d0" <= word[:1] <= "\u05ea" else {word}
    if "\u0e00" <= word[:1] <= "\u0e7f":
        # Thai abbreviations have a full stop behind each letter.
        words.add(word.replace(".", ""))
    return {each for each in words if each and not any(character.isdigit() or character == " " for character in each)}
