"""Composes an answer: parse the question, search, judge or rank sentences, quote and cite."""

import time
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.answering.answer import Answer, Evidence, SearchScope, Verdict
from bot.answering.calibration import Calibration
from bot.answering.citation import cite
from bot.answering.credit import credit
from bot.answering.found_answers import answering_sentences, list_items, locate_in_quote, take_turns
from bot.answering.independence import count_independent, sources_of
from bot.answering.question.aliases import entity_ids
from bot.answering.question.kind import QuestionKind
from bot.answering.question.understand import understand
from bot.answering.quotes import Candidate, choose_quotes, rank_sentences
from bot.answering.reader.read_hits import ReadHit, is_english, rank_read, read_hits, read_sentences
from bot.answering.reader.reading import Reader
from bot.answering.reading_bounds import bound_hit
from bot.answering.verdict.headline import compose_headline
from bot.answering.verdict.judge import Judgement, is_shown_by, judge, take_sides
from bot.answering.verdict.measures import measure_search, measure_verdict
from bot.answering.verdict.role_swap import swap_roles
from bot.answering.verdict.selection import choose_sentences
from bot.answering.verdict.vetoes import read_asked
from corpus.articles import Articles
from corpus.catalog import revision
from corpus.copies import Copies
from corpus.publishers.directory import Publishers
from index.embedding.embedder import Embedder
from index.filters import Filters
from index.search.query import strip_time_words
from index.search.retriever import Hit, Retriever, SearchResult, Stopwatch
from index.terms import Terms, query_words

# Hits per question.
HITS = 20
# Sentences of a yes/no question that are read alone.
SENTENCES_READ = 14


@dataclass(frozen=True, slots=True)
class Composed:
    """An answer, its search result in the order after reading, and the measures that decided."""

    answer: Answer
    result: SearchResult
    measures: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Finding:
    """A verdict with its probability, quotes and list items, and the pairs of copies among the hits' articles."""

    verdict: Verdict
    probability: float
    evidence: Sequence[Evidence] = ()
    copies: Set[tuple[int, int]] = frozenset()
    items: tuple[str, ...] = ()


