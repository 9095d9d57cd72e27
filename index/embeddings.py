"""The stored vectors, by model and hash of the text: what is embedded once is never embedded again."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database, Migrations

from index.embedder import Embedder, Vectors

migrations = Migrations("index")

# Texts between two commits: half a minute of work at worst is lost by a kill.
TEXTS_AT_ONCE = 2048


@migrations()
def embeddings(db: Database) -> None:
    """Vectors as little-endian float16: below the noise of bfloat16 encoding, and half the disk of float32."""
    db.execute("CREATE TABLE models (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE)")
    db.execute(
        """CREATE TABLE embeddings (
            model_id INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
            text_sha256 TEXT NOT NULL,
            vector BLOB NOT NULL
        )"""
    )
    db.execute("CREATE UNIQUE INDEX embeddings_by_hash ON embeddings (model_id, text_sha256)")


@dataclass(frozen=True, slots=True)
class EmbeddingProgress:
    """Texts embedded so far in this run, and how many it has to embed in all."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class StoredVectors:
    """Passage ids `(n,)` int64, ascending, and their vectors `(n, dimension)` float32, unit length."""

    ids: NDArray[np.int64]
    vectors: Vectors


class Embeddings:
    """The vectors of one model in one database: of every passage, and of every title."""

    def __init__(self, db: Database, fingerprint: str) -> None:
        self._db = db
        self._fingerprint = fingerprint

    def missing(self) -> int:
        """How many different texts have no vector yet."""
        counts = (
            self._db.execute(f"SELECT count(DISTINCT {table}.{column}) {_lacking(table, column)}", self._model)
            for table, column, _ in _EMBEDDED
        )
        return sum(int(count.fetchone()[0]) for count in counts)

    def count(self) -> int:
        """How many passages have a vector."""
        return int(self._db.execute(f"SELECT count(*) {_OF_PASSAGES}", self._model).fetchone()[0])

    def orphans(self) -> int:
        """How many vectors, of any model, belong to no present text."""
        return int(self._db.execute(f"SELECT count(*) FROM embeddings WHERE {_IS_ORPHAN}").fetchone()[0])

    def drop_orphans(self) -> int:
        """Deletes vectors that belong to no present text, of any model; returns how many."""
        with self._db.atomic():
            return self._db.execute(f"DELETE FROM embeddings WHERE {_IS_ORPHAN}").rowcount

    def embed_missing(
        self, embedder: Embedder, on_progress: Callable[[EmbeddingProgress], None] = lambda _progress: None
    ) -> int:
        """Embeds every text that has no vector yet, committing as it goes; returns how many it embedded."""
        total = self.missing()
        if total == 0:
            return 0
        model_id = self._model_id()
        done = 0

        def count(finished: int) -> None:
            nonlocal done
            done += finished
            on_progress(EmbeddingProgress(done, total))

        on_progress(EmbeddingProgress(0, total))
        for texts in self._missing_batches():
            vectors = embedder.encode(list(texts.values()), count).astype("<f2")
            rows = [(model_id, sha256, vector.tobytes()) for sha256, vector in zip(texts, vectors, strict=True)]
            with self._db.atomic():
                self._db.conn.executemany("INSERT OR IGNORE INTO embeddings VALUES (?, ?, ?)", rows)
        return done

    def load(self, dimension: int) -> StoredVectors:
        """Every passage's vector, for building an index; passages without one are left out."""
        # One transaction: somebody may be storing vectors between the count and the rows.
        with self._db.atomic():
            count = self.count()
            ids = np.empty(count, dtype=np.int64)
            vectors = np.empty((count, dimension), dtype=np.float32)
            rows = self._db.execute(
                f"SELECT passages.id, embeddings.vector {_OF_PASSAGES} ORDER BY passages.id", self._model
            )
            for place, (passage_id, vector) in enumerate(rows):
                ids[place] = passage_id
                vectors[place] = np.frombuffer(vector, dtype="<f2")
        return StoredVectors(ids, vectors)

    def of_passages(self, ids: NDArray[np.int64], dimension: int) -> StoredVectors:
        """The vectors of the given passages; those without one are left out."""
        rows = self._db.execute(
            f"""SELECT passages.id, embeddings.vector {_OF_PASSAGES}
            WHERE passages.id IN (SELECT value FROM json_each(:ids)) ORDER BY passages.id""",
            {**self._model, "ids": json.dumps(ids.tolist())},
        ).fetchall()
        vectors = np.frombuffer(b"".join(vector for _, vector in rows), dtype="<f2").astype(np.float32)
        found = np.array([passage_id for passage_id, _ in rows], dtype=np.int64)
        return StoredVectors(found, vectors.reshape(len(rows), dimension))

    def find(self, hashes: Sequence[str]) -> dict[str, Vectors]:
        """The vectors `(dimension,)` of texts, by hash; those that are not stored are left out."""
        marks = ",".join("?" * len(hashes))
        rows = self._db.execute(
            f"""SELECT text_sha256, vector FROM embeddings
            WHERE model_id = (SELECT id FROM models WHERE fingerprint = ?) AND text_sha256 IN ({marks})""",
            [self._fingerprint, *hashes],
        )
        return {sha256: np.frombuffer(vector, dtype="<f2").astype(np.float32) for sha256, vector in rows}

    @property
    def _model(self) -> dict[str, str]:
        return {"model": self._fingerprint}

    def _missing_batches(self) -> Iterator[dict[str, str]]:
        """Hash to text, a batch at a time; copies of a text come once."""
        for table, column, text in _EMBEDDED:
            last = 0
            while rows := self._db.execute(
                f"""SELECT {table}.id, {table}.{column}, {table}.{text} {_lacking(table, column)}
                AND {table}.id > :last ORDER BY {table}.id LIMIT :limit""",
                {**self._model, "last": last, "limit": TEXTS_AT_ONCE},
            ).fetchall():
                last = rows[-1][0]
                yield {sha256: content for _, sha256, content in rows}

    def _model_id(self) -> int:
        with self._db.atomic():
            self._db.execute("INSERT OR IGNORE INTO models (fingerprint) VALUES (?)", (self._fingerprint,))
            row = self._db.execute("SELECT id FROM models WHERE fingerprint = ?", (self._fingerprint,)).fetchone()
        return int(row[0])


# What is embedded: table, column of the text's hash, column of the text. Titles are few, short, and tell a lot.
_EMBEDDED = (("articles", "title_sha256", "title"), ("passages", "sha256", "text"))
_OF_PASSAGES = """FROM passages JOIN embeddings ON embeddings.text_sha256 = passages.sha256
    AND embeddings.model_id = (SELECT id FROM models WHERE fingerprint = :model)"""
_IS_ORPHAN = """text_sha256 NOT IN (SELECT sha256 FROM passages)
    AND text_sha256 NOT IN (SELECT title_sha256 FROM articles WHERE title_sha256 IS NOT NULL)"""


def _lacking(table: str, column: str) -> str:
    """The rows of a table whose text has no vector of the model, as the tail of a statement."""
    return f"""FROM {table} LEFT JOIN embeddings ON embeddings.text_sha256 = {table}.{column}
        AND embeddings.model_id = (SELECT id FROM models WHERE fingerprint = :model)
        WHERE {table}.{column} IS NOT NULL AND embeddings.model_id IS NULL"""
