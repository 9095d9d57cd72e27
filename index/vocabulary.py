"""How rare each word is in the corpus."""

import math
from collections.abc import Iterable

from sqlite_utils import Database

from index.terms import Terms


class Vocabulary:
    """Document frequencies of stems over passages, read from the full-text index's own table.

    Not safe for use by several threads at once: make one each.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._terms = Terms()
        db.conn.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab('main', 'passages_fts', 'row')"
        )
        db.conn.commit()
        self._counted_at = -1
        self._passages = 0

    def idf(self, words: Iterable[str]) -> dict[str, float]:
        """The inverse document frequency of each word's stem: `ln((N + 1) / (n + 0.5))` for n of N passages with it."""
        passages = self.passages()
        weights: dict[str, float] = {}
        for word in words:
            stem = self._terms.stem([word])[0]
            row = self._db.execute("SELECT doc FROM temp.vocabulary WHERE term = ?", (stem,)).fetchone()
            weights[word] = max(0.0, math.log((passages + 1) / ((row[0] if row else 0) + 0.5)))
        return weights

    def unknown_idf(self) -> float:
        """The weight of a word that stands nowhere."""
        return math.log((self.passages() + 1) / 0.5)

    def passages(self) -> int:
        """How many passages there are now; counted again only when another connection has changed the database."""
        version = int(self._db.execute("PRAGMA data_version").fetchone()[0])
        if version != self._counted_at:
            self._passages = int(self._db.execute("SELECT count(*) FROM passages").fetchone()[0])
            self._counted_at = version
        return self._passages
