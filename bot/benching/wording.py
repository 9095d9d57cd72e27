"""The words of made articles: real sentences with their content words taken out, filled with drawn ones."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corpus.sentences import split_sentences

# The commonest words stay where they stand: they carry grammar, quotation and the cost of very common words. In English
# news the commonest 300 are about half of all running words.
FRAME_WORDS = 300
SENTENCES_KEPT = 40_000
# Words that the sample did not meet, for each that it did: a larger corpus goes on meeting new ones (Heaps' law).
UNSEEN_FOR_EACH = 20
_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_SYLLABLES = tuple(first + vowel for first in "b d f g k l m n p r s t v z".split() for vowel in "aeiou")


class Slot(IntEnum):
    """What kind of word was taken out of a sentence."""

    WORD = 0
    NAME = 1
    NUMBER = 2


@dataclass(frozen=True, slots=True)
class Frame:
    """A sentence with `%s` where a content word stood, the kind of each, and how many words it has."""

    template: str
    slots: tuple[Slot, ...]
    words: int


@dataclass(frozen=True)
class Words:
    """The content words of one kind with their frequencies, and how often one comes that the sample never met.

    `counts` is `(n,)`, descending. The chance of an unseen word is Good and Turing's: words that were met once, as
    a share of all running ones.
    """

    texts: tuple[str, ...]
    counts: NDArray[np.int64]

    @cached_property
    def _cumulative(self) -> NDArray[np.float64]:
        sums = np.cumsum(self.counts, dtype=np.float64)
        found: NDArray[np.float64] = sums / sums[-1]
        return found

    @cached_property
    def unseen(self) -> float:
        """The chance that the next word is a new one."""
        return float((self.counts == 1).sum() / max(1, self.counts.sum()))

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.int64]:
        """Numbers of words, by frequency; from `len(texts)` on they are words that the sample never met."""
        chosen = np.searchsorted(self._cumulative, rng.random(count), side="right")
        new = np.flatnonzero(rng.random(count) < self.unseen)
        # Zipf with exponent 1 over the unseen ones: equal chances on a logarithmic scale.
        tail = UNSEEN_FOR_EACH * len(self.texts)
        chosen[new] = len(self.texts) + np.exp(rng.random(len(new)) * np.log(tail)).astype(np.int64)
        return np.minimum(chosen, len(self.texts) + tail)

    def text(self, number: int, kind: Slot) -> str:
        """The word of a number."""
        if number < len(self.texts):
            return self.texts[number]
        if kind is Slot.NUMBER:
            return str(number)
        made = _made_word(number)
        return made.capitalize() if kind is Slot.NAME else made


@dataclass(frozen=True)
class Wording:
    """What was learned of a set's language.

    `repeated` is the share of an article's content words that come more than once in it.
    """

    frames: tuple[Frame, ...]
    titles: tuple[Frame, ...]
    words: tuple[Words, ...]
    repeated: float


def learn_wording(articles: Sequence[tuple[str | None, Sequence[str]]]) -> Wording:
    """Learns from articles, each a title and the texts of its passages."""
    running = Counter(token.lower() for _, passages in articles for text in passages for token in _TOKEN.findall(text))
    common = {word for word, _ in running.most_common(FRAME_WORDS)}
    counts: tuple[Counter[str], ...] = tuple(Counter() for _ in Slot)
    frames: list[Frame] = []
    repeated, content = 0, 0
    for _, passages in articles:
        mine: Counter[str] = Counter()
        for text in passages:
            for sentence in _sentences(text):
                frame, taken = _frame(sentence, common)
                frames.append(frame)
                mine.update(taken)
                for kind, word in zip(frame.slots, taken, strict=True):
                    counts[kind][word] += 1
        repeated += sum(count for count in mine.values() if count > 1)
        content += mine.total()
    titles = tuple(_frame(title, common)[0] for title, _ in articles if title)
    return Wording(
        tuple(frame for frame in frames if frame.words >= 3)[:SENTENCES_KEPT],
        titles or tuple(frames[:1]),
        tuple(_words(each) for each in counts),
        repeated / max(1, content),
    )


def _words(counts: Counter[str]) -> Words:
    # Every kind has at least one word, so that every slot can be filled.
    ranked = counts.most_common() or [("2", 1)]
    return Words(tuple(word for word, _ in ranked), np.array([count for _, count in ranked], dtype=np.int64))


def _sentences(text: str) -> Iterator[str]:
    for span in split_sentences(text, 0, len(text), None):
        yield " ".join(text[span.start : span.end].split())


def _frame(sentence: str, common: set[str]) -> tuple[Frame, list[str]]:
    """The frame of a sentence, and the words that were taken out."""
    slots: list[Slot] = []
    taken: list[str] = []

    def take(match: re.Match[str]) -> str:
        word = match[0]
        if word.lower() in common or "\0" in word:
            return word
        slots.append(Slot.NUMBER if word[0].isdigit() else Slot.NAME if word[0].isupper() else Slot.WORD)
        taken.append(word)
        return "%s"

    template = _TOKEN.sub(take, sentence.replace("%", "%%"))
    return Frame(template, tuple(slots), len(sentence.split())), taken


def _made_word(number: int) -> str:
    """A word that can be spoken, another one for each number."""
    parts = []
    while number:
        number, rest = divmod(number, len(_SYLLABLES))
        parts.append(_SYLLABLES[rest])
    return "".join(parts)
