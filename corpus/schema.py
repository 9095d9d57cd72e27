"""The database schema, as migrations that sqlite-utils applies once each and records by function name."""

from sqlite_utils import Database, Migrations

from corpus.settle_old import respell_urls, settle_old_articles

migrations = Migrations("corpus")
# The sets of migrations in this database, by layer. A database with another one is of a newer version.
MIGRATION_SETS = frozenset({"corpus", "index"})

# Times are ISO 8601 in UTC. A poll first stores the listed entries as waiting items, in one transaction with the
# validators for the next conditional request, so that a killed process loses none of them.
_FEEDS = (
    "ALTER TABLE articles ADD COLUMN is_excerpt INTEGER NOT NULL DEFAULT 0",
    """CREATE TABLE feeds (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        collection TEXT NOT NULL,
        url TEXT NOT NULL,
        kind TEXT NOT NULL DEFAULT '',
        title TEXT NOT NULL DEFAULT '',
        publisher TEXT,
        added_at TEXT NOT NULL,
        paused INTEGER NOT NULL DEFAULT 0,
        interval_s INTEGER NOT NULL,
        least_s INTEGER NOT NULL DEFAULT 0,
        next_poll TEXT NOT NULL,
        polled_at TEXT,
        changed_at TEXT,
        etag TEXT NOT NULL DEFAULT '',
        last_modified TEXT NOT NULL DEFAULT '',
        parts TEXT NOT NULL DEFAULT '{}',
        failures INTEGER NOT NULL DEFAULT 0,
        last_error TEXT NOT NULL DEFAULT ''
    )""",
    "CREATE UNIQUE INDEX feeds_by_url ON feeds (collection, url)",
    """CREATE TABLE feed_items (
        id INTEGER PRIMARY KEY,
        feed_id INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        guid TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        article_id INTEGER REFERENCES articles (id) ON DELETE SET NULL,
        entry TEXT,
        tries INTEGER NOT NULL DEFAULT 0,
        next_try TEXT NOT NULL,
        checked_at TEXT,
        reason TEXT NOT NULL DEFAULT '',
        seen_at TEXT NOT NULL
    )""",
    "CREATE UNIQUE INDEX feed_items_by_key ON feed_items (feed_id, key)",
    "CREATE INDEX feed_items_by_guid ON feed_items (feed_id, guid)",
    "CREATE INDEX feed_items_by_article ON feed_items (article_id)",
    "CREATE INDEX feed_items_waiting ON feed_items (feed_id, next_try) WHERE entry IS NOT NULL",
)

_PUBLISHERS = (
    """CREATE TABLE publishers (
        key TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        domains TEXT,
        country TEXT,
        kind TEXT,
        state_controlled INTEGER,
        source TEXT,
        edited_at TEXT NOT NULL
    )""",
)

