"""Measures of what the reader found, from which the calibrated models tell verdicts and refusals."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import chain

from bot.answering.reader.read_hits import ReadHit, ReadSentence
from bot.answering.reader.reading import Reading, Relation
from bot.answering.verdict.vetoes import Asked
from index.search.retriever import Hit, SearchResult

# What is left of the support of a text that contradicts a name, number, date or quantifier of the question.
VETOED = 0.05
# By how much a sentence must support a question more than the one with its two actors exchanged.
ROLE_MARGIN = 0.0
# A sentence that supports less tells nothing of the roles either.
LEAST_SUPPORT = 0.2
# A text tells the latest state if it settles the question with at least this probability.
SETTLES = 0.5
# Passages, by BM25, whose titles are compared with the question.
TITLES_COMPARED = 10


_SIDES = ("yes", "no", "claimed", "denied", "both")
SEARCH_MEASURES = frozenset(
    ("odds_1", "odds_2", "relevance_1", "relevance_3", "close", "covering", "title_fit", "lead")
)
MEASURES = SEARCH_MEASURES | {
    "latest",
    "turned",
    "vetoed",
    *(f"{text}_{side}_{rank}" for text in ("passage", "sentence") for side in _SIDES for rank in (1, 2)),
    "passage_settles",
    "sentence_settles",
}


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


def measure_verdict(
    read: Sequence[ReadHit], sentences: Sequence[ReadSentence], asked: Asked, copies: Set[tuple[int, int]] = frozenset()
) -> dict[str, float]:
    """Measure what speaks for each verdict; every text of copies of one report counts once.

    Args:
        read: passages, best first.
        sentences: their decisive sentences.
        asked: of the question.
        copies: pairs of ids of articles of which one is a copy of the other, smaller id first.
    """
    first_copy = {other: one for one, other in sorted(copies, reverse=True)}
    passages: dict[int, list[Support]] = {}
    alone: dict[int, list[Support]] = {}
    dates: dict[int, str] = {}
    for each in read:
        article = each.hit.article
        key = first_copy.get(article.id, article.id)
        dates[key] = max(dates.get(key, ""), (article.published_at or "")[:10])
        passages.setdefault(key, []).append(support(each.reading, is_vetoed=False))
    for sentence in sentences:
        key = first_copy.get(sentence.hit.article.id, sentence.hit.article.id)
        alone.setdefault(key, []).append(support(sentence.reading, is_vetoed=is_vetoed(sentence, asked)))
    measures: dict[str, float] = {}
    for name, texts in (("passage", passages), ("sentence", alone)):
        for side in _SIDES:
            best = sorted((max(getattr(each, side) for each in found) for found in texts.values()), reverse=True)
            measures[f"{name}_{side}_1"], measures[f"{name}_{side}_2"] = (*best, 0.0, 0.0)[:2]
        measures[f"{name}_settles"] = max((each.settles for each in chain(*texts.values())), default=0.0)
    measures |= _latest(alone, dates)
    measures["vetoed"] = _share([is_vetoed(each, asked) for each in sentences])
    return measures


def measure_search(read: Sequence[ReadHit], result: SearchResult) -> dict[str, float]:
    """Measure how likely the passages answer at all: by the reader, by vectors and by words.

    - `odds_1`, `odds_2`: the best log odds of an answer in a passage;
    - `relevance_1`, `relevance_3`: the best probability that a passage helps, and the mean of the best three;
    - `close`, `covering`: the best cosine, and the best share of the question's words;
    - `title_fit`: the best cosine between the question and a title among the best lexical hits;
    - `lead`: the distance of the best BM25 score from the mean of the 11th to 50th, as a share of it.
    """
    odds = sorted((each.reading.found[0].odds for each in read if each.reading.found), reverse=True)
    relevance = sorted((each.reading.relevance for each in read), reverse=True)
    hits = [each.hit for each in read]
    lexical = sorted((hit for hit in hits if hit.bm25), key=lambda hit: -(hit.bm25 or 0.0))[:TITLES_COMPARED]
    return {
        "odds_1": _bounded(odds[0] if odds else -20.0),
        "odds_2": _bounded(odds[1] if len(odds) > 1 else -20.0),
        "relevance_1": relevance[0] if relevance else 0.0,
        "relevance_3": sum(relevance[:3]) / 3,
        "close": max((hit.cosine or 0.0 for hit in hits), default=0.0),
        "covering": max((hit.coverage for hit in hits), default=0.0),
        "title_fit": max((_title_cosine(hit) for hit in lexical), default=0.0),
        "lead": _lead(result.bm25),
    }


def is_vetoed(sentence: ReadSentence, asked: Asked) -> bool:
    """Return whether a sentence contradicts a name, number, date or quantifier, or tells the same of swapped actors."""
    if _tells_of_both(sentence):
        return True
    hit = sentence.hit
    start = sentence.before.start if sentence.before else sentence.span.start
    context = f"{hit.article.title or ''}. {hit.passage.text}"
    return bool(asked.vetoes(hit.passage.text[start : sentence.span.end], context, hit.article.published_at))


def _tells_of_both(sentence: ReadSentence) -> bool:
    """Return whether the question with its actors exchanged is spoken of no less."""
    if sentence.swapped is None:
        return False
    speaking = Relation.YES, Relation.CLAIMED, Relation.DENIED, Relation.BOTH
    if sentence.reading.probability(*speaking) < LEAST_SUPPORT:
        return False
    return sentence.swapped.probability(*speaking) >= sentence.reading.probability(*speaking) - ROLE_MARGIN


def _latest(texts: dict[int, list[Support]], dates: dict[int, str]) -> dict[str, float]:
    """Measure what the latest article that tells it as fact says, and how it differs from the best earlier one."""
    told = sorted(
        ((dates[key], max(found, key=lambda each: each.yes + each.no)) for key, found in texts.items() if dates[key]),
        key=lambda pair: pair[0],
    )
    told = [(day, each) for day, each in told if each.yes + each.no >= SETTLES]
    if not told:
        return {"latest": 0.0, "turned": 0.0}
    last = [each for day, each in told if day == told[-1][0]]
    latest = max((each.yes - each.no for each in last), key=abs)
    earlier = [each.yes - each.no for day, each in told if day != told[-1][0]]
    return {"latest": latest, "turned": float(any(latest * each < 0 for each in earlier))}


def _bounded(odds: float) -> float:
    return max(-20.0, min(20.0, odds))


def _share(flags: Iterable[bool]) -> float:
    every = list(flags)
    return sum(every) / len(every) if every else 0.0


def _title_cosine(hit: Hit) -> float:
    return (hit.cosine if hit.title_cosine is None else hit.title_cosine) or 0.0


def _lead(bm25: Sequence[float]) -> float:
    field = bm25[10:50]
    if not bm25 or not field:
        # Too few passages share a word with the question for a comparison.
        return 1.0 if bm25 else 0.0
    return (bm25[0] - sum(field) / len(field)) / bm25[0]
