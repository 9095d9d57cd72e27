"""Decides a yes/no question from what the reader found, and how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answering.answer import Stance, Verdict
from bot.answering.calibration import Calibration
from bot.answering.reader.read_hits import ReadSentence
from bot.answering.verdict.measures import Support, is_vetoed, support
from bot.answering.verdict.vetoes import Asked

# A sentence takes a side if it does with at least this probability.
TAKES_SIDE = 0.4
DEFINITE = (Verdict.YES, Verdict.NO, Verdict.DISPUTED)


@dataclass(frozen=True, slots=True)
class Sided:
    """A sentence with its side and how strongly it takes it; `is_fact` if its publisher tells it as fact."""

    sentence: ReadSentence
    stance: Stance
    strength: float
    is_fact: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, and its probability."""

    verdict: Verdict
    probability: float


def judge(measures: Mapping[str, float], sided: Sequence[Sided], calibration: Calibration) -> Judgement:
    """Return the most probable verdict; `open` where it is not probable enough, or nothing could be quoted for it."""
    chances = {Verdict(name): chance for name, chance in calibration.verdict.probabilities(measures).items()}
    if chances[Verdict.NOT_FOUND] >= calibration.refuse or not sided:
        return Judgement(Verdict.NOT_FOUND, chances[Verdict.NOT_FOUND])
    best = max(DEFINITE, key=chances.__getitem__)
    if chances[best] >= calibration.show and is_shown_by(sided, best):
        return Judgement(best, chances[best])
    return Judgement(Verdict.OPEN, 1 - chances[Verdict.NOT_FOUND])


def take_sides(sentences: Sequence[ReadSentence], asked: Asked) -> list[Sided]:
    """Return the sentences with their sides, those that take one most strongly first."""
    found = [_side(each, support(each.reading, is_vetoed=is_vetoed(each, asked))) for each in sentences]
    return sorted(found, key=lambda each: -each.strength)


def is_shown_by(sided: Sequence[Sided], verdict: Verdict) -> bool:
    """Return whether there are sentences to quote for a definite verdict: of a disputed question, for both sides."""
    sides = {each.stance for each in sided}
    if verdict not in DEFINITE:
        return True
    if verdict is Verdict.DISPUTED:
        return {Stance.ASSERTS, Stance.DENIES} <= sides
    return (Stance.ASSERTS if verdict is Verdict.YES else Stance.DENIES) in sides


def _side(sentence: ReadSentence, found: Support) -> Sided:
    asserts, denies = found.yes + found.claimed, found.no + found.denied
    strength = max(asserts, denies)
    if found.both > strength:
        return Sided(sentence, Stance.UNCONFIRMED, found.both, is_fact=False)
    if strength < TAKES_SIDE:
        return Sided(sentence, Stance.NEUTRAL, found.settles / 2, is_fact=False)
    if asserts >= denies:
        return Sided(sentence, Stance.ASSERTS, asserts, found.yes >= found.claimed)
    return Sided(sentence, Stance.DENIES, denies, found.no >= found.denied)
