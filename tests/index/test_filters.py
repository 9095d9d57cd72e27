"""What filters let through."""

import sqlite3
from dataclasses import astuple
from datetime import date

import numpy as np
import pytest
from sqlite_utils import Database

from corpus.articles import Articles
from index.filters import Filters, filter_articles
from index.live.new_passages import PassageTracker
from index.live.scopes import Scopes
from tests.conftest import StoreArticle

ARTICLES = {
    "early": ("Valley Times", "2024-04-10", "shared"),
    "late": ("Valley Times", "2024-04-12T23:59:59Z", "shared"),
    "herald": ("Harbour Herald", "2024-04-11", "shared"),
    "undated": ("Harbour Herald", None, "shared"),
    "nameless": (None, "2024-04-11", "shared"),
    "guild": ("Valley Times", "2024-04-11", "guild"),
}


@pytest.fixture(autouse=True)
def articles(store: StoreArticle) -> dict[int, str]:
    return {
        store(f"The {name} article.", title=name, publisher=publisher, published_at=when, collection=collection): name
        for name, (publisher, when, collection) in ARTICLES.items()
    }


def passing(db: Database, filters: Filters) -> set[str]:
    every = np.array([row[0] for row in db.execute("SELECT id FROM passages ORDER BY id")], dtype=np.int64)
    # Some are a generation's, the others joined.
    passages = PassageTracker(db, every[::2])
    scope = Scopes(db, passages).of(filters)
    assert scope is not None
    ids = [*every[::2][scope.rows].tolist(), *scope.joined.tolist()]
    assert scope.size == len(ids)
    found = Articles(db).passages(ids).values()
    articles = Articles(db).facts([each.article_id for each in found]).values()
    assert filters.select(articles) == list(articles)
    return {str(facts.title) for facts in articles}


def scopes(db: Database) -> Scopes:
    return Scopes(db, PassageTracker(db, np.empty(0, dtype=np.int64)))


def scope(db: Database, filters: Filters) -> object:
    return scopes(db).of(filters)


def extent(db: Database, filters: Filters) -> tuple[int, str | None, str | None]:
    return astuple(scopes(db).extent(filters))


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (Filters(publishers=("vAlLeY times",)), {"early", "late", "guild"}),
        (Filters(publishers=("Valley Times", "HARBOUR HERALD")), {"early", "late", "guild", "herald", "undated"}),
        (Filters(publishers=("Valley",)), set()),
        (Filters(publishers=("%",)), set()),
        (Filters(collections=("SHARED",)), {"early", "late", "herald", "undated", "nameless"}),
        (Filters(collections=("guild", "none")), {"guild"}),
        (Filters(since=date(2024, 4, 12)), {"late"}),
        (Filters(since=date(2024, 4, 13)), set()),
        (Filters(until=date(2024, 4, 10)), {"early"}),
        (Filters(until=date(2024, 4, 12)), {"early", "late", "herald", "nameless", "guild"}),
        (Filters(since=date(2024, 4, 12), until=date(2024, 4, 12)), {"late"}),
        (Filters(since=date(2024, 4, 12), until=date(2024, 4, 10)), set()),
        (Filters(since=date.min), {"early", "late", "herald", "nameless", "guild"}),
        (Filters(("Valley Times",), ("shared",), date(2024, 4, 11), date(2024, 4, 30)), {"late"}),
        (Filters(hidden_publishers=("VALLEY times",)), {"herald", "nameless", "undated"}),
    ],
)
def test_filters_let_through_what_they_name_and_nothing_else(db: Database, filters: Filters, names: set[str]) -> None:
    assert passing(db, filters) == names
    assert extent(db, filters)[0] == len(names)


def test_no_filter_lets_everything_through(db: Database) -> None:
    assert not Filters()
    assert scope(db, Filters()) is None
    assert extent(db, Filters()) == (len(ARTICLES), "2024-04-10", "2024-04-12")


def test_what_was_searched_names_the_first_and_last_date_after_the_filters(db: Database) -> None:
    assert extent(db, Filters(publishers=("harbour herald",))) == (2, "2024-04-11", "2024-04-11")
    assert extent(db, Filters(publishers=("nobody",))) == (0, None, None)


def test_collections_that_hold_every_article_filter_nothing(db: Database) -> None:
    assert scope(db, Filters(collections=("shared", "guild"))) is None


def test_publishers_that_no_article_has_are_told(db: Database) -> None:
    asked = ("valley TIMES", "Nobody's Post", "Harbour Herald")
    assert scopes(db).unknown_publishers(Filters(publishers=asked)) == ["Nobody's Post"]


def test_a_publisher_of_another_collection_is_as_unknown_as_one_that_is_none(db: Database) -> None:
    within = Filters(publishers=("Harbour Herald", "Nobody's Post"), collections=("guild",))
    assert scopes(db).unknown_publishers(within) == ["Harbour Herald", "Nobody's Post"]


@pytest.mark.parametrize("name", ["SÜDDEUTSCHE ZEITUNG", "правда"])
def test_case_does_not_matter_in_letters_beyond_ascii(db: Database, store: StoreArticle, name: str) -> None:
    store("A German article.", publisher="Süddeutsche Zeitung", title="German")
    store("A Russian article.", publisher="Правда", title="Russian")
    assert len(passing(db, Filters(publishers=(name,)))) == 1


def test_a_name_in_more_spellings_than_sqlite_takes_parameters_is_hidden_in_all(
    db: Database, store: StoreArticle
) -> None:
    """SQLite takes 32,766 to 250,000 parameters, as it was built; one collection may have more articles."""
    db.conn.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 20)
    letters = "harborpost"
    for number in range(40):
        name = "".join(each.upper() if number >> place & 1 else each for place, each in enumerate(letters))
        store(f"Quay {number} was shut.", publisher=name, collection="guild")
    every = {row[0] for row in db.execute("SELECT id FROM articles")}
    hidden = Filters(hidden_publishers=("HarborPost",))
    assert len(filter_articles(db, hidden, every)) == len(every) - 40
    assert len(filter_articles(db, Filters(publishers=("harborpost",)), every)) == 40
