"""Footers: lines that recur at the edges of a publisher's articles; learnt, dropped, listed, forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from sqlite_utils import Database

from corpus.boilerplate import addresses_readers, may_be_footer
from corpus.copies import COPY_THRESHOLD, Copies
from corpus.publishers.edges import drop_edge_lines, edge_lines, inner_text, line_hash
from corpus.publishers.publisher import host_of
from corpus.signatures import copied_share, sign
from corpus.timestamps import utc_now

# Articles of one publisher, none a copy of another, that must have a line before it counts as a footer. The recurring
# lines of a running story rarely get there within a day or two (docs/decisions/0013-learnt-footers.md).
MIN_ARTICLES = 5
# A line that does not address readers must be in half of this many latest articles of the publisher; the recurring
# lines of a running story are not.
LATEST_ARTICLES = 40
# The latest articles with a line to search for copies of each other.
_MAX_COMPARED = 20


@dataclass(frozen=True, slots=True)
class Footer:
    """A learnt line. `publisher` is the publisher's name in lower case, or the host if none is stated.

    `articles` had it when it was learnt. A forgotten footer stays in the texts and is not learnt again.
    """

    id: int
    collection: str
    publisher: str
    text: str
    articles: int
    learnt_at: str
    is_forgotten: bool


def source_name(publisher: str | None, url: str | None) -> str:
    """Return the name to count an article's lines under: its publisher, else its host, else an empty string."""
    return " ".join((publisher or "").casefold().split()) or host_of(url)


class Footers:
    """The footers of one database. Callers group changes with `db.atomic()`.

    Footers learnt in one collection don't apply to another.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._blocks: dict[tuple[str, str], dict[int, bool]] = {}

    def all(self) -> list[Footer]:
        """Return every learnt line, by collection and publisher."""
        rows = self._db.execute(
            """SELECT footers.id, collection, name, text, articles, learnt_at, is_forgotten
            FROM footers JOIN footer_sources ON footer_sources.id = source_id ORDER BY collection, name, footers.id"""
        )
        return [replace(Footer(*row), is_forgotten=bool(row[6])) for row in rows]

    def forget(self, footer_id: int) -> bool:
        """Keep a line in the texts from now on; return False if there is no such footer."""
        self._blocks.clear()
        return self._db.execute("UPDATE footers SET is_forgotten = 1 WHERE id = ?", (footer_id,)).rowcount > 0

    def drop(self, body: str, collection: str, source: str) -> str:
        """Return a body without its publisher's footers."""
        known = self._known(collection, source)
        if not any(known.values()):
            return body
        return drop_edge_lines(body, lambda line: known.get(line_hash(line), False))

    def is_same(self, one: str, other: str, collection: str, source: str) -> bool:
        """Return whether two bodies differ only in lines that are or were known as footers."""
        known = self._known(collection, source)

        def is_known(line: str) -> bool:
            return line_hash(line) in known

        return drop_edge_lines(one, is_known, 1.0) == drop_edge_lines(other, is_known, 1.0)

    def learn(self, article_id: int, body: str, collection: str, source: str) -> int:
        """Count the lines at the edges of a stored article; return the number of newly learnt footers."""
        if not source:
            return 0
        source_id = self._source_id(collection, source)
        lines = {line_hash(line): line for line in edge_lines(body) if may_be_footer(line)}
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
            count = self._count_evidence(source_id, block, line)
            if count >= MIN_ARTICLES:
                self._store(source_id, block, line, count)
                known[block] = True
                learnt += 1
        return learnt

    def _count_evidence(self, source_id: int, block: int, line: str) -> int:
        """Return how many articles, none a copy of another, show that a line is a footer."""
        holders = self._latest(source_id, block, _MAX_COMPARED)
        if len(holders) < MIN_ARTICLES:
            return 0
        if not addresses_readers(line):
            latest = self._latest(source_id, 0, LATEST_ARTICLES)
            if len(latest) < LATEST_ARTICLES or 2 * len(set(holders) & set(latest)) < LATEST_ARTICLES:
                return 0
        count = _count_originals(holders, set(Copies(self._db).pairs(holders)))
        if count >= MIN_ARTICLES:
            return count
        # Short articles consist mostly of their ends, so compare the text in between.
        marks = ",".join("?" * len(holders))
        rows = self._db.execute(f"SELECT id, body FROM articles WHERE id IN ({marks}) ORDER BY id", holders)
        signed = {article_id: sign(inner_text(body)) for article_id, body in rows}
        pairs = combinations(signed, 2)
        copies = {(a, b) for a, b in pairs if copied_share(signed[a], signed[b]) >= COPY_THRESHOLD}
        return _count_originals(list(signed), copies)

    def _latest(self, source_id: int, block: int, limit: int) -> list[int]:
        """Return the latest articles of a publisher with a line, or with block 0 all of them; newest first."""
        sql = "SELECT article_id FROM edges WHERE source_id = ? AND block = ? ORDER BY article_id DESC LIMIT ?"
        return [int(row[0]) for row in self._db.execute(sql, (source_id, block, limit))]

    def _store(self, source_id: int, block: int, line: str, count: int) -> None:
        self._db.execute(
            "INSERT INTO footers (source_id, block, text, articles, learnt_at) VALUES (?, ?, ?, ?, ?)",
            (source_id, block, line, count, utc_now()),
        )
        self._db.execute("DELETE FROM edges WHERE source_id = ? AND block = ?", (source_id, block))

    def _source_id(self, collection: str, source: str) -> int:
        values = (collection, source)
        self._db.execute("INSERT OR IGNORE INTO footer_sources (collection, name) VALUES (?, ?)", values)
        sql = "SELECT id FROM footer_sources WHERE collection = ? AND name = ?"
        return int(self._db.execute(sql, values).fetchone()[0])

    def _known(self, collection: str, source: str) -> dict[int, bool]:
        """Return the hashes of a publisher's footers, each with whether to drop it."""
        key = (collection, source)
        if key not in self._blocks:
            rows = self._db.execute(
                """SELECT block, NOT is_forgotten FROM footers JOIN footer_sources ON footer_sources.id = source_id
                WHERE collection = ? AND name = ?""",
                key,
            )
            self._blocks[key] = {int(block): bool(dropped) for block, dropped in rows}
        return self._blocks[key]


def _count_originals(article_ids: Sequence[int], copies: set[tuple[int, int]]) -> int:
    """Count articles, skipping the later one of each pair of copies."""
    kept: list[int] = []
    for article_id in sorted(article_ids):
        if not any((other, article_id) in copies for other in kept):
            kept.append(article_id)
    return len(kept)
