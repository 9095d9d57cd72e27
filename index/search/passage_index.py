"""What a search asks of an index of passages, wherever its vectors and words are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.embedding.embedder import Vectors
from index.filters import Filters
from index.generation.vector_index import Ids
from index.live.extents import Extent
from index.search.stopwatch import Stopwatch
from index.search.term_rarity import Vocabulary


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages that vectors or words found.

    `cosines` has the cosine of every candidate with a vector, `bm25` the BM25 scores of the lexical list, best first.
    """

    cosines: dict[int, float]
    bm25: dict[int, float]


class PassageIndex(Protocol):
    """Finds passages by vectors and words. The caller checks each against the database: an index may be behind it."""

    @property
    def version(self) -> int:
        """A number that increases whenever another connection has committed."""

    @property
    def unembedded(self) -> int:
        """How many passages have no vector yet, so that only their words find them."""

    def catch_up(self) -> None:
        """Read what was stored and removed since the last call; costs next to nothing if nothing was."""

    def find(self, query: str, vector: Vectors, count: int, filters: Filters, watch: Stopwatch) -> Candidates:
        """Return the `count` passages with the highest cosines and the `count` with the highest BM25 scores.

        Args:
            query: the text to search for.
            vector: its vector, `(dimension,)` float32, unit length.
            count: how many each list has at most.
            filters: what passages must pass, before they are ranked.
            watch: measures the stages `dense` and `lexical`.

        Raises:
            IndexUnreachable: the index is on a server that doesn't answer.
        """

    def find_words(self, query: str, count: int, filters: Filters) -> dict[int, float]:
        """Return the `count` passages with the highest BM25 scores, best first. Raises as `find` does."""

    def readable_vocabulary(self, filters: Filters) -> Vocabulary:
        """Return the words of what the filters' reader may see, also of publishers and dates not asked for."""

    def vocabulary(self, filters: Filters) -> Vocabulary:
        """Return how rare words are in the filters' collections; dates and publishers don't change that."""

    def extent(self, filters: Filters) -> Extent:
        """Return how many articles a search with these filters covers, and their first and last day."""

    def publishers(self, filters: Filters) -> list[str]:
        """Return the publishers of the articles that pass the filters, those with the most articles first."""

    def unknown_publishers(self, filters: Filters) -> list[str]:
        """Return the filters' publishers that have no article in the filters' collections."""

    def articles_of(self, ids: Ids) -> Sequence[int]:
        """Return the article id of each passage, in order; 0 for an unknown passage."""
