"""Chooses the sentences that answer best, as verbatim quotes with their offsets."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heapreplace

from bot.answering.answer import Quote
from corpus.article import Span
from corpus.sentences import split_sentences
from index.search.retriever import Hit
from index.terms import Terms, words

# Passages whose sentences are weighed.
PASSAGES_WEIGHED = 20
# Share of the passage's own score in a sentence's score; the rest is the words that it shares with the question.
PASSAGE_SHARE = 0.4
# A word that stands only in the sentence before, or in the title, counts this much of one in the sentence itself.
NEARBY_WORDS = 0.25
# What a sentence gains that holds a number, name, date or place where one is asked for.
ANSWER_BONUS = 0.25
# What the cosine of its passage adds to a sentence's score.
COSINE_WEIGHT = 0.2
QUOTES_PER_ARTICLE = 2
# A sentence with less than this share of the best one's score fills the page and answers nothing.
WEAKEST_SHARE = 0.5
FEWEST_WORDS = 5
MOST_WORDS = 70
# Sentences that share more than this of their stems (Jaccard) say the same; agency copy does.
SAME_SENTENCE = 0.7
_WORD = re.compile(r"\w+")
# A sentence that begins so leans on the one before it, which is then quoted with it.
_LEANING = frozenset(
    """he she they it this that these those but however his her their its such both instead meanwhile also and so
    yet""".split()
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a hit that might be quoted.

    `coverage` is the share of the question's words, weighted by rarity, that it holds.
    """

    hit: Hit
    span: Span
    before: Span | None
    stems: frozenset[str]
    coverage: float
    score: float


@dataclass(frozen=True, slots=True)
class ScoredQuote:
    """A quote, the hit that it comes from, its score, and its share of the question's words, weighted by rarity."""

    quote: Quote
    hit: Hit
    score: float
    coverage: float


def weigh_sentences(
    hits: Sequence[Hit],
    weights: Mapping[str, float],
    terms: Terms,
    may_answer: Callable[[str], bool] = lambda _sentence: False,
) -> Iterator[Candidate]:
    """Scores every sentence of the best hits against the question's stems, best first.

    Args:
        hits: best first.
        weights: the question's stems with their idf.
        terms: makes the stems of sentences.
        may_answer: whether a sentence holds something of the kind that is asked for; asked only of sentences that can
            come next, as it costs more than all else and few candidates are taken.
    """
    candidates = list(_scored(hits[:PASSAGES_WEIGHED], weights, terms))
    waiting = [
        (-(each.score + ANSWER_BONUS), each.hit.passage.id, each.span.start, place, False)
        for place, each in enumerate(candidates)
    ]
    heapify(waiting)
    while waiting:
        negative, passage_id, start, place, was_asked = waiting[0]
        candidate = candidates[place]
        if not was_asked:
            # What is known so far is how high it may score: it waits again with the score that it has.
            if may_answer(candidate.hit.passage.text[start : candidate.span.end]):
                candidate = candidates[place] = replace(candidate, score=-negative)
            heapreplace(waiting, (-candidate.score, passage_id, start, place, True))
        else:
            heappop(waiting)
            yield candidate


def _scored(hits: Sequence[Hit], weights: Mapping[str, float], terms: Terms) -> Iterator[Candidate]:
    """The sentences of the hits, scored without regard to whether they hold what is asked for."""
    total = sum(weights.values()) or 1.0
    cut = [split_sentences(hit.passage.text, 0, len(hit.passage.text), hit.article.language) for hit in hits]
    written = [
        [words(hit.article.title or ""), *(words(hit.passage.text[span.start : span.end]) for span in spans)]
        for hit, spans in zip(hits, cut, strict=True)
    ]
    # News repeats its words: each is brought to its stem once.
    every = list(set().union(*(text for texts in written for text in texts)))
    stem_of = dict(zip(every, terms.stem(every), strict=True))
    for hit, spans, texts in zip(hits, cut, written, strict=True):
        share = PASSAGE_SHARE * max(0.0, hit.score / hits[0].score) if hits[0].score > 0 else 0.0
        share += COSINE_WEIGHT * (hit.cosine or 0.0)
        title, *sentences = (frozenset(map(stem_of.__getitem__, text)) for text in texts)
        before: Span | None = None
        earlier: frozenset[str] = frozenset()
        for span, stems in zip(spans, sentences, strict=True):
            covered = sum([weight for stem, weight in weights.items() if stem in stems])
            near = [w for stem, w in weights.items() if stem not in stems and (stem in earlier or stem in title)]
            coverage = (covered + NEARBY_WORDS * sum(near)) / total
            yield Candidate(hit, span, before, stems, coverage, (1 - PASSAGE_SHARE) * coverage + share)
            before, earlier = span, stems


