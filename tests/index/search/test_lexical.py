"""Search by words: safe for any text, confined by filters."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from corpus.article import Draft
from corpus.articles import Articles
from corpus.database import open_database
from index.filters import Filters
from index.schema import migrations as index_migrations
from index.search.lexical import MAX_TERMS
from tests.conftest import StoreArticle
from tests.words import lexical_search

Search = Callable[[str, int, Filters], dict[int, float]]
SYNTAX = st.sampled_from(
    [
        '"',
        "'",
        "*",
        "^",
        "(",
        ")",
        "{",
        "}",
        ":",
        "-",
        "+",
        ",",
        "NEAR(",
        "AND",
        "OR",
        "NOT",
        "title:",
        "\0",
        "🙂",
        "\\",
    ]
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Search:
    db = open_database(tmp_path_factory.mktemp("lexical"), (index_migrations,))
    with db.atomic():
        Articles(db).store(
            Draft(body="The ferry and the bridge are near the old title office.", title="Ferry"),
            collection="shared",
            origin="a",
            source_sha256="a",
            now="2024-01-01T00:00:00Z",
        )
    return lexical_search(db, held=True)


@pytest.fixture(params=[True, False], ids=["held", "joined"])
def make(request: pytest.FixtureRequest) -> Callable[[Database], Search]:
    """Searches the words that a generation holds, or the same ones as if they had joined since."""
    return lambda db: lexical_search(db, held=request.param)


@given(st.lists(SYNTAX | st.text(max_size=8) | st.just("ferry"), max_size=30).map(" ".join) | st.text())
@example('" OR NEAR( *')
@example("\ud800 lone surrogate")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_searched_for(small: Search, query: str) -> None:
    for score in small(query, 5, Filters()).values():
        assert isinstance(score, float)


@given(st.lists(SYNTAX, max_size=12).map(" ".join))
def test_operators_are_words_not_commands(small: Search, noise: str) -> None:
    assert small(f"{noise} ferry {noise}", 5, Filters()).keys() == {1}


def test_scores_are_positive_and_best_first_and_the_title_counts_more(
    db: Database, store: StoreArticle, make: Callable[[Database], Search]
) -> None:
    in_text = store("A word on the harbour was said in passing by the mayor.", title="Council meets")
    in_title = store("A word on the budget was said in passing by the mayor.", title="Harbour")
    store("Nothing of it was said by anybody at all in town.", title="Budget")
    found = make(db)("harbour", 5, Filters())
    articles = [passage.article_id for passage in (Articles(db).passages([item])[item] for item in found)]
    assert articles == [in_title, in_text]
    assert all(score > 0 for score in found.values())
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_no_more_are_returned_than_asked_for(
    db: Database, store: StoreArticle, make: Callable[[Database], Search]
) -> None:
    for number in range(5):
        store(f"The harbour was full on day {number}.")
    assert len(make(db)("harbour", 3, Filters())) == 3


def test_an_essay_is_searched_by_its_longest_words(
    db: Database, store: StoreArticle, make: Callable[[Database], Search]
) -> None:
    store("The hydroelectricity dispute went to arbitration.")
    essay = " ".join(f"w{number}" for number in range(MAX_TERMS * 3)) + " hydroelectricity"
    assert make(db)(essay, 5, Filters())


def test_filters_hold_whatever_the_words(db: Database, store: StoreArticle, make: Callable[[Database], Search]) -> None:
    body = "The bridge was closed."
    store(body, publisher="Valley Times", published_at="2024-04-10", title="one")
    store(body, publisher="Harbour Herald", published_at="2024-04-10", title="two")
    wanted = store(body, publisher="valley times", published_at="2024-04-12T23:59:59Z", title="three")
    filters = Filters(publishers=("VALLEY TIMES",), since=date(2024, 4, 11), until=date(2024, 4, 12))
    found = make(db)("bridge", 10, filters)
    assert [each.article_id for each in Articles(db).passages(list(found)).values()] == [wanted]


def test_a_publisher_with_quotes_in_its_name_is_only_a_name(
    db: Database, store: StoreArticle, make: Callable[[Database], Search]
) -> None:
    name = "O'Brien's \"Post\"; DROP TABLE articles --"
    store("The bridge was closed.", publisher=name)
    search = make(db)
    assert search("bridge", 5, Filters(publishers=(name,)))
    assert not search("bridge", 5, Filters(publishers=("' OR 1=1 --",)))
