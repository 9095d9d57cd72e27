"""Which watched questions have new passages near: new passages' vectors, compared with all questions at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from bot.service.quotas import SERVER_PREFIX
from corpus.article import SHARED_COLLECTION
from index.embedding.vector_store import Embeddings

# A passage nearer than this may change an answer: 98% of quotes are (docs/performance.md). The others wait for the
# daily look.
NEAR = 0.3
# Passages that are read at once: 12 MB of vectors.
PASSAGES_AT_ONCE = 8192


@dataclass(frozen=True, slots=True)
class NewPassages:
    """New passages of one collection: `server_id`, 0 for the shared one, and `(n, dimension)` float32, unit length."""

    server_id: int
    vectors: NDArray[np.float32]


def newest_passage(db: Database) -> int:
    """Return the highest number that a passage ever had."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'passages'").fetchone()
    return int(row[0]) if row else 0


def embedded_to(db: Database, fingerprint: str) -> int:
    """Return the passage up to which every one has a vector of this model, so that a search by vectors finds it."""
    row = db.execute("SELECT embedded_to FROM models WHERE fingerprint = ?", (fingerprint,)).fetchone()
    return min(newest_passage(db), int(row[0]) if row else 0)


def read_new(db: Database, fingerprint: str, dimension: int, after: int) -> tuple[list[NewPassages], int]:
    """Return passages with higher numbers than `after`, by collection, and up to which none has to be read again.

    Passages that wait for their vector are left for later. Collections that no server reads are left out.
    """
    # A corpus that was restored from a backup has lower numbers.
    after, last = min(after, newest_passage(db)), embedded_to(db, fingerprint)
    rows = db.execute(
        """SELECT passages.id, collection FROM passages JOIN articles ON articles.id = article_id
        WHERE passages.id > ? AND passages.id <= ? ORDER BY passages.id LIMIT ?""",
        (after, last, PASSAGES_AT_ONCE),
    ).fetchall()
    if not rows:
        return [], max(after, last)
    by_server: dict[int, list[int]] = {}
    for passage_id, collection in rows:
        if (server_id := _server_of(collection)) is not None:
            by_server.setdefault(server_id, []).append(passage_id)
    embeddings = Embeddings(db, fingerprint)
    found = [
        NewPassages(server_id, embeddings.load_passages(np.array(ids, dtype=np.int64), dimension).vectors)
        for server_id, ids in by_server.items()
    ]
    return found, int(rows[-1][0]) if len(rows) == PASSAGES_AT_ONCE else last


def find_near(
    questions: NDArray[np.float32], servers: NDArray[np.int64], passages: list[NewPassages]
) -> NDArray[np.bool_]:
    """Return which questions `(n, dimension)` of servers `(n,)` have a passage near that may be read there."""
    near = np.zeros(len(questions), dtype=np.bool_)
    for each in passages:
        readers = np.flatnonzero(servers == each.server_id) if each.server_id else np.arange(len(questions))
        for first in range(0, len(each.vectors), 256):
            # Only those that are not known to be near, so that a large addition is not compared with all of them.
            left = readers[~near[readers]]
            if not len(left):
                break
            scores = questions[left] @ each.vectors[first : first + 256].T
            near[left] = scores.max(axis=1) >= NEAR
    return near


def _server_of(collection: str) -> int | None:
    if collection == SHARED_COLLECTION:
        return 0
    number = collection.removeprefix(SERVER_PREFIX)
    return int(number) if number != collection and number.isascii() and number.isdigit() else None