def choose_quotes(
    candidates: Iterable[Candidate], count: int, copied: Set[tuple[int, int]] = frozenset()
) -> list[ScoredQuote]:
    """The best sentences as quotes: none twice, few per article, with the sentence before where one leans on it.

    Args:
        candidates: best first.
        count: how many at most.
        copied: pairs of articles of which one is a copy of the other, the smaller id first.
    """
    chosen: list[ScoredQuote] = []
    said: list[frozenset[str]] = []
    taken: dict[int, list[Span]] = {}
    for candidate in candidates:
        if len(chosen) == count or (chosen and candidate.score < WEAKEST_SHARE * chosen[0].score):
            break
        passage = candidate.hit.passage
        mine = taken.setdefault(passage.article_id, [])
        if len(mine) == QUOTES_PER_ARTICLE or not is_quotable(candidate.hit, candidate.span):
            continue
        if any(overlap(candidate.stems, other) > SAME_SENTENCE for other in said):
            continue
        quote = quote_sentence(candidate.hit, candidate.span, candidate.before)
        if any(quote.start < other.end and other.start < quote.end for other in mine):
            continue
        if repeats(quote, (each.quote for each in chosen), copied):
            continue
        chosen.append(ScoredQuote(quote, candidate.hit, candidate.score, candidate.coverage))
        said.append(candidate.stems)
        mine.append(Span(quote.start, quote.end))
    return chosen


def is_quotable(hit: Hit, span: Span) -> bool:
    """Whether a sentence can stand as a quote: neither a scrap nor a wall of text, and no question."""
    text = hit.passage.text[span.start : span.end]
    return FEWEST_WORDS <= len(text.split()) <= MOST_WORDS and not text.rstrip("”\"')").endswith("?")


def quote_sentence(hit: Hit, span: Span, before: Span | None) -> Quote:
    """A sentence of a hit as a quote; with the one before where it leans on that."""
    passage = hit.passage
    text = passage.text[span.start : span.end]
    start = span.start
    first = text.split(maxsplit=1)[0].strip("“”\"',").lower()
    # On the same line only: across a line break it may be another matter.
    if first in _LEANING and before is not None and "\n" not in passage.text[before.start : span.start]:
        together = passage.text[before.start : span.end]
        start = before.start if len(together.split()) <= MOST_WORDS else start
    return Quote(
        article_id=passage.article_id,
        passage_id=passage.id,
        start=passage.start + start,
        end=passage.start + span.end,
        text=passage.text[start : span.end],
    )


def repeats(quote: Quote, chosen: Iterable[Quote], copied: Set[tuple[int, int]]) -> bool:
    """Whether a quote of a copy holds text that is quoted already, or the reverse: one sentence of two is enough."""
    for other in chosen:
        one, two = sorted((quote.article_id, other.article_id))
        if (one, two) in copied:
            mine, theirs = (set(_WORD.findall(each.text.casefold())) for each in (quote, other))
            if len(mine & theirs) > SAME_SENTENCE * min(len(mine), len(theirs)):
                return True
    return False


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of stems that two sentences have in common (Jaccard)."""
    return len(one & other) / len(one | other) if one | other else 1.0
