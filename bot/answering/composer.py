"""Puts an answer together: understand, search, weigh or judge, quote and cite."""

import time
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from bot.answering.answer import Answer, Evidence, Searched, Verdict
from bot.answering.answer_spans import answer_spans, locate_answer
from bot.answering.citation import cite
from bot.answering.credit import credit
from bot.answering.independence import Independence, count_independent
from bot.answering.question.aliases import ids
from bot.answering.question.answer_type import Wanted
from bot.answering.question.proposition import Proposition
from bot.answering.question.understand import Understanding, understand
from bot.answering.quotes import choose_quotes, weigh_sentences
from bot.answering.refusal import RefusalModel, measure_evidence
from bot.answering.verdict.headline import compose_headline
from bot.answering.verdict.matcher import Matcher
from bot.answering.verdict.rules import judge
from bot.answering.verdict.selection import choose_readings
from bot.answering.verdict.stance import read_sentences
from corpus.articles import Articles
from corpus.catalog import revision
from corpus.copies import Copies
from corpus.publishers.directory import Publishers
from index.filters import Filters
from index.search.query import searchable
from index.search.retriever import Hit, Retriever, SearchResult, Stopwatch
from index.search.term_rarity import Vocabulary
from index.terms import Terms, query_words, words

# Hits that are looked at for an answer.
HITS = 20
# Hits whose neighbours are read too.
WIDENED = 10
# A neighbour's score, as a share of its hit's.
NEIGHBOUR_SHARE = 0.9
# Share of the question's words from which a quote may be said to hold the answer itself: bold type is believed.
ENOUGH_FOR_ANSWER = 0.5


@dataclass(frozen=True, slots=True)
class Composed:
    """An answer, the search that it rests on, and the measures that decided between answer and refusal."""

    answer: Answer
    result: SearchResult
    measures: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Told:
    """A verdict, the quotes behind it, and which of the found articles are copies, the smaller id first."""

    verdict: Verdict
    evidence: Sequence[Evidence]
    copied: Set[tuple[int, int]]


