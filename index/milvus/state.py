"""What SQLite keeps about the index in Milvus: how far it is, and in how many passages each word occurs."""

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from index.live.scopes import Scope
from index.milvus.entities import DIMENSIONS, Words, dimension_of

# In the place of a stem: counts all passages of a collection.
_EVERY = DIMENSIONS + 1
_BITS_OF_TOKEN = 62


@dataclass(frozen=True, slots=True)
class IndexState:
    """How far the index is.

    `collection` is its name in Milvus, `model` the fingerprint of its vectors' model. It holds the passages up to
    `last_passage` and follows the changes up to `last_change`. The index carries `token`, or `next_token` while it is
    being changed: one that carries another belongs to another state of the database, as after restoring a backup.
    """

    collection: str
    model: str
    last_passage: int
    last_change: int
    token: int
    next_token: int
    created_at: str


def new_token() -> int:
    """Return a token that no other state has."""
    return secrets.randbits(_BITS_OF_TOKEN)


def read_state(db: Database) -> IndexState | None:
    """Return the state; None if there is no index in Milvus."""
    row = db.execute(
        """SELECT collection, model, last_passage, last_change, token, next_token, created_at FROM milvus_index"""
    ).fetchone()
    return IndexState(*row) if row else None


def write_state(db: Database, state: IndexState) -> None:
    """Store the state; in one transaction with the counts that belong to it."""
    db.execute("DELETE FROM milvus_index")
    db.execute(
        "INSERT INTO milvus_index VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            state.collection,
            state.model,
            state.last_passage,
            state.last_change,
            state.token,
            state.next_token,
            state.created_at,
        ),
    )


def waiting(db: Database) -> int:
    """Count the indexed passages that have no vector yet."""
    return int(db.execute("SELECT count(*) FROM milvus_waiting").fetchone()[0])


def set_waiting(db: Database, passages: Iterable[int], *, are: bool) -> None:
    """Remember that passages have no vector in the index, or no longer that."""
    statement = (
        "INSERT OR IGNORE INTO milvus_waiting VALUES (?)" if are else "DELETE FROM milvus_waiting WHERE passage_id = ?"
    )
    db.conn.executemany(statement, [(passage,) for passage in passages])


@dataclass
class WordChanges:
    """Changes to the counts, gathered for one transaction: (collection's code, dimension) to a number of passages."""

    counts: dict[tuple[int, int], int] = field(default_factory=dict)

    def add(self, collection: int, words: Words, times: int = 1) -> None:
        """Count a passage, or with `times` -1 no longer."""
        for dimension in (*words, _EVERY):
            key = (collection, dimension)
            self.counts[key] = self.counts.get(key, 0) + times

    def apply(self, db: Database) -> None:
        """Add the changes to the stored counts."""
        changed = [(dimension, collection, times) for (collection, dimension), times in self.counts.items() if times]
        db.conn.executemany(
            """INSERT INTO milvus_words (stem, collection, passages) VALUES (?, ?, ?)
            ON CONFLICT (stem, collection) DO UPDATE SET passages = passages + excluded.passages""",
            changed,
        )
        # What a removed article alone said leaves no trace.
        db.conn.executemany(
            "DELETE FROM milvus_words WHERE stem = ? AND collection = ? AND passages <= 0",
            [(dimension, collection) for dimension, collection, times in changed if times < 0],
        )
        self.counts.clear()


class StoredCounts:
    """In how many passages each word occurs, in some collections or in all.

    Args:
        db: the corpus.
        collections: the codes of the collections; None for all.
    """

    def __init__(self, db: Database, collections: Sequence[int] | None) -> None:
        self._db = db
        self._collections = None if collections is None else json.dumps(collections)
        self._within = "" if collections is None else "AND collection IN (SELECT value FROM json_each(:wanted))"
        self._counted: dict[int, int] = {}

    def __len__(self) -> int:
        """Count the passages."""
        return self._count(_EVERY)

    def frequency(self, stem: str, _scope: Scope | None = None) -> int:
        """Return how many passages contain a stem."""
        return self._count(dimension_of(stem))

    def frequencies(self, stems: Sequence[str], _scope: Scope | None = None) -> dict[str, int]:
        """Return how many passages contain each of many stems; only those that any contains."""
        dimensions = {stem: dimension_of(stem) for stem in stems}
        rows = self._db.execute(
            f"""SELECT stem, sum(passages) FROM milvus_words
            WHERE stem IN (SELECT value FROM json_each(:stems)) {self._within} GROUP BY stem""",
            {"stems": json.dumps(list(dimensions.values())), "wanted": self._collections},
        )
        counts: dict[int, int] = dict(rows.fetchall())
        return {stem: count for stem, dimension in dimensions.items() if (count := counts.get(dimension, 0))}

    def _count(self, dimension: int) -> int:
        if dimension not in self._counted:
            row = self._db.execute(
                f"SELECT coalesce(sum(passages), 0) FROM milvus_words WHERE stem = :stem {self._within}",
                {"stem": dimension, "wanted": self._collections},
            ).fetchone()
            self._counted[dimension] = int(row[0])
        return self._counted[dimension]
