"""The tables of what we keep about servers and members, as migrations that sqlite-utils applies once each."""

from sqlite_utils import Database, Migrations

migrations = Migrations("records")

_SERVERS = (
    "CREATE TABLE servers (server_id INTEGER PRIMARY KEY, seen_at TEXT NOT NULL, removed_at TEXT)",
    # One row a setting: two admins who change two settings at once don't undo each other.
    """CREATE TABLE settings (
        server_id INTEGER NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (server_id, name)
    ) WITHOUT ROWID""",
)

_ANSWERS = (
    """CREATE TABLE asked (
        token TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('answer', 'search')),
        user_id INTEGER NOT NULL,
        server_id INTEGER,
        channel_id INTEGER NOT NULL,
        message_id INTEGER,
        question TEXT NOT NULL,
        original TEXT NOT NULL,
        since TEXT,
        until TEXT,
        publishers TEXT NOT NULL,
        verdict TEXT,
        headline TEXT NOT NULL,
        private INTEGER NOT NULL CHECK (private IN (0, 1)),
        asked_at TEXT NOT NULL
    )""",
    "CREATE INDEX asked_by_message ON asked (message_id) WHERE message_id IS NOT NULL",
    "CREATE INDEX asked_by_channel ON asked (channel_id, asked_at)",
    "CREATE INDEX asked_by_server ON asked (server_id, asked_at)",
    "CREATE INDEX asked_by_user ON asked (user_id)",
    """CREATE TABLE cited (
        token TEXT NOT NULL REFERENCES asked (token) ON DELETE CASCADE,
        ordinal INTEGER NOT NULL,
        article_id INTEGER NOT NULL,
        passage_id INTEGER NOT NULL,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        PRIMARY KEY (token, ordinal)
    ) WITHOUT ROWID""",
    "CREATE INDEX cited_by_article ON cited (article_id)",
    """CREATE TABLE feedback (
        token TEXT NOT NULL REFERENCES asked (token) ON DELETE CASCADE,
        user_id INTEGER NOT NULL,
        vote TEXT NOT NULL CHECK (vote IN ('up', 'down')),
        reason TEXT,
        at TEXT NOT NULL,
        PRIMARY KEY (token, user_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX feedback_by_user ON feedback (user_id)",
)

_ADMINISTRATION = (
    """CREATE TABLE acts (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        server_id INTEGER NOT NULL,
        user_id INTEGER NOT NULL,
        act TEXT NOT NULL,
        details TEXT NOT NULL
    )""",
    "CREATE INDEX acts_by_server ON acts (server_id, at)",
    "CREATE INDEX acts_by_user ON acts (user_id)",
    # Ids are never used twice (AUTOINCREMENT): an undo that comes late must not forget another addition.
    """CREATE TABLE additions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        server_id INTEGER NOT NULL,
        user_id INTEGER NOT NULL,
        at TEXT NOT NULL,
        added TEXT NOT NULL,
        updated TEXT NOT NULL
    )""",
    "CREATE INDEX additions_by_server ON additions (server_id)",
    "CREATE INDEX additions_by_user ON additions (user_id)",
)

# No column says who asked: these are a server's numbers.
_COUNTS = (
    """CREATE TABLE days (
        server_id INTEGER NOT NULL,
        day TEXT NOT NULL,
        asked INTEGER NOT NULL,
        refused INTEGER NOT NULL,
        PRIMARY KEY (server_id, day)
    ) WITHOUT ROWID""",
    """CREATE TABLE unanswered (
        server_id INTEGER NOT NULL,
        day TEXT NOT NULL,
        question TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (server_id, day, question)
    ) WITHOUT ROWID""",
)


# What is old is looked for in small steps, each of which must not read everything.
_BY_AGE = (
    "CREATE INDEX servers_by_removal ON servers (removed_at) WHERE removed_at IS NOT NULL",
    "CREATE INDEX acts_by_age ON acts (at)",
    "CREATE INDEX additions_by_age ON additions (at)",
    "CREATE INDEX days_by_age ON days (day)",
    "CREATE INDEX unanswered_by_age ON unanswered (day)",
)


def _run_all(db: Database, script: tuple[str, ...]) -> None:
    # One by one: executescript() would commit, and a migration is one transaction with its record.
    for statement in script:
        db.execute(statement)


@migrations()
def servers_and_settings(db: Database) -> None:
    """Servers that the bot is or was in, and what their admins chose."""
    _run_all(db, _SERVERS)


@migrations()
def answers_and_feedback(db: Database) -> None:
    """Answers that were given, where they cite, and what people thought of them."""
    _run_all(db, _ANSWERS)


@migrations()
def acts_and_additions(db: Database) -> None:
    """What admins did, and what an undo needs."""
    _run_all(db, _ADMINISTRATION)


@migrations()
def counts(db: Database) -> None:
    """Questions a day, and the questions that found nothing."""
    _run_all(db, _COUNTS)


@migrations()
def by_age(db: Database) -> None:
    """Finding what has been kept long enough."""
    _run_all(db, _BY_AGE)
