"""Makes articles that are like a real set's: events, their articles, passages, vectors, and questions about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.benching.geometry import Geometry, articles_of_event, learn_geometry
from bot.benching.sample import SampleArticle
from bot.benching.wording import Frame, Slot, Wording, learn_wording
from index.embedder import Vectors

# Different content words of a kind that an event comes back to.
EVENT_WORDS = 60
# Of a title's words, the share that are the event's.
EVENT_SHARE_OF_TITLE = 0.9
# Reports of one event are at most this many days apart.
EVENT_DAYS = 3
# Every so many articles have a question, until there are enough.
ARTICLES_A_QUESTION = 7
# People ask in words of their own: this share of a question's plain words is another one, a common one as a rule. Names
# stay: a wrong one would lead every search for words astray, and nobody asks so.
OTHER_WORDS = 0.5
_ASKING = (
    "What did {0} say about the {2} {3}?",
    "Who told {0} about the {2} and the {3}?",
    "What happened to the {2} {3} of {0}?",
    "Where did {0} and {1} {2}?",
    "Did {0} deny the {2} {3}?",
    "Has {0} confirmed the {2} {3} with {1}?",
)


@dataclass(frozen=True, slots=True)
class MadeQuestion:
    """A question about one passage, with its vector `(dimension,)` and a word of that passage as its answer."""

    text: str
    vector: Vectors
    answer: str


@dataclass(frozen=True, slots=True)
class MadeArticle:
    """A made article; `vectors` is `(passages, dimension)`, unit length; `title_vector` `(dimension,)`."""

    title: str
    publisher: str | None
    published_at: str | None
    passages: tuple[str, ...]
    vectors: Vectors
    title_vector: Vectors
    question: MadeQuestion | None


@dataclass(frozen=True)
class Likeness:
    """All that is learned of a real set. `shapes` are the words of each passage of an article, for each article."""

    wording: Wording
    geometry: Geometry
    shapes: tuple[tuple[int, ...], ...]
    publishers: tuple[str | None, ...]
    days: tuple[str | None, ...]


def learn(articles: Sequence[SampleArticle]) -> Likeness:
    """Learns from a sample of a real set."""
    return Likeness(
        wording=learn_wording([(each.title, each.passages) for each in articles]),
        geometry=learn_geometry(articles),
        shapes=tuple(tuple(len(text.split()) for text in each.passages) for each in articles),
        publishers=tuple(each.publisher for each in articles),
        days=tuple(each.published_at[:10] if each.published_at else None for each in articles),
    )


def make(likeness: Likeness, passages: int, seed: int) -> Iterator[MadeArticle]:
    """Makes articles until there are so many passages; the same for the same likeness and seed."""
    rng = np.random.default_rng(seed)
    maker = _Maker(likeness, rng)
    left = passages
    while left > 0:
        event = _Event(likeness, rng)
        for _ in range(articles_of_event(rng)):
            shape = likeness.shapes[rng.integers(len(likeness.shapes))][:left]
            yield maker.article(event, shape)
            left -= len(shape)
            if left == 0:
                return


class _Event:
    """What happened: where its vectors lie, the words that its reports come back to, and its day."""

    def __init__(self, likeness: Likeness, rng: np.random.Generator) -> None:
        self.place = likeness.geometry.event(rng)
        self.words = [words.draw(rng, EVENT_WORDS) for words in likeness.wording.words]
        day = likeness.days[rng.integers(len(likeness.days))]
        self.day = date.fromisoformat(day) if day and len(day) == 10 else None


class _Maker:
    """Writes one article after another."""

    def __init__(self, likeness: Likeness, rng: np.random.Generator) -> None:
        self._likeness = likeness
        self._wording = likeness.wording
        self._rng = rng
        self._made = 0

    def article(self, event: _Event, shape: Sequence[int]) -> MadeArticle:
        """One report of an event, with as many words in each passage as the shape says."""
        rng, geometry = self._rng, self._likeness.geometry
        # Each report leans on other words of its event.
        leaning = [rng.permutation(words) for words in event.words]
        filled = [self._filled(self._frames(words), leaning, self._wording.repeated) for words in shape]
        frame = self._wording.titles[rng.integers(len(self._wording.titles))]
        title, _ = self._filled([frame], leaning, EVENT_SHARE_OF_TITLE)
        vectors = geometry.article(event.place, len(shape), rng)
        self._made += 1
        question = None
        if self._made % ARTICLES_A_QUESTION == 0:
            place = int(rng.integers(len(shape)))
            question = self._question(filled[place][1], vectors[place])
        return MadeArticle(
            title=title,
            publisher=self._likeness.publishers[rng.integers(len(self._likeness.publishers))],
            published_at=self._day(event),
            passages=tuple(text for text, _ in filled),
            vectors=vectors,
            title_vector=geometry.question(vectors[0], rng),
            question=question,
        )

    def _day(self, event: _Event) -> str | None:
        later = timedelta(days=int(self._rng.integers(EVENT_DAYS + 1)))
        return (event.day + later).isoformat() if event.day else None

    def _frames(self, words: int) -> list[Frame]:
        """Sentences of about so many words together."""
        frames: list[Frame] = []
        left = words
        while left > 0:
            frame = self._wording.frames[self._rng.integers(len(self._wording.frames))]
            if frames and frame.words > 2 * left:
                break
            frames.append(frame)
            left -= frame.words
        return frames

    def _filled(
        self, frames: Sequence[Frame], leaning: Sequence[NDArray[np.int64]], share: float
    ) -> tuple[str, list[list[str]]]:
        """The sentences with words in their slots, and the words of each kind; a `share` of them are the event's."""
        rng = self._rng
        kinds = [slot for frame in frames for slot in frame.slots]
        drawn: list[list[str]] = []
        for kind in Slot:
            words, count = self._wording.words[kind], kinds.count(kind)
            numbers = words.draw(rng, count)
            # Zipf over the event's words: the first ones come again and again.
            ranks = np.exp(rng.random(count) * np.log(EVENT_WORDS)).astype(np.int64)
            numbers = np.where(rng.random(count) < share, leaning[kind][ranks], numbers)
            drawn.append([words.text(number, kind) for number in numbers.tolist()])
        following = [iter(each) for each in drawn]
        sentences = [frame.template % tuple(next(following[slot]) for slot in frame.slots) for frame in frames]
        return " ".join(sentences), drawn

    def _question(self, words: Sequence[Sequence[str]], passage: Vectors) -> MadeQuestion | None:
        names = list(dict.fromkeys(words[Slot.NAME]))
        plain = list(dict.fromkeys(words[Slot.WORD]))
        if len(names) < 3 or len(plain) < 2:
            return None
        chosen = self._rng.permutation(len(names))[:3]
        first, second, answer = (names[place] for place in chosen)
        matter = [plain[place] for place in self._rng.permutation(len(plain))[:2]]
        form = _ASKING[self._rng.integers(len(_ASKING))]
        text = form.format(first, second, *map(self._or_other, matter))
        return MadeQuestion(text, self._likeness.geometry.question(passage, self._rng), answer)

    def _or_other(self, word: str) -> str:
        """The word, or in its place one that is drawn from all by frequency."""
        if self._rng.random() >= OTHER_WORDS:
            return word
        words = self._wording.words[Slot.WORD]
        return words.text(int(words.draw(self._rng, 1)[0]), Slot.WORD)
