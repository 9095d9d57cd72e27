"""Datasette over the tables that may be shown: no SQL of readers, no downloads, our templates."""

from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.database import Database as DatasetteDatabase

from bot.web.error_page import replace_error_page
from bot.web.shown import Shown

DATABASE = "tables"
_FOLDER = Path(__file__).parent
STATIC = _FOLDER / "static"
# Rows of a page of a table, and of its JSON.
_PAGE_ROWS, _MOST_ROWS = 50, 1000
_SETTINGS = {
    "default_allow_sql": False,
    "allow_download": False,
    "allow_csv_stream": False,
    "allow_facet": True,
    "suggest_facets": False,
    "trace_debug": False,
    "template_debug": False,
    "num_sql_threads": 2,
    "sql_time_limit_ms": 2000,
    "facet_time_limit_ms": 500,
    "default_page_size": _PAGE_ROWS,
    "max_returned_rows": _MOST_ROWS,
    "default_cache_ttl": 0,
    # The links to JSON then keep to the page's own address, whatever the request said.
    "force_https_urls": False,
}
_TABLES: dict[str, dict[str, Any]] = {
    "articles": {
        "title": "Articles",
        "sort_desc": "published",
        "facets": ["publisher", "country", "kind", "language"],
        "columns": {"article": "Its number, which opens its passages", "former_texts": "How often its text changed"},
    },
    "stories": {"title": "Stories", "sort_desc": "last_day"},
    "publishers": {"title": "Publishers", "sort_desc": "articles", "facets": ["country", "kind", "state_controlled"]},
}
_FEEDS: dict[str, Any] = {
    "title": "Feeds in trouble",
    "description": "Feeds that could not be read the last time, or are paused; the worst first.",
    "sql": """select feed, title, site, state, failures, last_error as "last error", last_read as "last read",
    last_change as "last change" from feeds where failures > 0 or state = 'paused' order by failures desc, feed""",
}
_UNANSWERED: dict[str, Any] = {
    "title": "Unanswered questions",
    "description": "Public questions to which no article held an answer, the most frequent first. Nobody is named.",
    "sql": """select question, sum(times) as times, max(last_day) as "last asked", server from unanswered
    group by question, server order by 2 desc, 3 desc limit 500""",
}


def table_names(shown: Shown) -> dict[str, str]:
    """Return the titles of the tables and canned queries that may be opened, by name."""
    return {name: str(told["title"]) for name, told in {**_TABLES, **_queries(shown)}.items()}


def make_datasette(shown: Shown, tables: Path) -> Any:  # noqa: ANN401 - Datasette has no types
    """Return a Datasette over a database of tables that may all be shown."""
    replace_error_page()
    told = {"tables": _TABLES, "queries": _queries(shown), "allow_sql": False}
    datasette = Datasette(
        [],
        metadata={"title": "Attaché", "databases": {DATABASE: told}, "allow_sql": False},
        template_dir=str(_FOLDER / "templates"),
        settings=_SETTINGS,
        memory=False,
        crossdb=False,
        cors=False,
    )
    datasette.add_database(_QuietDatabase(datasette, path=str(tables), is_mutable=True), name=DATABASE)
    return datasette


class _QuietDatabase(DatasetteDatabase):  # type: ignore[misc] # Datasette has no types
    """A database that never prints what readers look up: Datasette does so where SQL fails."""

    async def execute(self, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - Datasette has no types
        """Run a query."""
        return await super().execute(*args, **{**named, "log_sql_errors": False})


def _queries(shown: Shown) -> dict[str, dict[str, Any]]:
    queries = {"feeds_in_trouble": _FEEDS} if shown.feeds else {}
    return {**queries, "unanswered_questions": _UNANSWERED} if shown.servers else queries
