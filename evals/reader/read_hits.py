"""Reads the best passages of a search with the question, and then their decisive sentences alone."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from bot.answering.quotes import is_quotable, quote_sentence
from corpus.sentences import split_sentences
from evals.reader.relations import RELATIONS, Excerpt, Reader, Reading, Relation, heading
from index.search.retriever import Hit
from index.terms import STOP_WORDS, words

# The reading of a text that the reader can't read.
UNREAD = Reading(tuple(float(each is Relation.UNKNOWN) for each in RELATIONS), 0.0, ())
# Sentences of a passage that are read alone.
SENTENCES_PER_PASSAGE = 2


@dataclass(frozen=True, slots=True)
class ReadHit:
    """A hit with what the reader says of its passage."""

    hit: Hit
    reading: Reading


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence of a hit, with what the reader says of it alone (or together with the one before, if it refers back).

    `text` is what was read. `swapped` is the reading with a question whose two actors are exchanged, None for a
    question without two.
    """

    hit: Hit
    text: str
    reading: Reading
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
    chosen = [
        (each.hit, text)
        for each in sorted(read, key=lambda each: each.reading.probability(Relation.UNKNOWN))
        for text in _decisive(each, asked)
    ][:most]
    excerpts = [Excerpt(_heading(hit), text) for hit, text in chosen]
    readings = reader.read(question, excerpts)
    others: Sequence[Reading | None] = reader.read(swapped, excerpts) if swapped else [None] * len(excerpts)
    return [
        ReadSentence(hit, text, reading, other)
        for (hit, text), reading, other in zip(chosen, readings, others, strict=True)
    ]


def _decisive(read: ReadHit, asked: Set[str]) -> list[str]:
    """Return the quotable sentences with the best pieces, and the one closest to the question's words.

    The latter may tell the other side. A sentence that refers back comes together with the one before it.
    """
    text = read.hit.passage.text
    sentences = split_sentences(text, 0, len(text), read.hit.article.language)
    quotable = [at for at, each in enumerate(sentences) if is_quotable(read.hit, each)]
    found = [
        at
        for piece in read.reading.found
        for at in quotable
        if sentences[at].start <= piece.span.start < sentences[at].end
    ]
    chosen = list(dict.fromkeys(found))[:SENTENCES_PER_PASSAGE]
    if chosen:
        near = max(quotable, key=lambda at: _shared(asked, text[sentences[at].start : sentences[at].end]))
        chosen = list(dict.fromkeys([*chosen, near]))
    return [quote_sentence(read.hit, sentences[at], sentences[at - 1] if at else None).text for at in chosen]


def _shared(asked: Set[str], sentence: str) -> int:
    return len(asked & set(words(sentence)))


def _heading(hit: Hit) -> str:
    return heading(hit.article.published_at, hit.article.publisher, hit.article.title)
