"""Finds copies: articles whose text is mostly another's, such as agency reports that several papers print."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from corpus.signatures import PERMUTATIONS, Hashes, Signature, buckets, copied_shares, sign

# Share of the shorter text's shingles that the longer text has too, from which one counts as a copy of the other.
# `python -m evals quality copies` measures it on made copies and on reports of the same event.
COPY_THRESHOLD = 0.5
# Articles signed in one transaction.
_SIGN_BATCH = 256
# Articles of one bucket to compare; a text shared by more is a template, and they are all alike.
_MAX_CANDIDATES = 2000
# Articles compared with all others at a time; more would not fit into a processor's first caches.
_COMPARE_BATCH = 8


@dataclass(frozen=True, slots=True)
class _Signatures:
    """Signatures of articles: ids, `(n, PERMUTATIONS)` hashes and `(n,)` shingle counts.

    `unstored` are the rows of articles that were signed just now and are in no bucket yet.
    """

    ids: list[int]
    hashes: Hashes
    shingles: NDArray[np.int64]
    unstored: list[int]


class Copies:
    """The stored signatures, and the buckets that find copies without a scan.

    Callers group changes with `db.atomic()`, and decide which articles to compare: storing groups of copies here could
    reveal articles that a reader may not see.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def store(self, article_id: int, signature: Signature) -> None:
        """Store the signature of an article's current text, and put the article into its buckets."""
        # This also deletes the buckets of a former signature.
        self._db.execute("DELETE FROM signatures WHERE article_id = ?", (article_id,))
        self._db.execute(
            "INSERT INTO signatures (article_id, shingles, hashes) VALUES (?, ?, ?)",
            (article_id, signature.shingles, signature.hashes.astype("<u4").tobytes()),
        )
        self._db.conn.executemany(
            "INSERT OR IGNORE INTO copy_buckets (bucket, article_id) VALUES (?, ?)",
            [(bucket, article_id) for bucket in buckets(signature)],
        )

    def sign_missing(self) -> int:
        """Sign every article that has no signature yet, committing after each batch; return their number."""
        # `+id` makes SQLite read an index: the rows hold texts, and usually none is needed.
        unsigned = [
            int(row[0])
            for row in self._db.execute(
                "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM signatures) ORDER BY +id"
            ).fetchall()
        ]
        for first in range(0, len(unsigned), _SIGN_BATCH):
            wanted = ",".join(map(str, unsigned[first : first + _SIGN_BATCH]))
            rows = self._db.execute(f"SELECT id, body FROM articles WHERE id IN ({wanted})").fetchall()
            with self._db.atomic():
                for article_id, body in rows:
                    self.store(article_id, sign(body))
        return len(unsigned)

    def pairs(self, article_ids: Collection[int]) -> Iterator[tuple[int, int]]:
        """Yield the pairs of the given articles of which one is a copy of the other, the smaller id first."""
        signed = self._load(sorted(set(article_ids)))
        for first in range(0, len(signed.ids), _COMPARE_BATCH):
            batch = slice(first, first + _COMPARE_BATCH)
            shares = copied_shares(signed.hashes[batch], signed.shingles[batch], signed.hashes, signed.shingles)
            for one, other in np.argwhere(shares >= COPY_THRESHOLD).tolist():
                if other > first + one:
                    yield signed.ids[first + one], signed.ids[other]

    def find(self, article_ids: Sequence[int], collections: Sequence[str] | None = None) -> dict[int, list[int]]:
        """Return the copies of each given article within some collections, or within all; ascending ids.

        Costs one look-up per band of an article. Articles without a stored signature are not found.
        """
        mine = self._load(list(dict.fromkeys(article_ids)))
        candidates = self._candidates(mine, collections)
        others = self._load(sorted(set().union(*candidates.values())))
        shares = copied_shares(mine.hashes, mine.shingles, others.hashes, others.shingles)
        found: dict[int, list[int]] = {article_id: [] for article_id in mine.ids}
        for one, other in np.argwhere(shares >= COPY_THRESHOLD).tolist():
            if others.ids[other] in candidates[mine.ids[one]]:
                found[mine.ids[one]].append(others.ids[other])
        return found

    def _candidates(self, mine: _Signatures, collections: Sequence[str] | None) -> dict[int, set[int]]:
        """Return for each article the others that share a bucket with it."""
        unstored = {
            str(mine.ids[row]): buckets(Signature(mine.hashes[row], int(mine.shingles[row]))) for row in mine.unstored
        }
        condition = "" if collections is None else f"AND +collection IN ({','.join('?' * len(collections))})"
        # The filter comes before the limit, so that copies that a reader may not see displace none that they may. The
        # plus makes SQLite start from the buckets; otherwise it reads every article of the collection.
        rows = self._db.execute(
            f"""WITH unstored AS (SELECT CAST(each.key AS INTEGER) AS article_id, band.value AS bucket
                FROM json_each(?) AS each, json_each(each.value) AS band)
            SELECT mine.value, (SELECT json_group_array(article_id) FROM (
                SELECT DISTINCT other.article_id FROM (
                    SELECT bucket FROM copy_buckets WHERE article_id = mine.value
                    UNION ALL SELECT bucket FROM unstored WHERE article_id = mine.value
                ) AS own JOIN copy_buckets AS other USING (bucket) JOIN articles ON articles.id = other.article_id
                WHERE other.article_id <> mine.value {condition} LIMIT {_MAX_CANDIDATES}
            )) FROM json_each(?) AS mine""",
            (json.dumps(unstored), *(collections or ()), json.dumps(mine.ids)),
        )
        return {article_id: set(json.loads(others)) for article_id, others in rows}

    def _load(self, article_ids: Sequence[int]) -> _Signatures:
        """Return signatures in the order of the ids, signing articles that have none; unknown ids are left out."""
        # The ids are our own integers, so they need no binding.
        wanted = ",".join(str(int(article_id)) for article_id in article_ids)
        rows = self._db.execute(f"SELECT article_id, shingles, hashes FROM signatures WHERE article_id IN ({wanted})")
        found = {article_id: (shingles, hashes) for article_id, shingles, hashes in rows}
        stored = frozenset(found)
        if missing := ",".join(str(int(article_id)) for article_id in article_ids if article_id not in found):
            for article_id, body in self._db.execute(f"SELECT id, body FROM articles WHERE id IN ({missing})"):
                signature = sign(body)
                found[article_id] = signature.shingles, signature.hashes.astype("<u4").tobytes()
        ids = [article_id for article_id in article_ids if article_id in found]
        return _Signatures(
            ids=ids,
            hashes=np.frombuffer(b"".join(found[each][1] for each in ids), "<u4").reshape(len(ids), PERMUTATIONS),
            shingles=np.array([found[each][0] for each in ids], dtype=np.int64),
            unstored=[row for row, each in enumerate(ids) if each not in stored],
        )
