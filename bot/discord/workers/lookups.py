"""What may be read in a place: its counts, publishers and articles; all of it passes the place's filters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.answering.copy_groups import copies_of
from corpus.article import ArticleFacts
from corpus.articles import Articles
from corpus.catalog import PublisherFacts, passage_count
from corpus.history import Edit, edit_of
from index.filters import Filters, article_condition, passing_articles
from index.terms import Terms, query_words

_NUMBER = re.compile(r"(?:no\.?|nr\.?|#)?\s*(\d{1,18})", re.IGNORECASE)
# Titles that hold all the words; with more of them the words say too little to choose by.
_MOST_TITLES = 50
# More words than a title has tell nothing more.
_MOST_WORDS = 10


@dataclass(frozen=True, slots=True)
class Holdings:
    """Counts, and the first and last date of publication (`YYYY-MM-DD`; None where no article states one)."""

    articles: int
    passages: int
    publishers: int
    undated: int
    first_date: str | None
    last_date: str | None


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """What is told about one article: `versions` counts the texts that it had before.

    `copies` are articles with mostly the same text that may be read in the same place, the earliest first.
    """

    facts: ArticleFacts
    passages: int
    versions: int
    copies: Sequence[ArticleFacts]


def count_holdings(db: Database, filters: Filters) -> Holdings:
    """Counts what passes the filters."""
    condition, values = article_condition(db, filters)
    articles, names, undated, first, last = db.execute(
        f"""SELECT count(*), count(DISTINCT publisher), count(*) - count(published_at),
            substr(min(published_at), 1, 10), substr(max(published_at), 1, 10)
        FROM articles INDEXED BY article_facts WHERE {condition}""",
        values,
    ).fetchone()
    passages = db.execute(
        f"""SELECT count(*) FROM passages
        WHERE article_id IN (SELECT id FROM articles INDEXED BY article_facts WHERE {condition})""",
        values,
    ).fetchone()[0]
    return Holdings(articles, passages, names, undated, first, last)


def list_publishers(db: Database, filters: Filters) -> list[PublisherFacts]:
    """Every publisher of what passes the filters, the one with the most articles first."""
    condition, values = article_condition(db, filters)
    rows = db.execute(
        f"""SELECT publisher, count(*), substr(min(published_at), 1, 10), substr(max(published_at), 1, 10)
        FROM articles INDEXED BY article_facts WHERE {condition}
        GROUP BY publisher ORDER BY count(*) DESC, publisher""",
        values,
    )
    return [PublisherFacts(*row) for row in rows]


def article_card(db: Database, filters: Filters, article_id: int) -> ArticleCard | None:
    """One article; None where there is none, or where it does not pass the filters."""
    if not passing_articles(db, filters, {article_id}):
        return None
    versions = db.execute("SELECT count(*) FROM versions WHERE article_id = ?", (article_id,)).fetchone()[0]
    facts = Articles(db).facts([article_id])[article_id]
    return ArticleCard(
        facts, passage_count(db, article_id), versions, copies_of(db, [article_id], filters).get(article_id, ())
    )


@dataclass(frozen=True, slots=True)
class ShownEdit:
    """One edit of an article: its place among all of them, 0 the newest, and when it was seen (seconds since 1970)."""

    facts: ArticleFacts
    edit: Edit
    place: int
    edits: int
    seen_at: int


def shown_edit(db: Database, filters: Filters, article_id: int, place: int) -> ShownEdit | None:
    """An edit of an article, or its oldest; None where there is no edit, or the article does not pass the filters."""
    if not passing_articles(db, filters, {article_id}):
        return None
    articles = Articles(db)
    article, versions = articles.get(article_id), articles.versions(article_id)
    if article is None or not versions:
        return None
    place = min(place, len(versions) - 1)
    edit = edit_of(article, versions, place)
    return ShownEdit(article, edit, place, len(versions), int(datetime.fromisoformat(edit.seen_at).timestamp()))


def titled(db: Database, filters: Filters, words: Sequence[str], limit: int) -> list[int]:
    """Ids of the articles that pass the filters and hold every word in title or publisher, newest first."""
    condition, values = article_condition(db, filters)
    for place, word in enumerate(words[:_MOST_WORDS]):
        condition += f" AND coalesce(title, '') || ' ' || coalesce(publisher, '') LIKE :word_{place} ESCAPE '!'"
        values[f"word_{place}"] = "%" + re.sub(r"([!%_])", r"!\1", word) + "%"
    # Words are looked for in each article's title; without them SQLite walks the dates from the newest on.
    index = "INDEXED BY article_facts" if words else ""
    sql = f"""SELECT id FROM articles {index} WHERE {condition}
        ORDER BY published_at DESC, id DESC LIMIT {limit:d}"""
    return [int(row[0]) for row in db.execute(sql, values)]


def find_article(db: Database, filters: Filters, text: str) -> int | None:
    """The article with this number, else this title, else the newest with all these words in title or publisher."""
    number = _NUMBER.fullmatch(text.strip())
    if number and passing_articles(db, filters, {int(number[1])}):
        return int(number[1])
    words = [word for word in text.split() if any(char.isalnum() for char in word)]
    if not words:
        return None
    found = titled(db, filters, words, _MOST_TITLES)
    facts = Articles(db).facts(found)
    wanted = " ".join(text.split()).casefold()
    return next((each for each in found if (facts[each].title or "").casefold() == wanted), next(iter(found), None))


def nearest_title(articles: Sequence[ArticleFacts], text: str) -> int | None:
    """The first article whose title shares at least half of the text's words; None where none does."""
    terms = Terms()
    wanted = set(terms.stem(query_words(text)))
    for article in articles:
        shared = wanted & set(terms.stems(article.title or ""))
        if shared and 2 * len(shared) >= len(wanted):
            return article.id
    return None
