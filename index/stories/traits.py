"""What articles are compared by: the vector of headline and first passages, the names in them, and the day."""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from index.embedding.embedder import Vectors
from index.embedding.vector_store import Embeddings

# Passages from the start of an article, some 250 words: what comes later is often background of other events.
LEAD_PASSAGES = 2
# A word with a capital that does not open a sentence; in a script without capitals there are none.
_WORD = re.compile(r"[^\W\d_][\w’'-]{2,40}")
_SENTENCE_END = re.compile(r"[.!?:|][\"”’)]*\s*$")
_POSSESSIVE = re.compile(r"['’]s$")
# Names kept of one article: a list of a hundred names is no text on one event.
_MAX_NAMES = 120


@dataclass(frozen=True, slots=True)
class Traits:
    """Of one article: the unit vector `(dimension,)` float32, the hashes of its names, and its day.

    `vector` is all zeros for an article without any text to embed. `day` is a proleptic ordinal; None where neither a
    date is stated nor a site says when it served the article.
    """

    article_id: int
    collection: str
    vector: Vectors
    names: frozenset[int]
    day: int | None


def read_traits(db: Database, embeddings: Embeddings, dimension: int, article_ids: Sequence[int]) -> dict[int, Traits]:
    """Return the traits of articles by id; left out are unknown ones, and those whose texts have no vectors yet."""
    marks = ",".join("?" * len(article_ids))
    articles = db.execute(
        f"""SELECT id, collection, title, title_sha256, coalesce(published_at, iif(served_by IS NULL, NULL, fetched_at))
        FROM articles WHERE id IN ({marks})""",
        list(article_ids),
    ).fetchall()
    leads: dict[int, list[tuple[str, str]]] = {}
    for article_id, sha256, text in db.execute(
        f"""SELECT article_id, sha256, text FROM passages
        WHERE article_id IN ({marks}) AND ordinal < {LEAD_PASSAGES} ORDER BY article_id, ordinal""",
        list(article_ids),
    ):
        leads.setdefault(article_id, []).append((sha256, text))
    found: dict[int, Traits] = {}
    for article_id, collection, title, title_sha256, moment in articles:
        lead = leads.get(article_id, [])
        hashes = [*([title_sha256] if title else []), *(sha256 for sha256, _ in lead)]
        vectors = embeddings.find(hashes) if hashes else {}
        if vectors.keys() >= set(hashes):
            names = names_of([title or "", *(text for _, text in lead)])
            vector = _unit_sum([vectors[each] for each in hashes], dimension)
            found[article_id] = Traits(article_id, collection, vector, names, _ordinal(moment))
    return found


def names_of(texts: Sequence[str]) -> frozenset[int]:
    """Return hashes of the words with a capital inside the sentences of some texts: people, places, bodies."""
    found = dict.fromkeys(name for text in texts for name in _names(text))
    return frozenset(zlib.crc32(name.encode("utf-8", "surrogatepass")) for name in list(found)[:_MAX_NAMES])


def _names(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        at = match.start()
        if at and match[0][0].isupper() and not _SENTENCE_END.search(text[max(0, at - 6) : at]):
            yield _POSSESSIVE.sub("", match[0]).casefold()


def pack_names(names: frozenset[int]) -> bytes:
    """Return hashes as bytes, for the database (uint32, little-endian, ascending)."""
    return np.array(sorted(names), dtype="<u4").tobytes()


def unpack_names(packed: bytes) -> frozenset[int]:
    """Return the hashes that `pack_names` packed."""
    return frozenset(np.frombuffer(packed[: len(packed) // 4 * 4], dtype="<u4").tolist())


def _unit_sum(vectors: Sequence[Vectors], dimension: int) -> Vectors:
    total: NDArray[np.float32] = np.zeros(dimension, dtype=np.float32)
    for vector in vectors:
        total += vector
    return total / max(float(np.linalg.norm(total)), 1e-6)


def _ordinal(moment: str | None) -> int | None:
    try:
        return date.fromisoformat(moment[:10]).toordinal() if moment else None
    except ValueError:
        return None
