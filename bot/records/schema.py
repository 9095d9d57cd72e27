"""The database schema for records about servers and members, as sqlite-utils migrations."""

from sqlite_utils import Database, Migrations

migrations = Migrations("records")
# The sets of migrations in this database. One with another set is of a newer version.
MIGRATION_SETS = frozenset({"records"})


def _run(db: Database, *statements: str) -> None:
    # Not executescript(), which would commit: a migration is one transaction with its record.
    for statement in statements:
        db.execute(statement)


@migrations()
def servers_and_settings(db: Database) -> None:
    """Create the tables of servers and their settings."""
    _run(
        db,
        "CREATE TABLE servers (server_id INTEGER PRIMARY KEY, seen_at TEXT NOT NULL, removed_at TEXT)",
        # One row per setting, so that two admins who change different settings at once don't undo each other.
        """CREATE TABLE settings (
            server_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (server_id, name)
        ) WITHOUT ROWID""",
    )


@migrations()
def answers_and_feedback(db: Database) -> None:
    """Create the tables of questions, cited places and votes."""
    _run(
        db,
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


@migrations()
def acts_and_additions(db: Database) -> None:
    """Create the audit log and the table of additions that can be undone."""
    _run(
        db,
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
        # AUTOINCREMENT never reuses an id, so a late undo can't delete another addition.
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


@migrations()
def counts(db: Database) -> None:
    """Create the tables of daily counts and unanswered questions."""
    # Anonymous: no column says who asked.
    _run(
        db,
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


@migrations()
def by_age(db: Database) -> None:
    """Create the indexes by age, for deleting old rows."""
    # Old rows are deleted in small batches, none of which may scan the table.
    _run(
        db,
        "CREATE INDEX servers_by_removal ON servers (removed_at) WHERE removed_at IS NOT NULL",
        "CREATE INDEX acts_by_age ON acts (at)",
        "CREATE INDEX additions_by_age ON additions (at)",
        "CREATE INDEX days_by_age ON days (day)",
        "CREATE INDEX unanswered_by_age ON unanswered (day)",
    )


@migrations()
def messages_and_channels(db: Database) -> None:
    """Link answers to the messages that asked, note what is still to be done to them, and create channels' settings."""
    _run(
        db,
        "ALTER TABLE asked ADD COLUMN question_id INTEGER",
        "ALTER TABLE asked ADD COLUMN due TEXT CHECK (due IN ('edit', 'delete'))",
        "CREATE INDEX asked_by_question ON asked (question_id) WHERE question_id IS NOT NULL",
        "CREATE INDEX asked_by_due ON asked (due) WHERE due IS NOT NULL",
        """CREATE TABLE channel_settings (
            server_id INTEGER NOT NULL,
            channel_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (server_id, channel_id, name)
        ) WITHOUT ROWID""",
        # The former setting of a server; what no version wrote is no list of channels.
        """INSERT INTO channel_settings
        SELECT DISTINCT server_id, each.value, 'answers', '"questions"'
        FROM settings, json_each(CASE WHEN json_valid(settings.value) THEN settings.value ELSE '[]' END) AS each
        WHERE name = 'question_channels' AND each.type = 'integer'""",
        "DELETE FROM settings WHERE name = 'question_channels'",
    )


@migrations()
def news_and_greetings(db: Database) -> None:
    """Create the tables of new articles that are posted to channels, and the columns of what a server was told."""
    _run(
        db,
        # `feed_id` 0 is the whole collection. `last_article` is the highest article that was looked at; `problem` what
        # the server's admins were told.
        """CREATE TABLE news_rules (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            server_id INTEGER NOT NULL,
            channel_id INTEGER NOT NULL,
            collection TEXT NOT NULL,
            feed_id INTEGER NOT NULL,
            role_id INTEGER,
            words TEXT NOT NULL,
            most INTEGER NOT NULL,
            publishes INTEGER NOT NULL CHECK (publishes IN (0, 1)),
            last_article INTEGER NOT NULL,
            failures INTEGER NOT NULL DEFAULT 0,
            retry_at TEXT NOT NULL DEFAULT '',
            problem TEXT NOT NULL DEFAULT ''
        )""",
        "CREATE UNIQUE INDEX news_rules_by_place ON news_rules (server_id, channel_id, collection, feed_id)",
        # One message. Its nonce and the newest message before it are stored before it is sent.
        """CREATE TABLE news_posts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            rule_id INTEGER NOT NULL REFERENCES news_rules (id) ON DELETE CASCADE,
            nonce INTEGER NOT NULL,
            after_id INTEGER NOT NULL,
            planned_at TEXT NOT NULL,
            message_id INTEGER,
            is_published INTEGER NOT NULL DEFAULT 0
        )""",
        "CREATE INDEX news_posts_by_rule ON news_posts (rule_id, planned_at)",
        # Each article of a rule, once: it waits, or is in a post, or was left out.
        """CREATE TABLE news_items (
            rule_id INTEGER NOT NULL REFERENCES news_rules (id) ON DELETE CASCADE,
            article_id INTEGER NOT NULL,
            came_at TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'posted', 'left out')),
            post_id INTEGER REFERENCES news_posts (id) ON DELETE SET NULL,
            PRIMARY KEY (rule_id, article_id)
        ) WITHOUT ROWID""",
        "CREATE INDEX news_items_by_post ON news_items (post_id) WHERE post_id IS NOT NULL",
        "ALTER TABLE servers ADD COLUMN greeting_nonce INTEGER",
        "ALTER TABLE servers ADD COLUMN greeting_after INTEGER",
        "ALTER TABLE servers ADD COLUMN is_greeted INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE servers ADD COLUMN is_told_of_quota INTEGER NOT NULL DEFAULT 0",
    )


@migrations()
def seen_and_offered(db: Database) -> None:
    """Add which quotes a conversation has shown, and the questions that an answer offers as buttons."""
    _run(
        db,
        "ALTER TABLE asked ADD COLUMN seen TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE asked ADD COLUMN offered TEXT NOT NULL DEFAULT '[]'",
    )


@migrations()
def watched_questions(db: Database) -> None:
    """Create the tables of watched questions and their vectors."""
    _run(
        db,
        # `place` is where changes are told. `marks` are hashes of who was quoted and which numbers were told; no words
        # of articles. `last_passage` is the highest passage that the last look knew; `is_due` that newer ones are near.
        """CREATE TABLE watches (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            user_id INTEGER NOT NULL,
            server_id INTEGER,
            channel_id INTEGER NOT NULL,
            place TEXT NOT NULL CHECK (place IN ('channel', 'direct')),
            question TEXT NOT NULL,
            since TEXT,
            until TEXT,
            publishers TEXT NOT NULL,
            private INTEGER NOT NULL CHECK (private IN (0, 1)),
            language TEXT NOT NULL,
            made_at TEXT NOT NULL,
            changed_at TEXT NOT NULL,
            doubted_at TEXT,
            verdict TEXT NOT NULL,
            marks TEXT NOT NULL,
            last_passage INTEGER NOT NULL,
            looked_at TEXT NOT NULL,
            is_due INTEGER NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0,
            retry_at TEXT NOT NULL DEFAULT '',
            problem TEXT NOT NULL DEFAULT ''
        )""",
        "CREATE INDEX watches_by_look ON watches (looked_at) WHERE NOT is_due",
        "CREATE INDEX watches_by_user ON watches (user_id)",
        "CREATE INDEX watches_by_server ON watches (server_id)",
        "CREATE INDEX watches_by_due ON watches (id) WHERE is_due",
        "CREATE INDEX watches_by_change ON watches (changed_at)",
        """CREATE TABLE watch_vectors (
            watch_id INTEGER PRIMARY KEY REFERENCES watches (id) ON DELETE CASCADE,
            model TEXT NOT NULL,
            vector BLOB NOT NULL
        )""",
        # One row: up to which passage all watches were compared.
        "CREATE TABLE watch_progress (id INTEGER PRIMARY KEY CHECK (id = 1), last_passage INTEGER NOT NULL)",
    )


@migrations()
def watch_messages(db: Database) -> None:
    """Create the tables of what changed in watched answers, of the messages that tell it, and of members' paces."""
    _run(
        db,
        # One message. Its nonce and the newest message before it are stored before it is sent.
        """CREATE TABLE watch_posts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            user_id INTEGER NOT NULL,
            server_id INTEGER,
            channel_id INTEGER NOT NULL,
            place TEXT NOT NULL,
            nonce INTEGER NOT NULL,
            after_id INTEGER NOT NULL,
            planned_at TEXT NOT NULL,
            message_id INTEGER
        )""",
        "CREATE INDEX watch_posts_by_user ON watch_posts (user_id, planned_at)",
        "CREATE INDEX watch_posts_by_server ON watch_posts (server_id)",
        "CREATE INDEX watch_posts_by_age ON watch_posts (planned_at)",
        "CREATE INDEX watch_posts_unsent ON watch_posts (id) WHERE message_id IS NULL",
        # What changed in an answer, until the message that tells it is sent.
        """CREATE TABLE watch_changes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            watch_id INTEGER NOT NULL REFERENCES watches (id) ON DELETE CASCADE,
            found_at TEXT NOT NULL,
            change TEXT NOT NULL,
            post_id INTEGER REFERENCES watch_posts (id) ON DELETE CASCADE
        )""",
        "CREATE INDEX watch_changes_by_watch ON watch_changes (watch_id)",
        "CREATE INDEX watch_changes_by_post ON watch_changes (post_id) WHERE post_id IS NOT NULL",
        """CREATE TABLE watch_pace (
            user_id INTEGER PRIMARY KEY,
            most INTEGER NOT NULL,
            quiet_from INTEGER,
            quiet_until INTEGER,
            zone TEXT NOT NULL
        )""",
    )


@migrations()
def briefs(db: Database) -> None:
    """Create the tables of briefs: what changed in watched answers, the rules, and those on their way."""
    # How far a brief tells: a moment, and the newest article, former version and change of a watched answer then.
    marks = (
        "{0}_at TEXT NOT NULL, {0}_article INTEGER NOT NULL, {0}_version INTEGER NOT NULL, {0}_change INTEGER NOT NULL"
    )
    _run(
        db,
        # Public questions of servers only.
        """CREATE TABLE topic_changes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            watch_id INTEGER NOT NULL REFERENCES watches (id) ON DELETE CASCADE,
            found_at TEXT NOT NULL,
            change TEXT NOT NULL
        )""",
        "CREATE INDEX topic_changes_by_watch ON topic_changes (watch_id)",
        # `server_id` 0 is the operator. `weekday` NULL is every day; `last_day` the last local day that was told, or
        # that there was nothing to tell of; `zone` is empty for the server's own.
        f"""CREATE TABLE brief_rules (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            server_id INTEGER NOT NULL,
            channel_id INTEGER NOT NULL,
            way TEXT NOT NULL CHECK (way IN ('channel', 'mail', 'webhook', 'feed')),
            target TEXT NOT NULL,
            collections TEXT NOT NULL,
            weekday INTEGER,
            minute INTEGER NOT NULL,
            zone TEXT NOT NULL,
            says_empty INTEGER NOT NULL CHECK (says_empty IN (0, 1)),
            made_at TEXT NOT NULL,
            last_day TEXT NOT NULL,
            {marks.format("since")},
            failures INTEGER NOT NULL DEFAULT 0,
            retry_at TEXT NOT NULL DEFAULT '',
            problem TEXT NOT NULL DEFAULT ''
        )""",
        "CREATE UNIQUE INDEX brief_rules_by_place ON brief_rules (server_id, channel_id, way, target)",
        # One brief. Its nonce and the newest message before it are stored before it is sent.
        f"""CREATE TABLE brief_posts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            rule_id INTEGER NOT NULL REFERENCES brief_rules (id) ON DELETE CASCADE,
            {marks.format("since")},
            {marks.format("until")},
            former_day TEXT NOT NULL,
            nonce INTEGER NOT NULL,
            after_id INTEGER NOT NULL,
            planned_at TEXT NOT NULL,
            held_until TEXT NOT NULL DEFAULT '',
            message_id INTEGER
        )""",
        "CREATE INDEX brief_posts_by_rule ON brief_posts (rule_id)",
    )
