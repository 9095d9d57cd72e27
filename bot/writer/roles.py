"""Checks who does it to whom: two names around a verb keep the sides that they have in the quotes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.question.aliases import mentions
from bot.answering.question.clauses import ACTOR_NOUNS
from bot.writer.comparison import content_words, is_negated, is_verb, stems
from bot.writer.source import Source
from bot.writer.written import Fault, Problem
from index.terms import STOP_WORDS, fold

_NAME = re.compile(r"[^\W\d_][^\W_]*(?:['’-][^\W_]+)*")
_END = re.compile(r"[;:.!?]\s|[;:]|,\s+(?:but|while|whereas|and)\b")
_PART_END = re.compile(r"[;:.!?]\s|[;:,]|\b(?:but|while|whereas|and)\b")
_PREPOSITION = re.compile(r"\b(from|into|to|against|by|over|onto|towards)\s+(?:the\s+)?$", re.IGNORECASE)
_PARTICLE = re.compile(r"\s+(for|against|in|to|after|from|with)\b")
_HEAD = re.compile(r"\s+([^\W\d_]+)")
_NO_NAMES = ACTOR_NOUNS | STOP_WORDS
_EXCHANGED = Problem(Fault.ROLES, "In the quotes it is the other way round: who does it to whom is exchanged.")
_BE = re.compile(r"\b(?:is|are|was|were|be|been|being|gets?|got)\s+(?:\w+\s+)?$", re.IGNORECASE)
_BY = re.compile(r"^(?:\s+\w+){0,4}?\s+by\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a text: what it is compared by, and where it stands."""

    key: str
    start: int
    end: int


def role_problems(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return where a sentence exchanges two names, around a verb or each with its own."""
    ours = _deeds(text, every=False)
    theirs = {deed for each in sources for deed in _deeds(each.text, every=True)}
    for verb, agent, patient in sorted(ours - theirs):
        if (verb, patient, agent) in theirs and agent != patient:
            return [_EXCHANGED]
    own, held = _parts(text), {part for each in sources for part in _parts(each.text)}
    new = sorted(own - held)
    for part, name in new:
        # Another name has this part in the quotes, and this name another one's.
        if any((part, other) in held and (mine, name) in held and mine != part for mine, other in new if other != name):
            return [_EXCHANGED]
    return []


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
            # In one half of "Germany signed, Japan didn't" it is so, in the other not.
            found.add(("not" if is_negated(clause[name.end : stop]) else "so", name.key))
            if verb is not None:
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
    found = [Named(each.id, each.start, each.end) for each in mentions(clause)]
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
