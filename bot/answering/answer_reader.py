"""Reads the sentences that match an open question best, and moves those that answer it to the front."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from bot.answering.quotes import Candidate
from bot.answering.reader.relations import Reader, ReaderOutput, excerpt_of

# How many sentences are read, and what one gains that holds an answer; scores by words alone go up to about 1.5. Chosen
# on 57 questions of written corpora: among 0, 0.3 and 0.6, the first quote answers 0.44, 0.51 and 0.51 of them.
READ = 20
ANSWER_WEIGHT = 0.4


def lift_answers(reader: Reader, question: str, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield the first candidates in the order of their scores with what the reader finds in them, then the others.

    Sentences in other languages than English keep their scores.

    Args:
        reader: reads them.
        question: as asked.
        candidates: best first.
    """
    rest = iter(candidates)
    first = list(islice(rest, READ))
    english = [each for each in first if (each.hit.article.language or "en").startswith("en")]
    said = reader.read(question, [excerpt_of(each.hit.article, _text(each)) for each in english])
    lifted = {
        id(each): replace(each, score=each.score + _gain(output)) for each, output in zip(english, said, strict=True)
    }
    yield from sorted((lifted.get(id(each), each) for each in first), key=lambda each: -each.score)
    yield from rest


def _gain(output: ReaderOutput) -> float:
    if not output.found:
        return 0.0
    # Log odds of a start and an end, so each counts half.
    return ANSWER_WEIGHT / (1 + math.exp(-max(-50.0, min(50.0, output.found[0].odds / 2))))


def _text(candidate: Candidate) -> str:
    return candidate.hit.passage.text[candidate.span.start : candidate.span.end]
