"""Tells whether a sentence is on topic: near the question's names and its deed."""

import re
from collections.abc import Iterable

from bot.answering.question.aliases import mentions
from bot.answering.question.proposition import Act, Proposition
from bot.answering.verdict.matcher import Matcher
from index.terms import STOP_WORDS, words

_NAME = re.compile(r"(?<!^)(?<![.!?]\s)\b[A-Z][\w’'-]+")
# Light verbs, whose deed is in the words after them.
_EMPTY_DEEDS = frozenset("be is was were are do does did have has had get make take say tell happen occur".split())


class Relation:
    """The names and the deed that must be near a sentence for it to be on topic."""

    def __init__(self, proposition: Proposition, matcher: Matcher) -> None:
        self._matcher = matcher
        self._ids = proposition.actor_ids | proposition.content_ids
        covered = {
            word for each in mentions(proposition.text) for word in words(proposition.text[each.start : each.end])
        }
        names = {word for name in _NAME.findall(proposition.text) for word in words(name)}
        self._stems = frozenset(matcher.stems(" ".join(names - covered - STOP_WORDS)))
        self._asks_deed = proposition.act in {Act.OTHER, Act.AGREES} and bool(
            set(words(proposition.verb)) - _EMPTY_DEEDS
        )

    def has_names(self, stems: Iterable[str], ids: Iterable[str]) -> bool:
        """Return whether the question's names are there; one in three may be missing."""
        missing = len(self._ids - frozenset(ids)) + len(self._stems - frozenset(stems))
        return missing <= (len(self._ids) + len(self._stems)) // 3

    def has_deed(self, stems: Iterable[str]) -> bool:
        """Return whether the deed is there, or the question asks for none in particular."""
        return not self._asks_deed or self._matcher.has_deed(stems)
