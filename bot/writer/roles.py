"""Checks who does it to whom: two names around a verb keep the sides that they have in the quotes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from bot.answering.numbers import read_numbers
from bot.answering.question.aliases import mentions
from bot.answering.question.clauses import ACTOR_NOUNS
from bot.answering.stated_dates import stated_dates, without_dates
from bot.writer.comparison import content_words, is_negated, is_verb, stems
from bot.writer.source import Source
from bot.writer.written import Fault, Problem
from index.terms import STOP_WORDS, fold

_NAME = re.compile(r"[^\W\d_][^\W_]*(?:['’-][^\W_]+)*")
_END = re.compile(r"[;:.!?]\s|[;:]|,\s+(?:but|while|whereas|and)\b")
_PART_END = re.compile(r"[;:.!?]\s|[;:,]|\b(?:but|while|whereas|and)\b")
_PREPOSITION = re.compile(r"\b(from|into|to|against|by|over|onto|towards)\s+(?:the\s+)?$", re.IGNORECASE)
_SIDE = re.compile(r"\b(from|to)\s+$", re.IGNORECASE)
_PARTICLE = re.compile(r"\s+(for|against|in|to|after|from|with)\b")
_HEAD = re.compile(r"\s+([^\W\d_]+)")
_NO_NAMES = ACTOR_NOUNS | STOP_WORDS
_EXCHANGED = Problem(Fault.ROLES, "In the quotes it is the other way round: who does it to whom is exchanged.")
_BE = re.compile(r"\b(?:is|are|was|were|be|been|being|gets?|got)\s+(?:\w+\s+)?$", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+\s+){1,6}?by\b", re.IGNORECASE)
_BY = re.compile(r"^(?:\s+\w+){0,4}?\s+by\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a text: what it is compared by, and where it stands."""

    key: str
    start: int
    end: int


