"""Reads the best passages of a search with the question, and then their decisive sentences alone."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from bot.answering.quotes import is_quotable, quote_sentence
from bot.answering.reader.reading import RELATIONS, Excerpt, Reader, Reading, Relation, heading
from corpus.article import Span
from corpus.sentences import split_sentences
from index.search.retriever import Hit
from index.terms import STOP_WORDS, words

# The reading of a text that the reader can't read.
UNREAD = Reading(tuple(float(each is Relation.UNKNOWN) for each in RELATIONS), 0.0, ())
# Sentences of a passage that are read alone.
SENTENCES_PER_PASSAGE = 2
# Weight of the reader's relevance beside the search's score.
RELEVANCE_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class ReadHit:
    """A hit with what the reader says of its passage."""

    hit: Hit
    reading: Reading


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence of a hit, with what the reader says of it alone (or together with the one before, if it refers back).

    `passage` is the reading of the whole passage, `swapped` that of the sentence with a question whose two actors are
    exchanged, None for a question without two; `span` and `before` are offsets into the passage's text.
    """

    hit: Hit
    span: Span
    before: Span | None
    reading: Reading
    passage: Reading
    swapped: Reading | None = None


def read_hits(reader: Reader, question: str, hits: Sequence[Hit]) -> list[ReadHit]:
    """Read the English passages of hits with the question, in order; others say nothing."""
    english = [hit for hit in hits if is_english(hit)]
    readings = reader.read(question, [Excerpt(_heading(hit), hit.passage.text) for hit in english])
    known = {id(hit): reading for hit, reading in zip(english, readings, strict=True)}
    return [ReadHit(hit, known.get(id(hit), UNREAD)) for hit in hits]


def is_english(hit: Hit) -> bool:
    """Return whether an article is in the language that the reader reads, or in an unknown one."""
    return (hit.article.language or "en").startswith("en")


def rank_read(read: Sequence[ReadHit]) -> list[ReadHit]:
    """Order hits by the search's score and the reader's relevance, best first."""
    return sorted(read, key=lambda each: -(each.hit.score + RELEVANCE_WEIGHT * each.reading.relevance))


def read_sentences(
    reader: Reader, question: str, read: Sequence[ReadHit], most: int, *, swapped: str | None = None
) -> list[ReadSentence]:
    """Read alone the sentences in which the passages seem to decide the question, best first.

    Args:
        reader: reads them.
        question: as asked.
        read: the passages.
        most: the maximum.
        swapped: the question with its two actors exchanged, if it names two.
    """
    asked = frozenset(words(question)) - STOP_WORDS
    chosen: list[tuple[ReadHit, Span, Span | None]] = []
    for each in sorted(read, key=lambda each: each.reading.probability(Relation.UNKNOWN)):
        chosen += [(each, span, before) for span, before in _decisive(each, asked)]
    chosen = chosen[:most]
    excerpts = []
    for each, span, before in chosen:
        quote = quote_sentence(each.hit, span, before)
        excerpts.append(Excerpt(_heading(each.hit), quote.text))
    readings = reader.read(question, excerpts)
    others: Sequence[Reading | None] = reader.read(swapped, excerpts) if swapped else [None] * len(excerpts)
    return [
        ReadSentence(each.hit, span, before, reading, each.reading, other)
        for (each, span, before), reading, other in zip(chosen, readings, others, strict=True)
    ]


def _decisive(read: ReadHit, asked: Set[str]) -> list[tuple[Span, Span | None]]:
    """Return the quotable sentences with the best pieces that the reader found, each with the sentence before it."""
    text = read.hit.passage.text
    sentences = split_sentences(text, 0, len(text), read.hit.article.language)
    chosen: list[int] = []
    for found in read.reading.found:
        at = next((at for at, each in enumerate(sentences) if each.start <= found.span.start < each.end), None)
        if at is not None and at not in chosen and is_quotable(read.hit, sentences[at]):
            chosen.append(at)
    # What the passage seems to decide by, and the sentence closest to the question's words: the other side may say it.
    near = max(
        range(len(sentences)),
        key=lambda at: _shared(asked, text[sentences[at].start : sentences[at].end]),
        default=None,
    )
    if near is not None and near not in chosen[:SENTENCES_PER_PASSAGE] and is_quotable(read.hit, sentences[near]):
        chosen = [*chosen[:SENTENCES_PER_PASSAGE], near]
    return [(sentences[at], sentences[at - 1] if at else None) for at in chosen[: SENTENCES_PER_PASSAGE + 1]]


def _shared(asked: Set[str], sentence: str) -> int:
    return len(asked & set(words(sentence)))


def _heading(hit: Hit) -> str:
    return heading(hit.article.published_at, hit.article.publisher, hit.article.title)
