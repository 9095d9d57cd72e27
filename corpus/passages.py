"""Cuts an article's body into passages of whole sentences."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.article import Span
from corpus.outline import outline
from corpus.sentences import split_sentences

# Words in a passage at most. The embedding model sees all of that (its window is 256 word pieces), and a passage still
# holds one matter. Passages of 60 to 90 words found clearly less.
LONGEST_WORDS = 140
# A rest shorter than this is no passage of its own, unless the whole section is.
SHORTEST_WORDS = 60
# A passage with its rest may be this long.
LONGEST_WITH_REST = 160


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
        for group in _groups(section)
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


def _groups(section: list[_Sentence]) -> list[list[_Sentence]]:
    """Fills group after group up to LONGEST_WORDS; a short rest joins the last group, or halves with it."""
    groups: list[list[_Sentence]] = []
    words = 0
    for sentence in section:
        if not groups or words + sentence.words > LONGEST_WORDS:
            groups.append([])
            words = 0
        groups[-1].append(sentence)
        words += sentence.words
    if len(groups) > 1 and words < SHORTEST_WORDS:
        rest = groups.pop()
        groups[-1:] = _halves(groups[-1] + rest)
    return groups


def _halves(sentences: list[_Sentence]) -> list[list[_Sentence]]:
    total = sum(sentence.words for sentence in sentences)
    if total <= LONGEST_WITH_REST:
        return [sentences]
    seen, place = 0, 0
    while seen + sentences[place].words / 2 < total / 2:
        seen += sentences[place].words
        place += 1
    return [half for half in (sentences[:place], sentences[place:]) if half]


def _count_words(text: str) -> int:
    return max(1, len(text.split()))
