"""The tables that Datasette shows: a database of their own, written anew from the facts that may be shown."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.render.formatters import KIND_WORDS, country_name, publisher_words, shown_title
from bot.service.feeds import list_feeds
from bot.service.sessions import reading
from bot.service.shown_facts import ShownArticle, read_unanswered, shown_articles
from bot.settings import Settings
from bot.web.shown import Shown
from bot.web.web_link import web_link

_NO_PUBLISHER = "(no publisher stated)"
# No text of articles, no author, no name of a file, no user: nobody can ask for what is not here.
_TABLES = (
    """CREATE TABLE articles (
        article INTEGER PRIMARY KEY, published TEXT, title TEXT NOT NULL, publisher TEXT, country TEXT, kind TEXT,
        state_controlled TEXT, language TEXT, story INTEGER, former_texts INTEGER NOT NULL, excerpt TEXT,
        collection TEXT NOT NULL, link TEXT
    )""",
    "CREATE INDEX articles_by_published ON articles (published)",
    "CREATE INDEX articles_by_publisher ON articles (publisher)",
    "CREATE INDEX articles_by_story ON articles (story, published)",
    """CREATE TABLE stories (
        story INTEGER PRIMARY KEY, first_headline TEXT NOT NULL, articles INTEGER NOT NULL,
        publishers INTEGER NOT NULL, first_day TEXT, last_day TEXT
    )""",
    "CREATE INDEX stories_by_day ON stories (last_day)",
    """CREATE TABLE publishers (
        publisher TEXT PRIMARY KEY, country TEXT, kind TEXT, state_controlled TEXT, articles INTEGER NOT NULL,
        first_day TEXT, last_day TEXT
    )""",
    """CREATE TABLE feeds (
        feed INTEGER PRIMARY KEY, title TEXT, site TEXT, collection TEXT NOT NULL, state TEXT NOT NULL,
        failures INTEGER NOT NULL, last_error TEXT, last_read TEXT, last_change TEXT
    )""",
    """CREATE TABLE unanswered (
        server TEXT NOT NULL, question TEXT NOT NULL, times INTEGER NOT NULL, last_day TEXT NOT NULL
    )""",
)
# A bare column takes its value from the row with the minimum (sqlite.org/lang_select.html#bareagg).
_STORIES = """INSERT INTO stories SELECT story, title, articles, publishers, nullif(first_day, '9999'), last_day
    FROM (SELECT story, title, count(*) AS articles, count(DISTINCT publisher) AS publishers,
        min(coalesce(published, '9999')) AS first_day FROM articles WHERE story IS NOT NULL
        GROUP BY story HAVING count(*) > 1)
    JOIN (SELECT story AS same, max(published) AS last_day FROM articles GROUP BY story) ON same = story"""
_PUBLISHERS = f"""INSERT INTO publishers SELECT coalesce(publisher, '{_NO_PUBLISHER}'), min(country), min(kind),
    max(state_controlled), count(*), min(published), max(published) FROM articles GROUP BY 1"""


def write_tables(settings: Settings, shown: Shown, path: Path) -> None:
    """Write the tables into a database file; its readers see the former ones until all are written.

    Raises:
        StorageFailure: the data folder can't be read.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as out:
        out.execute("PRAGMA journal_mode = WAL")
        out.execute("PRAGMA secure_delete = ON")
        out.execute("BEGIN IMMEDIATE")
        for (name,) in out.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            out.execute(f"DROP TABLE {name}")
        for statement in _TABLES:
            out.execute(statement)
        with reading(settings.data_dir) as db, db.atomic():
            _insert(out, "articles", map(_article_row, shown_articles(db, shown.filters)))
        out.execute(_STORIES)
        # An article by itself is a story that nobody wants to open.
        out.execute("UPDATE articles SET story = NULL WHERE story NOT IN (SELECT story FROM stories)")
        out.execute(_PUBLISHERS)
        if shown.feeds:
            _insert(out, "feeds", _feed_rows(settings, shown))
        unanswered = ((str(server), *rest) for server, *rest in read_unanswered(settings, shown.servers))
        _insert(out, "unanswered", unanswered)
        out.execute("COMMIT")


def _insert(out: sqlite3.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    each = iter(rows)
    if (first := next(each, None)) is not None:
        out.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(first))})", chain([first], each))


def _article_row(article: ShownArticle) -> tuple[Any, ...]:
    facts, known = article.facts, article.publisher
    stated = known.name if known else publisher_words(facts)
    name = f"says it is from {facts.publisher}" if article.is_claim else stated
    return (
        facts.id,
        facts.published_at and facts.published_at[:10],
        shown_title(facts.title, facts.origin),
        name or None,
        country_name(known.country) or None if known else None,
        KIND_WORDS.get(known.kind) if known and known.kind else None,
        "yes" if known and known.state_controlled else None,
        facts.language,
        article.story,
        article.versions,
        "yes" if facts.is_excerpt else None,
        facts.collection,
        web_link(facts.url) or None,
    )


def _feed_rows(settings: Settings, shown: Shown) -> Iterator[tuple[Any, ...]]:
    wanted = {name.casefold() for name in shown.collections}
    for feed in list_feeds(settings):
        if feed.collection.casefold() in wanted:
            # The address of a feed may hold a key or a password.
            site = urlsplit(feed.url).hostname or ""
            yield (
                feed.id,
                feed.title or None,
                site,
                feed.collection,
                feed.state,
                feed.failures,
                feed.last_error.replace(feed.url, site) or None,
                feed.polled_at,
                feed.changed_at,
            )
