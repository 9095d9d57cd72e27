"""Composes an answer: parse the question, search, judge or rank sentences, quote and cite."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from sqlite_utils import Database

from bot.answering.ahead import asks_ahead, tells_ahead
from bot.answering.answer import Answer, Evidence, Note, NoteKind, SearchScope, Verdict
from bot.answering.answer_reader import beside_answer, measure_answers, read_candidates
from bot.answering.answer_spans import answer_spans, locate_answer
from bot.answering.citation import cite
from bot.answering.credit import credit
from bot.answering.independence import count_independent, sources_of
from bot.answering.question.aliases import entity_ids
from bot.answering.question.answer_type import AnswerType
from bot.answering.question.courtesy import core_question
from bot.answering.question.kind import QuestionKind
from bot.answering.question.other_language import ForeignQuestion, read_foreign
from bot.answering.question.period import spell_days
from bot.answering.question.proposition import Proposition
from bot.answering.question.small_talk import MIN_CHANCE, small_talk_chance
from bot.answering.question.speller import Speller
from bot.answering.question.understand import Understanding, understand
from bot.answering.quotes import Candidate, ChosenQuote, choose_quotes, rank_sentences
from bot.answering.reader.relations import Reader
from bot.answering.reading_bounds import bound_hit
from bot.answering.refusal import Estimate, RefusalModel, measure_evidence, packaged_coverage
from bot.answering.satire import is_satire
from bot.answering.story_facts import StoryFacts, central_story
from bot.answering.verdict.candidate_sentences import candidate_sentences
from bot.answering.verdict.credits import Credits
from bot.answering.verdict.matcher import Matcher
from bot.answering.verdict.readings import read_best, read_pairs
from bot.answering.verdict.selection import RELATIONS_OF, choose_quotes_for
from bot.answering.verdict.verdict_model import (
    DEFINITE,
    VerdictModel,
    has_clear_sides,
    measure_readings,
    packaged_verdict_model,
)
from corpus.article import ArticleFacts, Span
from corpus.articles import Articles
from corpus.catalog import revision
from corpus.copies import Copies
from corpus.publishers.directory import Publishers
from index.embedding.embedder import Embedder
from index.filters import Filters
from index.search.query import strip_time_words
from index.search.retriever import Hit, Retriever, SearchResult
from index.search.stopwatch import Stopwatch
from index.search.term_rarity import Vocabulary
from index.terms import Terms, matching_words, query_words, words

# Hits per question.
HITS = 20
# The best hits, whose neighbouring passages are read too, and a neighbour's score as a share of its hit's.
WIDENED_HITS = 10
NEIGHBOUR_SHARE = 0.9
# Minimum coverage of the question's words by a quote in which the answer is located: readers trust bold type.
MIN_ANSWER_COVERAGE = 0.5
# Minimum coverage by a sentence that answers what is to come: others speak of something else that is.
MIN_AHEAD_COVERAGE = 0.4
# Minimum coverage of the words that a question in another language shares with the articles, by a passage that is
# quoted, and share of them in the question where no name or number is among them.
MIN_FOREIGN_COVERAGE = 0.5
MIN_FOREIGN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Composed:
    """An answer, its search result, and the measures that decided on refusal and, of a yes/no question, the verdict."""

    answer: Answer
    result: SearchResult
    measures: dict[str, float]
    verdict_measures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Finding:
    """A verdict with its quotes, and the pairs of copies among the hits' articles, smaller id first.

    `probability` is that of the verdict on a yes/no question, computed from `measures`. `estimate` tells whether a
    question for a fact is answered; None for others.
    """

    verdict: Verdict
    evidence: Sequence[Evidence] = ()
    copies: Set[tuple[int, int]] = frozenset()
    probability: float | None = None
    measures: Mapping[str, float] = field(default_factory=dict)
    estimate: Estimate | None = None


_NOT_FOUND = _Finding(Verdict.NOT_FOUND)


class Composer:
    """Answers questions over one open corpus.

    Args:
        db: the corpus.
        retriever: finds the hits.
        packaged: the packaged embedding model, whose vectors tell a question's kind.
        reader: reads sentences and passages with the question.
        refusal: decides whether what was found and read answers a question for a fact.
        quotes: the maximum number of quotes in an answer.
        verdicts: decides yes/no questions; by default the packaged model.

    Attributes:
        speller: corrects questions, for searches too.
    """

    def __init__(
        self,
        db: Database,
        retriever: Retriever,
        packaged: Embedder,
        reader: Reader,
        refusal: RefusalModel,
        *,
        quotes: int,
        verdicts: VerdictModel | None = None,
    ) -> None:
        self._db = db
        self._articles = Articles(db)
        self._retriever = retriever
        self._packaged = packaged
        self.speller = Speller(retriever, packaged)
        self._reader = reader
        self._refusal = refusal
        self._coverage = packaged_coverage()
        self._quotes = quotes
        self._verdicts = verdicts or packaged_verdict_model()
        self._terms = Terms()
        self._cached_publishers: tuple[int, Publishers] | None = None

    def compose(self, question: str, filters: Filters, now: datetime, quotes: int | None = None) -> Composed:
        """Answer a question that passed `check_question`, with at most `quotes` quotes."""
        most = quotes or self._quotes
        watch = Stopwatch()
        start = time.perf_counter()
        with watch.stage("spelling"):
            asked, question = question, spell_days(core_question(question, self._is_small_talk))
            corrected = self.speller.correct(question, filters)
            # Read and searched as the articles spell it, shown as the asker does.
            question = self.speller.as_articles_spell(corrected, filters)
        with watch.stage("embed"):
            # The text that the search embeds, so that one model embeds it once.
            vector = self._packaged.encode([strip_time_words(question)])[0]
        understood = understand(question, vector, filters, self._publishers(filters), now.date())
        vocabulary = self._retriever.vocabulary(understood.filters)
        foreign = read_foreign(question, vocabulary) if understood.kind is QuestionKind.OTHER_LANGUAGE else None
        query = foreign.query if foreign and foreign.known else question
        result = self._retriever.search(query, HITS, understood.filters)
        with watch.stage("answer"):
            measures = measure_evidence(result)
            covered = self._coverage.estimate(measures)
            every = self._without_satire(list(map(bound_hit, result.hits)))
            hits = [hit for hit in every if understood.can_report(hit.article.published_at)]
            found = None
            if foreign is not None:
                found = self._quote_foreign(hits or every, foreign, most)
            elif understood.proposition is not None:
                found = self._judge(question, hits, understood.proposition, vocabulary, most, covered.above)
            else:
                # Better an open answer from before the period, with its dates shown, than none.
                hits = hits or every
            if found is None:
                found = self._quote(question, hits, understood, vocabulary, most, covered)
        estimate = found.estimate or covered
        watch.timings_ms["total"] = (time.perf_counter() - start) * 1e3
        extent = self._retriever.extent(understood.filters)
        quoted = self._articles.facts([each.quote.article_id for each in found.evidence])
        answer = Answer(
            question=corrected,
            kind=understood.kind,
            verdict=found.verdict,
            evidence=tuple(found.evidence),
            as_of=max((each.citation.published_at or "" for each in found.evidence), default="")[:10] or None,
            asked_at=now,
            searched=SearchScope(extent.articles, extent.first_day, extent.last_day, understood.filters),
            confidence=estimate.confidence,
            threshold=estimate.threshold,
            notes=self._notes(understood.filters, found.evidence, quoted, is_foreign=foreign is not None),
            timings_ms=_added_up(result.timings_ms, watch.timings_ms),
            independence=count_independent(sources_of(list(quoted.values()), self._publisher_table()), found.copies),
            answer_type=understood.answer_type,
            proposition=understood.proposition,
            period=understood.period,
            story=self._story(understood.filters, found.evidence),
            probability=found.probability,
            original=None if corrected == asked else asked,
        )
        return Composed(answer, result, dict(estimate.measures), found.measures)

    def _without_satire(self, hits: list[Hit]) -> list[Hit]:
        """Return the hits without those of satire: nobody says what it says."""
        articles = {hit.article.id: hit.article for hit in hits}
        edges, publishers = self._articles.edges(articles), self._publisher_table()
        satires = {key for key, article in articles.items() if is_satire(article, edges[key], publishers)}
        return [hit for hit in hits if hit.article.id not in satires]

    def _publishers(self, filters: Filters) -> Iterator[str]:
        """Yield the publishers of the filters' collections, looked up only if a question names a source."""
        # Recognising a publisher of another collection would leak its existence.
        yield from self._retriever.publishers(Filters(collections=filters.collections))

    def _judge(
        self,
        question: str,
        hits: list[Hit],
        proposition: Proposition,
        vocabulary: Vocabulary,
        most: int,
        confidence: float,
    ) -> _Finding | None:
        """Return the verdict on a yes/no question, with its quotes; None if all that was found is in other languages.

        `confidence` is by how much the refusal model's estimate is above its threshold.
        """
        matcher = Matcher(proposition, vocabulary.idf(proposition.content_words), self._terms)
        candidates = candidate_sentences(_widen(hits, self._articles), proposition, matcher)
        readings = read_best(self._reader, question, candidates)
        if candidates and not readings.sentences:
            return None
        measures = measure_readings(readings, proposition, confidence)
        probabilities = self._verdicts.probabilities(measures)
        publishers, copies = self._publisher_table(), self._copies(hits)
        verdict = self._verdicts.decide(probabilities, measures)
        credited = Credits(proposition, matcher.relevance)
        chosen = choose_quotes_for(verdict, readings.sentences, most, self._terms, copies, credited.is_said)
        if not chosen and verdict in DEFINITE:
            # No sentence bears it out on its own, perhaps two together do.
            pairs = read_pairs(self._reader, question, readings.sentences, RELATIONS_OF[verdict])
            both = [*readings.sentences, *pairs]
            chosen = choose_quotes_for(verdict, both, most, self._terms, copies, credited.is_said)
        if not chosen and verdict is not Verdict.NOT_FOUND:
            verdict = Verdict.OPEN
            chosen = choose_quotes_for(verdict, readings.sentences, most, self._terms, copies)
        if not chosen:
            verdict = Verdict.NOT_FOUND
        evidence = [
            Evidence(
                each.quote,
                cite(each.hit.article, each.quote.text, publishers),
                each.match,
                attribution=credited.of(each),
                # What is left open is told without sides.
                stance=None if verdict is Verdict.OPEN else credited.stance(each),
            )
            for each in chosen
        ]
        # A dispute that two clear sentences show is no matter of probability.
        is_shown = verdict is Verdict.DISPUTED and has_clear_sides(measures)
        return _Finding(verdict, evidence, copies, None if is_shown else probabilities[verdict], measures)

    def _quote(
        self,
        question: str,
        hits: list[Hit],
        understood: Understanding,
        vocabulary: Vocabulary,
        most: int,
        covered: Estimate,
    ) -> _Finding:
        """Return the quotes that best answer an open question, with the answer's span where it can be located.

        Whether a fact is told is decided by what was read, of other questions by whether the hits `covered` them.
        """
        asks_fact, answer_type = understood.kind.asks_fact, understood.answer_type
        if named := entity_ids(question):
            # Another country's election is no answer.
            hits = [hit for hit in hits if named <= entity_ids(f"{hit.article.title or ''}. {hit.passage.text}")]
        if not covered.measures or not (asks_fact or (hits and covered.is_enough)):
            return _NOT_FOUND
        idf = vocabulary.idf(query_words(strip_time_words(question)))
        weights = dict(zip(self._terms.stem(list(idf)), idf.values(), strict=True))
        asked = frozenset(words(question))
        candidates = rank_sentences(
            hits, weights, self._terms, lambda sentence: bool(answer_spans(sentence, answer_type, asked))
        )
        if asks_ahead(question):
            # What has happened doesn't tell what will.
            candidates = (each for each in candidates if each.coverage >= MIN_AHEAD_COVERAGE and tells_ahead(each.text))
        first, rest = read_candidates(self._reader, question, candidates)
        estimate = None
        if asks_fact:
            estimate = self._refusal.estimate(dict(covered.measures) | measure_answers(first))
            may_be_told_unread = covered.is_enough and not all(each.is_read for each in first)
            if not (estimate.is_enough or may_be_told_unread):
                return replace(_NOT_FOUND, estimate=estimate)
        ordered = chain(beside_answer(first), rest)
        found = self._open_finding(ordered, hits, most, lambda chosen: _answer_in(chosen, answer_type, asked))
        return replace(found, estimate=estimate)

    def _quote_foreign(self, hits: list[Hit], foreign: ForeignQuestion, most: int) -> _Finding:
        """Return quotes that share names, numbers or most words with a question that is not in English."""
        if not foreign.names and foreign.share < MIN_FOREIGN_SHARE:
            return _NOT_FOUND
        hits = [
            hit
            for hit in hits
            if hit.coverage >= MIN_FOREIGN_COVERAGE or matching_words(foreign.names, hit.passage.text)
        ]
        weights = dict(zip(self._terms.stem(list(foreign.known)), foreign.known.values(), strict=True))
        asked = frozenset(foreign.known)
        candidates = rank_sentences(
            hits, weights, self._terms, lambda sentence: bool(answer_spans(sentence, foreign.answer_type, asked))
        )
        near = (each for each in candidates if each.coverage >= MIN_ANSWER_COVERAGE)
        # No piece stands in bold: nothing has read them.
        return self._open_finding(near, hits, most, lambda _chosen: None)

    def _open_finding(
        self,
        candidates: Iterable[Candidate],
        hits: list[Hit],
        most: int,
        answer_in: Callable[[ChosenQuote], Span | None],
    ) -> _Finding:
        """Return the best candidates of these hits as quotes without sides, each with the piece that answers."""
        publishers, copies = self._publisher_table(), self._copies(hits)
        evidence = [
            Evidence(
                each.quote,
                cite(each.candidate.hit.article, each.quote.text, publishers),
                each.candidate.score,
                attribution=credit(each.quote, each.candidate.hit, None),
                answer=answer_in(each),
            )
            for each in choose_quotes(candidates, most, copies)
        ]
        return _Finding(Verdict.OPEN, evidence, copies) if evidence else _NOT_FOUND

    def _is_small_talk(self, text: str) -> bool:
        return small_talk_chance(text, self._packaged) >= MIN_CHANCE

    def _copies(self, hits: list[Hit]) -> set[tuple[int, int]]:
        return set(Copies(self._db).pairs({hit.article.id for hit in hits}))

    def _publisher_table(self) -> Publishers:
        """Return the table of publishers, cached until the corpus changes: every edit of it changes the revision."""
        now = revision(self._db)
        if self._cached_publishers is None or self._cached_publishers[0] != now:
            self._cached_publishers = now, Publishers(self._db)
        return self._cached_publishers[1]

    def _story(self, filters: Filters, evidence: Sequence[Evidence]) -> StoryFacts | None:
        if not evidence:
            return None
        quoted = [each.quote.article_id for each in evidence]
        return central_story(self._db, quoted, filters, self._publisher_table())

    def _notes(
        self, filters: Filters, evidence: Sequence[Evidence], quoted: Mapping[int, ArticleFacts], *, is_foreign: bool
    ) -> tuple[Note, ...]:
        unknown = self._retriever.unknown_publishers(filters)
        notes = [Note(NoteKind.NO_ARTICLES_FROM, name) for name in unknown]
        undated = [each.citation.published_at is None for each in evidence]
        if any(undated) and not all(undated):
            notes.append(Note(NoteKind.UNDATED))
        if any(each.citation.is_dated_ahead for each in evidence):
            notes.append(Note(NoteKind.DATED_AHEAD))
        if is_foreign:
            is_english = bool(quoted) and all((each.language or "en").startswith("en") for each in quoted.values())
            notes.append(Note(NoteKind.ARTICLES_IN_OTHER_LANGUAGE if is_english else NoteKind.READ_BY_WORDS))
        return tuple(notes)


