"""What has come into a collection or by a feed: for posting new articles, and for checking how they were read."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from corpus.article import ArticleFacts
from corpus.articles import Articles
from corpus.catalog import passage_count
from corpus.feeds.feed import Feed
from corpus.feeds.items import ItemStore
from index.filters import Filters, filter_articles


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article as it was stored, with the number of its passages."""

    facts: ArticleFacts
    passages: int


@dataclass(frozen=True, slots=True)
class FeedArrivals:
    """What a feed brought: its newest articles, how many in all, how many wait, and why others failed."""

    newest: list[Arrival]
    articles: int
    waiting: int
    failures: list[tuple[str, str]]


def newest_article(db: Database) -> int:
    """Return the highest number that an article ever had."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'articles'").fetchone()
    return int(row[0]) if row else 0


def new_articles(db: Database, collection: str, last_article: int) -> tuple[list[int], int]:
    """Return a collection's articles with higher numbers, and the number up to which none has to be looked at again.

    An excerpt whose page is still to be fetched is left for later, since the whole article may take its place.
    """
    newest = newest_article(db)
    rows = db.execute(
        """SELECT id, is_excerpt AND EXISTS (
            SELECT 1 FROM feed_items WHERE article_id = articles.id AND entry IS NOT NULL)
        FROM articles WHERE id > ? AND collection = ? ORDER BY id""",
        # A corpus that was restored from a backup has lower numbers.
        (min(last_article, newest), collection),
    ).fetchall()
    held = [article_id for article_id, is_held in rows if is_held]
    return [article_id for article_id, is_held in rows if not is_held], min([newest, *(each - 1 for each in held)])


def feed_articles(db: Database, feed_id: int) -> list[int]:
    """Return the articles that a feed has listed, in the order of their numbers; no excerpts as in `new_articles`."""
    sql = """SELECT DISTINCT article_id FROM feed_items WHERE feed_id = ? AND article_id IS NOT NULL
        AND (entry IS NULL OR NOT (SELECT is_excerpt FROM articles WHERE id = article_id)) ORDER BY article_id"""
    return [row[0] for row in db.execute(sql, (feed_id,))]


def select_news(db: Database, article_ids: Sequence[int], filters: Filters, words: Sequence[str]) -> list[int]:
    """Return the articles that pass the filters and have one of the words in title or text, in order."""
    allowed = filter_articles(db, filters, set(article_ids)) if article_ids else set()
    if not words:
        return [each for each in article_ids if each in allowed]
    has_word = _word_matcher(words)
    articles = Articles(db)
    found = (articles.get(each) for each in article_ids if each in allowed)
    return [each.id for each in found if each and has_word(f"{each.title or ''}\n{each.body}".casefold())]


def _word_matcher(words: Sequence[str]) -> Callable[[str], bool]:
    """Return a test whether a text has a word, or one that begins with it; in scripts without spaces, anywhere."""
    patterns = [
        ("" if unicodedata.category(word[0]) == "Lo" else r"(?<!\w)") + re.escape(word.casefold()) for word in words
    ]
    found = re.compile("|".join(patterns))
    return lambda text: found.search(text) is not None


def read_arrivals(db: Database, article_ids: Sequence[int]) -> list[Arrival]:
    """Return articles as they were stored, in this order; those that are gone are left out."""
    facts = Articles(db).facts(article_ids)
    return [Arrival(facts[each], passage_count(db, each)) for each in article_ids if each in facts]


def articles_in(db: Database, article_ids: Sequence[int], collection: str) -> list[int]:
    """Return those of the articles that are in a collection, in this order."""
    facts = Articles(db).facts(article_ids)
    return [each for each in article_ids if each in facts and facts[each].collection == collection]


def feed_arrivals(db: Database, feed: Feed, most: int) -> FeedArrivals:
    """Return what a feed brought so far: at most `most` articles and failures, the newest first."""
    ids = feed_articles(db, feed.id)
    failures = db.execute(
        """SELECT key, reason FROM feed_items WHERE feed_id = ? AND reason <> '' ORDER BY checked_at DESC LIMIT ?""",
        (feed.id, most),
    ).fetchall()
    newest = read_arrivals(db, ids[: -most - 1 : -1])
    return FeedArrivals(newest, len(ids), ItemStore(db).count_waiting(feed.id), failures)
