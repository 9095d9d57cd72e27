"""Measures a sentence against its quotes: what the reader says, how alike the words are, and what speaks against it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.answering.reader.relations import ReaderOutput, Relation, log_odds
from bot.answering.stated_dates import without_dates
from bot.writer.attributed import told_as_fact, wrongly_said
from bot.writer.clause_checks import joined, told_as_done, told_of_all
from bot.writer.comparison import content_words, is_negated, stems
from bot.writer.patchwork import misplaced, scrambled, shuffled, spliced
from bot.writer.roles import role_problems, turns_names
from bot.writer.source import Source, said_in
from bot.writer.word_checks import cause_problems, missing_words, negation_problems, word_problems
from bot.writer.word_likeness import likest
from bot.writer.written import Fault, Problem

_Check = Callable[[str, Sequence[Source]], list[Problem]]

# Checks that are enough to fail, and checks that freer wording may set off.
_CERTAIN: Sequence[_Check] = (
    told_as_fact, negation_problems, cause_problems, role_problems, told_as_done, told_of_all,
    misplaced, shuffled, spliced,
)  # fmt: skip
_DOUBTFUL: Sequence[_Check] = (wrongly_said, joined, scrambled)
# Chosen on `python -m evals quality writer`; docs/evaluation.md has the figures, and the command measures them again.
# From this support on the reader does not stand against a sentence, and from this probability on it contradicts it.
MIN_SUPPORT = 0.1
CONTRADICTED = 0.7
# A word less alike than this to each word of the quotes is foreign to them.
FOREIGN = 0.25
_MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """The measures of a sentence by name, what is wrong with it, and what only makes it doubtful."""

    values: dict[str, float]
    faults: tuple[Problem, ...]
    doubts: tuple[Problem, ...]


def measure(text: str, sources: Sequence[Source], said: ReaderOutput) -> Measured:
    """Measure a sentence against its quotes.

    - `yes`, `no`, `claimed`, ...: the log odds of what the reader says of the quotes, asked whether the sentence is so;
    - `missing`: how many words the quotes don't hold in any form, up to 5;
    - `alike`: how alike the words are to the nearest ones of the quotes, on average; those that they hold count 1;
    - `least_alike`: of the word that is least alike;
    - `turned`: whether two names stand in another order than in a quote, though both are active or both passive;
    - `is_negated`, `are_negated`, `is_said`, `are_said`: whether the sentence, and whether a quote, negates anything,
      or has somebody say it;
    - `words`: the logarithm of the number of its words; `share`: that number as a share of the quotes'.
    """
    words, missing = content_words(text), missing_words(text, sources)
    held = [each.text[word.start : word.end].lower() for each in sources for word in each.words]
    alike = [likest(text[each.start : each.end].lower(), held) for each in missing]
    values = {relation.value: log_odds(said.probability(relation)) for relation in Relation}
    values |= {
        "missing": float(min(len(missing), _MOST_WORDS)),
        "alike": (sum(alike) + len(words) - len(missing)) / max(1, len(words)),
        "least_alike": min(alike, default=1.0),
        "turned": float(turns_names(text, sources)),
        "is_negated": float(is_negated(text)),
        "are_negated": float(any(is_negated(each.text) for each in sources)),
        "is_said": float(bool(said_in(text))),
        "are_said": float(any(each.said for each in sources)),
        "words": math.log(1 + len(words)),
        "share": len(words) / max(1, sum(len(each.words) for each in sources)),
    }
    faults = [problem for check in _CERTAIN for problem in check(text, sources)]
    doubts = [problem for check in _DOUBTFUL for problem in check(text, sources)]
    if not _repeats_quote(text, sources):
        faults += _contradictions(said)
    foreign = [word for word, likeness in zip(missing, alike, strict=True) if likeness < FOREIGN]
    faults += word_problems(text, foreign)
    doubts += word_problems(text, missing)
    return Measured(values, tuple(faults), tuple(doubts))


def _contradictions(said: ReaderOutput) -> list[Problem]:
    if said.probability(Relation.NO) >= CONTRADICTED:
        return [Problem(Fault.UNSUPPORTED, "The quotes say the opposite.")]
    if said.probability(Relation.YES) + 0.7 * said.probability(Relation.CLAIMED, Relation.BOTH) < MIN_SUPPORT:
        return [Problem(Fault.UNSUPPORTED, "The quotes do not say this.")]
    return []


def _repeats_quote(text: str, sources: Sequence[Source]) -> bool:
    """Return whether a sentence has all words of a quote in order, but for dates: then the reader errs."""
    return any(_undated(text) == _undated(each.text) for each in sources)


def _undated(text: str) -> list[str]:
    return [each for each in stems(without_dates(text)) if each not in {"on", "in"}]
