"""Checks that a database from elsewhere has the tables of this version, and nothing that runs statements of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlite_utils import Database, Migrations

# What a value may be in a column of a declared type; SQLite itself doesn't check that.
_TYPES = {"TEXT": "text", "INTEGER": "integer", "BLOB": "blob"}
# Columns that hold JSON; SQLite calls what is nested deeper than 1,000 invalid.
_JSON = {
    "feeds": ("parts",),
    "feed_items": ("entry",),
    "publishers": ("domains",),
    "settings": ("value",),
    "channel_settings": ("value",),
    "asked": ("publishers", "seen", "offered"),
    "additions": ("added", "updated"),
    "news_rules": ("words",),
}

Columns = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class _Schema:
    """The tables of this version with the types of their columns; triggers and views that this or an older one made."""

    columns: Columns
    statements: frozenset[str]


def foreign_statements(db: Database, sets: Sequence[Migrations]) -> str:
    """Return what is wrong with the triggers, views and virtual tables of a database; empty if all are ours.

    A trigger runs at our own statements, so check this before the first of them.
    """
    schema = _schema(tuple(sets))
    foreign = [sql for sql in _statements(db) if sql not in schema.statements]
    return f"{len(foreign)} triggers, views or virtual tables in it aren't Attaché's" if foreign else ""


def missing_columns(db: Database, sets: Sequence[Migrations]) -> str:
    """Return what is wrong with the tables of an up-to-date database; empty if all is well."""
    found = _columns(db)
    for table, columns in _schema(tuple(sets)).columns.items():
        if missing := columns.keys() - found.get(table, {}).keys():
            return f"its table {table} lacks {', '.join(sorted(missing))}"
    return ""


def wrong_types(db: Database, sets: Sequence[Migrations]) -> str:
    """Return what is wrong with the values of an up-to-date database; empty if all is well."""
    for table, columns in _schema(tuple(sets)).columns.items():
        # Types are read from the rows' headers, so no long text is loaded.
        wrong = [
            f"typeof({_quoted(name)}) NOT IN ('{_TYPES[kind]}', 'null')"
            for name, kind in columns.items()
            if kind in _TYPES
        ]
        wrong += [f"json_valid({_quoted(name)}) = 0" for name in _JSON.get(table, ())]
        if wrong and db.execute(f"SELECT 1 FROM {_quoted(table)} WHERE {' OR '.join(wrong)} LIMIT 1").fetchone():
            return f"its table {table} holds values of the wrong type"
    return ""


@cache
def _schema(sets: tuple[Migrations, ...]) -> _Schema:
    """Run all migrations in an empty database; statements that later ones drop may be in an older database."""
    db = Database(memory=True)
    try:
        statements: set[str] = set()
        for each in sets:
            for step in [*each.pending(db)][1:]:
                each.apply(db, stop_before=step.name)
                statements.update(_statements(db))
            each.apply(db)
            statements.update(_statements(db))
        return _Schema(_columns(db), frozenset(statements))
    finally:
        db.close()


def _statements(db: Database) -> list[str]:
    """Return the statements of triggers, views and virtual tables."""
    rows = db.execute(
        "SELECT sql FROM sqlite_master WHERE type IN ('trigger', 'view') OR (type = 'table' AND rootpage = 0)"
    )
    return [str(sql) for (sql,) in rows]


def _columns(db: Database) -> Columns:
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0").fetchall()
    return {
        name: {row[1]: row[2] for row in db.execute(f"PRAGMA table_info({_quoted(name)})")}
        for (name,) in tables
        if not name.startswith(("sqlite_", "_sqlite"))
    }


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
