"""Cuts an article's body into passages of whole sentences."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.article import Span
from corpus.outline import outline
from corpus.sentences import split_sentences

# The embedding model sees all of a passage this long (its window is 256 word pieces), and the passage still has one
# topic. Passages of 60 to 90 words retrieved clearly worse.
MAX_WORDS = 140
# A shorter remainder becomes no passage of its own, unless it is the whole section.
MIN_WORDS = 60
# A passage with its remainder may be this long.
MAX_WORDS_WITH_REMAINDER = 160


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    words: int


def cut_passages(body: str, language: str | None = None) -> list[Span]:
    """Cut the prose of a body into passages.

    Every sentence of prose is in exactly one passage, in order. No passage crosses a heading or an aside. Passages have
    about 60 to 140 words; a shorter section is one passage, and so is a longer sentence.
    """
    return [
        Span(group[0].span.start, group[-1].span.end)
        for section in _sections(body, language)
        for group in _groups(section)
    ]


def text_hash(text: str) -> str:
    """Return the SHA-256, in hex, of a text to embed: a passage or a title."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _sections(body: str, language: str | None) -> Iterator[list[_Sentence]]:
    """Yield the sentences of each run of prose."""
    section: list[_Sentence] = []
    for block in outline(body):
        if block.kind == "prose":
            spans = split_sentences(body, block.start, block.end, language)
            section.extend(_Sentence(span, max(1, len(body[span.start : span.end].split()))) for span in spans)
        elif section:
            yield section
            section = []
    if section:
        yield section


def _groups(section: list[_Sentence]) -> list[list[_Sentence]]:
    """Fill one group after another up to MAX_WORDS; a short remainder joins the last group, or is halved with it."""
    groups: list[list[_Sentence]] = []
    words = 0
    for sentence in section:
        if not groups or words + sentence.words > MAX_WORDS:
            groups.append([])
            words = 0
        groups[-1].append(sentence)
        words += sentence.words
    if len(groups) > 1 and words < MIN_WORDS:
        remainder = groups.pop()
        groups[-1:] = _halves(groups[-1] + remainder)
    return groups


def _halves(sentences: list[_Sentence]) -> list[list[_Sentence]]:
    total = sum(sentence.words for sentence in sentences)
    if total <= MAX_WORDS_WITH_REMAINDER:
        return [sentences]
    seen, place = 0, 0
    while seen + sentences[place].words / 2 < total / 2:
        seen += sentences[place].words
        place += 1
    return [half for half in (sentences[:place], sentences[place:]) if half]
