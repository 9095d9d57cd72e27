"""The stored vectors, by model and hash of the text: what is embedded once is never embedded again."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database, Migrations

from index.embedding.embedder import Embedder, Vectors

migrations = Migrations("index")

# Texts between two commits: half a minute of work at worst is lost by a kill.
TEXTS_AT_ONCE = 2048
# Vectors that are read at a time: 12 MB of 384 numbers each.
VECTORS_AT_ONCE = 8192


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


@migrations()
def embedded_to(db: Database) -> None:
    """How far each model has come: no passage up to this id, and no title of its article, is without a vector."""
    db.execute("ALTER TABLE models ADD COLUMN embedded_to INTEGER NOT NULL DEFAULT 0")


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
        """How many different texts have no vector yet; costs what came since all had one, not what is there.

        Ids of passages are never used twice, and a changed text or title has its passages cut anew: what has its vector
        keeps it.
        """
        return self._count_lacking(self._embedded_to(), self._newest())

    def missing_anywhere(self) -> int:
        """The same, looked for among all there is: for checks that trust nothing."""
        return self._count_lacking(0, self._newest())

    def look_again(self) -> None:
        """Has `embed_missing` look at everything, also at what had its vectors before."""
        with self._db.atomic():
            self._db.execute("UPDATE models SET embedded_to = 0 WHERE fingerprint = :model", self._model)

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
        last, newest = self._embedded_to(), self._newest()
        total = self._count_lacking(last, newest)
        if not total:
            # Counted by indexes: reading all texts to find none takes as long as building an index.
            if newest > last:
                self._note(newest)
            return 0
        done = 0

        def count(finished: int) -> None:
            nonlocal done
            done += finished
            on_progress(EmbeddingProgress(done, total))

        on_progress(EmbeddingProgress(0, total))
        for texts, reached in self._batches():
            vectors = embedder.encode(list(texts.values()), count).astype("<f2") if texts else ()
            with self._db.atomic():
                model_id = self._model_id()
                rows = [(model_id, sha256, vector.tobytes()) for sha256, vector in zip(texts, vectors, strict=True)]
                self._db.conn.executemany("INSERT OR IGNORE INTO embeddings VALUES (?, ?, ?)", rows)
                self._note(reached)
        return done

    def load(self, dimension: int) -> StoredVectors:
        """Every passage's vector; passages without one are left out."""
        # One transaction: somebody may be storing vectors between the ids and the rows.
        with self._db.atomic():
            ids = self.passages()
            vectors = np.empty((len(ids), dimension), dtype=np.float32)
            first = 0
            for part in self.parts(dimension):
                vectors[first : first + len(part.ids)] = part.vectors
                first += len(part.ids)
        return StoredVectors(ids, vectors)

    def passages(self) -> NDArray[np.int64]:
        """The passages that have a vector, ascending."""
        # Not ordered by SQLite: it would read the whole table with all its text instead of an index of it.
        found = self._db.execute(f"SELECT passages.id {_OF_PASSAGES}", self._model)
        ids = np.fromiter((row[0] for row in found), dtype=np.int64)
        ids.sort()
        return ids

    def parts(self, dimension: int) -> Iterator[StoredVectors]:
        """The same as `load`, some at a time, for building an index; to be read in one transaction."""
        rows = self._db.execute(
            f"SELECT passages.id, embeddings.vector {_OF_PASSAGES} ORDER BY passages.id", self._model
        )
        while some := rows.fetchmany(VECTORS_AT_ONCE):
            yield _stored(some, dimension)

    def of_passages(self, ids: NDArray[np.int64], dimension: int) -> StoredVectors:
        """The vectors of the given passages; those without one are left out."""
        rows = self._db.execute(
            f"""SELECT passages.id, embeddings.vector {_OF_PASSAGES}
            WHERE passages.id IN (SELECT value FROM json_each(:ids)) ORDER BY passages.id""",
            {**self._model, "ids": json.dumps(ids.tolist())},
        ).fetchall()
        return _stored(rows, dimension)

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

    def _batches(self) -> Iterator[tuple[dict[str, str], int]]:
        """What has no vector yet, hash to text, copies once; and up to which passage nothing lacks one after that.

        The titles of a batch are those of its passages, so that no article that comes meanwhile is passed over.
        """
        last = self._embedded_to()
        newest = self._newest()
        while last < newest:
            rows = self._db.execute(
                f"SELECT passages.id, sha256, text {_lacking_passages()} ORDER BY passages.id LIMIT :limit",
                {**self._model, "last": last, "reached": newest, "limit": TEXTS_AT_ONCE},
            ).fetchall()
            reached = int(rows[-1][0]) if len(rows) == TEXTS_AT_ONCE else newest
            titles = self._db.execute(
                f"SELECT DISTINCT title_sha256, title {_lacking_titles()}",
                {**self._model, "last": last, "reached": reached},
            ).fetchall()
            yield dict(titles) | {sha256: text for _, sha256, text in rows}, reached
            last, newest = reached, self._newest()

    def _embedded_to(self) -> int:
        # A database that was pieced together again may have lost count of the ids that it gave, and give them again.
        row = self._db.execute(
            """SELECT embedded_to FROM models WHERE fingerprint = :model
            AND embedded_to <= (SELECT seq FROM sqlite_sequence WHERE name = 'passages')""",
            self._model,
        ).fetchone()
        return int(row[0]) if row else 0

    def _newest(self) -> int:
        return int(self._db.execute("SELECT coalesce(max(id), 0) FROM passages").fetchone()[0])

    def _count_lacking(self, last: int, reached: int) -> int:
        span = {**self._model, "last": last, "reached": reached}
        # Of a few new passages SQLite reads the rows; of all it reads indexes, not the texts.
        place = "passages.id" if last else "+passages.id"
        counts = (
            self._db.execute(f"SELECT count(DISTINCT {column}) {lacking}", span)
            for column, lacking in (("sha256", _lacking_passages(place)), ("title_sha256", _lacking_titles(place)))
        )
        return sum(int(count.fetchone()[0]) for count in counts)

    def _note(self, reached: int) -> None:
        """Keeps how far the model has come."""
        with self._db.atomic():
            self._db.execute("UPDATE models SET embedded_to = ? WHERE id = ?", (reached, self._model_id()))

    def _model_id(self) -> int:
        self._db.execute("INSERT OR IGNORE INTO models (fingerprint) VALUES (:model)", self._model)
        row = self._db.execute("SELECT id FROM models WHERE fingerprint = :model", self._model).fetchone()
        return int(row[0])


