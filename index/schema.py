"""The tables of vectors and stories, as migrations of the database that holds the articles."""

from sqlite_utils import Database, Migrations

migrations = Migrations("index")


@migrations()
def embeddings(db: Database) -> None:
    """Store vectors as little-endian float16: below the noise of bfloat16 encoding, and half the disk of float32."""
    db.execute("CREATE TABLE models (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE)")
    db.execute(
        """CREATE TABLE embeddings (
            model_id INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
            text_sha256 TEXT NOT NULL,
            vector BLOB NOT NULL
        )"""
    )
    db.execute("CREATE UNIQUE INDEX embeddings_by_hash ON embeddings (model_id, text_sha256)")


@migrations()
def embedded_to(db: Database) -> None:
    """Add each model's progress: every passage up to this id, and its article's title, has a vector."""
    db.execute("ALTER TABLE models ADD COLUMN embedded_to INTEGER NOT NULL DEFAULT 0")


@migrations()
def stories(db: Database) -> None:
    """Create stories, their articles with what they are compared by, and the queue of articles to group.

    `merged_into` forwards the number of a story that became part of another. `day` counts days as Python's
    `date.toordinal` does; it is NULL for an article of an unknown day. Triggers fill the queue, so that no statement
    can bypass it, and delete a story with its last article. Every stored article is queued.
    """
    for statement in (
        """CREATE TABLE stories (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            collection TEXT NOT NULL,
            merged_into INTEGER REFERENCES stories (id) ON DELETE CASCADE,
            is_edited INTEGER NOT NULL DEFAULT 0
        )""",
        "CREATE INDEX stories_by_target ON stories (merged_into) WHERE merged_into IS NOT NULL",
        """CREATE TABLE story_articles (
            article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
            story_id INTEGER NOT NULL REFERENCES stories (id),
            collection TEXT NOT NULL,
            day INTEGER,
            is_placed INTEGER NOT NULL DEFAULT 0,
            model_id INTEGER NOT NULL,
            vector BLOB NOT NULL,
            names BLOB NOT NULL
        )""",
        "CREATE INDEX story_articles_by_story ON story_articles (story_id, day, article_id)",
        "CREATE INDEX story_articles_by_day ON story_articles (day, article_id, story_id)",
        "CREATE INDEX story_articles_by_model ON story_articles (model_id)",
        "CREATE TABLE story_queue (article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE)",
        "INSERT INTO story_queue SELECT id FROM articles",
        """CREATE TRIGGER story_queue_after_insert AFTER INSERT ON articles
            BEGIN INSERT OR IGNORE INTO story_queue VALUES (new.id); END""",
        """CREATE TRIGGER story_queue_after_update AFTER UPDATE OF title, body, published_at ON articles
            WHEN old.title IS NOT new.title OR old.body IS NOT new.body OR old.published_at IS NOT new.published_at
            BEGIN INSERT OR IGNORE INTO story_queue VALUES (new.id); END""",
        """CREATE TRIGGER stories_after_last_article AFTER DELETE ON story_articles
            WHEN NOT EXISTS (SELECT 1 FROM story_articles WHERE story_id = old.story_id)
            BEGIN DELETE FROM stories WHERE id = old.story_id; END""",
    ):
        db.execute(statement)


@migrations()
def milvus(db: Database) -> None:
    """Create what is kept about an index in Milvus.

    `milvus_index` has one row at most. `milvus_words` counts the passages of each collection that contain a stem;
    stems and collections are hashes. `milvus_waiting` names indexed passages that have no vector yet.
    """
    for statement in (
        """CREATE TABLE milvus_index (
            collection TEXT NOT NULL,
            model TEXT NOT NULL,
            last_passage INTEGER NOT NULL,
            last_change INTEGER NOT NULL,
            token INTEGER NOT NULL,
            next_token INTEGER NOT NULL,
            created_at TEXT NOT NULL
        )""",
        """CREATE TABLE milvus_words (
            stem INTEGER NOT NULL,
            collection INTEGER NOT NULL,
            passages INTEGER NOT NULL,
            PRIMARY KEY (stem, collection)
        ) WITHOUT ROWID""",
        "CREATE TABLE milvus_waiting (passage_id INTEGER PRIMARY KEY)",
    ):
        db.execute(statement)
