"""Copies: articles whose text is mostly another one's, such as agency reports that several papers print."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from corpus.signatures import Hashes, Signature, buckets, copied_shares, sign

# Share of the shorter text's shingles that stand in the longer one too, from which one counts as a copy of the other:
# `attache eval copies` measures it on made copies and on neighbouring reports.
COPIED_SHARE = 0.5
# Signed articles in one transaction.
_SIGNED_AT_ONCE = 256
# Articles that share a bucket and are compared; a text that stands in more of them is a form, and all are alike.
_MOST_COMPARED = 2000
# Articles that are compared with all others at a time: more would not stay in a processor's first caches.
_COMPARED_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class _Signed:
    """Articles with their signatures: ids, `(n, PERMUTATIONS)` hashes and `(n,)` numbers of shingles."""

    ids: list[int]
    hashes: Hashes
    shingles: NDArray[np.int64]

    def copies_of(self, place: int) -> list[int]:
        """The ids of those behind the one at a place that are copies of it."""
        own = slice(place, place + 1)
        shares = copied_shares(
            self.hashes[own], self.shingles[own], self.hashes[place + 1 :], self.shingles[place + 1 :]
        )[0]
        return [self.ids[place + 1 + int(found)] for found in np.flatnonzero(shares >= COPIED_SHARE)]

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
        mine = self._find(article_ids)
        found = {}
        for place, article_id in enumerate(mine.ids):
            signature = Signature(mine.hashes[place], int(mine.shingles[place]))
            alike = self._alike(article_id, signature, collections)
            found[article_id] = sorted(self._find([article_id, *alike]).copies_of(0)) if alike else []
        return found

    def _alike(self, article_id: int, signature: Signature, collections: Sequence[str] | None) -> list[int]:
        """Other articles that share a bucket with one."""
        wanted = buckets(signature)
        within = "" if collections is None else f"AND +collection IN ({','.join('?' * len(collections))})"
        # Confined before it is bounded: copies that the reader may not see crowd out none that they may. With the plus
        # SQLite starts from the buckets; from the collection's articles it would look at every one.
        rows = self._db.execute(
            f"""SELECT DISTINCT article_id FROM copy_buckets JOIN articles ON articles.id = article_id
            WHERE bucket IN ({",".join("?" * len(wanted))}) AND article_id <> ? {within} LIMIT {_MOST_COMPARED}""",
            (*wanted, article_id, *(collections or ())),
        )
        return [int(row[0]) for row in rows]

    def _find(self, article_ids: Sequence[int]) -> _Signed:
        """Signatures in the order of the ids, made now where they are missing; ids that are not there are left out."""
        # Ids are our own integers.
        wanted = ",".join(str(int(article_id)) for article_id in article_ids)
        rows = self._db.execute(f"SELECT article_id, shingles, hashes FROM signatures WHERE article_id IN ({wanted})")
        found = {row[0]: Signature(np.frombuffer(row[2], dtype="<u4"), row[1]) for row in rows}
        missing = ",".join(str(int(article_id)) for article_id in article_ids if article_id not in found)
        if missing:
            bodies = self._db.execute(f"SELECT id, body FROM articles WHERE id IN ({missing})")
            found |= {row[0]: sign(row[1]) for row in bodies}
        ids = [article_id for article_id in article_ids if article_id in found]
        hashes = np.stack([found[each].hashes for each in ids]) if ids else np.empty((0, 0), dtype=np.uint32)
        return _Signed(ids, hashes, np.array([found[each].shingles for each in ids], dtype=np.int64))