def _added_up(one: dict[str, float], other: dict[str, float]) -> dict[str, float]:
    """Return the times of both by stage; a stage of both takes the sum."""
    return {stage: one.get(stage, 0.0) + other.get(stage, 0.0) for stage in one | other}


def _answer_in(chosen: ChosenQuote, answer_type: AnswerType | None, asked: Set[str]) -> Span | None:
    """Return the piece of the article that answers: what the reader found, or what rules find in what it can't read."""
    candidate = chosen.candidate
    if candidate.is_read:
        start = candidate.hit.passage.start
        return candidate.answer and Span(start + candidate.answer.start, start + candidate.answer.end)
    return locate_answer(chosen.quote, answer_type, asked) if candidate.coverage >= MIN_ANSWER_COVERAGE else None


def _widen(hits: Sequence[Hit], articles: Articles) -> list[Hit]:
    """Append to the hits the passages right before and after the best of them."""
    known = {hit.passage.id for hit in hits}
    best: dict[int, Hit] = {}
    for hit in hits:
        best.setdefault(hit.passage.article_id, hit)
    found = articles.neighbours([hit.passage for hit in hits[:WIDENED_HITS]])
    return list(hits) + [
        bound_hit(
            replace(
                best[passage.article_id],
                passage=passage,
                score=NEIGHBOUR_SHARE * best[passage.article_id].score,
                cosine=None,
                bm25=None,
                coverage=0.0,
            )
        )
        for passage in found.values()
        if passage.id not in known
    ]
