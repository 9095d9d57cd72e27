"""Counts and lists over the whole corpus: articles, publishers, dates."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

# No title has more words to match.
MAX_WORDS = 10
# From so many letters like its first one on, a word is searched in another way, which takes twice as long mostly.
_MOST_BEGINNINGS = 3
# SQL: whether an article's publisher is only claimed.
IS_CLAIMED = "publisher IS NOT NULL AND publisher_basis = 'claimed'"


@dataclass(frozen=True, slots=True)
class CorpusFacts:
    """Counts, and the first and last date of publication (`YYYY-MM-DD`; None if no article states one)."""

    articles: int
    passages: int
    versions: int
    publishers: int
    undated: int
    first_date: str | None
    last_date: str | None
    revision: int


@dataclass(frozen=True, slots=True)
class PublisherFacts:
    """One publisher (None: not stated), its articles, and its first and last date of publication.

    What only claims to be from it is counted apart.
    """

    publisher: str | None
    articles: int
    first_date: str | None
    last_date: str | None
    is_claimed: bool = False


def corpus_facts(db: Database, collections: Sequence[str] | None = None) -> CorpusFacts:
    """Return counts over some collections, or over the whole database."""
    condition, names = _in_collections(collections)
    found = _group_by_publisher(db, collections)
    dates = [day for row in found for day in row[3:5] if day]
    where = f"WHERE article_id IN (SELECT id FROM articles WHERE {condition})" if collections is not None else ""
    return CorpusFacts(
        articles=sum(row[1] for row in found),
        passages=db.execute(f"SELECT count(*) FROM passages {where}", names).fetchone()[0],
        versions=db.execute(f"SELECT count(*) FROM versions {where}", names).fetchone()[0],
        publishers=sum(row[0] is not None and not row[5] for row in found),
        undated=sum(row[2] for row in found),
        first_date=min(dates, default=None),
        last_date=max(dates, default=None),
        revision=revision(db),
    )


def publishers(db: Database, collections: Sequence[str] | None = None) -> list[PublisherFacts]:
    """Return every publisher with its counts, the one with the most articles first."""
    return [
        PublisherFacts(name, count, first, last, is_claimed=bool(claimed and name))
        for name, count, _, first, last, claimed in _group_by_publisher(db, collections)
    ]


def _group_by_publisher(
    db: Database, collections: Sequence[str] | None
) -> list[tuple[str | None, int, int, str | None, str | None, int]]:
    """Return each publisher's name, articles, articles without a date, first and last date, and whether it is claimed.

    Those with the most articles come first.
    """
    condition, names = _in_collections(collections)
    # The table's rows hold the texts (a gigabyte at a million passages), so read only the index.
    return db.execute(
        f"""SELECT publisher, count(*), count(*) - count(published_at),
        substr(min(published_at), 1, 10), substr(max(published_at), 1, 10), {IS_CLAIMED} AS is_claimed
        FROM articles INDEXED BY article_facts WHERE {condition}
        GROUP BY publisher, is_claimed ORDER BY count(*) DESC, publisher, is_claimed""",
        names,
    ).fetchall()


def list_articles(
    db: Database, collections: Sequence[str] | None = None, *, words: str = "", limit: int = 25, offset: int = 0
) -> list[int]:
    """Return the ids of the articles with every given word in their title or publisher, newest first."""
    source, values = _matching(collections, words)
    sql = f"SELECT id FROM {source} ORDER BY published_at DESC, id DESC LIMIT ? OFFSET ?"
    return [int(row[0]) for row in db.execute(sql, [*values, limit, offset])]


def count_articles(db: Database, collections: Sequence[str] | None = None, *, words: str = "") -> int:
    """Return the number of articles that `list_articles` lists in all."""
    source, values = _matching(collections, words)
    return int(db.execute(f"SELECT count(*) FROM {source}", values).fetchone()[0])


def passage_count(db: Database, article_id: int) -> int:
    """Return the number of an article's passages."""
    return int(db.execute("SELECT count(*) FROM passages WHERE article_id = ?", (article_id,)).fetchone()[0])


def _matching(collections: Sequence[str] | None, words: str) -> tuple[str, list[str]]:
    """Return table, index and condition of the articles with these words, and the values to bind."""
    condition, values = _in_collections(collections)
    for word in words.split()[:MAX_WORDS]:
        condition += f" AND {naming(word, '?')}"
        values.append(word)
    # Words need each article's title, so read the index; without words SQLite finds a better plan by itself.
    index = "INDEXED BY article_facts" if words else ""
    return f"articles {index} WHERE {condition}", values


def naming(word: str, parameter: str) -> str:
    """Return the SQL condition that an article's title or publisher contains a word, to be bound as it is.

    The case of ASCII letters is ignored. The time grows with the length of the titles alone.
    """
    text = "coalesce(title, '') || ' ' || coalesce(publisher, '')"
    if word.lower().count(word[:1].lower()) > _MOST_BEGINNINGS:
        # LIKE begins anew at each place where a word may begin: "aaab" in "aaaaaaaa".
        return f"instr(lower({text}), lower({parameter}))"
    escaped = f"replace(replace(replace({parameter}, '!', '!!'), '%', '!%'), '_', '!_')"
    return f"{text} LIKE '%' || {escaped} || '%' ESCAPE '!'"


def _in_collections(collections: Sequence[str] | None) -> tuple[str, list[str]]:
    """Return a condition over `articles`, and the values to bind."""
    if collections is None:
        return "1", []
    return f"collection IN ({','.join('?' * len(collections))})", list(collections)


def revision(db: Database) -> int:
    """Return the number of changes to the articles so far; an index stores the one it was built from."""
    return int(db.execute("SELECT revision FROM state WHERE id = 1").fetchone()[0])


def is_empty(db: Database) -> bool:
    """Return whether there are no articles."""
    return db.execute("SELECT 1 FROM articles LIMIT 1").fetchone() is None