class Composer:
    """Answers questions over one open corpus.

    Args:
        db: the corpus.
        retriever: finds the hits.
        packaged: the packaged embedding model, whose vectors tell a question's kind.
        reader: reads them with the question.
        calibration: turns what it finds into verdicts and refusals.
        quotes: the maximum number of quotes in an answer.
    """

    def __init__(
        self,
        db: Database,
        retriever: Retriever,
        packaged: Embedder,
        reader: Reader,
        calibration: Calibration,
        *,
        quotes: int,
    ) -> None:
        self._db = db
        self._articles = Articles(db)
        self._retriever = retriever
        self._packaged = packaged
        self._reader = reader
        self._calibration = calibration
        self._quotes = quotes
        self._terms = Terms()
        self._cached_publishers: tuple[int, Publishers] | None = None

    def compose(self, question: str, filters: Filters, now: datetime) -> Composed:
        """Answer a question that passed `check_question`."""
        watch = Stopwatch()
        start = time.perf_counter()
        vector = self._packaged.encode([strip_time_words(question)])[0]
        understood = understand(question, vector, filters, self._publishers(filters))
        result = self._retriever.search(question, HITS, understood.filters)
        with watch.stage("read"):
            period = understood.period
            every = list(map(bound_hit, result.hits))
            hits = [hit for hit in every if period is None or period.can_report(hit.article.published_at)]
            # Better an open answer from before the period, with its dates shown, than none.
            hits = hits if hits or understood.kind.asks_verdict else every
            read = rank_read(read_hits(self._reader, question, hits))
        with watch.stage("answer"):
            if not understood.kind.asks_verdict:
                read = _on_named(question, understood.kind, read)
            measures = measure_search(read, result)
            if understood.kind.asks_verdict:
                found, more = self._judge(question, read, measures)
                measures |= more
            else:
                found = self._quote(question, understood.kind, read, measures, understood.filters)
        watch.timings_ms["total"] = (time.perf_counter() - start) * 1e3
        extent = self._retriever.extent(understood.filters)
        quoted = self._articles.facts([each.quote.article_id for each in found.evidence])
        answer = Answer(
            question=question,
            kind=understood.kind,
            verdict=found.verdict,
            headline=compose_headline(found.verdict, found.evidence, found.items),
            evidence=tuple(found.evidence),
            as_of=max((each.citation.published_at or "" for each in found.evidence), default="")[:10] or None,
            asked_at=now,
            searched=SearchScope(extent.articles, extent.first_day, extent.last_day, understood.filters),
            probability=found.probability,
            notes=self._notes(understood.filters, found.evidence),
            timings_ms=result.timings_ms | watch.timings_ms,
            independence=count_independent(sources_of(list(quoted.values()), self._publisher_table()), found.copies),
            items=found.items,
            period=understood.period,
        )
        ranked = SearchResult([each.hit for each in read], result.bm25, result.timings_ms)
        return Composed(answer, ranked, measures)

    def _publishers(self, filters: Filters) -> Iterator[str]:
        """Yield the publishers of the filters' collections, looked up only if a question names a source."""
        # Recognising a publisher of another collection would leak its existence.
        yield from self._retriever.publishers(Filters(collections=filters.collections))

    def _judge(
        self, question: str, read: Sequence[ReadHit], measures: Mapping[str, float]
    ) -> tuple[_Finding, dict[str, float]]:
        """Return the verdict on a yes/no question with its quotes, and the measures that decided."""
        asked = read_asked(question)
        sentences = read_sentences(self._reader, question, read, SENTENCES_READ, swapped=swap_roles(question))
        copies = self._copies([each.hit for each in read])
        more = measure_verdict(read, sentences, asked, copies)
        sided = take_sides(sentences, asked)
        judgement = judge({**measures, **more}, sided, self._calibration)
        if judgement.verdict is Verdict.NOT_FOUND:
            return _Finding(Verdict.NOT_FOUND, judgement.probability), more
        publishers = self._publisher_table()
        chosen = choose_sentences(sided, judgement.verdict, self._quotes, self._terms, copies)
        if not is_shown_by([each.sided for each in chosen], judgement.verdict):
            judgement = Judgement(Verdict.OPEN, judgement.probability)
        evidence = [
            Evidence(
                each.quote,
                cite(each.sided.sentence.hit.article, each.quote.text, publishers),
                each.sided.strength,
                attribution=credit(each.quote, each.sided.sentence.hit, each.sided.stance),
                stance=each.sided.stance,
            )
            for each in chosen
        ]
        return _Finding(judgement.verdict, judgement.probability, evidence, copies), more

    def _quote(
        self,
        question: str,
        kind: QuestionKind,
        read: Sequence[ReadHit],
        measures: Mapping[str, float],
        filters: Filters,
    ) -> _Finding:
        """Return the quotes that best answer an open question, with the piece that answers where there is one."""
        is_readable = kind is not QuestionKind.OTHER_LANGUAGE and any(is_english(each.hit) for each in read)
        gate = self._calibration.answered if is_readable else self._calibration.similar
        answered = gate.chance(measures)
        if answered < gate.threshold or not read:
            return _Finding(Verdict.NOT_FOUND, 1 - answered)
        found = answering_sentences(read, self._terms) if kind.asks_piece else []
        if kind is QuestionKind.COMPARE:
            found = take_turns(found, question)
        candidates = [each.candidate for each in found] or self._covering_sentences(question, read, filters)
        hits = [each.hit for each in read]
        publishers, copies = self._publisher_table(), self._copies(hits)
        evidence = [
            Evidence(
                each.quote,
                cite(each.hit.article, each.quote.text, publishers),
                each.score,
                attribution=credit(each.quote, each.hit, None),
                answer=locate_in_quote(each.quote, each.hit, found),
            )
            for each in choose_quotes(candidates, self._quotes, copies)
        ]
        if not evidence:
            return _Finding(Verdict.NOT_FOUND, 1 - answered)
        items = tuple(list_items(read)) if kind is QuestionKind.LIST else ()
        return _Finding(Verdict.OPEN, answered, evidence, copies, items)

    def _covering_sentences(self, question: str, read: Sequence[ReadHit], filters: Filters) -> Iterator[Candidate]:
        """Yield sentences by the question's words that they contain, best first."""
        idf = self._retriever.vocabulary(filters).idf(query_words(strip_time_words(question)))
        weights = dict(zip(self._terms.stem(list(idf)), idf.values(), strict=True))
        return rank_sentences([each.hit for each in read], weights, self._terms)

    def _copies(self, hits: list[Hit]) -> set[tuple[int, int]]:
        return set(Copies(self._db).pairs({hit.article.id for hit in hits}))

    def _publisher_table(self) -> Publishers:
        """Return the table of publishers, cached until the corpus changes: every edit of it changes the revision."""
        now = revision(self._db)
        if self._cached_publishers is None or self._cached_publishers[0] != now:
            self._cached_publishers = now, Publishers(self._db)
        return self._cached_publishers[1]

    def _notes(self, filters: Filters, evidence: Sequence[Evidence]) -> tuple[str, ...]:
        unknown = self._retriever.unknown_publishers(filters)
        notes = [f"I have no articles from {name}." for name in unknown]
        undated = [each.citation.published_at is None for each in evidence]
        if any(undated) and not all(undated):
            notes.append("Some of the quoted articles state no date, so they may be older than the others.")
        if any(each.citation.is_dated_ahead for each in evidence):
            notes.append("A quoted article states a date in the future, so it counts as undated.")
        return tuple(notes)


def _on_named(question: str, kind: QuestionKind, read: Sequence[ReadHit]) -> list[ReadHit]:
    """Return the hits that mention every country and group of an open question: another one's election is no answer."""
    named = entity_ids(question)
    if not named or kind is QuestionKind.COMPARE:
        return list(read)
    return [each for each in read if named <= entity_ids(f"{each.hit.article.title or ''}. {each.hit.passage.text}")]
