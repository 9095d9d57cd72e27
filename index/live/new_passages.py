"""Which passages are there that a generation does not hold, and which of its own are gone."""

import json

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from index.generation.vector_index import Ids, rows_of

# Where passages that are gone take places among the best, that many times as many are looked at.
WIDENED = 4


class FollowedPassages:
    """Follows the passages of a database from the generation on that holds some of them.

    New ones are those with higher ids. Of what went and of articles that changed tells the table `changes`, which
    triggers fill, so that no way to write can leave anything out; it holds the last of them, and who comes later than
    that reads everything anew.

    Args:
        db: the corpus, open for reading.
        held: ids of the generation's passages, ascending.
    """

    def __init__(self, db: Database, held: Ids) -> None:
        self._db = db
        self.held = held
        self._data_version: int | None = None
        self._seen: int | None = None
        with db.atomic():
            self._read()

    @property
    def is_behind(self) -> bool:
        """Whether another connection has committed anything since the last `catch_up`."""
        return self._committed() != self._data_version

    def catch_up(self) -> bool:
        """Follows what other connections have committed since the last time; tells whether they have."""
        committed = self._committed()
        if committed == self._data_version:
            return False
        # One transaction: what went and what came must be of one state.
        with self._db.atomic():
            self._follow()
        self._data_version = committed
        return True

    def articles_of(self, ids: Ids) -> Ids:
        """The article of each passage, in the order of ids; 0 where a passage is not there."""
        found = np.zeros_like(ids)
        for held, articles in ((self.held, self.held_articles), (self.ids, self.articles)):
            if len(held):
                places = np.minimum(np.searchsorted(held, ids), len(held) - 1)
                found = np.where(held[places] == ids, articles[places], found)
        return found

    def start_over(self) -> None:
        """Has the next `catch_up` read everything anew: this one was not finished."""
        self._data_version = self._seen = None

    def _read(self) -> None:
        """Reads the ids of all passages with those of their articles."""
        self._seen = self._last_change()[1]
        ids, articles = _all_passages(self._db)
        places = np.minimum(np.searchsorted(ids, self.held), max(0, len(ids) - 1))
        # `(n,)` for every row of the generation: whether its passage is there, and its article (0: not known).
        self.present = ids[places] == self.held if len(ids) else np.zeros(len(self.held), dtype=np.bool_)
        self.held_articles = np.where(self.present, articles[places], 0) if len(ids) else np.zeros_like(self.held)
        is_new = ~np.isin(ids, self.held, assume_unique=True)
        # Ids of passages that joined, ascending, and their articles. Ids in the middle of the generation's are of
        # passages that had no vector when it was built.
        self.ids: Ids = ids[is_new]
        self.articles: Ids = articles[is_new]
        self._last = int(ids[-1]) if len(ids) else 0
        # Articles that were stored, changed or removed since the last time; None: anything may have.
        self.changed_articles: set[int] | None = None

    def _follow(self) -> None:
        first, last = self._last_change()
        if self._seen is None or first > self._seen + 1 or last < self._seen:
            self._read()
            return
        rows = self._db.execute("SELECT article_id, passage_id FROM changes WHERE seq > ?", (self._seen,)).fetchall()
        self._seen = last
        self.changed_articles = {article_id for article_id, _ in rows if article_id is not None}
        gone = np.array(sorted({passage_id for _, passage_id in rows if passage_id is not None}), dtype=np.int64)
        self.present[rows_of(self.held, gone)] = False
        later = self._db.execute("SELECT id, article_id FROM passages WHERE id > ? ORDER BY id", (self._last,))
        new = _pairs(later.fetchall())
        stay = ~np.isin(self.ids, gone)
        self.ids = np.concatenate([self.ids[stay], new[0]])
        self.articles = np.concatenate([self.articles[stay], new[1]])
        self._last = max(self._last, int(self.ids[-1]) if len(self.ids) else 0)

    def _committed(self) -> int:
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def _last_change(self) -> tuple[int, int]:
        """Numbers of the first and the last change that is kept."""
        first, last = self._db.execute(
            "SELECT (SELECT min(seq) FROM changes), (SELECT max(seq) FROM changes)"
        ).fetchone()
        return first or 0, last or 0


def _all_passages(db: Database) -> tuple[Ids, Ids]:
    """Ids of all passages, ascending, and those of their articles.

    Passages of an article nearly always have ids in a row: from an index SQLite tells the ends of each such row, a
    tenth of what it would tell passage by passage, and without reading a text.
    """
    columns = db.execute(
        """SELECT group_concat(article_id), group_concat(first), group_concat(last), group_concat(size) FROM
        (SELECT article_id, min(id) AS first, max(id) AS last, count(*) AS size FROM passages GROUP BY article_id)"""
    ).fetchone()
    of, first, last, sizes = (numbers_of(column) for column in columns)
    whole = last - first + 1 == sizes
    counts = sizes[whole]
    starts = np.cumsum(counts) - counts
    ids = np.arange(counts.sum()) - np.repeat(starts - first[whole], counts)
    articles = np.repeat(of[whole], counts)
    if not whole.all():
        scattered = json.dumps(of[~whole].tolist())
        sql = "SELECT id, article_id FROM passages WHERE article_id IN (SELECT value FROM json_each(?))"
        others = _pairs(db.execute(sql, (scattered,)).fetchall())
        ids, articles = np.concatenate([ids, others[0]]), np.concatenate([articles, others[1]])
    if (np.diff(ids) > 0).all():
        return ids, articles
    order = np.argsort(ids, kind="stable")
    return ids[order], articles[order]


def numbers_of(text: str | None) -> Ids:
    """Whole numbers that SQLite put together with commas.

    Of a row for each, sqlite3 would let go of the interpreter's lock and take it again, and hardly get it back while
    another thread imports libraries.
    """
    return np.fromstring(text, dtype=np.int64, sep=",") if text else np.empty(0, dtype=np.int64)


def _pairs(rows: list[tuple[int, int]]) -> NDArray[np.int64]:
    return np.array(rows, dtype=np.int64).reshape(-1, 2).T
