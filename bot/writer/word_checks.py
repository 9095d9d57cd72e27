"""Checks the wording of a sentence: what it negates, what causes it gives, and which of its words no quote holds."""

from collections.abc import Sequence
from statistics import fmean

from bot.answering.numbers import read_numbers
from bot.answering.question.aliases import mentions
from bot.writer.comparison import (
    Word,
    cause_parts,
    content_words,
    count_negations,
    forbidden_stems,
    gives_cause,
    is_held,
    is_negated,
    negated_scopes,
    negations_before,
    share_held,
)
from bot.writer.source import Source
from bot.writer.written import Fault, Problem
from index.terms import Terms

# Share of the words of a cause that the quotes must hold.
MIN_CAUSE = 0.7
# From this share of its words on a sentence tells what a quote negates.
NEGATED = 0.75
# Words of connection and of news that say nothing by themselves.
_CONNECTING = frozenset(
    Terms().stem(
        """also however meanwhile earlier later separately both although though including among well former according
        report article quote statement say people two rather least""".split()
    )
)
# From this share of common words on a sentence tells a whole quote.
SAME = 0.75
_COMMON_LETTERS = 5
_NAMED_WORDS = 3


def negation_problems(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return where a sentence drops or adds a negation."""
    words = frozenset(each.stem for each in content_words(text))
    for each in sources:
        theirs = frozenset(word.stem for word in each.words)
        is_same = len(words & theirs) >= SAME * len(words | theirs)
        if is_same and count_negations(text) != count_negations(each.text):
            return [Problem(Fault.NEGATION, "The quotes negate this once more or once less.")]
    if not is_negated(text):
        # What a quote negates may not be told without the negation.
        negated = [each for source in sources for each in forbidden_stems(source.text)]
        told = any(fmean(is_held(stem, words) for stem in each) >= NEGATED for each in negated)
        return [Problem(Fault.NEGATION, "The quotes negate or deny this.")] if told else []
    scopes = [scope for each in sources for scope in negated_scopes(each.text)]
    if not scopes:
        return [Problem(Fault.NEGATION, "The quotes do not negate or deny this.")]
    held = frozenset().union(*scopes)
    if not any(any(is_held(stem, held) for stem in scope) for scope in negated_scopes(text)):
        return [Problem(Fault.NEGATION, "The quotes negate or deny something else.")]
    return _doubled_problems(text, sources)


def _doubled_problems(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return where one negation stands for two or two for one: "denied that it had not paid" says that it paid."""
    is_other = False
    for stem, counts in negations_before(text).items():
        theirs = set().union(*(negations_before(each.text).get(stem, set()) for each in sources))
        if counts & theirs - {0}:
            return []
        is_other |= bool(theirs) and max(counts | theirs) > 1 and {0} not in (counts, theirs)
    return [Problem(Fault.NEGATION, "The quotes negate this once more or once less.")] if is_other else []


def cause_problems(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return where a sentence gives a cause that its quotes don't."""
    parts = cause_parts(text)
    if not parts:
        return []
    giving = [each for each in sources if gives_cause(each.text)]
    if not giving:
        return [Problem(Fault.CAUSE, "The quotes give no cause.")]
    # Where a quote says clearly what the cause is, that must be it.
    stated = " ".join(part for each in giving for part in cause_parts(each.text))
    held = frozenset(each.stem for each in content_words(stated)) or frozenset().union(*(each.stems for each in giving))
    for part in parts:
        if share_held([each.stem for each in content_words(part)], held) < MIN_CAUSE:
            return [Problem(Fault.CAUSE, "The quotes give another cause.")]
    return []


def missing_words(text: str, sources: Sequence[Source]) -> list[Word]:
    """Return the words that no quote holds, nor a synonym or another form of them; names and numbers left out."""
    held = frozenset().union(*(each.stems for each in sources))
    apart = [(each.start, each.end) for each in mentions(text)] + [
        (each.start, each.end) for each in read_numbers(text)
    ]
    return [
        each
        for each in content_words(text)
        if not is_held(each.stem, held)
        and each.stem not in _CONNECTING
        and not _has_form(each.stem, held)
        and not any(start <= each.start < end for start, end in apart)
    ]


def word_problems(text: str, missing: Sequence[Word]) -> list[Problem]:
    """Return what is wrong with the words that no quote holds."""
    named = ", ".join(f"“{text[each.start : each.end]}”" for each in missing[:_NAMED_WORDS])
    return [Problem(Fault.UNSUPPORTED, f"The quotes do not hold {named}.")] if missing else []


def _has_form(stem: str, held: frozenset[str]) -> bool:
    """Return whether another form of a word is there, with the same beginning: "Swedish" for "Sweden"."""
    begin = stem[:_COMMON_LETTERS]
    return len(stem) >= _COMMON_LETTERS and any(each.startswith(begin) for each in held)
