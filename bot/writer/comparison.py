"""Compares wordings: stems, synonyms, negations and causes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from bot.answering.question.clauses import ACTION_VERBS, AUXILIARIES, IRREGULAR, REPORTING_VERBS
from bot.answering.verdict.matcher import synonyms
from index.terms import STOP_WORDS, Terms, fold

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# Where what a negation covers ends at the latest.
_CLAUSE_END = re.compile(
    r"[.;:!?—–]|,\s+(?:but|and|while|whereas|who|which|although|though)\b|\b(?:but|while|whereas|although)\b"
)
_NEGATION = re.compile(
    r"""\b(?:not(?!\s+only\b)|never|no(?!\s+(?:fewer|less|more|later|sooner)\s+than\b)|none|nobody|neither|nor|without|cannot
      |nothing|no\ one|rather\s+than|instead\s+of)\b|n['’]t\b
      | \b(?:den(?:y|ies|ied|ying|ials?)|reject(?:s|ed|ing|ion)?|refus(?:e|es|ed|ing|al)|dismiss(?:es|ed|ing|al)?
        |disput(?:e|es|ed|ing)|refut(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|fail(?:s|ed|ing|ure)?|ruled?\s+out|rules\s+out
        |false|untrue|groundless|baseless|unfounded|lie|ceas(?:e|es|ed|ing))\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Words that say why; each of the first kind needs a word of either kind in the quote.
_CAUSE = re.compile(
    r"""\b(?:because|due\s+to|owing\s+to|thanks\s+to|as\s+a\s+(?:result|consequence)|caus(?:e|es|ed|ing)|therefore|hence
        |in\s+(?:response|retaliation|reaction|revenge|protest)|led\s+to|leading\s+to|prompt(?:s|ed|ing)?|trigger(?:s|ed|ing)?
        |so\s+that|in\s+order\s+to|on\s+account\s+of|result(?:s|ed|ing)?\s+(?:in|from)|after\s+all|blam(?:e|es|ed|ing)
        |based\s+on|attribut(?:es|ed|able)|reasons?|why|motivat(?:ed|es)|spurred|driven\s+by|over\s+fears)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_CAUSE_IN_QUOTE = re.compile(
    rf"{_CAUSE.pattern}|\b(?:since|as|over|for|so|to|given|citing|cites?|cited|for\s+want\s+of|rested|drawing|by)\b|:\s",
    re.IGNORECASE | re.VERBOSE,
)
_DENIAL = re.compile(r"den|rej|ref|dis|dec|fail|rul|ceas|lie|fals|untr|grou|bas|unf", re.IGNORECASE)
# And what it covers within it.
_SCOPE_END = re.compile(rf"{_CLAUSE_END.pattern}|,|\b(?:and|or)\b")
_SCOPE_WORDS = 4
# "Red" and "shed" are no past tenses.
_SHORT = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word that carries meaning: its stem, and where it stands."""

    stem: str
    start: int
    end: int


def stems(text: str) -> list[str]:
    """Return the stems of all words of a text, irregular forms included."""
    folded = [fold(match[0]) for match in _WORD.finditer(text)]
    return Terms().stem([_base(word) for word in folded])


def content_words(text: str) -> list[Word]:
    """Return the words of a text that carry meaning: neither function words nor verbs of saying."""
    matches = list(_WORD.finditer(text))
    folded = [_base(fold(match[0])) for match in matches]
    found = Terms().stem(folded)
    return [
        Word(stem, match.start(), match.end())
        for match, word, stem in zip(matches, folded, found, strict=True)
        if word not in STOP_WORDS and stem not in _reporting() and not word.endswith("n't")
    ]


def is_held(stem: str, held: frozenset[str]) -> bool:
    """Return whether a stem or a synonym of it is among others."""
    return stem in held or bool(synonyms().get(stem, frozenset()) & held)


def is_verb(word: str) -> bool:
    """Return whether a word is mostly a finite verb or an auxiliary."""
    folded = fold(word)
    is_past = folded.endswith("ed") and len(folded) > _SHORT
    return folded in AUXILIARIES or folded in IRREGULAR or is_past or stems(word)[0] in _verbs()


def is_negated(text: str) -> bool:
    """Return whether a text negates or denies anything."""
    return _NEGATION.search(text) is not None


def count_negations(text: str) -> int:
    """Return how often a text negates or denies anything; "neither … nor" is one."""
    return sum(fold(match[0]) != "nor" for match in _NEGATION.finditer(text))


def negated_scopes(text: str) -> list[frozenset[str]]:
    """Return the first stems after each negation of a text within its clause, or the last before it if there are none.

    What is denied may stand before or be named with a pronoun only: "he denied it".
    """
    return [frozenset(after or before) for _, before, after in _negations(text) if after or before]


def forbidden_stems(text: str) -> list[frozenset[str]]:
    """Return for each negation what follows it in its clause, which must not be told without a negation."""
    # A single word after a denial may be what is denied, or the next deed: "denied it and left".
    return [
        frozenset(after)
        for negation, _, after in _negations(text)
        if len(after) > 1 or (after and not _DENIAL.match(negation))
    ]


def _negations(text: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield each negation with the last stems before it and the first after it, these within its clause."""
    content = [each for each in content_words(text) if not _NEGATION.fullmatch(text[each.start : each.end])]
    for match in _NEGATION.finditer(text):
        end = _SCOPE_END.search(text, match.end())
        stop = end.start() if end else len(text)
        after = [each.stem for each in content if match.end() <= each.start < stop][:_SCOPE_WORDS]
        before = [each.stem for each in content if each.end <= match.start()][-_SCOPE_WORDS:]
        yield match[0], before, after


def negations_before(text: str) -> dict[str, set[int]]:
    """Return for each stem the numbers of negations before it in its clause, without words that negate."""
    found: dict[str, set[int]] = {}
    ends = [0, *(match.end() for match in _SCOPE_END.finditer(text)), len(text)]
    for begin, end in pairwise(ends):
        # "Neither … nor" is one.
        negations = [match.start() for match in _NEGATION.finditer(text, begin, end) if fold(match[0]) != "nor"]
        for word in content_words(text[begin:end]):
            start = begin + word.start
            if not _NEGATION.fullmatch(text[start : begin + word.end]):
                found.setdefault(word.stem, set()).add(sum(place < start for place in negations))
    return found


def cause_parts(text: str) -> list[str]:
    """Return what a text gives as causes: what follows a word for one, up to the end of the clause."""
    found = []
    for match in _CAUSE.finditer(text):
        end = _CLAUSE_END.search(text, match.end())
        found.append(text[match.end() : end.start() if end else len(text)])
    return found


def gives_cause(text: str) -> bool:
    """Return whether a text says why, in any way."""
    return _CAUSE_IN_QUOTE.search(text) is not None


def share_held(stems_of_part: Iterable[str], held: frozenset[str]) -> float:
    """Return the share of stems that are among others, synonyms included; 1 without any."""
    every = list(stems_of_part)
    return sum(is_held(each, held) for each in every) / len(every) if every else 1.0


def _base(word: str) -> str:
    bare = word[:-2] if word.endswith(("'s", "’s")) else word
    return IRREGULAR.get(bare, bare)


@cache
def _reporting() -> frozenset[str]:
    more = ("according", "spokesman", "spokeswoman", "add", "note", "call")
    return frozenset(Terms().stem([*sorted(REPORTING_VERBS), *more]))


@cache
def _verbs() -> frozenset[str]:
    more = (
        "rise rose fall grow grew drop vote remain become became say replace halt pay produce protest succeed".split()
    )
    return frozenset(Terms().stem([*sorted(ACTION_VERBS | REPORTING_VERBS), *more]))
