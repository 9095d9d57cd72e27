"""Look-ups in the open database: counts, publishers and articles that may be read in a place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from bot.answering.copy_groups import copies_of
from bot.service.index_place import live_manifest
from bot.settings import Settings
from corpus.article import ArticleFacts, Passage
from corpus.articles import Articles
from corpus.catalog import (
    IS_CLAIMED,
    MAX_WORDS,
    PublisherFacts,
    count_articles,
    list_articles,
    naming,
    passage_count,
    publishers,
)
from corpus.history import Edit, compute_edit
from index.embedding.vector_store import Embeddings
from index.filters import Filters, article_condition, filter_articles
from index.terms import Terms, query_words

_NUMBER = re.compile(r"(?:no\.?|nr\.?|#)?\s*(\d{1,18})", re.IGNORECASE)
# Titles to compare with the wanted one.
_MAX_TITLES = 50


@dataclass(frozen=True, slots=True)
class CorpusCounts:
    """Counts, and the first and last date of publication (`YYYY-MM-DD`; None if no article states one)."""

    articles: int
    passages: int
    publishers: int
    undated: int
    first_date: str | None
    last_date: str | None


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """One article; `versions` counts its former texts.

    `copies` are readable articles with mostly the same text, the earliest first.
    """

    facts: ArticleFacts
    passages: int
    versions: int
    copies: Sequence[ArticleFacts]


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One page of a list of articles: the page's number from 0, and the count of all articles in the list."""

    articles: list[ArticleFacts]
    page: int
    count: int


@dataclass(frozen=True, slots=True)
class ArticleEdit:
    """One edit of an article: its place among all edits, 0 the newest, and when it was seen (seconds since 1970)."""

    facts: ArticleFacts
    edit: Edit
    place: int
    edits: int
    seen_at: int


def count_corpus(db: Database, filters: Filters) -> CorpusCounts:
    """Count what passes the filters."""
    condition, values = article_condition(db, filters)
    articles, names, undated, first, last = db.execute(
        f"""SELECT count(*), count(DISTINCT iif({IS_CLAIMED}, NULL, publisher)), count(*) - count(published_at),
            substr(min(published_at), 1, 10), substr(max(published_at), 1, 10)
        FROM articles INDEXED BY article_facts WHERE {condition}""",
        values,
    ).fetchone()
    passages = db.execute(
        f"""SELECT count(*) FROM passages
        WHERE article_id IN (SELECT id FROM articles INDEXED BY article_facts WHERE {condition})""",
        values,
    ).fetchone()[0]
    return CorpusCounts(articles, passages, names, undated, first, last)


def list_publishers(db: Database, filters: Filters) -> list[PublisherFacts]:
    """Return every publisher of what passes the filters, the one with the most articles first."""
    condition, values = article_condition(db, filters)
    rows = db.execute(
        f"""SELECT publisher, count(*), substr(min(published_at), 1, 10), substr(max(published_at), 1, 10),
            {IS_CLAIMED} AS is_claimed
        FROM articles INDEXED BY article_facts WHERE {condition}
        GROUP BY publisher, is_claimed ORDER BY count(*) DESC, publisher, is_claimed""",
        values,
    )
    return [
        PublisherFacts(name, count, first, last, is_claimed=bool(claimed and name))
        for name, count, first, last, claimed in rows
    ]


def unknown_publishers(
    db: Database, collections: Sequence[str], names: Sequence[str], *, counts_claims: bool
) -> list[str]:
    """Return the names that no article in some collections has as its publisher; case is ignored.

    With `counts_claims`, articles that only say they are from a publisher count as its.
    """
    found = (each for each in publishers(db, collections) if counts_claims or not each.is_claimed)
    known = {each.publisher.casefold() for each in found if each.publisher}
    return [name for name in names if name.casefold() not in known]


def publisher_names(db: Database, collections: Sequence[str]) -> list[str]:
    """Return the names of the publishers in some collections, the one with the most articles first."""
    return [each.publisher for each in publishers(db, collections) if each.publisher and not each.is_claimed]


def index_built_at(settings: Settings, db: Database) -> str | None:
    """Return when the live index was built (ISO 8601, UTC); None if there is no readable one."""
    found = live_manifest(settings, db)
    return found[1].created_at if found else None


def has_all_vectors(db: Database, model: str) -> bool:
    """Return whether every text has its vector; `model` is the embedding model's fingerprint."""
    return Embeddings(db, model).count_missing() == 0


