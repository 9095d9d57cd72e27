"""Compares the names, numbers, dates and quoted words of a sentence with those of its quotes, by value."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bot.answering.numbers import UNITS, Comparison, Number, read_numbers
from bot.answering.question.aliases import mentions
from bot.answering.question.english_words import is_english
from bot.answering.stated_dates import StatedDate, stated_dates, without_dates
from bot.answering.verdict.vetoes import read_asked
from bot.writer.comparison import content_words, stems
from bot.writer.source import Source
from bot.writer.word_likeness import likest
from bot.writer.written import Fault, Problem
from index.terms import fold

# The first word of a sentence has a capital, name or not; these are none.
_OPENINGS = frozenset(
    """according after although another around as because before besides both despite earlier
    elsewhere every few following how however instead later
    meanwhile most neither none nobody nothing one only other others separately several since some still there together
    two under unlike until what when while whether with without yesterday today reportedly none any""".split()
) | frozenset(UNITS)
_QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|(?<!\w)‘([^‘’]+(?:’\w[^‘’]*)*)’(?!\w)|(?<!\w)'([^']{4,})'(?!\w)")
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})\b", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:yesterday|today|tomorrow|tonight|this\s+(?:week|month|year)|last\s+(?:week|month|year)"
                       r"|next\s+(?:week|month|year))\b", re.IGNORECASE)  # fmt: skip
# Before a date these say when an article was published.
_REPORTED = re.compile(
    r"\b(?:report(?:s|ed)?|wrote|writes|published|article|brief|according\s+to)\b[^.]{0,60}$", re.IGNORECASE
)
# A date in words of its article, such as "on Monday", is at most this many days from it.
_NEAR = timedelta(days=7)
_NOUNS_AFTER = 2
# "The two", "both of these three": they count what was named before.
_NAMED_BEFORE = re.compile(r"\b(?:the|these|those|both|all|its|their|other)\s+$", re.IGNORECASE)
_LARGEST_NAMED = 3
_ABOUT = re.compile(
    r"\b(?:about|around|roughly|some|approximately|approx\.?|nearly|almost|close\s+to|an\s+estimated|up\s+to)\s+\W?$",
    re.IGNORECASE,
)
# What is named otherwise: stem and stem.
_SAME_NAMES = {"gop": "republican"}
# Endings of the forms of a place and of its people: "Europe" and "European", "Florida" and "Floridians".
_OF_PLACE = re.compile(r"(?:ian|an|n|ese|ish|i|a|e)$")
_SHORTEST_PLACE = 4
# Letters that the spellings of a leader's surname have in common.
_SPELT_ALIKE = 6
# A first word this much like one of the quotes is a word, though it could be a name: "Banks", "Girls".
_LIKE = 0.35


def value_problems(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return what a sentence states that none of its quotes does."""
    return [
        *_quoted_problems(text, sources),
        *_name_problems(text, sources),
        *_number_problems(text, sources),
        *_date_problems(text, sources),
    ]


def _quoted_problems(text: str, sources: Sequence[Source]) -> Iterator[Problem]:
    held = [_plain(each.text) for each in sources]
    for match in _QUOTED.finditer(text):
        inner = next(filter(None, match.groups()), "")
        if not any(_plain(inner) in each for each in held):
            yield Problem(Fault.QUOTED, f"The quotes do not hold the words “{inner}”.")


def _plain(text: str) -> str:
    """Return what is compared of quoted words: letters, digits and signs but quotation marks and outer punctuation."""
    return " ".join(re.sub(r"[“”\"‘’'`]", "", fold(text)).split()).strip(" .,;:!?…")


def _name_problems(text: str, sources: Sequence[Source]) -> Iterator[Problem]:
    held = frozenset().union(*(each.stems for each in sources)) if sources else frozenset()
    held |= {other for each, other in _SAME_NAMES.items() if each in held}
    ids = frozenset().union(*(each.ids for each in sources)) if sources else frozenset()
    for mention in mentions(text):
        named = text[mention.start : mention.end]
        # A leader stands for a country, but not one leader for another.
        if mention.id not in ids or (mention.is_leader and not _is_named(stems(named)[-1], held)):
            yield Problem(Fault.NAME, f"The quotes do not name {named}.")
    # Behind another word the first one is read like any other.
    names = read_asked(f"So {text}").names
    first = stems(text.split(" ", 1)[0])
    opening = fold(text.split(" ", 1)[0].strip("“\"'‘,"))
    if opening in _OPENINGS or opening.endswith(("ly", "ing")) or _is_word(opening, sources):
        names = names - frozenset(first)
    places = {_OF_PLACE.sub("", each) for each in held}
    for name in sorted(names - held):
        place = _OF_PLACE.sub("", name)
        if len(place) >= _SHORTEST_PLACE and place in places:
            continue
        yield Problem(Fault.NAME, f"The quotes hold no name like “{_as_written(name, text)}”.")


def _is_named(surname: str, held: frozenset[str]) -> bool:
    """Return whether a leader's surname is there, in one of its spellings: "Zelensky" and "Zelenskyy"."""
    return surname in held or any(
        each[:_SPELT_ALIKE] == surname[:_SPELT_ALIKE] for each in held if len(surname) > _SPELT_ALIKE
    )


def _is_word(opening: str, sources: Sequence[Source]) -> bool:
    """Return whether the first word of a sentence is no name, but an English word that is much like one of a quote."""
    if not is_english(opening) or mentions(opening.capitalize()):
        return False
    words = {source.text[each.start : each.end].lower() for source in sources for each in source.words}
    return likest(opening, words) >= _LIKE


