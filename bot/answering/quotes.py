"""Ranks sentences against a question, and chooses verbatim quotes with their offsets."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heapreplace

from bot.answering.answer import Quote
from corpus.article import Span
from corpus.sentences import split_sentences
from corpus.word_count import count_words
from index.search.retriever import Hit
from index.terms import Terms, words

# Passages whose sentences are ranked.
MAX_PASSAGES = 20
# Weight of the passage's score in a sentence's; the rest is the sentence's coverage of the question's words.
PASSAGE_WEIGHT = 0.4
COSINE_WEIGHT = 0.2
# Weight of a word found only in the sentence before, or in the title.
NEARBY_WEIGHT = 0.25
# Bonus for a sentence that holds a number, name, date or place of the type asked for.
ANSWER_BONUS = 0.25
QUOTES_PER_ARTICLE = 2
# Sentences below this share of the best score only fill the page.
MIN_SCORE_SHARE = 0.5
MIN_WORDS = 5
MAX_WORDS = 70
# Of 80,000 sentences of news with at most MAX_WORDS words, the longest has 467 characters. A quote that has more holds
# something else than words, and would fill a page by itself.
MAX_CHARACTERS = 700
# Sentences that share more of their stems than this (Jaccard) say the same, as in agency copy.
SAME_SENTENCE = 0.7
_WORD = re.compile(r"\w+")
# Punctuation after which a sentence goes on.
_GO_ON = frozenset(",;:-–—،؛，、；：")
# A sentence that opens with one of these refers back, so the sentence before it is quoted too.
_REFERS_BACK = frozenset(
    """he she they it this that these those but however his her their its such both instead meanwhile also and so
    yet""".split()
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a hit that may be quoted; `before` is the sentence before it in the passage.

    `coverage` is its share of the question's words, weighted by rarity. `answer` is the piece of the passage that
    answers, `answer_odds` the log odds that one does, and `relevance` those of helping to answer, where `is_read`:
    whether a reader looked for them.
    """

    hit: Hit
    span: Span
    before: Span | None
    stems: frozenset[str]
    coverage: float
    score: float
    answer: Span | None = None
    answer_odds: float = 0.0
    relevance: float = 0.0
    is_read: bool = False

    @property
    def text(self) -> str:
        """Return the sentence."""
        return self.hit.passage.text[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class ChosenQuote:
    """A quote, and the candidate that it is of."""

    quote: Quote
    candidate: Candidate


def rank_sentences(
    hits: Sequence[Hit],
    weights: Mapping[str, float],
    terms: Terms,
    holds_answer: Callable[[str], bool] = lambda _sentence: False,
) -> Iterator[Candidate]:
    """Yield every sentence of the best hits, scored against the question's stems, best first.

    Args:
        hits: best first.
        weights: the question's stems with their idf.
        terms: stems the sentences.
        holds_answer: whether a sentence holds something of the type asked for. Called lazily, since it is the most
            expensive step and callers take few candidates.
    """
    candidates = list(_score_without_bonus(hits[:MAX_PASSAGES], weights, terms))
    # Every candidate enters with the bonus, an upper bound, and is rescored once it reaches the top.
    heap = [
        (-(each.score + ANSWER_BONUS), each.hit.passage.id, each.span.start, index, False)
        for index, each in enumerate(candidates)
    ]
    heapify(heap)
    while heap:
        negative, passage_id, start, index, is_final = heap[0]
        candidate = candidates[index]
        if is_final:
            heappop(heap)
            yield candidate
        else:
            if holds_answer(candidate.hit.passage.text[start : candidate.span.end]):
                candidate = candidates[index] = replace(candidate, score=-negative)
            heapreplace(heap, (-candidate.score, passage_id, start, index, True))


def _score_without_bonus(hits: Sequence[Hit], weights: Mapping[str, float], terms: Terms) -> Iterator[Candidate]:
    total = sum(weights.values()) or 1.0
    spans_per_hit = [split_sentences(hit.passage.text, 0, len(hit.passage.text), hit.article.language) for hit in hits]
    words_per_hit = [
        [words(hit.article.title or ""), *(words(hit.passage.text[span.start : span.end]) for span in spans)]
        for hit, spans in zip(hits, spans_per_hit, strict=True)
    ]
    # News repeats its words, so stem each distinct word once.
    distinct = list(set().union(*(text for texts in words_per_hit for text in texts)))
    stem_of = dict(zip(distinct, terms.stem(distinct), strict=True))
    for hit, spans, texts in zip(hits, spans_per_hit, words_per_hit, strict=True):
        base = PASSAGE_WEIGHT * max(0.0, hit.score / hits[0].score) if hits[0].score > 0 else 0.0
        base += COSINE_WEIGHT * (hit.cosine or 0.0)
        title, *sentences = (frozenset(map(stem_of.__getitem__, text)) for text in texts)
        before: Span | None = None
        earlier: frozenset[str] = frozenset()
        for span, stems in zip(spans, sentences, strict=True):
            covered = sum([weight for stem, weight in weights.items() if stem in stems])
            near = [w for stem, w in weights.items() if stem not in stems and (stem in earlier or stem in title)]
            coverage = (covered + NEARBY_WEIGHT * sum(near)) / total
            yield Candidate(hit, span, before, stems, coverage, (1 - PASSAGE_WEIGHT) * coverage + base)
            before, earlier = span, stems


def choose_quotes(
    candidates: Iterable[Candidate], count: int, copies: Set[tuple[int, int]] = frozenset()
) -> list[ChosenQuote]:
    """Return the best sentences as quotes, without repetitions and with few from each article.

    Args:
        candidates: best first.
        count: the maximum.
        copies: pairs of ids of articles of which one is a copy of the other, smaller id first.
    """
    chosen: list[ChosenQuote] = []
    chosen_stems: list[frozenset[str]] = []
    for candidate in candidates:
        if len(chosen) == count or (chosen and candidate.score < MIN_SCORE_SHARE * chosen[0].candidate.score):
            break
        same_article = [each.quote for each in chosen if each.quote.article_id == candidate.hit.passage.article_id]
        if len(same_article) == QUOTES_PER_ARTICLE or not is_quotable(candidate.hit, candidate.span):
            continue
        if any(jaccard(candidate.stems, other) > SAME_SENTENCE for other in chosen_stems):
            continue
        quote = quote_sentence(candidate.hit, candidate.span, candidate.before)
        if any(quote.start < other.end and other.start < quote.end for other in same_article):
            continue
        if repeats_copy(quote, (each.quote for each in chosen), copies):
            continue
        chosen.append(ChosenQuote(quote, candidate))
        chosen_stems.append(candidate.stems)
    return chosen


def is_quotable(hit: Hit, span: Span) -> bool:
    """Return whether a sentence is fit to be quoted: whole, of reasonable length, and no question."""
    text = hit.passage.text[span.start : span.end]
    is_statement = not text.rstrip("”\"')").endswith("?")
    return is_statement and _fits(text) and count_words(text) >= MIN_WORDS and _is_whole(hit.passage.text, span)


def _fits(text: str) -> bool:
    return len(text) <= MAX_CHARACTERS and count_words(text) <= MAX_WORDS


def _is_whole(text: str, span: Span) -> bool:
    """Return whether a sentence is not a piece of one that was too long: on its line, no other goes on into it."""
    before, after = text[: span.start].rstrip(" "), text[span.end :].lstrip(" ")
    begins = not before or before[-1] == "\n" or _ends_sentence(before[-1])
    return begins and (not after or after[0] == "\n" or _ends_sentence(text[span.end - 1]))


def _ends_sentence(char: str) -> bool:
    return char not in _GO_ON and unicodedata.category(char)[0] == "P"


def quote_sentence(hit: Hit, span: Span, before: Span | None) -> Quote:
    """Return a sentence of a hit as a quote, together with the one before if it refers back to that."""
    passage = hit.passage
    text = passage.text[span.start : span.end]
    start = span.start
    first = text.split(maxsplit=1)[0].strip("“”\"',").lower()
    # Not across a line break, which may change the subject.
    if first in _REFERS_BACK and before is not None and "\n" not in passage.text[before.start : span.start]:
        is_fit = _fits(passage.text[before.start : span.end]) and _is_whole(passage.text, before)
        start = before.start if is_fit else start
    return Quote(
        article_id=passage.article_id,
        passage_id=passage.id,
        start=passage.start + start,
        end=passage.start + span.end,
        text=passage.text[start : span.end],
    )


def pairs_around(hit: Hit, quote: Quote) -> list[Quote]:
    """Return a quoted sentence with the one before, and with the one after, as quotes; none across a line break."""
    passage = hit.passage
    text = passage.text
    spans = split_sentences(text, 0, len(text), hit.article.language)
    inside = [at for at, each in enumerate(spans) if _overlaps(passage.start, each, quote)]
    if not inside:
        return []
    pairs = [(max(0, inside[0] - 1), inside[-1]), (inside[0], min(len(spans) - 1, inside[-1] + 1))]
    found = []
    for first, last in pairs:
        start, end = spans[first].start, spans[last].end
        is_longer = passage.start + start < quote.start or passage.start + end > quote.end
        is_whole = all(_is_whole(text, each) for each in spans[first : last + 1])
        if is_longer and is_whole and "\n" not in text[start:end] and _fits(text[start:end]):
            found.append(replace(quote, start=passage.start + start, end=passage.start + end, text=text[start:end]))
    return found


def _overlaps(offset: int, span: Span, quote: Quote) -> bool:
    return offset + span.start < quote.end and quote.start < offset + span.end


def repeats_copy(quote: Quote, chosen: Iterable[Quote], copies: Set[tuple[int, int]]) -> bool:
    """Return whether a chosen quote from a copy of the same report contains most of a quote's words, or the reverse."""
    for other in chosen:
        first, second = sorted((quote.article_id, other.article_id))
        if (first, second) in copies:
            one, two = (set(_WORD.findall(each.text.casefold())) for each in (quote, other))
            if len(one & two) > SAME_SENTENCE * min(len(one), len(two)):
                return True
    return False


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the Jaccard similarity of two sets of stems."""
    return len(one & other) / len(one | other) if one | other else 1.0
