"""Checks who does it to whom: two names around a verb keep the sides that they have in the quotes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.question.aliases import mentions
from bot.answering.question.clauses import ACTOR_NOUNS
from bot.writer.source import Source
from bot.writer.wording import content_words, stems
from bot.writer.written import Fault, Problem
from index.terms import fold

_NAME = re.compile(r"[^\W\d_][^\W_]*(?:['’-][^\W_]+)*")
_END = re.compile(r"[;:.!?]\s|[;:]|,\s+(?:but|while|whereas|and)\b")
_BE = re.compile(r"\b(?:is|are|was|were|be|been|being|gets?|got)\s+(?:\w+\s+)?$", re.IGNORECASE)
_BY = re.compile(r"^(?:\s+\w+){0,4}?\s+by\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Named:
    key: str
    start: int
    end: int


def role_problems(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return where a sentence exchanges two names around a verb."""
    ours = _deeds(text)
    theirs = {deed for each in sources for deed in _deeds(each.text)}
    for verb, agent, patient in sorted(ours - theirs):
        if (verb, patient, agent) in theirs and agent != patient:
            return [Problem(Fault.ROLES, "In the quotes it is the other way round: who does it to whom is exchanged.")]
    return []


def _deeds(text: str) -> set[tuple[str, str, str]]:
    """Return each verb with the names on its two sides: who does it, and to whom."""
    found: set[tuple[str, str, str]] = set()
    begin = 0
    for end in [*(match.start() for match in _END.finditer(text)), len(text)]:
        clause = text[begin:end]
        names = _names(clause)
        for word in content_words(clause):
            if clause[word.start].isupper() or any(each.start <= word.start < each.end for each in names):
                continue
            before = [each for each in names if each.end <= word.start]
            after = [each for each in names if each.start >= word.end]
            if before and after:
                # The subject of a clause is its first name more often than the last one before the verb.
                is_passive = bool(_BE.search(clause[: word.start]) and _BY.match(clause[word.end : after[0].start + 1]))
                for agent in {before[0].key, before[-1].key}:
                    pair = (after[0].key, agent) if is_passive else (agent, after[0].key)
                    found.add((word.stem, *pair))
        begin = end
    return found


def _names(clause: str) -> list[_Named]:
    """Return countries and other names of a clause, in order; a name of several words once."""
    found = [_Named(each.id, each.start, each.end) for each in mentions(clause)]
    last: _Named | None = None
    for match in _NAME.finditer(clause):
        word = match[0]
        is_name = word[0].isupper() and fold(word) not in ACTOR_NOUNS and match.start() > 0
        if not is_name or any(each.start <= match.start() < each.end for each in found):
            continue
        named = _Named(stems(word)[-1] if stems(word) else fold(word), match.start(), match.end())
        if last is not None and last in found and clause[last.end : named.start] == " ":
            found.remove(last)
            named = _Named(named.key, last.start, named.end)
        found.append(named)
        last = named
    return sorted(found, key=lambda each: each.start)
