"""Footers: lines that come back at the edges of a publisher's articles; learnt, dropped, listed, forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sqlite_utils import Database

from corpus.boilerplate import addresses_readers, may_be_footer
from corpus.copies import COPIED_SHARE, Copies
from corpus.publishers.edges import between_edges, block_hash, edge_lines, without_edges
from corpus.publishers.publisher import host_of
from corpus.signatures import Signature, copied_share, sign
from corpus.timestamps import utc_now

# Articles of one publisher, no two of them copies, that must have a line before it is taken for a footer: what a
# running story repeats within a day or two rarely gets there (docs/decisions/0013-learnt-footers.md).
LEAST_ARTICLES = 5
# A line that does not address readers must stand in half of so many of the publisher's latest articles: what a running
# story repeats does not.
LATEST = 40
# The latest articles with a line, which are compared with one another to tell copies.
_COMPARED = 20


@dataclass(frozen=True, slots=True)
class Footer:
    """A learnt line. `publisher` is the publisher's name in small letters, or the host where none is stated.

    `articles` had it when it was learnt. One that is forgotten stays in the texts and is not learnt again.
    """

    id: int
    collection: str
    publisher: str
    text: str
    articles: int
    learnt_at: str
    is_forgotten: bool


def source_name(publisher: str | None, url: str | None) -> str:
    """Under which name an article's lines are counted: its publisher, else its host; empty where neither is stated."""
    return " ".join((publisher or "").casefold().split()) or host_of(url)


class Footers:
    """The footers of one database. Callers group changes with `db.atomic()`.

    What is learnt in one collection is not known in another.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._blocks: dict[tuple[str, str], dict[int, bool]] = {}

    def all(self) -> list[Footer]:
        """Every learnt line, by collection and publisher."""
        rows = self._db.execute(
            """SELECT footers.id, collection, name, text, articles, learnt_at, is_forgotten
            FROM footers JOIN footer_sources ON footer_sources.id = source_id ORDER BY collection, name, footers.id"""
        )
        return [_footer(row) for row in rows]

    def forget(self, footer_id: int) -> bool:
        """Keeps a line in the texts from now on; False where there is no such footer."""
        self._blocks.clear()
        return self._db.execute("UPDATE footers SET is_forgotten = 1 WHERE id = ?", (footer_id,)).rowcount > 0

    def drop(self, body: str, collection: str, source: str) -> str:
        """A body without the footers of its publisher."""
        known = self._known(collection, source)
        if not any(known.values()):
            return body
        return without_edges(body, lambda line: known.get(block_hash(line), False))

    def is_same(self, one: str, other: str, collection: str, source: str) -> bool:
        """Whether two bodies differ in nothing but lines that are, or were, known as footers."""
        known = self._known(collection, source)

        def is_known(line: str) -> bool:
            return block_hash(line) in known

        return without_edges(one, is_known, 1.0) == without_edges(other, is_known, 1.0)

    def learn(self, article_id: int, body: str, collection: str, source: str) -> int:
        """Counts the lines at the edges of a stored article; returns how many footers are known by them now."""
        if not source:
            return 0
        source_id = self._source_id(collection, source)
        lines = {block_hash(line): line for line in edge_lines(body) if may_be_footer(line)}
        self._db.execute("DELETE FROM edges WHERE article_id = ?", (article_id,))
        self._db.conn.executemany(
            "INSERT INTO edges (source_id, block, article_id) VALUES (?, ?, ?)",
            [(source_id, block, article_id) for block in (0, *lines)],
        )
        known = self._known(collection, source)
        learnt = 0
        for block, line in lines.items():
            if block in known:
                continue
            count = self._taught_by(source_id, block, line)
            if count:
                self._store(source_id, block, line, count)
                known[block] = True
                learnt += 1
        return learnt

    def _taught_by(self, source_id: int, block: int, line: str) -> int:
        """How many articles that are no copies of each other show that a line is a footer; 0 where they don't."""
        holders = self._latest(source_id, block, _COMPARED)
        if len(holders) < LEAST_ARTICLES:
            return 0
        if not addresses_readers(line) and not self._stands_in_most(holders, source_id):
            return 0
        count = self._no_copies(holders)
        return count if count >= LEAST_ARTICLES else 0

    def _stands_in_most(self, holders: Sequence[int], source_id: int) -> bool:
        latest = self._latest(source_id, 0, LATEST)
        return len(latest) == LATEST and 2 * len(set(holders) & set(latest)) >= LATEST

    def _no_copies(self, article_ids: Sequence[int]) -> int:
        """How many of the articles, as far as can be found, of which none is a copy of another."""
        count = _count_apart(article_ids, set(Copies(self._db).pairs(article_ids)))
        if count >= LEAST_ARTICLES:
            return count
        # The ends of short articles are most of them: what stands between tells whether the reports are the same.
        marks = ",".join("?" * len(article_ids))
        rows = self._db.execute(f"SELECT id, body FROM articles WHERE id IN ({marks}) ORDER BY id", list(article_ids))
        signed = {article_id: sign(between_edges(body)) for article_id, body in rows}
        pairs = combinations(signed, 2)
        return _count_apart(list(signed), {pair for pair in pairs if _are_copies(*(signed[each] for each in pair))})

    def _latest(self, source_id: int, block: int, most: int) -> list[int]:
        sql = "SELECT article_id FROM edges WHERE source_id = ? AND block = ? ORDER BY article_id DESC LIMIT ?"
        return [int(row[0]) for row in self._db.execute(sql, (source_id, block, most))]

    def _store(self, source_id: int, block: int, line: str, count: int) -> None:
        now = utc_now()
        self._db.execute(
            "INSERT INTO footers (source_id, block, text, articles, learnt_at) VALUES (?, ?, ?, ?, ?)",
            (source_id, block, line, count, now),
        )
        self._db.execute("DELETE FROM edges WHERE source_id = ? AND block = ?", (source_id, block))

    def _source_id(self, collection: str, source: str) -> int:
        values = (collection, source)
        self._db.execute("INSERT OR IGNORE INTO footer_sources (collection, name) VALUES (?, ?)", values)
        sql = "SELECT id FROM footer_sources WHERE collection = ? AND name = ?"
        return int(self._db.execute(sql, values).fetchone()[0])

    def _known(self, collection: str, source: str) -> dict[int, bool]:
        """The blocks of a publisher's footers, and whether each is to be dropped."""
        key = (collection, source)
        if key not in self._blocks:
            rows = self._db.execute(
                """SELECT block, NOT is_forgotten FROM footers JOIN footer_sources ON footer_sources.id = source_id
                WHERE collection = ? AND name = ?""",
                key,
            )
            self._blocks[key] = {int(block): bool(dropped) for block, dropped in rows}
        return self._blocks[key]


def _footer(row: Sequence[Any]) -> Footer:
    return Footer(row[0], row[1], row[2], row[3], row[4], row[5], is_forgotten=bool(row[6]))


def _count_apart(article_ids: Sequence[int], copies: set[tuple[int, int]]) -> int:
    """How many articles are left when of each pair of copies the later one is passed over."""
    kept: list[int] = []
    for article_id in sorted(article_ids):
        if not any((other, article_id) in copies for other in kept):
            kept.append(article_id)
    return len(kept)


def _are_copies(one: Signature, other: Signature) -> bool:
    return copied_share(one, other) >= COPIED_SHARE