def article_card(db: Database, filters: Filters, article_id: int) -> ArticleCard | None:
    """Return one article; None if there is none, or it does not pass the filters."""
    if not filter_articles(db, filters, {article_id}):
        return None
    versions = db.execute("SELECT count(*) FROM versions WHERE article_id = ?", (article_id,)).fetchone()[0]
    facts = Articles(db).facts([article_id])[article_id]
    copies = copies_of(db, [article_id], filters).get(article_id, ())
    return ArticleCard(facts, passage_count(db, article_id), versions, copies)


def article_in_collection(db: Database, article_id: int, collection: str) -> ArticleFacts | None:
    """Return an article of a collection; None if there is none, so the existence of others' articles does not leak."""
    facts = Articles(db).facts([article_id]).get(article_id)
    return facts if facts and facts.collection == collection else None


def article_page(db: Database, collection: str, words: str, page: int, size: int) -> ArticlePage:
    """Return a page of the articles of a collection with all words in title or publisher, newest first.

    A `page` past the end gives the last one: articles may have been removed since a button was made.
    """
    within = (collection,)
    count = count_articles(db, within, words=words)
    page = max(0, min(page, -(-count // size) - 1))
    ids = list_articles(db, within, words=words, limit=size, offset=page * size)
    facts = Articles(db).facts(ids)
    return ArticlePage([facts[article_id] for article_id in ids], page, count)


def article_edit(db: Database, filters: Filters, article_id: int, place: int) -> ArticleEdit | None:
    """Return an edit of an article, at most the oldest; None without edits, or if the filters exclude the article."""
    if not filter_articles(db, filters, {article_id}):
        return None
    articles = Articles(db)
    article, versions = articles.get(article_id), articles.versions(article_id)
    if article is None or not versions:
        return None
    place = min(place, len(versions) - 1)
    edit = compute_edit(article, versions, place)
    return ArticleEdit(article, edit, place, len(versions), int(datetime.fromisoformat(edit.seen_at).timestamp()))


def find_by_words(db: Database, filters: Filters, words: Sequence[str], limit: int) -> list[ArticleFacts]:
    """Return the articles that pass the filters and have every word in title or publisher, newest first."""
    condition, values = article_condition(db, filters)
    for place, word in enumerate(words[:MAX_WORDS]):
        condition += f" AND {naming(word, f':word_{place}')}"
        values[f"word_{place}"] = word
    # With words SQLite has to scan the titles; without them it walks the index of dates from the newest on.
    index = "INDEXED BY article_facts" if words else ""
    sql = f"""SELECT id FROM articles {index} WHERE {condition}
        ORDER BY published_at DESC, id DESC LIMIT {limit:d}"""
    ids = [int(row[0]) for row in db.execute(sql, values)]
    facts = Articles(db).facts(ids)
    return [facts[article_id] for article_id in ids]


def find_article(db: Database, filters: Filters, text: str) -> int | None:
    """Return the article with this number, else this title, else the newest with all words in title or publisher."""
    number = _NUMBER.fullmatch(text.strip())
    if number and filter_articles(db, filters, {int(number[1])}):
        return int(number[1])
    words = [word for word in text.split() if any(char.isalnum() for char in word)]
    if not words:
        return None
    found = find_by_words(db, filters, words, _MAX_TITLES)
    wanted = " ".join(text.split()).casefold()
    return next((each.id for each in found if (each.title or "").casefold() == wanted), found[0].id if found else None)


def first_passage(db: Database, article_id: int) -> Passage | None:
    """Return an article's first passage; None for an article without one. The caller checks who may read it."""
    sql = "SELECT id FROM passages WHERE article_id = ? ORDER BY ordinal LIMIT 1"
    first = db.execute(sql, (article_id,)).fetchone()
    return Articles(db).passages([first[0]]).get(first[0]) if first else None


def passages_by_id(db: Database, passage_ids: Sequence[int]) -> dict[int, Passage]:
    """Return passages by their numbers, as far as they still exist. The caller checks who may read them."""
    return Articles(db).passages(passage_ids)


def passages_of(db: Database, filters: Filters, article_id: int) -> tuple[ArticleFacts, list[Passage]] | None:
    """Return an article with all its passages in order; None if the filters hide it."""
    if not filter_articles(db, filters, {article_id}):
        return None
    articles = Articles(db)
    ids = [row[0] for row in db.execute("SELECT id FROM passages WHERE article_id = ? ORDER BY ordinal", (article_id,))]
    found = articles.passages(ids)
    return articles.facts([article_id])[article_id], [found[each] for each in ids]


def nearest_title(articles: Sequence[ArticleFacts], text: str) -> int | None:
    """Return the first article whose title shares at least half of the text's words; None if none does."""
    terms = Terms()
    wanted = set(terms.stem(query_words(text)))
    for article in articles:
        shared = wanted & set(terms.stems(article.title or ""))
        if shared and 2 * len(shared) >= len(wanted):
            return article.id
    return None
