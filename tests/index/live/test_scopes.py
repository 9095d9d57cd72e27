"""What a reader may see follows every change at once, whoever makes it and however."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import astuple
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sqlite_utils import Database

from corpus import schema
from corpus.articles import Articles
from corpus.database import open_database_read_only
from index.filters import Filters, article_condition
from index.live.new_passages import PassageTracker
from index.live.scopes import Scopes
from index.search.live_index import LiveIndex
from index.search.retriever import Retriever
from tests.conftest import StoreArticle
from tests.fakes import HashingEmbedder
from tests.index.search.test_retriever import EMPTY_INDEX, NO_POSTINGS

SHARED, GUILD = Filters(collections=("shared",)), Filters(collections=("guild",))
PUBLISHERS = ("Valley Times", "valley times", "Harbour Herald", "Правда", None)
DAYS = ("2024-04-10", "2024-04-12T23:59:59Z", "2024", None)


class Reader:
    """A connection of its own, with a generation of every other passage that it found."""

    def __init__(self, db: Database) -> None:
        self.db = db
        every = [row[0] for row in db.execute("SELECT id FROM passages ORDER BY id")]
        self.passages = PassageTracker(db, np.array(every[::2], dtype=np.int64))
        self.scopes = Scopes(db, self.passages)

    def sees(self, filters: Filters) -> list[int]:
        """The passages of a scope, in order."""
        if self.passages.catch_up():
            self.scopes.catch_up()
        scope = self.scopes.of(filters)
        rows, joined = (self.passages.present, self.passages.ids) if scope is None else (scope.rows, scope.joined)
        assert scope is None or scope.size == rows.sum() + len(joined)
        assert astuple(self.scopes.extent(filters)) == self.expected_extent(filters)
        return sorted([*self.passages.base_ids[rows].tolist(), *joined.tolist()])

    def expected(self, filters: Filters) -> list[int]:
        """The same by the database's own reckoning."""
        condition, values = article_condition(self.db, filters)
        sql = f"SELECT passages.id FROM passages JOIN articles ON articles.id = article_id WHERE {condition} ORDER BY 1"
        return [row[0] for row in self.db.execute(sql, values)]

    def expected_extent(self, filters: Filters) -> tuple[object, ...]:
        condition, values = article_condition(self.db, filters)
        sql = f"""SELECT count(*), substr(min(published_at), 1, 10), substr(max(published_at), 1, 10)
            FROM articles WHERE {condition}"""
        return tuple(self.db.execute(sql, values).fetchone())


@pytest.fixture
def reader(db: Database, store: StoreArticle, tmp_path: Path) -> Iterator[Callable[[], Reader]]:
    opened: list[Database] = []

    def make() -> Reader:
        opened.append(open_database_read_only(tmp_path / "data"))
        return Reader(opened[-1])

    for number in range(6):
        store(f"Article {number} of the valley.", collection=("shared", "guild")[number % 2], publisher="Valley Times")
    yield make
    for each in opened:
        each.close()


CHANGES = {
    "moved into another server's collection": "UPDATE articles SET collection = 'other' WHERE id = 2",
    "made private": "UPDATE articles SET collection = 'guild' WHERE id = 1",
    "given another publisher": "UPDATE articles SET publisher = 'Hidden' WHERE id IN (3, 4)",
    "dated": "UPDATE articles SET published_at = '2024-05-01' WHERE id = 3",
    "removed": "DELETE FROM articles WHERE id = 1",
    "cut anew": "UPDATE articles SET body = 'Something else.' WHERE id = 3",
    "its passages removed": "DELETE FROM passages WHERE article_id = 4",
    "all removed": "DELETE FROM articles",
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    "filters", [SHARED, GUILD, Filters(hidden_publishers=("hidden",)), Filters(since=date(2024, 4, 15))]
)
def test_a_change_by_any_statement_counts_at_the_next_look(
    db: Database, reader: Callable[[], Reader], filters: Filters, change: str
) -> None:
    one = reader()
    before = one.sees(filters)
    with db.conn:
        db.execute(CHANGES[change])
    assert one.sees(filters) == one.expected(filters)
    assert one.sees(filters) == reader().sees(filters)
    if change == "all removed":
        assert (one.sees(filters), before) == ([], before)


