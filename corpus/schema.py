"""The tables of what we know, as migrations that sqlite-utils applies once each."""

from sqlite_utils import Database, Migrations

migrations = Migrations("corpus")

# Times are ISO 8601 in UTC. A poll writes what a listing holds as waiting items first, in one transaction with what the
# next conditional request needs: whatever ends the process then, nothing that was seen is lost.
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

# A line is known by the first eight bytes of its SHA-256; block 0 says only that the article was looked at. What is
# learnt from a collection goes with the last article of it.
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

# Ids are never used twice (AUTOINCREMENT), so that a vector of a passage that is gone can't point at another one. The
# text of a passage repeats its slice of the body: SQLite's substr() counts characters from the body's start, which is
# quadratic on long articles.
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
    # An article's text can't change under its passages: they go first, while the index can still unlearn them.
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

# How many changes are kept for readers that hold facts in memory; some megabyte. Older ones go a thousand at a time.
CHANGES_KEPT = 50_000
_FOLLOWED = ("collection", "publisher", "published_at")
_CHANGES = (
    "CREATE TABLE changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, article_id INTEGER, passage_id INTEGER)",
    """CREATE TRIGGER changes_after_article_insert AFTER INSERT ON articles
        BEGIN INSERT INTO changes (article_id) VALUES (new.id); END""",
    f"""CREATE TRIGGER changes_after_article_update AFTER UPDATE OF {", ".join(_FOLLOWED)} ON articles
        WHEN {" OR ".join(f"old.{column} IS NOT new.{column}" for column in _FOLLOWED)}
        BEGIN INSERT INTO changes (article_id) VALUES (new.id); END""",
    """CREATE TRIGGER changes_after_article_delete AFTER DELETE ON articles
        BEGIN INSERT INTO changes (article_id) VALUES (old.id); END""",
    """CREATE TRIGGER changes_after_passage_delete AFTER DELETE ON passages
        BEGIN INSERT INTO changes (passage_id) VALUES (old.id); END""",
    f"""CREATE TRIGGER changes_after_thousand AFTER INSERT ON changes WHEN new.seq % 1000 = 0
        BEGIN DELETE FROM changes WHERE seq <= new.seq - {CHANGES_KEPT}; END""",
)


def _run_all(db: Database, script: tuple[str, ...]) -> None:
    # One by one: executescript() would commit, and a migration is one transaction with its record.
    for statement in script:
        db.execute(statement)


@migrations()
def articles_and_versions(db: Database) -> None:
    """Articles as they stand now, and every text they had before."""
    _run_all(db, _ARTICLES_AND_VERSIONS)


@migrations()
def passages_and_full_text(db: Database) -> None:
    """Passages, and a full-text index that triggers keep in step with them."""
    _run_all(db, _PASSAGES_AND_FULL_TEXT)


@migrations()
def state(db: Database) -> None:
    """One row of facts about the whole corpus; `revision` counts the changes that an index must follow."""
    _run_all(
        db,
        (
            "CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL)",
            "INSERT INTO state (id, revision) VALUES (1, 0)",
        ),
    )


@migrations()
def signatures(db: Database) -> None:
    """What tells copies of an article: the MinHash of its text (uint32, little-endian), gone when the text changes."""
    _run_all(
        db,
        (
            """CREATE TABLE signatures (
                article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
                shingles INTEGER NOT NULL,
                hashes BLOB NOT NULL
            )""",
            """CREATE TRIGGER signatures_before_text_update BEFORE UPDATE OF body ON articles
                WHEN old.body IS NOT new.body
                BEGIN DELETE FROM signatures WHERE article_id = old.id; END""",
        ),
    )


@migrations()
def feeds(db: Database) -> None:
    """Feeds, and what came of each of their items: `entry` is what the feed said of one that still waits."""
    _run_all(db, _FEEDS)


@migrations()
def words_in_the_index(db: Database) -> None:
    """Takes the full-text index out: the words of passages are searched in the index's own files."""
    _run_all(
        db,
        (
            "DROP TRIGGER passages_after_insert",
            "DROP TRIGGER passages_before_delete",
            "DROP TABLE passages_fts",
            "DROP VIEW passage_texts",
        ),
    )


@migrations()
def copy_buckets(db: Database) -> None:
    """Buckets that copies share, gone with the signature; signatures of another making go, and are made again."""
    _run_all(
        db,
        (
            "DELETE FROM signatures",
            """CREATE TABLE copy_buckets (
                bucket INTEGER NOT NULL,
                article_id INTEGER NOT NULL REFERENCES signatures (article_id) ON DELETE CASCADE,
                PRIMARY KEY (bucket, article_id)
            ) WITHOUT ROWID""",
            "CREATE INDEX copy_buckets_by_article ON copy_buckets (article_id)",
        ),
    )


@migrations()
def publishers(db: Database) -> None:
    """What operators say of publishers, over the packaged rows: a column that is NULL leaves what the package says."""
    _run_all(db, _PUBLISHERS)


@migrations()
def footers(db: Database) -> None:
    """Lines at the edges of articles by collection and publisher, and those of them that are known as footers."""
    _run_all(db, _FOOTERS)


@migrations()
def stated_language(db: Database) -> None:
    """What an article states of its language, beside what its text tells: the hash of its content holds the former."""
    _run_all(
        db,
        (
            "ALTER TABLE articles ADD COLUMN stated_language TEXT",
            "UPDATE articles SET stated_language = language",
        ),
    )


@migrations()
def changes(db: Database) -> None:
    """What readers that hold facts in memory must follow: articles that came, changed or went, and passages that went.

    Kept by triggers, so that no statement can change what a reader may see without telling. The last
    CHANGES_KEPT are kept; a reader that comes later than that reads everything anew.
    """
    _run_all(db, _CHANGES)


@migrations()
def article_facts(db: Database) -> None:
    """What is told of an article, apart from its text: in the row itself most of it stands behind the text."""
    _run_all(
        db,
        (
            """CREATE INDEX article_facts ON articles (id, is_excerpt, collection, url, external_id, title, publisher,
                author, published_at, language, sha256, fetched_at, origin)""",
        ),
    )
