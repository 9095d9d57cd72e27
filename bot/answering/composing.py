"""Puts an answer together: search, weigh, decide whether it is enough, quote and cite."""

from datetime import datetime

from sqlite_utils import Database

from bot.answering.answer import Answer, Evidence, Searched, Verdict
from bot.answering.citing import cite
from bot.answering.question import QuestionKind, question_kind
from bot.answering.quoting import ScoredQuote, choose_quotes, weigh_sentences
from bot.answering.refusal import RefusalModel, measure_evidence
from index.filters import Filters, searched_articles
from index.retriever import Retriever, Stopwatch
from index.terms import Terms, query_words
from index.vocabulary import Vocabulary

# Hits that are looked at for an answer.
HITS = 20


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

    def answer(self, question: str, filters: Filters, now: datetime) -> Answer:
        """The answer to a question that was checked before."""
        result = self._retriever.search(question, HITS, filters)
        watch = Stopwatch()
        with watch.stage("answer"):
            idf = self._vocabulary.idf(query_words(question))
            weights = dict(zip(self._terms.stem(list(idf)), idf.values(), strict=True))
            candidates = weigh_sentences(result.hits, weights, self._terms)
            confidence = self._refusal.confidence(measure_evidence(result.hits, candidates, weights, self._terms))
            enough = confidence >= self._refusal.threshold
            quotes = choose_quotes(candidates, self._quotes) if enough else []
        kind = question_kind(question)
        return Answer(
            question=question,
            kind=kind,
            verdict=_verdict(kind, quotes),
            headline=_headline(quotes),
            evidence=tuple(Evidence(each.quote, cite(each.hit.article, each.quote.text), each.score) for each in quotes),
            as_of=max((each.hit.article.published_at or "" for each in quotes), default="")[:10] or None,
            asked_at=now,
            searched=Searched(*searched_articles(self._db, filters), filters),
            confidence=confidence,
            threshold=self._refusal.threshold,
            notes=(),
            timings_ms=result.timings_ms | watch.timings_ms,
        )


def _verdict(kind: QuestionKind, quotes: list[ScoredQuote]) -> Verdict | None:
    if not quotes:
        return Verdict.NOT_FOUND
    return Verdict.OPEN if kind is QuestionKind.OPEN else None


def _headline(quotes: list[ScoredQuote]) -> str:
    if not quotes:
        return "The corpus does not know: nothing in it answers this question."
    articles = len({each.quote.article_id for each in quotes})
    return f"What {'one article' if articles == 1 else f'{articles} articles'} in the corpus say{'s' if articles == 1 else ''}:"
