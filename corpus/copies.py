"""Copies: articles whose text is mostly another one's, such as agency reports that several papers print."""

import re
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

# Words in a shingle: three are shared by chance among reports of one event, five break at every edit.
SHINGLE_WORDS = 4
# The estimate's standard error is 1 / sqrt(PERMUTATIONS) at most (Broder 1997).
PERMUTATIONS = 128
# Share of the shorter text's shingles that stand in the longer one too, from which one counts as a copy of the other.
# Copies made of news articles by dropping 30 to 70% of the sentences and adding 10 to 30% of own text reach it in 97%
# and more of cases; different reports of one event stay below 0.4.
COPIED_SHARE = 0.5
_WORD = re.compile(r"\w+")
# Signed articles in one transaction.
_SIGNED_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Signature:
    """MinHash of a text's shingles, `(PERMUTATIONS,)` uint32, and how many different shingles it has."""

    hashes: NDArray[np.uint32]
    shingles: int


def sign(text: str) -> Signature:
    """The signature of a text."""
    # PLC0415: it imports scipy, which takes a second; only those who take articles in need it.
    from datasketch import MinHash  # noqa: PLC0415 - see above

    words = _WORD.findall(text.casefold())
    count = max(1, len(words) - SHINGLE_WORDS + 1)
    shingles = {" ".join(words[place : place + SHINGLE_WORDS]) for place in range(count)}
    # CRC-32 takes a tenth of the time of the library's SHA-1; nobody gains by making shingles collide.
    minhash = MinHash(num_perm=PERMUTATIONS, hashfunc=zlib.crc32)
    minhash.update_batch([shingle.encode("utf-8", "surrogatepass") for shingle in shingles])
    return Signature(minhash.hashvalues.astype(np.uint32), len(shingles))


def copied_share(one: Signature, other: Signature) -> float:
    """Share of the shorter text's shingles that the longer one has too, estimated, from 0 to 1."""
    jaccard = float((one.hashes == other.hashes).mean())
    common = jaccard / (1 + jaccard) * (one.shingles + other.shingles)
    return min(1.0, common / min(one.shingles, other.shingles))


class Copies:
    """The signatures of the stored articles. Callers group changes with `db.atomic()`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def store(self, article_id: int, body: str) -> None:
        """Signs an article's present text."""
        signature = sign(body)
        self._db.execute(
            "INSERT OR REPLACE INTO signatures (article_id, shingles, hashes) VALUES (?, ?, ?)",
            (article_id, signature.shingles, signature.hashes.astype("<u4").tobytes()),
        )

    def sign_missing(self) -> int:
        """Signs every article that has no signature yet, committing as it goes; returns how many."""
        done = 0
        while rows := self._db.execute(
            """SELECT id, body FROM articles WHERE id NOT IN (SELECT article_id FROM signatures)
            ORDER BY id LIMIT ?""",
            (_SIGNED_AT_ONCE,),
        ).fetchall():
            with self._db.atomic():
                for article_id, body in rows:
                    self.store(article_id, body)
            done += len(rows)
        return done

    def pairs(self, article_ids: Collection[int]) -> Iterator[tuple[int, int]]:
        """Those pairs of the given articles of which one is a copy of the other."""
        signatures = self._find(article_ids)
        for one, other in combinations(sorted(signatures), 2):
            if copied_share(signatures[one], signatures[other]) >= COPIED_SHARE:
                yield one, other

    def _find(self, article_ids: Collection[int]) -> dict[int, Signature]:
        # Ids are our own integers; an answer looks at a few dozen articles at most.
        wanted = ",".join(str(int(article_id)) for article_id in set(article_ids))
        rows = self._db.execute(f"SELECT article_id, shingles, hashes FROM signatures WHERE article_id IN ({wanted})")
        return {
            article_id: Signature(np.frombuffer(hashes, dtype="<u4"), shingles) for article_id, shingles, hashes in rows
        }