# `block` is the first eight bytes of a line's SHA-256; block 0 marks every article that was examined. Deleting a
# collection's last article deletes what was learnt from the collection.
_FOOTERS = (
    """CREATE TABLE footer_sources (
        id INTEGER PRIMARY KEY,
        collection TEXT NOT NULL,
        name TEXT NOT NULL
    )""",
    "CREATE UNIQUE INDEX footer_sources_by_name ON footer_sources (collection, name)",
    """CREATE TABLE edges (
        source_id INTEGER NOT NULL REFERENCES footer_sources (id) ON DELETE CASCADE,
        block INTEGER NOT NULL,
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        PRIMARY KEY (source_id, block, article_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX edges_by_article ON edges (article_id)",
    """CREATE TABLE footers (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source_id INTEGER NOT NULL REFERENCES footer_sources (id) ON DELETE CASCADE,
        block INTEGER NOT NULL,
        text TEXT NOT NULL,
        articles INTEGER NOT NULL,
        learnt_at TEXT NOT NULL,
        is_forgotten INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE UNIQUE INDEX footers_by_block ON footers (source_id, block)",
    """CREATE TRIGGER footer_sources_after_last_article AFTER DELETE ON articles
        WHEN NOT EXISTS (SELECT 1 FROM articles WHERE collection = old.collection)
        BEGIN DELETE FROM footer_sources WHERE collection = old.collection; END""",
)

_ARTICLES_AND_VERSIONS = (
    """CREATE TABLE articles (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        collection TEXT NOT NULL,
        url TEXT,
        external_id TEXT,
        title TEXT,
        body TEXT NOT NULL,
        publisher TEXT,
        author TEXT,
        published_at TEXT,
        language TEXT,
        sha256 TEXT NOT NULL,
        title_sha256 TEXT,
        source_sha256 TEXT NOT NULL,
        fetched_at TEXT NOT NULL,
        origin TEXT NOT NULL
    )""",
    "CREATE UNIQUE INDEX articles_by_url ON articles (collection, url) WHERE url IS NOT NULL",
    "CREATE INDEX articles_by_external_id ON articles (external_id) WHERE external_id IS NOT NULL",
    "CREATE INDEX articles_by_content ON articles (collection, sha256)",
    "CREATE INDEX articles_by_source ON articles (collection, source_sha256)",
    "CREATE INDEX articles_by_title ON articles (title_sha256) WHERE title_sha256 IS NOT NULL",
    "CREATE INDEX articles_by_date ON articles (published_at)",
    "CREATE INDEX articles_by_publisher ON articles (publisher)",
    """CREATE TABLE versions (
        id INTEGER PRIMARY KEY,
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        title TEXT,
        body TEXT NOT NULL,
        publisher TEXT,
        author TEXT,
        published_at TEXT,
        sha256 TEXT NOT NULL,
        source_sha256 TEXT NOT NULL,
        origin TEXT NOT NULL,
        fetched_at TEXT NOT NULL,
        replaced_at TEXT NOT NULL
    )""",
    "CREATE INDEX versions_by_article ON versions (article_id)",
    "CREATE INDEX versions_by_source ON versions (source_sha256)",
)

# AUTOINCREMENT never reuses an id, so that the vector of a deleted passage can't point to another one. The text repeats
# a slice of the body because SQLite's substr() counts characters from the start, which is quadratic on long articles.
_PASSAGES_AND_FULL_TEXT = (
    """CREATE TABLE passages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        ordinal INTEGER NOT NULL,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        text TEXT NOT NULL,
        sha256 TEXT NOT NULL
    )""",
    "CREATE UNIQUE INDEX passages_by_article ON passages (article_id, ordinal)",
    "CREATE INDEX passages_by_hash ON passages (sha256)",
    """CREATE VIEW passage_texts AS
        SELECT passages.id AS id, coalesce(articles.title, '') AS title, passages.text AS text
        FROM passages JOIN articles ON articles.id = passages.article_id""",
    """CREATE VIRTUAL TABLE passages_fts USING fts5 (
        title, text, content='passage_texts', content_rowid='id',
        tokenize='porter unicode61 remove_diacritics 2'
    )""",
    # A text update deletes the passages first, while the full-text index can still remove them.
    """CREATE TRIGGER articles_before_text_update BEFORE UPDATE OF title, body ON articles
        WHEN old.title IS NOT new.title OR old.body IS NOT new.body
        BEGIN DELETE FROM passages WHERE article_id = old.id; END""",
    """CREATE TRIGGER articles_before_delete BEFORE DELETE ON articles
        BEGIN DELETE FROM passages WHERE article_id = old.id; END""",
    """CREATE TRIGGER passages_after_insert AFTER INSERT ON passages
        BEGIN INSERT INTO passages_fts (rowid, title, text)
            SELECT id, title, text FROM passage_texts WHERE id = new.id; END""",
    """CREATE TRIGGER passages_before_delete BEFORE DELETE ON passages
        BEGIN INSERT INTO passages_fts (passages_fts, rowid, title, text)
            SELECT 'delete', id, title, text FROM passage_texts WHERE id = old.id; END""",
)

# The latest changes, kept for readers that cache facts in memory (about a megabyte); older ones are deleted by the
# thousand.
CHANGES_KEPT = 50_000
_CACHED_COLUMNS = ("collection", "publisher", "published_at")
_CHANGES = (
    "CREATE TABLE changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, article_id INTEGER, passage_id INTEGER)",
    """CREATE TRIGGER changes_after_article_insert AFTER INSERT ON articles
        BEGIN INSERT INTO changes (article_id) VALUES (new.id); END""",
    f"""CREATE TRIGGER changes_after_article_update AFTER UPDATE OF {", ".join(_CACHED_COLUMNS)} ON articles
        WHEN {" OR ".join(f"old.{column} IS NOT new.{column}" for column in _CACHED_COLUMNS)}
        BEGIN INSERT INTO changes (article_id) VALUES (new.id); END""",
    """CREATE TRIGGER changes_after_article_delete AFTER DELETE ON articles
        BEGIN INSERT INTO changes (article_id) VALUES (old.id); END""",
    """CREATE TRIGGER changes_after_passage_delete AFTER DELETE ON passages
        BEGIN INSERT INTO changes (passage_id) VALUES (old.id); END""",
    f"""CREATE TRIGGER changes_after_thousand AFTER INSERT ON changes WHEN new.seq % 1000 = 0
        BEGIN DELETE FROM changes WHERE seq <= new.seq - {CHANGES_KEPT}; END""",
)


def _run_all(db: Database, *statements: str) -> None:
    # executescript() would commit, but a migration and its record are one transaction.
    for statement in statements:
        db.execute(statement)


@migrations()
def articles_and_versions(db: Database) -> None:
    """Create articles and their former versions."""
    _run_all(db, *_ARTICLES_AND_VERSIONS)


@migrations()
def passages_and_full_text(db: Database) -> None:
    """Create passages, and a full-text index that triggers keep in sync."""
    _run_all(db, *_PASSAGES_AND_FULL_TEXT)


@migrations()
def state(db: Database) -> None:
    """Create one row about the whole corpus; `revision` counts the changes that an index must follow."""
    _run_all(
        db,
        "CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL)",
        "INSERT INTO state (id, revision) VALUES (1, 0)",
    )


@migrations()
def signatures(db: Database) -> None:
    """Create the MinHash signatures that find copies (uint32, little-endian); a text update deletes them."""
    _run_all(
        db,
        """CREATE TABLE signatures (
            article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
            shingles INTEGER NOT NULL,
            hashes BLOB NOT NULL
        )""",
        """CREATE TRIGGER signatures_before_text_update BEFORE UPDATE OF body ON articles
            WHEN old.body IS NOT new.body
            BEGIN DELETE FROM signatures WHERE article_id = old.id; END""",
    )


@migrations()
def feeds(db: Database) -> None:
    """Create feeds and their items; `entry` is the feed's entry of an item that still waits."""
    _run_all(db, *_FEEDS)


@migrations()
def words_in_the_index(db: Database) -> None:
    """Drop the full-text index: words are searched in the files of the vector index."""
    _run_all(
        db,
        "DROP TRIGGER passages_after_insert",
        "DROP TRIGGER passages_before_delete",
        "DROP TABLE passages_fts",
        "DROP VIEW passage_texts",
    )


@migrations()
def copy_buckets(db: Database) -> None:
    """Create the buckets that copies share, and drop the old signatures, so that all are computed again."""
    _run_all(
        db,
        "DELETE FROM signatures",
        """CREATE TABLE copy_buckets (
            bucket INTEGER NOT NULL,
            article_id INTEGER NOT NULL REFERENCES signatures (article_id) ON DELETE CASCADE,
            PRIMARY KEY (bucket, article_id)
        ) WITHOUT ROWID""",
        "CREATE INDEX copy_buckets_by_article ON copy_buckets (article_id)",
    )


@migrations()
def publishers(db: Database) -> None:
    """Create the operators' edits of publishers; NULL keeps the packaged value."""
    _run_all(db, *_PUBLISHERS)


@migrations()
def footers(db: Database) -> None:
    """Create the lines at the edges of articles by collection and publisher, and the footers learnt from them."""
    _run_all(db, *_FOOTERS)


@migrations()
def stated_language(db: Database) -> None:
    """Add an article's stated language beside the detected one; its content hash covers the stated one."""
    _run_all(
        db, "ALTER TABLE articles ADD COLUMN stated_language TEXT", "UPDATE articles SET stated_language = language"
    )


@migrations()
def changes(db: Database) -> None:
    """Create the log of articles added, changed or deleted and passages deleted, for readers that cache facts.

    Triggers write it, so that no statement can bypass it. A reader that missed more than CHANGES_KEPT changes reads
    everything again.
    """
    _run_all(db, *_CHANGES)


@migrations()
def article_facts(db: Database) -> None:
    """Create an index of the columns of ArticleFacts; in the table most of them are stored after the text."""
    _run_all(
        db,
        """CREATE INDEX article_facts ON articles (id, is_excerpt, collection, url, external_id, title, publisher,
            author, published_at, language, sha256, fetched_at, origin)""",
    )


@migrations()
def publisher_bases(db: Database) -> None:
    """Add how each article's publisher is known, the site that served it, and whether it states a date in the future.

    What was fetched was served by its address, an excerpt by its feed; articles dated after they were fetched become
    undated.
    """
    _run_all(
        db,
        "ALTER TABLE articles ADD COLUMN publisher_basis TEXT NOT NULL DEFAULT 'vouched'",
        "ALTER TABLE articles ADD COLUMN served_by TEXT",
        "ALTER TABLE articles ADD COLUMN is_dated_ahead INTEGER NOT NULL DEFAULT 0",
    )
    settle_old_articles(db)
    _run_all(
        db,
        "DROP INDEX article_facts",
        """CREATE INDEX article_facts ON articles (id, is_excerpt, collection, url, external_id, title, publisher,
            author, published_at, language, sha256, fetched_at, origin, publisher_basis, served_by, is_dated_ahead)""",
        "DROP INDEX articles_by_publisher",
        "CREATE INDEX articles_by_publisher ON articles (publisher, publisher_basis)",
        """CREATE TRIGGER changes_after_basis_update AFTER UPDATE OF publisher_basis ON articles
            WHEN old.publisher_basis IS NOT new.publisher_basis
            BEGIN INSERT INTO changes (article_id) VALUES (new.id); END""",
    )


@migrations()
def one_spelling_of_urls(db: Database) -> None:
    """Write the URLs of articles in the one spelling that new articles get."""
    respell_urls(db)


@migrations()
def changed_languages(db: Database) -> None:
    """Record changes of an article's language: searches are filtered by it."""
    db.execute(
        """CREATE TRIGGER changes_after_language_update AFTER UPDATE OF language ON articles
            WHEN old.language IS NOT new.language
            BEGIN INSERT INTO changes (article_id) VALUES (new.id); END"""
    )
