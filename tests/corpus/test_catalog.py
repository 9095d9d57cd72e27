"""Articles are found by words of their title or publisher, in a time that hostile words do not lengthen."""

import pytest
from sqlite_utils import Database

from bot.service.lookups import find_by_words
from corpus.catalog import count_articles, list_articles
from index.filters import Filters
from tests.conftest import StoreArticle
from tests.limits import processor_limit


@pytest.mark.parametrize("words", ["VELDEN", "velden talks", "eldenelde", "TALKTALKTALK", "100%_!", "é", "Ä", "a" * 99])
def test_words_are_found_whatever_they_repeat(db: Database, store: StoreArticle, words: str) -> None:
    wanted = store("One.", title=f"Of {words.lower() if words.isascii() else words} today", publisher="Post")
    by_publisher = store("Two.", title="Two", publisher=f"The {words}")
    store("Three.", title="Three", publisher="Post")
    assert set(list_articles(db, words=words)) == {wanted, by_publisher}
    assert count_articles(db, ("shared",), words=words) == 2
    assert {each.id for each in find_by_words(db, Filters(), words.split(), 9)} == {wanted, by_publisher}


@pytest.mark.parametrize("words", ["a" * 99 + "b", " ".join(["a" * 90 + letter for letter in "bcdefghij"])])
def test_a_word_that_begins_everywhere_takes_no_longer(db: Database, store: StoreArticle, words: str) -> None:
    number = store("Text.", title="x")
    columns = [row[1] for row in db.execute("PRAGMA table_info(articles)") if row[1] not in {"id", "title"}]
    db.execute(
        f"""WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 8000)
        INSERT INTO articles (title, {", ".join(columns)})
        SELECT ?, {", ".join(columns)} FROM articles, numbers WHERE id = ?""",
        ("a" * 500, number),
    )
    # LIKE takes a second for each word.
    with processor_limit(0.5):
        assert find_by_words(db, Filters(), words.split(), 9) == []
        assert count_articles(db, words=words) == 0
