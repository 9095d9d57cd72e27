"""Puts an answer together: search, weigh, decide whether it is enough, quote and cite."""

import time
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.answering.answer import Answer, Evidence, Searched, Verdict
from bot.answering.citing import cite
from bot.answering.question import QuestionKind, asked_words, question_kind
from bot.answering.quoting import ScoredQuote, choose_quotes, weigh_sentences
from bot.answering.refusal import RefusalModel, measure_evidence
from index.filters import Filters, searched_articles, unknown_publishers
from index.query import searchable
from index.retriever import Retriever, SearchResult, Stopwatch
from index.terms import Terms, query_words
from index.vocabulary import Vocabulary

# Hits that are looked at for an answer.
HITS = 20


@dataclass(frozen=True, slots=True)
class Composed:
    """An answer, the search that it rests on, and the measures that decided between answer and refusal."""

    answer: Answer
    result: SearchResult
    measures: dict[str, float]


class Composer:
    """Answers questions over one open corpus.

    Args:
        db: the corpus.
        retriever: finds the hits.
        refusal: decides whether the evidence is enough.
        quotes: how many quotes an answer has at most.
    """

    def __init__(self, db: Database, retriever: Retriever, refusal: RefusalModel, *, quotes: int) -> None:
        self._db = db
        self._retriever = retriever
        self._refusal = refusal
        self._quotes = quotes
        self._terms = Terms()
        self._vocabulary = Vocabulary(db)

    def compose(self, question: str, filters: Filters, now: datetime) -> Composed:
        """Answers a question that was checked before."""
        watch = Stopwatch()
        start = time.perf_counter()
        result = self._retriever.search(question, HITS, filters)
        with watch.stage("answer"):
            kind = question_kind(question)
            idf = self._vocabulary.idf(query_words(searchable(question)))
            for word in asked_words(question) if kind is QuestionKind.YES_NO else ():
                # Whether Iran denied it is not answered by who else did, however common the words are here.
                idf[word] = max(idf.values())
            weights = dict(zip(self._terms.stem(list(idf)), idf.values(), strict=True))
            candidates = weigh_sentences(result.hits, weights, self._terms)
            measures = measure_evidence(result)
            confidence = self._refusal.confidence(measures)
            enough = confidence >= self._refusal.threshold
            quotes = choose_quotes(candidates, self._quotes) if enough else []
        watch.timings_ms["total"] = (time.perf_counter() - start) * 1e3
        answer = Answer(
            question=question,
            kind=kind,
            verdict=_verdict(kind, quotes),
            headline=_headline(quotes),
            evidence=tuple(
                Evidence(each.quote, cite(each.hit.article, each.quote.text), each.score) for each in quotes
            ),
            as_of=max((each.hit.article.published_at or "" for each in quotes), default="")[:10] or None,
            asked_at=now,
            searched=Searched(*searched_articles(self._db, filters), filters),
            confidence=confidence,
            threshold=self._refusal.threshold,
            notes=self._notes(filters),
            timings_ms=result.timings_ms | watch.timings_ms,
        )
        return Composed(answer, result, measures)

    def _notes(self, filters: Filters) -> tuple[str, ...]:
        unknown = unknown_publishers(self._db, filters)
        return tuple(f"No article in the corpus has the publisher {name}." for name in unknown)


def _verdict(kind: QuestionKind, quotes: list[ScoredQuote]) -> Verdict | None:
    if not quotes:
        return Verdict.NOT_FOUND
    return Verdict.OPEN if kind is QuestionKind.OPEN else None


def _headline(quotes: list[ScoredQuote]) -> str:
    if not quotes:
        return "The corpus does not know: nothing in it answers this question."
    articles = len({each.quote.article_id for each in quotes})
    return "What one article in the corpus says:" if articles == 1 else f"What {articles} articles in the corpus say:"
