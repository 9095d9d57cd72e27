"""Checks that a database from elsewhere has the tables of this version, and nothing that runs statements of its own."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from sqlite_utils import Database, Migrations

from corpus.article import PublisherBasis
from corpus.publishers.publisher import Kind

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


def _is_none_of(column: str, values: Iterable[str]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} NOT IN ({listed})"


# What no row of a table may be: answers would fail on it, for all readers.
_IMPOSSIBLE = {
    "articles": (
        _is_none_of("publisher_basis", PublisherBasis),
        # A day of the calendar, then perhaps a time.
        "date(substr(published_at, 1, 10), '+0 days') IS NOT substr(published_at, 1, 10)",
        "published_at < '0001'",
        "length(published_at) > 10 AND datetime(published_at) IS NULL",
    ),
    "passages": (
        '"start" < 0 OR "end" <= "start"',
        '"end" > (SELECT length(body) FROM articles WHERE articles.id = passages.article_id)',
    ),
    "publishers": (_is_none_of("kind", Kind),),
}
# Expressions in a table, which SQLite evaluates at our own statements.
_EXPRESSION = re.compile(r"\bcheck\b|\bgenerated\b|\bas\s*\(|\bdefault\s*\(", re.IGNORECASE)

Columns = dict[str, dict[str, str]]

_Part = tuple[str, str, str, bool]


@dataclass(frozen=True, slots=True)
class _Schema:
    """The tables of this version with the types of their columns; tables and statements that this or an older one made.

    Statements are those that make tables, indexes, triggers and views.
    """

    columns: Columns
    tables: frozenset[str]
    statements: frozenset[str]


def foreign_statements(db: Database, sets: Sequence[Migrations]) -> str:
    """Return what is wrong with what a database consists of; empty if all is ours or a plain index.

    Triggers and expressions run at our own statements, so check this before the first of them.
    """
    schema = _schema(tuple(sets))
    foreign = [
        name
        for kind, name, sql, is_plain in _parts(db)
        if sql not in schema.statements and not (is_plain and (kind == "index" or name in schema.tables))
    ]
    return f"{len(foreign)} triggers, views, tables or indexes in it aren't Attaché's" if foreign else ""


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
        wrong += [f"({condition})" for condition in _IMPOSSIBLE.get(table, ())]
        if wrong and db.execute(f"SELECT 1 FROM {_quoted(table)} WHERE {' OR '.join(wrong)} LIMIT 1").fetchone():
            return f"its table {table} holds values that Attaché never stores"
    return ""


@cache
def _schema(sets: tuple[Migrations, ...]) -> _Schema:
    """Run all migrations in an empty database; statements that later ones drop may be in an older database."""
    db = Database(memory=True)
    try:
        parts: set[_Part] = set()
        for each in sets:
            for step in [*each.pending(db)][1:]:
                each.apply(db, stop_before=step.name)
                parts.update(_parts(db))
            each.apply(db)
            parts.update(_parts(db))
        tables = frozenset(name for kind, name, _, _ in parts if kind == "table")
        return _Schema(_columns(db), tables, frozenset(sql for _, _, sql, _ in parts))
    finally:
        db.close()


def _parts(db: Database) -> list[_Part]:
    """Return kind, name and statement of all that a database consists of, and whether it evaluates no expressions."""
    rows = db.execute(
        "SELECT type, name, sql, rootpage > 0 FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*'"
    ).fetchall()
    return [(kind, name, sql, bool(is_real) and _is_plain(db, kind, name, sql)) for kind, name, sql, is_real in rows]


def _is_plain(db: Database, kind: str, name: str, sql: str) -> bool:
    if kind == "index":
        columns = db.execute(f"PRAGMA index_xinfo({_quoted(name)})").fetchall()
        # The second is the column, -2 for an expression; a partial index has a condition.
        return all(column[1] >= -1 for column in columns) and not re.search(r"\bwhere\b", sql, re.IGNORECASE)
    return kind == "table" and not _EXPRESSION.search(sql)


def _columns(db: Database) -> Columns:
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0").fetchall()
    return {
        name: {row[1]: row[2] for row in db.execute(f"PRAGMA table_info({_quoted(name)})")}
        for (name,) in tables
        if not name.startswith(("sqlite_", "_sqlite"))
    }


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
