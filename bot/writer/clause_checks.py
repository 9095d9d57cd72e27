"""Checks that what belongs together in a sentence does so in the quotes: values with words, possibility with deeds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering.numbers import read_numbers
from bot.answering.stated_dates import stated_dates, without_dates
from bot.writer.comparison import content_words, is_held, is_verb, stems
from bot.writer.roles import names_in
from bot.writer.source import Source
from bot.writer.written import Fault, Problem
from index.terms import fold

_ENDS = re.compile(r"[;:!?]|\.(?=\s|$)|(?:,\s++|(?<![\s,])\s++)(?:but|while|whereas|although|though|and)\s+")
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# What is only possible, and what is only to come; a sentence may not say less of that than its quote.
_POSSIBLE = re.compile(
    r"""\b(?:may|might|could|perhaps|possibly|maybe|probably|likely|unlikely|expect(?:s|ed|ing)?|considers?|considered
        |considering|if|unless|whether|suspect(?:s|ed)?|believed|feared|apparently|seems?)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_TO_COME = re.compile(
    r"""\b(?:will|would|shall|won['’]t|going\s+to|plan(?:s|ned|ning)?|intend(?:s|ed)?|vow(?:s|ed)?|promis(?:e|es|ed)
        |threaten(?:s|ed)?|propos(?:e|es|ed)|urg(?:e|es|ed)|demand(?:s|ed)?|ask(?:s|ed)\s+\w+\s+to|want(?:s|ed)?|mean(?:s)?\s+to
        |due\s+to\s+\w+|set\s+to|is\s+to|are\s+to|was\s+to|were\s+to|must|should|can|agreed\s+to|offer(?:s|ed)?|hopes?|hoped
        |asks?\s+for|asked\s+for|call(?:s|ed)\s+for|wish(?:es)?)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SOME_OF = re.compile(
    r"\b(?:some|most|many|several|few|half|parts?|a\s+third|a\s+quarter|two\s+thirds)\s+of\s+(?:the\s+|its\s+|his\s+|their\s+)?"
    r"(?:\d+\s+)?(\w+)",
    re.IGNORECASE,
)
_PARTLY = re.compile(
    r"\b(?:some|most|many|several|few|half|parts?|partly|third|quarter|thirds|majority|minority)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause: its text, the stems of its words, and its values by type."""

    text: str
    words: frozenset[str]
    values: dict[str, frozenset[object]]


def joined(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return where a word stands with a value that the quotes have with other words only."""
    return list(_joined(_clauses(text), _clauses_of(sources)))


def told_as_done(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return where a sentence tells as done what the nearest clause of its quotes calls possible or to come."""
    return list(_done(_clauses(text), _clauses_of(sources), text))


def told_of_all(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return where a sentence says of all what its quotes say of some."""
    return list(_whole(text, sources))


def _clauses_of(sources: Sequence[Source]) -> list[_Clause]:
    return [clause for each in sources for clause in _clauses(each.text)]


def _joined(ours: Sequence[_Clause], theirs: Sequence[_Clause]) -> Iterator[Problem]:
    for clause in ours:
        for kind, values in clause.values.items():
            for value in values:
                with_value = [each for each in theirs if value in each.values[kind]]
                for word in sorted(clause.words):
                    with_word = [each for each in theirs if is_held(word, each.words)]
                    apart = with_value and with_word and not any(is_held(word, each.words) for each in with_value)
                    if apart and all(each.values[kind] - values for each in with_word):
                        yield Problem(Fault.ROLES, "It joins what the quotes say of different things.")
                        return


def _done(ours: Sequence[_Clause], theirs: Sequence[_Clause], text: str) -> Iterator[Problem]:
    is_possible, is_to_come = bool(_POSSIBLE.search(text)), bool(_POSSIBLE.search(text) or _TO_COME.search(text))
    for clause in ours:
        share = [sum(is_held(word, each.words) for word in clause.words) for each in theirs]
        best = max(share, default=0)
        nearest = [each for each, count in zip(theirs, share, strict=True) if count == best and best > 1]
        if not nearest:
            continue
        if not is_possible and all(_POSSIBLE.search(each.text) for each in nearest):
            yield Problem(Fault.UNSUPPORTED, "The quotes call this possible or expected only.")
        elif not is_to_come and all(_TO_COME.search(each.text) for each in nearest):
            yield Problem(Fault.UNSUPPORTED, "The quotes tell this as planned or wanted, not as done.")
        else:
            continue
        return


def _whole(text: str, sources: Sequence[Source]) -> Iterator[Problem]:
    ours = frozenset(stems(text))
    for match in (match for each in sources for match in _SOME_OF.finditer(each.text)):
        if frozenset(stems(match[1])) <= ours and not _PARTLY.search(text):
            yield Problem(Fault.UNSUPPORTED, "The quotes say this of a part only.")
            return


def _clauses(text: str) -> list[_Clause]:
    """Split a text into clauses; "and" parts them only between two verbs, and not the members of a list."""
    parts: list[str] = []
    begin, subject = 0, ""
    for match in _ENDS.finditer(text):
        before, after = text[begin : match.start()], text[match.end() :]
        is_and = match[0].strip(", ") == "and"
        if not is_and or (_has_verb(before) and _has_verb(re.split(r"[,;.]|\band\b", after, maxsplit=1)[0])):
            parts.append(f"{subject} {before}")
            # "The court freed A and jailed B": the second clause has the subject of the first.
            first = _first_verb(after)
            subject = parts[-1][: _first_verb(parts[-1])] if is_and and first == 0 else ""
            begin = match.end()
    return [_clause(each) for each in (*parts, f"{subject} {text[begin:]}") if each.strip(" .,;:")]


def _clause(text: str) -> _Clause:
    bare = without_dates(text)
    names = names_in(text)
    values: dict[str, frozenset[object]] = {
        "number": frozenset(each.value for each in read_numbers(bare)),
        "date": frozenset(each for each, _, _ in stated_dates(text)),
        "weekday": frozenset(fold(each[0]) for each in _WEEKDAY.finditer(text)),
        "name": frozenset(each.key for each in names),
    }
    inside = [(each.start, each.end) for each in names]
    words = frozenset(
        each.stem
        for each in content_words(bare)
        if not any(start <= each.start < end for start, end in inside)
        and not each.stem.isdigit()
        and not read_numbers(bare[each.start : each.end])
        and not _WEEKDAY.fullmatch(bare[each.start : each.end])
    )
    return _Clause(text, words, values)


def _has_verb(text: str) -> bool:
    return _first_verb(text) < len(text)


def _first_verb(text: str) -> int:
    """Return where the first verb of a text begins; its length without one."""
    return next((match.start() for match in _WORD.finditer(text) if is_verb(match[0])), len(text))
