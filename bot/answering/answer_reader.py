"""Reads the sentences that match an open question best, and moves those that answer it to the front."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from bot.answering.question.clauses import begins_as_question
from bot.answering.quotes import Candidate
from bot.answering.reader.relations import Reader, ReaderOutput, excerpt_of
from bot.answering.stated_dates import stated_dates
from corpus.article import Span

# How many sentences are read, and what one gains that holds an answer, and for each log odds of helping to answer;
# scores by words alone go up to about 1.5. Chosen on 35 questions of written corpora and 417 of news.
READ = 20
ANSWER_WEIGHT = 0.3
RELEVANCE_WEIGHT = 0.05
# Relevance counts up to these log odds.
MOST_RELEVANT = 6.0
# By how many log odds of helping to answer a sentence may be behind the first one, where that one answers: "Engineers
# built the bridge" after "Rebels destroyed the bridge". Chosen on 158 open questions with a known answer.
MOST_BEHIND = 5.0
# Share of the first one's coverage of the question's words that others need beside it: who bought the newspaper is no
# answer to who bought the radar sets.
MIN_COVERAGE_SHARE = 0.34
# Below these log odds of even the best sentence, nothing answers a question. Chosen on the same questions.
LEAST_RELEVANT = -3.5
# "List the countries that left the bloc": the reader has learnt from questions.
_COMMAND = re.compile(
    r"\s*(?:please\s+)?(?:list|name|enumerate|(?:give|show|tell)\s+me)\s+(?:all\s+)?(?:(?:of\s+)?the\s+)?"
    r"(?P<what>\w+(?:\s+\w+)?)\s+(?:that|which|who)\s+(?P<rest>[^?]+)",
    re.IGNORECASE,
)


def lift_answers(reader: Reader, question: str, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield the first candidates in the order of their scores with what the reader finds in them, then the others.

    Each that was read has the piece that answers. Sentences in other languages than English are not read, and keep
    their scores. Where the first one answers, those far behind it are left out; where none helps to answer what is
    asked, nothing is left.

    Args:
        reader: reads them.
        question: as asked.
        candidates: best first.
    """
    rest = iter(candidates)
    first = list(islice(rest, READ))
    english = [each for each in first if (each.hit.article.language or "en").startswith("en")]
    said = reader.read(_as_question(question), [excerpt_of(each.hit.article, each.text) for each in english])
    lifted = {id(each): _read(each, output) for each, output in zip(english, said, strict=True)}
    ordered = sorted((lifted.get(id(each), each) for each in first), key=lambda each: -each.score)
    if begins_as_question(question) and all(each.is_read and each.relevance < LEAST_RELEVANT for each in ordered):
        return
    if ordered and ordered[0].answer is not None and ordered[0].relevance > 0:
        best = ordered[0]
        ordered = [each for each in ordered if not each.is_read or _is_beside(each, best)]
    yield from ordered
    yield from rest


def _is_beside(candidate: Candidate, best: Candidate) -> bool:
    """Return whether a sentence may be quoted beside one that answers."""
    speaks_of_it = candidate.coverage >= MIN_COVERAGE_SHARE * best.coverage
    return speaks_of_it and candidate.relevance >= min(best.relevance - MOST_BEHIND, 1.0)


def _read(candidate: Candidate, output: ReaderOutput) -> Candidate:
    return replace(
        candidate,
        score=candidate.score + _gain(output),
        answer=_answer(candidate, output),
        relevance=output.relevance,
        is_read=True,
    )


def _as_question(command: str) -> str:
    """Return a command to list something as the question that it stands for; any other text as it is."""
    found = _COMMAND.fullmatch(command.rstrip(" \t\n.?!"))
    return f"Which {found['what']} {found['rest']}?" if found else command


def _gain(output: ReaderOutput) -> float:
    relevance = RELEVANCE_WEIGHT * max(-MOST_RELEVANT, min(output.relevance, MOST_RELEVANT))
    if not output.found:
        return relevance
    # Log odds of a start and an end, so each counts half.
    return relevance + ANSWER_WEIGHT / (1 + math.exp(-max(-50.0, min(50.0, output.found[0].odds / 2))))


def _answer(candidate: Candidate, output: ReaderOutput) -> Span | None:
    if not output.found or output.found[0].odds <= 0:
        return None
    start, found = candidate.span.start, _with_whole_dates(candidate.text, output.found[0].span)
    return Span(start + found.start, start + found.end)


def _with_whole_dates(sentence: str, found: Span) -> Span:
    """Return a piece of a sentence with the rest of the dates that it cuts: “1 July” for “July”."""
    cut = [(start, end) for _, start, end in stated_dates(sentence) if start < found.end and found.start < end]
    return Span(min([found.start, *(start for start, _ in cut)]), max([found.end, *(end for _, end in cut)]))