@pytest.mark.parametrize("seed", range(4))
def test_scopes_are_what_the_database_says_after_any_history(
    db: Database, store: StoreArticle, reader: Callable[[], Reader], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = np.random.default_rng(seed)
    one = reader()
    for step in range(40):
        article = int(chance.integers(1, 30))
        publisher, day = chance.choice(np.array(PUBLISHERS)), chance.choice(np.array(DAYS))
        kind = chance.integers(5)
        if kind == 0:
            with db.atomic():
                Articles(db).remove(article)
        elif kind == 1:
            with db.conn:
                db.execute(
                    "UPDATE articles SET publisher = ?, published_at = ? WHERE id = ?", (publisher, day, article)
                )
        else:
            store(f"Step {step}.", publisher=publisher, published_at=day, collection=("shared", "guild")[step % 2])
        if chance.integers(3) == 0:
            for filters in (
                SHARED,
                Filters(("valley TIMES",), ("guild",)),
                Filters(hidden_publishers=("ПРАВДА",), until=date(2024, 4, 11)),
                Filters(since=date(2024, 1, 1)),
            ):
                assert one.sees(filters) == one.expected(filters)


def test_who_comes_later_than_changes_are_kept_reads_everything_anew(
    db: Database, store: StoreArticle, reader: Callable[[], Reader]
) -> None:
    one = reader()
    one.sees(SHARED)
    with db.conn:
        db.execute("UPDATE articles SET collection = 'guild' WHERE id IN (1, 3)")
        db.execute("DELETE FROM articles WHERE id = 5")
        db.execute("DELETE FROM changes WHERE seq < (SELECT max(seq) FROM changes)")
    store("One more.")
    assert one.sees(SHARED) == one.expected(SHARED)
    assert one.sees(GUILD) == one.expected(GUILD)


def test_changes_do_not_pile_up(db: Database, store: StoreArticle) -> None:
    store("A report.")
    with db.conn:
        db.execute("INSERT INTO changes (seq, article_id) VALUES (?, 1)", (3 * schema.CHANGES_KEPT,))
        db.conn.executemany("INSERT INTO changes (article_id) VALUES (?)", [(1,)] * 1000)
    assert db.execute("SELECT count(*) FROM changes").fetchone()[0] <= 1001


def test_what_is_shown_passes_by_the_database_itself_whatever_memory_says(db: Database, store: StoreArticle) -> None:
    article = store("The ferry to Ostrava sank.", collection="guild", title="Ferry")
    retriever = Retriever(
        db, LiveIndex(db, EMPTY_INDEX, NO_POSTINGS, HashingEmbedder()), HashingEmbedder(), per_article=3
    )
    assert [hit.article.id for hit in retriever.search("ferry", 5, GUILD).hits] == [article]
    # Through the same connection: nothing tells the retriever.
    db.execute("UPDATE articles SET collection = 'other' WHERE id = ?", (article,))
    assert retriever.search("ferry", 5, GUILD).hits == []


@pytest.fixture
def opened(db: Database, store: StoreArticle, tmp_path: Path) -> Iterator[Database]:
    for number in range(6):
        store(f"The bridge number {number} of the valley is closed today.", publisher=f"Paper {number}", title="Bridge")
    reading = open_database_read_only(tmp_path / "data")
    yield reading
    reading.close()


def test_what_is_written_while_the_columns_are_read_puts_no_article_under_anothers_publisher(
    db: Database, opened: Database, store: StoreArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary = opened.execute

    def busy(sql, *values):
        found = ordinary(sql, *values)
        if "articles_by_publisher" in sql:
            rows = found.fetchall()
            monkeypatch.setattr(opened, "execute", ordinary)
            Articles(db).remove(1)
            store("Another bridge of the valley is open.", publisher="Late Edition", title="Bridge")
            return SimpleNamespace(fetchall=lambda: rows)
        return found

    monkeypatch.setattr(opened, "execute", busy)
    retriever = Retriever(
        opened, LiveIndex(opened, EMPTY_INDEX, NO_POSTINGS, HashingEmbedder()), HashingEmbedder(), per_article=3
    )
    for publisher, expected in (("Paper 0", []), ("Paper 3", ["Paper 3"]), ("Late Edition", ["Late Edition"])):
        hits = retriever.search("bridge valley", 9, Filters(publishers=(publisher,))).hits
        assert [hit.article.publisher for hit in hits] == expected


@pytest.mark.parametrize(
    "where", ["FROM changes WHERE seq >", "FROM passages WHERE id >", "FROM articles\n    WHERE id"]
)
def test_a_failure_while_changes_are_read_loses_none_of_them(
    db: Database, opened: Database, store: StoreArticle, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    retriever = Retriever(
        opened, LiveIndex(opened, EMPTY_INDEX, NO_POSTINGS, HashingEmbedder()), HashingEmbedder(), per_article=3
    )
    retriever.catch_up()
    db.execute("UPDATE articles SET collection = 'guild' WHERE id = 2")
    new = store("A new bridge of the valley is open.", collection="guild", title="Bridge")
    ordinary, version = opened.execute, retriever.version

    def failing(sql, *values):
        if where in sql:
            monkeypatch.setattr(opened, "execute", ordinary)
            raise sqlite3.OperationalError("disk I/O error")
        return ordinary(sql, *values)

    monkeypatch.setattr(opened, "execute", failing)
    with pytest.raises(sqlite3.OperationalError):
        retriever.search("bridge valley", 9, GUILD)
    assert {hit.article.id for hit in retriever.search("bridge valley", 9, GUILD).hits} == {2, new}
    assert retriever.version > version, "answers from before the failure are not given again"