_NOTHING_TOLD = _Told(Verdict.NOT_FOUND, (), frozenset())


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
        self._articles = Articles(db)
        self._retriever = retriever
        self._refusal = refusal
        self._quotes = quotes
        self._terms = Terms()
        self._publishers_at: tuple[int, Publishers] | None = None

    def compose(self, question: str, filters: Filters, now: datetime) -> Composed:
        """Answers a question that was checked before."""
        watch = Stopwatch()
        start = time.perf_counter()
        understood = self._understand(question, filters)
        result = self._retriever.search(question, HITS, understood.filters)
        with watch.stage("answer"):
            measures = measure_evidence(result)
            confidence = self._refusal.confidence(measures)
            is_covered = confidence >= self._refusal.threshold
            hits = [hit for hit in result.hits if _can_report(hit, understood)]
            vocabulary = self._retriever.vocabulary(understood.filters)
            if understood.proposition is not None:
                told = self._judged(hits, understood.proposition, vocabulary, is_covered=is_covered)
            else:
                # An open question is answered from before its time rather than not at all: the dates are shown.
                told = self._quoted(question, hits or result.hits, understood.wanted, vocabulary, is_covered=is_covered)
        watch.timings_ms["total"] = (time.perf_counter() - start) * 1e3
        answer = Answer(
            question=question,
            kind=understood.kind,
            verdict=told.verdict,
            headline=compose_headline(told.verdict, told.evidence, understood.proposition),
            evidence=tuple(told.evidence),
            as_of=max((each.citation.published_at or "" for each in told.evidence), default="")[:10] or None,
            asked_at=now,
            searched=self._searched(understood.filters),
            confidence=confidence,
            threshold=self._refusal.threshold,
            notes=self._notes(understood.filters, told.evidence),
            timings_ms=result.timings_ms | watch.timings_ms,
            independence=_independence(told),
            wanted=understood.wanted,
            proposition=understood.proposition,
            period=understood.period,
        )
        return Composed(answer, result, measures)

    def _understand(self, question: str, filters: Filters) -> Understanding:
        return understand(question, filters, self._publishers(filters))

    def _publishers(self, filters: Filters) -> Iterator[str]:
        """The publishers that may be read here, looked up only where a question names a source."""
        # Those of other collections are not even known: that a name is understood would tell of them.
        yield from self._retriever.publishers(Filters(collections=filters.collections))

    def _judged(self, hits: list[Hit], proposition: Proposition, vocabulary: Vocabulary, *, is_covered: bool) -> _Told:
        """The verdict on a yes/no question, with the quotes that it rests on."""
        matcher = Matcher(proposition, vocabulary.idf(proposition.content_words), self._terms)
        readings = read_sentences(_widen(hits, self._articles), proposition, matcher)
        judgement = judge(readings, proposition, is_covered=is_covered)
        if judgement.verdict is Verdict.NOT_FOUND:
            return _NOTHING_TOLD
        known, copied = self._known_publishers(), self._copied(hits)
        chosen = choose_readings(readings, judgement.found, self._quotes, self._terms, copied)
        evidence = [
            Evidence(
                each.quote,
                cite(each.reading.hit.article, each.quote.text, known),
                each.reading.match,
                attribution=credit(
                    each.quote, each.reading.hit, each.reading.stance, each.reading.cue_in_passage, matcher.relevance
                ),
                stance=each.reading.stance,
            )
            for each in chosen
        ]
        return _Told(judgement.verdict, evidence, copied) if evidence else _NOTHING_TOLD

    def _quoted(
        self, question: str, hits: list[Hit], wanted: Wanted | None, vocabulary: Vocabulary, *, is_covered: bool
    ) -> _Told:
        """The quotes that answer an open question best, with the place of the answer where its kind tells it."""
        named = ids(question)
        hits = [hit for hit in hits if _names_all(hit, named)]
        if not is_covered or not hits:
            return _NOTHING_TOLD
        idf = vocabulary.idf(query_words(searchable(question)))
        weights = dict(zip(self._terms.stem(list(idf)), idf.values(), strict=True))
        asked = frozenset(words(question))
        candidates = weigh_sentences(
            hits, weights, self._terms, lambda sentence: bool(answer_spans(sentence, wanted, asked))
        )
        known, copied = self._known_publishers(), self._copied(hits)
        evidence = [
            Evidence(
                each.quote,
                cite(each.hit.article, each.quote.text, known),
                each.score,
                attribution=credit(each.quote, each.hit, None, None),
                answer=locate_answer(each.quote, wanted, asked) if each.coverage >= ENOUGH_FOR_ANSWER else None,
            )
            for each in choose_quotes(candidates, self._quotes, copied)
        ]
        return _Told(Verdict.OPEN, evidence, copied) if evidence else _NOTHING_TOLD

    def _copied(self, hits: list[Hit]) -> set[tuple[int, int]]:
        return set(Copies(self._db).pairs({hit.article.id for hit in hits}))

    def _known_publishers(self) -> Publishers:
        """The table of publishers, read anew where the corpus changed: every edit of it changes the revision."""
        now = revision(self._db)
        if self._publishers_at is None or self._publishers_at[0] != now:
            self._publishers_at = now, Publishers(self._db)
        return self._publishers_at[1]

    def _searched(self, filters: Filters) -> Searched:
        extent = self._retriever.extent(filters)
        return Searched(extent.articles, extent.first_day, extent.last_day, filters)

    def _notes(self, filters: Filters, evidence: Sequence[Evidence]) -> tuple[str, ...]:
        unknown = self._retriever.unknown_publishers(filters)
        notes = [f"No article in the corpus has the publisher {name}." for name in unknown]
        undated = [each.citation.published_at is None for each in evidence]
        if any(undated) and not all(undated):
            notes.append("Some of the quoted articles state no date; they may be older than the others.")
        return tuple(notes)


def _independence(told: _Told) -> Independence:
    publisher_of = {each.quote.article_id: each.citation.publisher for each in told.evidence}
    return count_independent(publisher_of, told.copied)


def _names_all(hit: Hit, named: frozenset[str]) -> bool:
    """Whether a passage or its title names every country and group of a question; another's election is no answer."""
    return not named or named <= ids(f"{hit.article.title or ''}. {hit.passage.text}")


def _can_report(hit: Hit, understood: Understanding) -> bool:
    return understood.period is None or understood.period.can_report(hit.article.published_at)


def _widen(hits: Sequence[Hit], articles: Articles) -> list[Hit]:
    """The hits, and behind them the passages right before and after the best of them."""
    known = {hit.passage.id for hit in hits}
    best: dict[int, Hit] = {}
    for hit in hits:
        best.setdefault(hit.passage.article_id, hit)
    found = articles.neighbours([hit.passage for hit in hits[:WIDENED]])
    return list(hits) + [
        replace(
            best[passage.article_id],
            passage=passage,
            score=NEIGHBOUR_SHARE * best[passage.article_id].score,
            cosine=None,
            bm25=None,
            coverage=0.0,
        )
        for passage in found.values()
        if passage.id not in known
    ]
