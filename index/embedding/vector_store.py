"""Stores vectors in the database, by model and hash of the text, so that each text is embedded once."""

import json
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from index.embedding.embedder import Embedder, Vectors

# A kill loses at most the texts since the last commit: half a minute of work.
TEXTS_PER_COMMIT = 2048
# 12 MB of vectors of 384 numbers.
VECTORS_PER_READ = 8192


# Embeds batches of texts, each `(n, dimension)` float32, unit length, in order; the function is called with the number
# of texts done. It may take some batches ahead of those that it has yielded.
EncodeBatches = Callable[[Iterator[Sequence[str]], Callable[[int], None]], Iterator[Vectors]]


@dataclass(frozen=True, slots=True)
class EmbeddingProgress:
    """Texts embedded so far in this run, and their total."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class StoredVectors:
    """Passage ids `(n,)` int64, ascending, and their vectors `(n, dimension)` float32, unit length."""

    ids: NDArray[np.int64]
    vectors: Vectors


class Embeddings:
    """The vectors of one model in one database, for every passage and every title."""

    def __init__(self, db: Database, fingerprint: str) -> None:
        self._db = db
        self._model = {"model": fingerprint}

    def count_missing(self) -> int:
        """Count the distinct texts without a vector, among those newer than `embedded_to`.

        Passage ids are never reused, and a changed text or title has its passages cut anew, so older ones keep their
        vectors.
        """
        return self._count_missing(self._embedded_to(), self.newest())

    def count_all_missing(self) -> int:
        """Count the distinct texts without a vector among all of them, for checks that trust nothing."""
        return self._count_missing(0, self.newest())

    def recheck_all(self) -> None:
        """Let the next `embed_missing` check every text again."""
        with self._db.atomic():
            self._db.execute("UPDATE models SET embedded_to = 0 WHERE fingerprint = :model", self._model)

    def count_orphans(self) -> int:
        """Count the vectors, of any model, whose text no longer exists."""
        return int(self._db.execute(f"SELECT count(*) FROM embeddings WHERE {_IS_ORPHAN}").fetchone()[0])

    def delete_orphans(self) -> int:
        """Delete the vectors, of any model, whose text no longer exists; return how many."""
        with self._db.atomic():
            return self._db.execute(f"DELETE FROM embeddings WHERE {_IS_ORPHAN}").rowcount

    def embed_missing(
        self,
        embedder: Embedder,
        on_progress: Callable[[EmbeddingProgress], None] = lambda _progress: None,
        *,
        after: int = 0,
        until: int | None = None,
    ) -> int:
        """Embed every text without a vector, committing batch by batch; return how many were embedded.

        Args:
            embedder: the model.
            on_progress: called with the progress.
            after: only passages with a higher id.
            until: only passages up to this id.
        """
        return self.embed_missing_by(one_by_one(embedder), on_progress, after=after, until=until)

    def embed_missing_by(
        self,
        encode: EncodeBatches,
        on_progress: Callable[[EmbeddingProgress], None] = lambda _progress: None,
        *,
        after: int = 0,
        until: int | None = None,
    ) -> int:
        """Embed every text without a vector by a function that may work on several batches at a time.

        Batches are committed one by one, in order. Other arguments as of `embed_missing`.
        """
        last, newest = self._embedded_to(), self.newest() if until is None else until
        # Else earlier passages may lack theirs.
        is_next = after <= last
        last = max(last, after)
        total = self._count_missing(last, newest)
        if not total:
            # Counted by indexes only: reading all texts to find none would take as long as building an index.
            if newest > last and is_next:
                self._save_progress(newest)
            return 0
        done = 0

        def count(finished: int) -> None:
            nonlocal done
            done += finished
            on_progress(EmbeddingProgress(done, total))

        on_progress(EmbeddingProgress(0, total))
        # Read ahead, and not stored yet.
        waiting: deque[tuple[dict[str, str], int]] = deque()

        def read() -> Iterator[Sequence[str]]:
            for texts, reached in self._missing_batches(last, until):
                # A text that several passages have is stored with the first of them.
                ahead = {sha256 for earlier, _ in waiting for sha256 in earlier}
                waiting.append((_without(texts, ahead), reached))
                yield list(waiting[-1][0].values())

        for encoded in encode(read(), count):
            texts, reached = waiting.popleft()
            vectors = encoded.astype("<f2")
            with self._db.atomic():
                model_id = self._model_id()
                rows = [(model_id, sha256, vector.tobytes()) for sha256, vector in zip(texts, vectors, strict=True)]
                self._db.conn.executemany("INSERT OR IGNORE INTO embeddings VALUES (?, ?, ?)", rows)
                if is_next:
                    self._save_progress(reached)
        return done

    def load(self, dimension: int) -> StoredVectors:
        """Load the vectors of all passages that have one."""
        # One transaction: another process may store vectors between the two queries.
        with self._db.atomic():
            ids = self.passage_ids()
            vectors = np.empty((len(ids), dimension), dtype=np.float32)
            first = 0
            for batch in self.batches(dimension):
                vectors[first : first + len(batch.ids)] = batch.vectors
                first += len(batch.ids)
        return StoredVectors(ids, vectors)

    def passage_ids(self) -> NDArray[np.int64]:
        """Return the ids of the passages that have a vector, ascending."""
        # Sorted here: to order them, SQLite would read the whole table with all its text instead of an index.
        rows = self._db.execute(f"SELECT passages.id {_EMBEDDED_PASSAGES}", self._model)
        ids = np.fromiter((row[0] for row in rows), dtype=np.int64)
        ids.sort()
        return ids

    def batches(self, dimension: int) -> Iterator[StoredVectors]:
        """Yield what `load` returns batch by batch; call it within a transaction."""
        rows = self._db.execute(
            f"SELECT passages.id, embeddings.vector {_EMBEDDED_PASSAGES} ORDER BY passages.id", self._model
        )
        while batch := rows.fetchmany(VECTORS_PER_READ):
            yield _parse(batch, dimension)

    def load_passages(self, ids: NDArray[np.int64], dimension: int) -> StoredVectors:
        """Load the vectors of the given passages; those without one are left out."""
        rows = self._db.execute(
            f"""SELECT passages.id, embeddings.vector {_EMBEDDED_PASSAGES}
            WHERE passages.id IN (SELECT value FROM json_each(:ids)) ORDER BY passages.id""",
            {**self._model, "ids": json.dumps(ids.tolist())},
        ).fetchall()
        return _parse(rows, dimension)

    def find(self, hashes: Sequence[str]) -> dict[str, Vectors]:
        """Return the vectors `(dimension,)` of texts by hash; hashes without one are left out."""
        marks = ",".join("?" * len(hashes))
        rows = self._db.execute(
            f"""SELECT text_sha256, vector FROM embeddings
            WHERE model_id = (SELECT id FROM models WHERE fingerprint = ?) AND text_sha256 IN ({marks})""",
            [self._model["model"], *hashes],
        )
        return {sha256: np.frombuffer(vector, dtype="<f2").astype(np.float32) for sha256, vector in rows}

    def _missing_batches(self, last: int, until: int | None) -> Iterator[tuple[dict[str, str], int]]:
        """Yield texts without a vector, by hash, and the passage id up to which none is missing after the batch.

        A batch has the titles of its own passages, so that no article added meanwhile is skipped.
        """
        newest = self.newest() if until is None else until
        while last < newest:
            rows = self._db.execute(
                f"SELECT passages.id, sha256, text {_missing_passages()} ORDER BY passages.id LIMIT :limit",
                {**self._model, "last": last, "reached": newest, "limit": TEXTS_PER_COMMIT},
            ).fetchall()
            reached = int(rows[-1][0]) if len(rows) == TEXTS_PER_COMMIT else newest
            titles = self._db.execute(
                f"SELECT DISTINCT title_sha256, title {_missing_titles()}",
                {**self._model, "last": last, "reached": reached},
            ).fetchall()
            yield dict(titles) | {sha256: text for _, sha256, text in rows}, reached
            last, newest = reached, self.newest() if until is None else until

    def _embedded_to(self) -> int:
        # A salvaged database may have lost its id counter and reuse ids.
        row = self._db.execute(
            """SELECT embedded_to FROM models WHERE fingerprint = :model
            AND embedded_to <= (SELECT seq FROM sqlite_sequence WHERE name = 'passages')""",
            self._model,
        ).fetchone()
        return int(row[0]) if row else 0

    def newest(self) -> int:
        """Return the highest id of a passage, 0 without any."""
        return int(self._db.execute("SELECT coalesce(max(id), 0) FROM passages").fetchone()[0])

    def _count_missing(self, last: int, reached: int) -> int:
        parameters = {**self._model, "last": last, "reached": reached}
        # For a few new passages SQLite reads their rows; for all of them it should read indexes, not the texts.
        column = "passages.id" if last else "+passages.id"
        counts = (
            self._db.execute(f"SELECT count(DISTINCT {sha256}) {missing}", parameters)
            for sha256, missing in (("sha256", _missing_passages(column)), ("title_sha256", _missing_titles(column)))
        )
        return sum(int(count.fetchone()[0]) for count in counts)

    def _save_progress(self, reached: int) -> None:
        with self._db.atomic():
            self._db.execute("UPDATE models SET embedded_to = ? WHERE id = ?", (reached, self._model_id()))

    def _model_id(self) -> int:
        self._db.execute("INSERT OR IGNORE INTO models (fingerprint) VALUES (:model)", self._model)
        row = self._db.execute("SELECT id FROM models WHERE fingerprint = :model", self._model).fetchone()
        return int(row[0])


def one_by_one(embedder: Embedder) -> EncodeBatches:
    """Return a function that embeds one batch after the other, each once the one before is stored."""

    def encode(batches: Iterator[Sequence[str]], on_done: Callable[[int], None]) -> Iterator[Vectors]:
        for texts in batches:
            # A batch may have only passages whose texts are embedded already.
            yield embedder.encode(texts, on_done) if texts else np.empty((0, 0), dtype=np.float32)

    return encode


def _without(texts: dict[str, str], known: Collection[str]) -> dict[str, str]:
    return {sha256: text for sha256, text in texts.items() if sha256 not in known} if known else texts


def _parse(rows: Sequence[tuple[int, bytes]], dimension: int) -> StoredVectors:
    vectors = np.frombuffer(b"".join(vector for _, vector in rows), dtype="<f2").astype(np.float32)
    ids = np.array([passage_id for passage_id, _ in rows], dtype=np.int64)
    return StoredVectors(ids, vectors.reshape(len(rows), dimension))


_EMBEDDED_PASSAGES = """FROM passages JOIN embeddings ON embeddings.text_sha256 = passages.sha256
    AND embeddings.model_id = (SELECT id FROM models WHERE fingerprint = :model)"""
_IS_ORPHAN = """text_sha256 NOT IN (SELECT sha256 FROM passages)
    AND text_sha256 NOT IN (SELECT title_sha256 FROM articles WHERE title_sha256 IS NOT NULL)"""


def _missing_passages(column: str = "passages.id") -> str:
    """Select passages of a range of ids without a vector; a `+` before the column keeps SQLite from reading rows."""
    return f"""FROM passages LEFT JOIN embeddings ON embeddings.text_sha256 = passages.sha256
    AND embeddings.model_id = (SELECT id FROM models WHERE fingerprint = :model)
    WHERE embeddings.model_id IS NULL AND {column} > :last AND {column} <= :reached"""


def _missing_titles(column: str = "passages.id") -> str:
    """Select titles of these passages' articles without a vector.

    CROSS JOIN keeps SQLite from starting with all the articles (sqlite.org/optoverview.html, "Manual Control Of Query
    Plans Using CROSS JOIN").
    """
    return f"""FROM (SELECT DISTINCT article_id FROM passages WHERE {column} > :last AND {column} <= :reached)
    CROSS JOIN articles ON articles.id = article_id
    LEFT JOIN embeddings ON embeddings.text_sha256 = articles.title_sha256
    AND embeddings.model_id = (SELECT id FROM models WHERE fingerprint = :model)
    WHERE embeddings.model_id IS NULL AND title_sha256 IS NOT NULL"""
