"""Cuts an article's body into passages of whole sentences."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.article import Span
from corpus.outline import outline
from corpus.sentences import split_sentences

# Words in a passage at most. The embedding model sees all of that (its window is 256 word pieces), and a passage still
# holds one matter; docs/evaluation.md has the figures for other lengths.
LONGEST_WORDS = 140


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    words: int


def cut_passages(body: str, language: str | None = None) -> list[Span]:
    """Cuts the prose of a body into passages.

    Every sentence of prose is in exactly one passage, in order. No passage crosses a heading, or text that is not
    prose. Passages have about 60 to 140 words; a section shorter than that is one passage, and so is a longer sentence.
    """
    return [
        Span(group[0].span.start, group[-1].span.end)
        for section in _sections(body, language)
        for group in _even_groups(section)
    ]


def text_hash(text: str) -> str:
    """SHA-256, in hex, of a text that is embedded: a passage or a title."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _sections(body: str, language: str | None) -> Iterator[list[_Sentence]]:
    section: list[_Sentence] = []
    for block in outline(body):
        if block.kind == "prose":
            spans = split_sentences(body, block.start, block.end, language)
            section.extend(_Sentence(span, _count_words(body[span.start : span.end])) for span in spans)
        elif section:
            yield section
            section = []
    if section:
        yield section


def _even_groups(section: list[_Sentence]) -> Iterable[list[_Sentence]]:
    """Splits a section into the fewest groups of at most about LONGEST_WORDS words, all of about the same length."""
    total = sum(sentence.words for sentence in section)
    count = max(1, -(-total // LONGEST_WORDS))
    share = total / count
    groups: dict[int, list[_Sentence]] = {}
    seen = 0
    for sentence in section:
        # A sentence belongs to the share of the section that its middle falls into.
        place = int((seen + sentence.words / 2) / share)
        groups.setdefault(place, []).append(sentence)
        seen += sentence.words
    return groups.values()


def _count_words(text: str) -> int:
    return max(1, len(text.split()))
