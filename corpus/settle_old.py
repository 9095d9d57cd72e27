"""Brings articles up to date, once, that an older release stored."""

from sqlite_utils import Database

from corpus.article import hash_fields
from corpus.dates import is_ahead
from corpus.publishers.basis import basis_of_old
from corpus.publishers.directory import Publishers
from corpus.publishers.publisher import site_of
from corpus.urls import canonical_url


def settle_old_articles(db: Database) -> None:
    """Set `publisher_basis`, `served_by` and `is_dated_ahead` of every article; a date in the future is dropped."""
    publishers = Publishers(db)
    rows = db.execute(
        """SELECT id, publisher, url, origin, is_excerpt, published_at, fetched_at, (
            SELECT feeds.url FROM feed_items JOIN feeds ON feeds.id = feed_items.feed_id
            WHERE feed_items.article_id = articles.id ORDER BY feed_items.id LIMIT 1)
        FROM articles INDEXED BY article_facts"""
    ).fetchall()
    settled, ahead = [], []
    for article_id, name, url, origin, is_excerpt, published_at, fetched_at, feed in rows:
        served_by = old_site(url, origin, feed, is_excerpt=bool(is_excerpt))
        is_upload = is_link(origin) and served_by is None
        basis = basis_of_old(name, url, origin, served_by, publishers, is_upload=is_upload)
        if served_by is not None or basis != "vouched":
            settled.append((basis, served_by, article_id))
        if published_at and is_ahead(published_at, fetched_at):
            ahead.append(article_id)
    db.conn.executemany("UPDATE articles SET publisher_basis = ?, served_by = ? WHERE id = ?", settled)
    for article_id in ahead:
        _undate(db, article_id)
    _rename_footer_sources(db, publishers)


def respell_urls(db: Database) -> None:
    """Write every article's URL and site as `canonical_url` does; of two that become equal, one stays as it is."""
    rows = db.execute("SELECT id, url FROM articles WHERE url IS NOT NULL").fetchall()
    changed = [(new, article_id) for article_id, url in rows if (new := canonical_url(url)) not in {None, url}]
    db.conn.executemany("UPDATE OR IGNORE articles SET url = ? WHERE id = ?", changed)
    sites = [row[0] for row in db.execute("SELECT DISTINCT served_by FROM articles WHERE served_by IS NOT NULL")]
    respelt = ((site_of(canonical_url(f"https://{site}")), site) for site in sites if not site.isascii())
    # A name that no longer can be written in ASCII stays as it is.
    db.conn.executemany(
        "UPDATE articles SET served_by = ? WHERE served_by = ?", [(new, site) for new, site in respelt if new]
    )


def is_link(origin: str) -> bool:
    """Return whether an article was fetched, by itself or with its feed."""
    return origin.startswith(("http://", "https://"))


def old_site(url: str | None, origin: str, feed: str | None, *, is_excerpt: bool) -> str | None:
    """Return the site that served a stored article; None for a file, or an excerpt of an unknown feed."""
    return (site_of(feed if is_excerpt else url or origin) or None) if is_link(origin) else None


def _undate(db: Database, article_id: int) -> None:
    sql = "SELECT title, body, publisher, author, stated_language FROM articles WHERE id = ?"
    title, body, publisher, author, language = db.execute(sql, (article_id,)).fetchone()
    # The hash must be that of the same article read again.
    sha256 = hash_fields(title, body, publisher, author, None, language)
    db.execute(
        "UPDATE articles SET published_at = NULL, is_dated_ahead = 1, sha256 = ? WHERE id = ?", (sha256, article_id)
    )


def _rename_footer_sources(db: Database, publishers: Publishers) -> None:
    """Count the footers of a site under its host, if all articles of the name that it uses come from it."""
    sql = """SELECT collection, publisher, min(served_by) FROM articles WHERE publisher IS NOT NULL
        GROUP BY collection, publisher HAVING count(DISTINCT coalesce(served_by, '')) = 1 AND min(served_by) <> ''"""
    for collection, name, host in db.execute(sql).fetchall():
        if publishers.find_by_host(host) is None:
            key = " ".join(name.casefold().split())
            db.execute(
                "UPDATE OR IGNORE footer_sources SET name = ? WHERE collection = ? AND name = ?",
                (host, collection, key),
            )
