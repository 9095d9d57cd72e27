"""Chooses what answers an open question among the pieces that the reader found: quotes, and the items of a list."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.answering.answer import Quote
from bot.answering.question.aliases import entity_ids
from bot.answering.quotes import Candidate
from bot.answering.reader.read_hits import ReadHit
from corpus.article import Span
from corpus.sentences import split_sentences
from index.search.retriever import Hit
from index.terms import STOP_WORDS, Terms, words

# Weight of the passage's relevance in a sentence's score; the rest is the probability that its piece answers.
RELEVANCE_WEIGHT = 0.3
# Pieces count as items of a list if they answer with at least these log odds.
ITEM_ODDS = 0.0
# An item is the same as another if one's words are among the other's.
MAX_ITEM_WORDS = 12


@dataclass(frozen=True, slots=True)
class FoundSentence:
    """A sentence that may be quoted, with the piece of its passage that answers."""

    candidate: Candidate
    answer: Span


def answering_sentences(read: Sequence[ReadHit], terms: Terms) -> list[FoundSentence]:
    """Return the sentences with pieces that answer, best first; a piece over two sentences counts for its first."""
    found = [each for one in read for each in _of_passage(one, terms)]
    return sorted(found, key=lambda each: -each.candidate.score)


def _of_passage(read: ReadHit, terms: Terms) -> Iterator[FoundSentence]:
    text = read.hit.passage.text
    sentences = split_sentences(text, 0, len(text), read.hit.article.language)
    for piece in read.reading.found:
        at = next((at for at, each in enumerate(sentences) if each.start <= piece.span.start < each.end), None)
        if at is None:
            continue
        span, before = sentences[at], sentences[at - 1] if at else None
        chance = 1 / (1 + math.exp(-max(-50.0, min(50.0, piece.odds))))
        score = (1 - RELEVANCE_WEIGHT) * chance + RELEVANCE_WEIGHT * read.reading.relevance
        stems = frozenset(terms.stems(text[span.start : span.end]))
        yield FoundSentence(
            Candidate(read.hit, span, before, stems, coverage=1.0, score=score),
            Span(piece.span.start, min(piece.span.end, span.end)),
        )


def locate_in_quote(quote: Quote, hit: Hit, found: Iterable[FoundSentence]) -> Span | None:
    """Return the span in the article of the best piece within a quote from a hit."""
    for each in found:
        if each.candidate.hit.passage.id != hit.passage.id:
            continue
        start, end = hit.passage.start + each.answer.start, hit.passage.start + each.answer.end
        if quote.start <= start and end <= quote.end:
            return Span(start, end)
    return None


def list_items(read: Sequence[ReadHit]) -> list[str]:
    """Return the distinct pieces that answer a question for a list, as written, those that answer best first."""
    pieces = sorted(
        ((piece, each.hit) for each in read for piece in each.reading.found if piece.odds >= ITEM_ODDS),
        key=lambda pair: -pair[0].odds,
    )
    items: list[str] = []
    known: list[set[str]] = []
    for piece, hit in pieces:
        text = hit.passage.text[piece.span.start : piece.span.end].strip(" ,;.")
        mine = set(words(text)) - STOP_WORDS
        if not mine or len(text.split()) > MAX_ITEM_WORDS or any(mine <= other or other <= mine for other in known):
            continue
        items.append(text)
        known.append(mine)
    return items


def take_turns(found: Sequence[FoundSentence], question: str) -> list[FoundSentence]:
    """Order sentences so that every country or group that a comparison names gets its turn."""
    named = sorted(entity_ids(question))
    queues = [
        [
            each
            for each in found
            if name in entity_ids(f"{each.candidate.hit.article.title or ''}. {each.candidate.hit.passage.text}")
        ]
        for name in named
    ]
    if len(queues) < 2 or not found:
        return list(found)
    best = max(each.candidate.score for each in found)
    ordered: dict[int, FoundSentence] = {}
    for place in range(max(map(len, queues))):
        for queue in queues:
            if place < len(queue):
                ordered.setdefault(id(queue[place]), queue[place])
    # All with the best score: what answers worse for one of the two is compared all the same.
    taken = [replace(each, candidate=replace(each.candidate, score=best)) for each in ordered.values()]
    return [*taken, *(each for each in found if id(each) not in ordered)]