def _as_written(stem: str, text: str) -> str:
    return next((word for word in re.findall(r"[^\W_]+", text) if stems(word) == [stem]), stem)


def _number_problems(text: str, sources: Sequence[Source]) -> Iterator[Problem]:
    bare = without_dates(text)
    told = [(each, without_dates(each.text)) for each in sources]
    theirs = [(number, quote) for _, quote in told for number in read_numbers(quote)]
    for number in read_numbers(bare):
        written = text[number.start : number.end]
        # "One" is mostly a pronoun.
        if number.value == 1 and not written.isdigit():
            continue
        # A vaguer number than the quotes' would be true, but may be taken for theirs: "up to 70" where 17 died.
        same = [(other, quote) for other, quote in theirs if number.admits(other) and other.value == number.value]
        nouns = _counted(number, bare)
        if not same and _names_before(number, written, bare):
            if any(nouns & _counted(other, quote) for other, quote in theirs):
                yield Problem(Fault.NUMBER, f"The quotes have another number than {written} there.")
        elif not same:
            yield Problem(Fault.NUMBER, f"The quotes do not hold the number {written}.")
        elif (
            number.comparison is Comparison.EQUAL
            and not _ABOUT.search(bare[: number.start])
            and all(other.comparison is not Comparison.EQUAL for other, _ in same)
        ):
            yield Problem(Fault.NUMBER, f"The quotes do not say exactly {written}.")
        elif (noun := _noun_of_another(number, bare, same, theirs)) is not None:
            yield Problem(Fault.NUMBER, f"In the quotes {written} is not a number of {noun}.")


def _names_before(number: Number, written: str, text: str) -> bool:
    """Return whether a number counts what was named before, such as "the two" of two countries."""
    is_small = number.value <= _LARGEST_NAMED and not written[0].isdigit()
    return is_small and _NAMED_BEFORE.search(text[: number.start]) is not None


def _noun_of_another(
    number: Number, text: str, same: Sequence[tuple[Number, str]], every: Sequence[tuple[Number, str]]
) -> str | None:
    """Return what a sentence counts with a number if the quotes count that with another number only."""
    nouns = _counted(number, text)
    # What a number counts may be left out: "seven aircraft from Turkey and three from Qatar".
    theirs = [_counted(other, quote) for other, quote in same]
    if not nouns or any(not each or nouns & each for each in theirs):
        return None
    others = [(other, quote) for other, quote in every if (other, quote) not in same]
    taken = nouns & frozenset().union(*(_counted(other, quote) for other, quote in others)) if others else frozenset()
    return _as_written(next(iter(taken)), text) if taken else None


def _counted(number: Number, text: str) -> frozenset[str]:
    """Return the stems of what follows a number: what it counts."""
    stop = re.search(r"[,.;:]|\b(?:and|to|of|in|for|with|by)\b", text[number.end :])
    end = number.end + (stop.start() if stop else len(text))
    return frozenset(each.stem for each in content_words(text[number.end : end])[:_NOUNS_AFTER])


def _date_problems(text: str, sources: Sequence[Source]) -> Iterator[Problem]:
    for stated, start, end in stated_dates(text):
        published = [each for each in sources if _is_publication(stated, each) and not _reports_otherwise(each, stated)]
        is_of_report = bool(published) and _REPORTED.search(text[:start]) is not None
        if not is_of_report and not any(_tells_date(each, stated) for each in sources):
            yield Problem(Fault.DATE, f"The quotes do not hold the date {text[start:end]}.")
    for match in (*_WEEKDAY.finditer(text), *_RELATIVE.finditer(text)):
        if not any(re.search(rf"\b{re.escape(match[0])}\b", each.text, re.IGNORECASE) for each in sources):
            yield Problem(Fault.DATE, f"The quotes do not say “{match[0]}”.")


def _tells_date(source: Source, stated: StatedDate) -> bool:
    """Return whether a quote states a date, the year perhaps only through its article."""
    for told, _, _ in stated_dates(source.text):
        years = {told.year} if told.year is not None else {source.year, (source.year or 0) - 1, (source.year or 0) + 1}
        is_same = stated.month in (None, told.month) and stated.day in (None, told.day)
        if is_same and (stated.year is None or stated.year in years):
            return True
    return _is_near(source, stated)


def _is_near(source: Source, stated: StatedDate) -> bool:
    """Return whether a date is what a quote means by a weekday, "today" or "yesterday"."""
    published = source.evidence.citation.published_at
    if published is None or None in (stated.month, stated.day):
        return False
    try:
        day = date(stated.year or int(published[:4]), stated.month or 1, stated.day or 1)
        apart = day - date.fromisoformat(published[:10])
    except ValueError:
        return False
    weekday = _WEEKDAYS[day.weekday()]
    is_named = re.search(rf"\b{weekday}\b", source.text, re.IGNORECASE) is not None
    is_today = apart == timedelta(0) and re.search(r"\btoday\b", source.text, re.IGNORECASE) is not None
    return abs(apart) <= _NEAR and (is_named or is_today)


def _reports_otherwise(source: Source, stated: StatedDate) -> bool:
    """Return whether a quote itself says that somebody reported on another day."""
    told = stated_dates(source.text)
    return any(_REPORTED.search(source.text[:start]) and stated.contradicts(each) for each, start, _ in told)


def _is_publication(stated: StatedDate, source: Source) -> bool:
    published = source.evidence.citation.published_at
    if published is None:
        return False
    day = StatedDate(int(published[:4]), int(published[5:7]), int(published[8:10]))
    return not stated.contradicts(day)
