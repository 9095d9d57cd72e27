"""Cuts an article's body into passages of whole sentences."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.article import Span
from corpus.omission import OMITTED
from corpus.outline import outline
from corpus.sentences import split_sentences
from corpus.word_count import count_words

# The embedding model sees all of a passage this long (its window is 256 word pieces), and the passage still has one
# topic. Passages of 60 to 90 words retrieved clearly worse.
MAX_WORDS = 140
# A shorter remainder becomes no passage of its own, unless it is the whole section.
MIN_WORDS = 60
# A passage with its remainder may be this long.
MAX_WORDS_WITH_REMAINDER = 160
# Passages of ordinary prose have at most 1,700 characters in any language. Where a "word" has hundreds, this is the
# bound; a passage with its remainder has less than twice as many.
MAX_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    words: int

    @property
    def characters(self) -> int:
        return self.span.end - self.span.start


def cut_passages(body: str, language: str | None = None) -> list[Span]:
    """Cut the prose of a body into passages.

    Every sentence of prose is in exactly one passage, in order, unless words are omitted in it. No passage crosses a
    heading or an aside. Passages have about 60 to 140 words, as `count_words` counts them; a shorter section is one
    passage, and so is a longer sentence.
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
    """Yield the sentences of each run of prose; a sentence with `OMITTED` ends a run and is in none."""
    section: list[_Sentence] = []
    for block in outline(body):
        is_prose = block.kind == "prose"
        for span in split_sentences(body, block.start, block.end, language) if is_prose else ():
            text = body[span.start : span.end]
            if OMITTED not in text:
                section.append(_Sentence(span, max(1, count_words(text))))
            elif section:
                yield section
                section = []
        if section and not is_prose:
            yield section
            section = []
    if section:
        yield section


def _groups(section: list[_Sentence]) -> list[list[_Sentence]]:
    """Fill one group after another up to MAX_WORDS; a short remainder joins the last group, or is halved with it."""
    groups: list[list[_Sentence]] = []
    words = characters = 0
    for sentence in section:
        words, characters = words + sentence.words, characters + sentence.characters
        if not groups or words > MAX_WORDS or characters > MAX_CHARACTERS:
            groups.append([])
            words, characters = sentence.words, sentence.characters
        groups[-1].append(sentence)
    if len(groups) > 1 and words < MIN_WORDS:
        remainder = groups.pop()
        groups[-1:] = _halves(groups[-1] + remainder)
    return groups


def _halves(sentences: list[_Sentence]) -> list[list[_Sentence]]:
    sizes = [sentence.words for sentence in sentences]
    if sum(sizes) <= MAX_WORDS_WITH_REMAINDER:
        sizes = [sentence.characters for sentence in sentences]
        if sum(sizes) <= MAX_CHARACTERS:
            return [sentences]
    total, seen, place = sum(sizes), 0, 0
    while seen + sizes[place] / 2 < total / 2:
        seen += sizes[place]
        place += 1
    return [half for half in (sentences[:place], sentences[place:]) if half]
