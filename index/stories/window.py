"""The articles of the days around one, held in memory to be compared with the next article."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from corpus.article import SHARED_COLLECTION
from index.stories.likeness import Floats, likeness, story_likeness
from index.stories.traits import Traits, pack_names, unpack_names

# Days between an article and the nearest one of its story. 3, 5, 7 and 10 days differ little on the labelled pairs; an
# event that rests for a week is told anew.
WINDOW_DAYS = 7
# Articles compared of one day, the newest of the shared collection and of each server's own, so that no server's
# articles take the places of others'; a feed of a whole country brings a few hundred.
_MAX_A_DAY, _MAX_OWN_A_DAY = 2_000, 500
# Articles of a story that a new one is compared with, the newest.
_MAX_COMPARED = 64
# Articles that every name is assumed to be absent from, so that rarity means something in a small corpus.
_BACKGROUND = 100
# Days after which rows that are no longer needed are dropped.
_SLACK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Match:
    """A story with its likeness to an article."""

    story_id: int
    likeness: float


class Window:
    """The rows of `story_articles` of some days, loaded as they are needed.

    Args:
        db: the corpus.
        model_id: only rows whose vectors this model made.
        dimension: of the vectors.
    """

    def __init__(self, db: Database, model_id: int, dimension: int) -> None:
        self._db = db
        self._model_id = model_id
        self._dimension = dimension
        self._count = 0
        self._stories: NDArray[np.int64]
        self._days: NDArray[np.int64]
        self._code_of: NDArray[np.int64]
        self._vectors: NDArray[np.float32]
        self._clear()

    def add(self, traits: Traits, story_id: int) -> None:
        """Add an article that was just grouped, if its day is known and loaded; replaces what it was before."""
        self._remove(traits.article_id)
        if traits.day is not None and traits.day in self._days_loaded:
            names = pack_names(traits.names)
            self._append(traits.article_id, story_id, traits.collection, traits.day, traits.vector, names)

    def _remove(self, article_id: int) -> None:
        row = self._row_of.pop(article_id, None)
        if row is not None:
            self._stories[row] = 0
            collection = self._collections[row]
            self._sizes[collection] -= 1
            self._counts[collection].subtract(unpack_names(self._names[row]))

    def move(self, from_story: int, to_story: int) -> None:
        """Move all articles of a story to another."""
        self._stories[: self._count][self._stories[: self._count] == from_story] = to_story

    def match(self, traits: Traits, collections: Set[str], *, at_least: float) -> list[Match]:
        """Return the stories in some collections that are at least so likely, best first."""
        rows, cosines, gaps, bound = self._near(traits, collections)
        if not len(rows):
            return []
        stories = self._stories[rows]
        weights = _NameWeights(self._counts, self._sizes, collections)
        own_norm = weights.norm(traits.names)
        found = []
        for story_id in np.unique(stories[bound >= at_least]).tolist():
            members = np.flatnonzero(stories == story_id)[-_MAX_COMPARED:]
            names = [self._shared_names(traits.names, own_norm, int(rows[each]), weights) for each in members]
            score = story_likeness(_exact(cosines[members], names, gaps[members]))
            if score >= at_least:
                found.append(Match(int(story_id), score))
        return sorted(found, key=lambda each: (-each.likeness, each.story_id))

    def collections_near(self, traits: Traits, *, at_least: float) -> set[str]:
        """Return the collections with an article that may be so likely to tell of the same event."""
        rows, _, _, bound = self._near(traits, self._codes.keys())
        return {self._collections[row] for row in rows[bound >= at_least].tolist()}

    def compare(self, traits: Traits, article_id: int) -> tuple[float, float | None, int] | None:
        """Return the cosine, the shared names and the days between an article and one of the days around it.

        None if that one is not of these days. The names weigh as in the article's own collection.
        """
        if traits.day is None:
            return None
        self._load_around(traits.day)
        row = self._row_of.get(article_id)
        if row is None:
            return None
        weights = _NameWeights(self._counts, self._sizes, {traits.collection})
        names = self._shared_names(traits.names, weights.norm(traits.names), row, weights)
        return float(self._vectors[row] @ traits.vector), names, abs(int(self._days[row]) - traits.day)

    def _near(self, traits: Traits, collections: Set[str]) -> tuple[NDArray[np.intp], Floats, Floats, Floats]:
        """Return the rows of the days around, with cosines, days apart, and an upper bound of the likeness."""
        if traits.day is not None:
            self._load_around(traits.day)
        count = self._count
        visible = [self._codes[each] for each in collections if each in self._codes]
        gaps = np.abs(self._days[:count] - (traits.day or 0)).astype(np.float64)
        is_near = (gaps <= WINDOW_DAYS) & (self._stories[:count] > 0) & np.isin(self._code_of[:count], visible)
        # What an article was before it was edited says nothing of where it belongs.
        is_near[[row for row in (self._row_of.get(traits.article_id),) if row is not None]] = False
        rows = np.flatnonzero(is_near)
        cosines = (self._vectors[:count] @ traits.vector)[rows].astype(np.float64)
        gaps = gaps[rows]
        # With all names in common: names are compared only where they may decide.
        bound = np.maximum(likeness(cosines, 1.0, gaps), likeness(cosines, None, gaps))
        return rows, cosines, gaps, bound

    def _shared_names(self, names: frozenset[int], norm: float, row: int, weights: "_NameWeights") -> float | None:
        """Return the cosine of two sets of names weighted by rarity; None if one is empty."""
        others = unpack_names(self._names[row])
        if not names or not others:
            return None
        return min(1.0, weights.square(names & others) / max(1e-9, norm * weights.norm(others)))

    def _load_around(self, day: int) -> None:
        if self._count and min(self._days_loaded) < day - WINDOW_DAYS - _SLACK_DAYS:
            # Reading the few days again that are still needed is simpler than moving rows.
            self._clear()
        for each in range(day - WINDOW_DAYS, day + WINDOW_DAYS + 1):
            if each not in self._days_loaded:
                self._load(each)

    def _load(self, day: int) -> None:
        self._days_loaded.add(day)
        # The plus keeps SQLite to the index of days: nearly every row is of this model.
        rows = self._db.execute(
            f"""SELECT article_id, story_id, collection, vector, names FROM story_articles WHERE article_id IN (
                SELECT article_id FROM (
                    SELECT article_id, collection, row_number() OVER (
                        PARTITION BY collection ORDER BY article_id DESC
                    ) AS place FROM story_articles WHERE day = ? AND +model_id = ?
                ) WHERE place <= iif(collection = ?, {_MAX_A_DAY}, {_MAX_OWN_A_DAY})
            ) ORDER BY article_id""",
            (day, self._model_id, SHARED_COLLECTION),
        ).fetchall()
        for article_id, story_id, collection, vector, names in rows:
            # Else it is of a crafted or damaged database.
            if len(vector) == 2 * self._dimension:
                unpacked = np.frombuffer(vector, dtype="<f2").astype(np.float32)
                self._append(article_id, story_id, collection, day, unpacked, names)

    def _append(
        self, article_id: int, story_id: int, collection: str, day: int, vector: NDArray[np.float32], names: bytes
    ) -> None:
        if self._count == len(self._stories):
            self._grow()
        row, self._count = self._count, self._count + 1
        self._stories[row], self._days[row] = story_id, day
        self._code_of[row] = self._codes.setdefault(collection, len(self._codes))
        self._vectors[row] = vector
        self._names.append(names)
        self._collections.append(collection)
        self._row_of[article_id] = row
        self._sizes[collection] += 1
        self._counts[collection].update(unpack_names(names))

    def _clear(self) -> None:
        self._count = 0
        self._days_loaded: set[int] = set()
        self._row_of: dict[int, int] = {}
        # Packed: as sets they would take twenty times as much memory.
        self._names: list[bytes] = []
        self._collections: list[str] = []
        self._codes: dict[str, int] = {}
        # Counted for each collection: what one server reads must not weigh in another's comparison.
        self._sizes: Counter[str] = Counter()
        self._counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._stories = np.zeros(256, dtype=np.int64)
        self._days = np.zeros(256, dtype=np.int64)
        self._code_of = np.zeros(256, dtype=np.int64)
        self._vectors = np.zeros((256, self._dimension), dtype=np.float32)

    def _grow(self) -> None:
        self._stories, self._days, self._code_of = (
            np.concatenate([each, np.zeros_like(each)]) for each in (self._stories, self._days, self._code_of)
        )
        self._vectors = np.concatenate([self._vectors, np.zeros_like(self._vectors)])


class _NameWeights:
    """The rarity of names within some collections."""

    def __init__(self, counts: defaultdict[str, Counter[int]], sizes: Counter[str], collections: Set[str]) -> None:
        self._counts = [counts[each] for each in sorted(collections)]
        self._total = sum(sizes[each] for each in collections) + _BACKGROUND
        self._known: dict[int, float] = {}

    def square(self, names: frozenset[int]) -> float:
        """Return the sum of the squared weights."""
        return sum(map(self._weight, names))

    def norm(self, names: frozenset[int]) -> float:
        """Return the length of a set of names as a vector."""
        return math.sqrt(self.square(names))

    def _weight(self, name: int) -> float:
        weight = self._known.get(name)
        if weight is None:
            seen = sum(each[name] for each in self._counts)
            weight = self._known[name] = math.log((self._total + 1) / (seen + 1)) ** 2
        return weight


def _exact(cosines: Floats, names: Sequence[float | None], gaps: Floats) -> Floats:
    has_names = np.array([each is not None for each in names])
    shared = np.array([each or 0.0 for each in names])
    return np.where(has_names, likeness(cosines, shared, gaps), likeness(cosines, None, gaps))