def _stored(rows: Sequence[tuple[int, bytes]], dimension: int) -> StoredVectors:
    vectors = np.frombuffer(b"".join(vector for _, vector in rows), dtype="<f2").astype(np.float32)
    return StoredVectors(
        np.array([passage_id for passage_id, _ in rows], dtype=np.int64), vectors.reshape(len(rows), dimension)
    )


_OF_PASSAGES = """FROM passages JOIN embeddings ON embeddings.text_sha256 = passages.sha256
    AND embeddings.model_id = (SELECT id FROM models WHERE fingerprint = :model)"""
_IS_ORPHAN = """text_sha256 NOT IN (SELECT sha256 FROM passages)
    AND text_sha256 NOT IN (SELECT title_sha256 FROM articles WHERE title_sha256 IS NOT NULL)"""


def _lacking_passages(place: str = "passages.id") -> str:
    """Passages of a span of ids that have no vector of the model; `+` before the place keeps SQLite from the rows."""
    return f"""FROM passages LEFT JOIN embeddings ON embeddings.text_sha256 = passages.sha256
    AND embeddings.model_id = (SELECT id FROM models WHERE fingerprint = :model)
    WHERE embeddings.model_id IS NULL AND {place} > :last AND {place} <= :reached"""


def _lacking_titles(place: str = "passages.id") -> str:
    """Titles of their articles that have none; titles are few, short, and tell a lot.

    CROSS JOIN keeps SQLite from beginning with all the articles (sqlite.org/optoverview.html, "Manual Control Of Query
    Plans Using CROSS JOIN").
    """
    return f"""FROM (SELECT DISTINCT article_id FROM passages WHERE {place} > :last AND {place} <= :reached)
    CROSS JOIN articles ON articles.id = article_id
    LEFT JOIN embeddings ON embeddings.text_sha256 = articles.title_sha256
    AND embeddings.model_id = (SELECT id FROM models WHERE fingerprint = :model)
    WHERE embeddings.model_id IS NULL AND title_sha256 IS NOT NULL"""
