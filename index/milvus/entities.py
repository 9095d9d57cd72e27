"""What Milvus stores of a passage: numbers to filter by, its vector and its words; no text and no name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Vectors
from index.filters import Filters
from index.generation.postings import K1, Postings, stem_hash
from index.milvus.address import VectorKind

# Milvus allows dimensions of sparse vectors from 0 to 2**32 - 2.
DIMENSIONS = 2**32 - 2
# A sparse vector must not be empty: a passage without words has this dimension, which no stem has.
NO_WORDS = DIMENSIONS
# The entity that says which state of the database the index has; no passage has this id or this collection.
STATE_ID = 0
_NOWHERE = 0
# Partitions that collections are spread over (milvus.io/docs/use-partition-key.md; 16 is its default).
PARTITIONS = 64
# The fields of entities, as the end of an index's name; one with others is built anew.
LAYOUT = "b"
# Neighbours of a vector in the graph, and candidates while it is built and searched
# (milvus.io/docs/hnsw.md recommends 16 to 64, and an `ef` above the number of results).
_GRAPH = {"M": 32, "efConstruction": 200}
SEARCH_WIDTH = 400

# What is read of a reply at most: vectors have unit length but for rounding, and a word adds no more than that to BM25.
_MOST_LENGTH, _MOST_GAIN = 1.05, K1 + 1.01

# The weight of each word of a passage: dimension to what it adds to BM25.
Words = dict[int, float]


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage as SQLite has it: `publisher` is marked if only claimed, `vector` `(d,)` is None without one."""

    id: int
    title: str
    text: str
    collection: str
    publisher: str | None
    published_at: str | None
    language: str | None
    vector: Vectors | None


def code(name: str | None) -> int:
    """Return the number that stands for a collection, publisher or language in Milvus; 0 for None.

    Numbers need no quoting, whatever a publisher calls itself.
    """
    if name is None:
        return 0
    digest = blake2b(name.encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True) or 1


def day_code(published_at: str | None) -> int:
    """Return a date as a number, 20240916 for 2024-09-16; unknown parts are zeros, and an unknown date is 0."""
    digits = (published_at or "")[:10].replace("-", "")
    return int(digits.ljust(8, "0")) if digits.isascii() and digits.isdecimal() and len(digits) <= 8 else 0


def dimension_of(stem: str) -> int:
    """Return the dimension of a stem in sparse vectors."""
    return int(stem_hash(stem) % np.uint64(DIMENSIONS))


def words_of(passages: Sequence[IndexedPassage]) -> list[Words]:
    """Return the words of each passage with their part of BM25, as a generation has them."""
    postings = Postings.build((each.title, each.text) for each in passages)
    dimensions: NDArray[np.uint64] = np.repeat(postings.stems % np.uint64(DIMENSIONS), np.diff(postings.starts))
    found: list[Words] = [{} for _ in passages]
    for row, dimension, gain in zip(postings.rows.tolist(), dimensions.tolist(), postings.gains.tolist(), strict=True):
        found[row][dimension] = gain
    return [each or {NO_WORDS: 1.0} for each in found]


def entities(passages: Sequence[IndexedPassage], words: Sequence[Words], dimension: int) -> list[dict[str, object]]:
    """Return passages as Milvus stores them; one without a vector has zeros."""
    nothing = np.zeros(dimension, dtype=np.float32)
    return [
        {
            "id": each.id,
            "collection": code(each.collection),
            "publisher": code(each.publisher),
            "day": day_code(each.published_at),
            "language": code(each.language),
            "vector": nothing if each.vector is None else each.vector,
            "words": its_words,
        }
        for each, its_words in zip(passages, words, strict=True)
    ]


def state_entity(token: int, dimension: int) -> dict[str, object]:
    """Return the entity with the token of the database's state, in the place of a publisher."""
    nothing = np.zeros(dimension, dtype=np.float32)
    words = {NO_WORDS: 1.0}
    numbers = {"id": STATE_ID, "collection": _NOWHERE, "publisher": token, "day": 0, "language": _NOWHERE}
    return {**numbers, "vector": nothing, "words": words}


def vectors_read(sent: Sequence[object], dimension: int) -> Vectors:
    """Return vectors of a reply, `(len(sent), dimension)` float32.

    Raises:
        ValueError, TypeError, OverflowError: they are none that were stored: longer than one, or no numbers.
    """
    vectors = np.array(sent, dtype=np.float32).reshape(len(sent), dimension)
    # No comparison holds for what is no number.
    if not (np.linalg.norm(vectors, axis=1) <= _MOST_LENGTH).all():
        raise ValueError("a vector that was never stored")
    return vectors


def words_read(sent: Mapping[Any, Any]) -> Words:
    """Return the words of a passage from a reply.

    Raises:
        ValueError, TypeError, OverflowError: a weight is no number, or none that was stored.
    """
    words = {int(dimension): float(gain) for dimension, gain in dict(sent).items()}
    if not all(0 <= gain <= _MOST_GAIN for gain in words.values()):
        raise ValueError("a weight that was never stored")
    return words


# ANN401: the library's types.
def schema(library: Any, dimension: int) -> Any:  # noqa: ANN401
    """Return the fields of the entities; collections are kept apart by Milvus's partition key."""
    kinds, made = library.DataType, library.MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    made.add_field("id", kinds.INT64, is_primary=True)
    made.add_field("collection", kinds.INT64, is_partition_key=True)
    made.add_field("publisher", kinds.INT64)
    made.add_field("day", kinds.INT32)
    made.add_field("language", kinds.INT64)
    made.add_field("vector", kinds.FLOAT_VECTOR, dim=dimension)
    made.add_field("words", kinds.SPARSE_FLOAT_VECTOR)
    return made


def indexes(library: Any, vectors: VectorKind) -> Any:  # noqa: ANN401
    """Return the indexes of the fields."""
    made = library.MilvusClient.prepare_index_params()
    graph = {"params": _GRAPH} if vectors is VectorKind.HNSW else {}
    made.add_index("vector", index_type=vectors.value, metric_type="IP", **graph)
    made.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    for scalar in ("publisher", "day", "language"):
        made.add_index(scalar, index_type="INVERTED")
    return made


def expression(filters: Filters, values: Callable[[str], Iterable[str | None]]) -> str | None:
    """Return filters as a condition of Milvus's, empty if all pass; None if nothing can pass.

    Args:
        filters: the filters.
        values: the values that articles have in a column, `collection`, `publisher` or `language`.
    """
    predicates = filters.column_predicates()
    conditions: list[str] = []
    for column in predicates.keys() & {"collection", "publisher", "language"}:
        passing, failing = _split(values(column), predicates[column])
        if not passing:
            return None
        # Named even where all that are known pass: what joins later must not.
        if column != "publisher" or len(passing) <= len(failing):
            conditions.append(f"{column} in {passing}")
        elif failing:
            conditions.append(f"{column} not in {failing}")
    if filters.since or filters.until:
        first, last = (day_code(day.isoformat()) for day in (filters.since or date.min, filters.until or date.max))
        conditions.append(f"day >= {first} and day <= {last}")
    return " and ".join(sorted(conditions))


def _split(values: Iterable[str | None], passes: Callable[[str | None], bool]) -> tuple[list[int], list[int]]:
    sides: Mapping[bool, list[int]] = {True: [], False: []}
    for value in values:
        sides[passes(value)].append(code(value))
    return sorted(sides[True]), sorted(sides[False])
