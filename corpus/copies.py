"""Copies: articles whose text is mostly another one's, such as agency reports that several papers print."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from corpus.signatures import PERMUTATIONS, Hashes, Signature, buckets, copied_shares, sign

# Share of the shorter text's shingles that stand in the longer one too, from which one counts as a copy of the other:
# `python -m evals quality copies` measures it on made copies and on neighbouring reports.
COPIED_SHARE = 0.5
# Signed articles in one transaction.
_SIGNED_AT_ONCE = 256
# Articles that share a bucket and are compared; a text that stands in more of them is a form, and all are alike.
_MOST_COMPARED = 2000
# Articles that are compared with all others at a time: more would not stay in a processor's first caches.
_COMPARED_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class _Signed:
    """Articles with their signatures: ids, `(n, PERMUTATIONS)` hashes and `(n,)` numbers of shingles.

    `unstored` are the places of those whose signature was made now, and which are in no bucket yet.
    """

    ids: list[int]
    hashes: Hashes
    shingles: NDArray[np.int64]
    unstored: list[int]

    def pairs(self, first: int, end: int) -> Iterator[tuple[int, int]]:
        """The copies among those behind them of the ones at some places, pair by pair in order."""
        shares = copied_shares(self.hashes[first:end], self.shingles[first:end], self.hashes, self.shingles)
        for one, other in np.argwhere(shares >= COPIED_SHARE).tolist():
            if other > first + one:
                yield self.ids[first + one], self.ids[other]


class Copies:
    """The signatures of the stored articles, and the buckets that find copies without a scan.

    Callers group changes with `db.atomic()`. Whose articles are compared is the reader's to say: nothing here is
    remembered of groups, so none can tell of an article that the reader may not see.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def store(self, article_id: int, body: str) -> None:
        """Signs an article's present text, and puts it into its buckets."""
        signature = sign(body)
        # The buckets of a former signature go with it.
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
        """Signs every article that has no signature yet, committing as it goes; returns how many."""
        # By an index of the articles: their rows hold texts, and nearly always none is wanted.
        unsigned = [
            int(row[0])
            for row in self._db.execute(
                "SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM signatures) ORDER BY +id"
            ).fetchall()
        ]
        for first in range(0, len(unsigned), _SIGNED_AT_ONCE):
            wanted = ",".join(map(str, unsigned[first : first + _SIGNED_AT_ONCE]))
            rows = self._db.execute(f"SELECT id, body FROM articles WHERE id IN ({wanted})").fetchall()
            with self._db.atomic():
                for article_id, body in rows:
                    self.store(article_id, body)
        return len(unsigned)

    def pairs(self, article_ids: Collection[int]) -> Iterator[tuple[int, int]]:
        """Those pairs of the given articles of which one is a copy of the other, the smaller id first."""
        signed = self._find(sorted(set(article_ids)))
        for first in range(0, len(signed.ids), _COMPARED_AT_ONCE):
            yield from signed.pairs(first, first + _COMPARED_AT_ONCE)

    def of(self, article_ids: Sequence[int], collections: Sequence[str] | None = None) -> dict[int, list[int]]:
        """The copies of each of some articles in the given collections, or in all; ascending ids.

        Costs a look-up for each band of an article. Articles that no signature was made of yet are not found.
        """
        mine = self._find(list(dict.fromkeys(article_ids)))
        alike = self._alike(mine, collections)
        others = self._find(sorted(set().union(*alike.values())))
        shares = copied_shares(mine.hashes, mine.shingles, others.hashes, others.shingles)
        found: dict[int, list[int]] = {article_id: [] for article_id in mine.ids}
        for one, other in np.argwhere(shares >= COPIED_SHARE).tolist():
            if others.ids[other] in alike[mine.ids[one]]:
                found[mine.ids[one]].append(others.ids[other])
        return found

    def _alike(self, mine: _Signed, collections: Sequence[str] | None) -> dict[int, set[int]]:
        """For each article the others that share a bucket with it."""
        made = {
            str(mine.ids[place]): buckets(Signature(mine.hashes[place], int(mine.shingles[place])))
            for place in mine.unstored
        }
        within = "" if collections is None else f"AND +collection IN ({','.join('?' * len(collections))})"
        # Confined before it is bounded: copies that the reader may not see crowd out none that they may. With the plus
        # SQLite starts from the buckets; from the collection's articles it would look at every one.
        rows = self._db.execute(
            f"""WITH made AS (SELECT CAST(each.key AS INTEGER) AS article_id, band.value AS bucket
                FROM json_each(?) AS each, json_each(each.value) AS band)
            SELECT mine.value, (SELECT json_group_array(article_id) FROM (
                SELECT DISTINCT other.article_id FROM (
                    SELECT bucket FROM copy_buckets WHERE article_id = mine.value
                    UNION ALL SELECT bucket FROM made WHERE article_id = mine.value
                ) AS own JOIN copy_buckets AS other USING (bucket) JOIN articles ON articles.id = other.article_id
                WHERE other.article_id <> mine.value {within} LIMIT {_MOST_COMPARED}
            )) FROM json_each(?) AS mine""",
            (json.dumps(made), *(collections or ()), json.dumps(mine.ids)),
        )
        return {article_id: set(json.loads(others)) for article_id, others in rows}

    def _find(self, article_ids: Sequence[int]) -> _Signed:
        """Signatures in the order of the ids, made now where they are missing; ids that are not there are left out."""
        # Ids are our own integers.
        wanted = ",".join(str(int(article_id)) for article_id in article_ids)
        rows = self._db.execute(f"SELECT article_id, shingles, hashes FROM signatures WHERE article_id IN ({wanted})")
        found = {article_id: (shingles, hashes) for article_id, shingles, hashes in rows}
        stored = frozenset(found)
        if missing := ",".join(str(int(article_id)) for article_id in article_ids if article_id not in found):
            for article_id, body in self._db.execute(f"SELECT id, body FROM articles WHERE id IN ({missing})"):
                signature = sign(body)
                found[article_id] = signature.shingles, signature.hashes.astype("<u4").tobytes()
        ids = [article_id for article_id in article_ids if article_id in found]
        return _Signed(
            ids=ids,
            hashes=np.frombuffer(b"".join(found[each][1] for each in ids), "<u4").reshape(len(ids), PERMUTATIONS),
            shingles=np.array([found[each][0] for each in ids], dtype=np.int64),
            unstored=[place for place, each in enumerate(ids) if each not in stored],
        )
