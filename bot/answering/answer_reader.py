"""Reads the sentences that match an open question best, and moves those that answer it to the front."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

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
# Log odds count from and up to so many: beyond, they say no more of whether a sentence answers.
LEAST_ODDS, MOST_ODDS = -12.0, 8.0
# "List the countries that left the bloc": the reader has learnt from questions.
_COMMAND = re.compile(
    r"\s*(?:please\s+)?(?:list|name|enumerate|(?:give|show|tell)\s+me)\s+(?:all\s+)?(?:(?:of\s+)?the\s+)?"
    r"(?P<what>\w+(?:\s+\w+)?)\s+(?:that|which|who)\s+(?P<rest>[^?]+)",
    re.IGNORECASE,
)


def read_candidates(
    reader: Reader, question: str, candidates: Iterable[Candidate]
) -> tuple[list[Candidate], Iterator[Candidate]]:
    """Return the first candidates in the order of their scores with what the reader finds in them, and the others.

    Each that was read has the piece that answers. Sentences in other languages than English are not read, and keep
    their scores.

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
    return sorted((lifted.get(id(each), each) for each in first), key=lambda each: -each.score), rest


def measure_answers(candidates: Iterable[Candidate]) -> dict[str, float]:
    """Measure how clearly the sentences that were read answer the question, in bounded log odds.

    - `answers`: of the sentence that does best in both, to help and to hold a piece that answers;
    - `answering_words`: the share of the question's words in it.
    """
    read = [each for each in candidates if each.is_read]
    best = max(read, key=_answers, default=None)
    return {
        "answers": LEAST_ODDS if best is None else _answers(best),
        "answering_words": 0.0 if best is None else best.coverage,
    }


def beside_answer(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates without those far behind the first one, where that one answers."""
    if candidates and candidates[0].answer is not None and candidates[0].relevance > 0:
        return [each for each in candidates if not each.is_read or _is_beside(each, candidates[0])]
    return list(candidates)


def _answers(candidate: Candidate) -> float:
    return max(LEAST_ODDS, min(candidate.relevance, candidate.answer_odds, MOST_ODDS))


def _is_beside(candidate: Candidate, best: Candidate) -> bool:
    """Return whether a sentence may be quoted beside one that answers."""
    speaks_of_it = candidate.coverage >= MIN_COVERAGE_SHARE * best.coverage
    return speaks_of_it and candidate.relevance >= min(best.relevance - MOST_BEHIND, 1.0)


def _read(candidate: Candidate, output: ReaderOutput) -> Candidate:
    return replace(
        candidate,
        score=candidate.score + _gain(output),
        answer=_answer(candidate, output),
        # Log odds of a start and an end, so each counts half.
        answer_odds=output.found[0].odds / 2 if output.found else LEAST_ODDS,
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
