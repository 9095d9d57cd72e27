"""Tracks which passages were added and removed since a generation was built."""

import json

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from index.generation.vector_index import Ids, find_rows
from index.live.change_log import changes_since, data_version, last_change


class PassageTracker:
    """Follows the passages of a database, starting from a generation.

    New passages have higher ids. Removals and changed articles come from the table `changes`: triggers fill it, so no
    way of writing can bypass it. It keeps only the latest changes; a tracker too far behind reads everything again.

    Args:
        db: the corpus, open for reading.
        base_ids: ids of the generation's passages, ascending.
    """

    def __init__(self, db: Database, base_ids: Ids) -> None:
        self._db = db
        self.base_ids = base_ids
        self._data_version: int | None = None
        self._last_change_seen: int | None = None
        with db.atomic():
            self._read()

    @property
    def is_behind(self) -> bool:
        """Whether another connection has committed since the last `catch_up`."""
        return data_version(self._db) != self._data_version

    def catch_up(self) -> bool:
        """Read what other connections committed since the last call; return whether they did."""
        current = data_version(self._db)
        if current == self._data_version:
            return False
        # One transaction, so that additions and removals are of the same state.
        with self._db.atomic():
            self._read_changes()
        self._data_version = current
        return True

    def articles_of(self, ids: Ids) -> Ids:
        """Return the article id of each passage, in order; 0 for an unknown passage."""
        result = np.zeros_like(ids)
        for known, articles in ((self.base_ids, self.base_articles), (self.ids, self.articles)):
            if len(known):
                positions = np.minimum(np.searchsorted(known, ids), len(known) - 1)
                result = np.where(known[positions] == ids, articles[positions], result)
        return result

    def start_over(self) -> None:
        """Let the next `catch_up` read everything again, after one that failed half-way."""
        self._data_version = self._last_change_seen = None

    def _read(self) -> None:
        """Read the ids of all passages and their articles."""
        self._last_change_seen = last_change(self._db)
        ids, articles = _all_passages(self._db)
        positions = np.minimum(np.searchsorted(ids, self.base_ids), max(0, len(ids) - 1))
        # For each row of the generation `(n,)`: whether its passage still exists, and its article (0: unknown).
        self.present = ids[positions] == self.base_ids if len(ids) else np.zeros(len(self.base_ids), dtype=np.bool_)
        self.base_articles = (
            np.where(self.present, articles[positions], 0) if len(ids) else np.zeros_like(self.base_ids)
        )
        is_new = ~np.isin(ids, self.base_ids, assume_unique=True)
        # New passages, ascending, and their articles. Ids amid the generation's had no vector when it was built.
        self.ids: Ids = ids[is_new]
        self.articles: Ids = articles[is_new]
        self._last = int(ids[-1]) if len(ids) else 0
        # Articles added, changed or removed by the last `catch_up`; None if any article may have changed.
        self.changed_articles: set[int] | None = None

    def _read_changes(self) -> None:
        seen = self._last_change_seen
        changes = None if seen is None else changes_since(self._db, seen)
        if changes is None:
            self._read()
            return
        self._last_change_seen = changes.last
        self.changed_articles = changes.articles
        removed = np.array(sorted(changes.removed_passages), dtype=np.int64)
        self.present[find_rows(self.base_ids, removed)] = False
        later = self._db.execute("SELECT id, article_id FROM passages WHERE id > ? ORDER BY id", (self._last,))
        new_ids, new_articles = _pairs(later.fetchall())
        kept = ~np.isin(self.ids, removed)
        self.ids = np.concatenate([self.ids[kept], new_ids])
        self.articles = np.concatenate([self.articles[kept], new_articles])
        self._last = max(self._last, int(self.ids[-1]) if len(self.ids) else 0)


def _all_passages(db: Database) -> tuple[Ids, Ids]:
    """Return the ids of all passages, ascending, and those of their articles.

    An article's passages nearly always have consecutive ids. So SQLite returns the bounds of each article from an
    index: a tenth of the rows, and no text is read.
    """
    columns = db.execute(
        """SELECT group_concat(article_id), group_concat(first), group_concat(last), group_concat(size) FROM
        (SELECT article_id, min(id) AS first, max(id) AS last, count(*) AS size FROM passages GROUP BY article_id)"""
    ).fetchone()
    article_ids, first, last, sizes = (parse_ids(column) for column in columns)
    consecutive = last - first + 1 == sizes
    counts = sizes[consecutive]
    starts = np.cumsum(counts) - counts
    ids = np.arange(counts.sum()) - np.repeat(starts - first[consecutive], counts)
    articles = np.repeat(article_ids[consecutive], counts)
    if not consecutive.all():
        scattered = json.dumps(article_ids[~consecutive].tolist())
        sql = "SELECT id, article_id FROM passages WHERE article_id IN (SELECT value FROM json_each(?))"
        others = _pairs(db.execute(sql, (scattered,)).fetchall())
        ids, articles = np.concatenate([ids, others[0]]), np.concatenate([articles, others[1]])
    if (np.diff(ids) > 0).all():
        return ids, articles
    order = np.argsort(ids, kind="stable")
    return ids[order], articles[order]


def parse_ids(text: str | None) -> Ids:
    """Parse integers that SQLite joined with commas.

    With a row for each, sqlite3 would release and reacquire the interpreter's lock every time, and hardly get it back
    while another thread imports libraries.
    """
    return np.fromstring(text, dtype=np.int64, sep=",") if text else np.empty(0, dtype=np.int64)


def _pairs(rows: list[tuple[int, int]]) -> NDArray[np.int64]:
    return np.array(rows, dtype=np.int64).reshape(-1, 2).T
