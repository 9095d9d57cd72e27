"""Measures of what the reader found, from which verdicts could be told."""

from collections.abc import Sequence
from dataclasses import dataclass

from evals.reader.read_hits import ReadHit, ReadSentence
from evals.reader.relations import Reading, Relation
from evals.reader.vetoes import Asked
from index.search.retriever import Hit

# What is left of the support of a text that contradicts a name, number, date or quantifier of the question.
VETOED = 0.05
# A sentence that supports less tells nothing of the roles.
LEAST_SUPPORT = 0.2
# A text tells the latest state if it settles the question with at least this probability.
SETTLES = 0.5
_SIDES = ("yes", "no", "claimed", "denied", "both")


@dataclass(frozen=True, slots=True)
class Support:
    """How a text stands to a yes/no question after vetoes; probabilities."""

    yes: float
    no: float
    claimed: float
    denied: float
    both: float

    @property
    def settles(self) -> float:
        """The probability that it says anything on the question."""
        return self.yes + self.no + self.claimed + self.denied + self.both


def support(reading: Reading, *, is_vetoed: bool) -> Support:
    """Return how a text stands to the question; a vetoed one hardly speaks of what is asked, but may rule it out."""
    yes, no, claimed, denied, both = (
        reading.probability(each)
        for each in (Relation.YES, Relation.NO, Relation.CLAIMED, Relation.DENIED, Relation.BOTH)
    )
    share = VETOED if is_vetoed else 1.0
    return Support(yes * share, no, claimed * share, denied * share, both * share)


def measure_verdict(read: Sequence[ReadHit], sentences: Sequence[ReadSentence], asked: Asked) -> dict[str, float]:
    """Measure what speaks for each verdict in passages and in their decisive sentences; `asked` is of the question."""
    vetoed = [is_vetoed(each, asked) for each in sentences]
    alone = [support(each.reading, is_vetoed=veto) for each, veto in zip(sentences, vetoed, strict=True)]
    measures = {"vetoed": sum(vetoed) / len(vetoed) if vetoed else 0.0}
    for name, texts in (("passage", [support(each.reading, is_vetoed=False) for each in read]), ("sentence", alone)):
        for side in _SIDES:
            measures[f"{name}_{side}"] = max((getattr(each, side) for each in texts), default=0.0)
        measures[f"{name}_settles"] = max((each.settles for each in texts), default=0.0)
    return measures | _latest([(each.hit, told) for each, told in zip(sentences, alone, strict=True)])


def measure_search(read: Sequence[ReadHit]) -> dict[str, float]:
    """Measure how likely the passages answer: the best log odds of an answer, and the best relevance."""
    odds = [each.reading.found[0].odds for each in read if each.reading.found]
    return {
        "odds": _bounded(max(odds, default=-20.0)),
        "relevance": max((each.reading.relevance for each in read), default=0.0),
    }


def is_vetoed(sentence: ReadSentence, asked: Asked) -> bool:
    """Return whether a sentence contradicts a name, number, date or quantifier, or tells the same of swapped actors."""
    if _tells_of_both(sentence):
        return True
    hit = sentence.hit
    context = f"{hit.article.title or ''}. {hit.passage.text}"
    return bool(asked.vetoes(sentence.text, context, hit.article.published_at))


def _tells_of_both(sentence: ReadSentence) -> bool:
    """Return whether the question with its actors exchanged is spoken of no less."""
    if sentence.swapped is None:
        return False
    speaking = Relation.YES, Relation.CLAIMED, Relation.DENIED, Relation.BOTH
    if sentence.reading.probability(*speaking) < LEAST_SUPPORT:
        return False
    return sentence.swapped.probability(*speaking) >= sentence.reading.probability(*speaking)


def _latest(texts: Sequence[tuple[Hit, Support]]) -> dict[str, float]:
    """Measure what the latest day that settles it as fact tells, and whether an earlier one told the opposite."""
    told: dict[str, list[float]] = {}
    for hit, each in texts:
        if hit.article.published_at and each.yes + each.no >= SETTLES:
            told.setdefault(hit.article.published_at[:10], []).append(each.yes - each.no)
    if not told:
        return {"latest": 0.0, "turned": 0.0}
    last = max(told)
    latest = max(told[last], key=abs)
    earlier = [each for day, values in told.items() if day != last for each in values]
    return {"latest": latest, "turned": float(any(latest * each < 0 for each in earlier))}


def _bounded(odds: float) -> float:
    return max(-20.0, min(20.0, odds))