def role_problems(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return where a sentence exchanges two names, around a verb or each with its own."""
    own = _values(text)
    held = {part for each in sources for part in _values(each.text)}
    text, quotes = without_dates(text), [without_dates(each.text) for each in sources]
    if _exchanges_subject(_subjects(text), [each for quote in quotes for each in _subjects(quote)]):
        return [_EXCHANGED]
    ours = _deeds(text, every=False)
    theirs = {deed for each in quotes for deed in _deeds(each, every=True)}
    for verb, agent, patient in sorted(ours - theirs):
        if (verb, patient, agent) in theirs and agent != patient:
            return [_EXCHANGED]
    own |= _parts(text)
    held |= {part for each in quotes for part in _parts(each)}
    new = sorted(own - held)
    for part, name in new:
        # Another name has this part in the quotes, and this name another one's.
        if any((part, other) in held and (mine, name) in held and mine != part for mine, other in new if other != name):
            return [_EXCHANGED]
    return []


def turns_names(text: str, sources: Sequence[Source]) -> bool:
    """Return whether two names stand in another order than in a quote, though both are active or both passive."""
    ours = [each.key for each in names_in(text)]
    for source in sources:
        theirs = [each.key for each in names_in(source.text)]
        shared = [each for each in dict.fromkeys(ours) if each in theirs]
        in_order = sorted(shared, key=theirs.index)
        if shared != in_order and bool(_PASSIVE.search(text)) == bool(_PASSIVE.search(source.text)):
            return True
    return False


def _deeds(text: str, *, every: bool) -> set[tuple[str, str, str]]:
    """Return each verb with the names on its two sides: who does it, and to whom.

    Args:
        text: a sentence or quote.
        every: whether each name before a verb may be who does it, or only the first and the last.
    """
    found: set[tuple[str, str, str]] = set()
    for clause in _clauses(text):
        names = names_in(clause)
        for word in content_words(clause):
            is_in_name = any(each.start <= word.start < each.end for each in names)
            if is_in_name or clause[word.start].isupper() or not is_verb(clause[word.start : word.end]):
                continue
            before = [each for each in names if each.end <= word.start]
            after = [each for each in names if each.start >= word.end]
            if before and after:
                is_passive = bool(_BE.search(clause[: word.start]) and _BY.match(clause[word.end : after[0].start + 1]))
                # The subject of a clause is its first name more often than the last one before the verb.
                for agent in {each.key for each in (before if every else (before[0], before[-1]))}:
                    pair = (after[0].key, agent) if is_passive else (agent, after[0].key)
                    found.add((word.stem, *pair))
    return found


@dataclass(frozen=True, slots=True)
class _Deed:
    """A verb with the stems on its two sides, of who does it and of what it is done to."""

    verb: str
    agents: frozenset[str]
    patients: frozenset[str]


def _subjects(text: str) -> list[_Deed]:
    """Return each verb of a text with the words on its sides, names or not; without a doer a passive is left out."""
    found = []
    for clause in _clauses(text):
        words = content_words(clause)
        for word in words:
            if clause[word.start].isupper() or not is_verb(clause[word.start : word.end]):
                continue
            before = frozenset(each.stem for each in words if each.end <= word.start)
            after = frozenset(each.stem for each in words if each.start >= word.end)
            if _BE.search(clause[: word.start]):
                by = _BY.match(clause[word.end :])
                if by is None:
                    continue
                before, after = frozenset(each.stem for each in words if each.start >= word.end + by.end()), before
            found.append(_Deed(word.stem, before, after))
    return found


def _exchanges_subject(ours: Sequence[_Deed], theirs: Sequence[_Deed]) -> bool:
    """Return whether who does something in a sentence only has it done to them, or the reverse, in the quotes."""
    for own in ours:
        same = [each for each in theirs if each.verb == own.verb]
        is_known = (
            not own.agents or not any(each.agents for each in same) or any(own.agents & each.agents for each in same)
        )
        if not is_known and any(own.agents & each.patients or own.patients & each.agents for each in same):
            return True
    return False


def _values(text: str) -> set[tuple[str, str]]:
    """Return each number with the name before it, the date behind it, and "from" or "to"."""
    found: set[tuple[str, str]] = set()
    bare, names, dates = without_dates(text), names_in(text), stated_dates(text)
    numbers = sorted(read_numbers(bare), key=lambda each: each.start)
    for number, following in zip_longest(numbers, numbers[1:]):
        value, end = f"= {number.value}", following.start if following else len(text)
        found |= {(value, each.key) for each in [each for each in names if each.end <= number.start][-1:]}
        found |= {(value, str(date)) for date, start, _ in dates if number.end <= start < end}
        if side := _SIDE.search(bare[: number.start]):
            found.add((value, side[1].lower()))
    return found


def _parts(text: str) -> set[tuple[str, str]]:
    """Return each name with the verb after it and that verb's particle, and with the preposition before it."""
    found: set[tuple[str, str]] = set()
    for clause in _clauses(text, _PART_END):
        names = names_in(clause)
        for place, name in enumerate(names):
            if before := _PREPOSITION.search(clause[: name.start]):
                found.add((before[1].lower(), name.key))
            # "Kurland's president", "Ormland's minister": whose they are.
            if clause[name.end : name.end + 2] in {"'s", "’s"} and (head := _HEAD.match(clause, name.end + 2)):
                found.add((f"'s {stems(head[1])[0]}", name.key))
            stop = names[place + 1].start if place + 1 < len(names) else len(clause)
            verb = next((each for each in content_words(clause) if name.end <= each.start < stop), None)
            if verb is not None:
                # In one half of "Germany signed, Japan didn't" it is so, in the other not.
                found.add(("not" if is_negated(clause) else "so", name.key))
                particle = _PARTICLE.match(clause[verb.end :])
                found.add((f"{verb.stem} {particle[1] if particle else ''}", name.key))
    return found


def _clauses(text: str, ends: re.Pattern[str] = _END) -> list[str]:
    """Split a text into its clauses."""
    found, begin = [], 0
    for match in ends.finditer(text):
        found.append(text[begin : match.start()])
        begin = match.end()
    return [*found, text[begin:]]


def names_in(clause: str) -> list[Named]:
    """Return countries and other names of a clause, in order; a name of several words once."""
    found = [
        Named(stems(clause[each.start : each.end])[-1] if each.is_leader else each.id, each.start, each.end)
        for each in mentions(clause)
    ]
    last: Named | None = None
    for match in _NAME.finditer(clause):
        word = match[0]
        is_name = word[0].isupper() and fold(word) not in _NO_NAMES
        if not is_name or any(each.start <= match.start() < each.end for each in found):
            continue
        named = Named(stems(word)[-1] if stems(word) else fold(word), match.start(), match.end())
        if last is not None and last in found and clause[last.end : named.start] == " ":
            found.remove(last)
            named = Named(named.key, last.start, named.end)
        found.append(named)
        last = named
    return sorted(found, key=lambda each: each.start)
