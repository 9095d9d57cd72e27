"""Search filters: on articles in memory, and as SQL conditions."""

import json
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlite_utils import Database

from corpus.article import ArticleFacts

# No stored name begins with a control character.
CLAIMED_MARK = "\x01"


@dataclass(frozen=True, slots=True)
class Filters:
    """Restricts a search; empty filters restrict nothing.

    An article passes if it has any of the `publishers`, `collections` and `languages` (case is ignored), and is not by
    one of the `hidden_publishers`. What only claims to be by a publisher is not found as its, but hidden with it.
    `since` and `until` are inclusive; undated articles never pass a date filter. Languages are ISO 639-1 codes; `en`
    also finds what states `en-GB`.
    """

    publishers: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    hidden_publishers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(
            self.publishers or self.collections or self.hidden_publishers or self.since or self.until or self.languages
        )

    def what_may_be_read(self) -> "Filters":
        """Return the part that says what its reader may see at all: not which publishers, dates and languages."""
        return Filters(collections=self.collections, hidden_publishers=self.hidden_publishers)

    def column_predicates(self) -> dict[str, Callable[[str | None], bool]]:
        """Return a predicate for each restricted column: publisher, collection, language, day (`YYYY-MM-DD`)."""
        predicates: dict[str, Callable[[str | None], bool]] = {}
        if self.collections:
            collections = _fold_case(self.collections)
            predicates["collection"] = lambda value: value is not None and value.casefold() in collections
        if self.publishers or self.hidden_publishers:
            wanted, hidden = _fold_case(self.publishers), _fold_case(self.hidden_publishers)
            predicates["publisher"] = partial(_publisher_passes, wanted=wanted, hidden=hidden)
        if self.since or self.until:
            first, last = (self.since or date.min).isoformat(), (self.until or date.max).isoformat()
            predicates["day"] = lambda value: value is not None and first <= value <= last
        if self.languages:
            languages = _fold_case(self.languages)
            predicates["language"] = lambda value: value is not None and _main_language(value) in languages
        return predicates

    def select(self, articles: Iterable[ArticleFacts]) -> list[ArticleFacts]:
        """Return the articles that pass, in order."""
        predicates = self.column_predicates()
        return [
            article
            for article in articles
            if all(passes(_column_value(article, name)) for name, passes in predicates.items())
        ]


def article_condition(db: Database, filters: Filters) -> tuple[str, dict[str, str]]:
    """Return the filters as an SQL condition over `articles` and its named parameters; `1` for empty filters."""
    conditions: list[str] = []
    parameters: dict[str, str] = {}

    def bind(parameter: str, column: str, names: Sequence[str]) -> str:
        # As one value: of a name there may be more spellings than SQLite takes parameters.
        parameters[parameter] = json.dumps(_stored_spellings(db, column, names))
        return f"SELECT value FROM json_each(:{parameter})"

    for column, wanted in (("publisher", filters.publishers), ("collection", filters.collections)):
        if wanted:
            conditions.append(f"articles.{column} IN ({bind(f'{column}_names', column, wanted)})")
    if filters.publishers:
        conditions.append("articles.publisher_basis <> 'claimed'")
    if filters.hidden_publishers:
        hidden = bind("hidden_names", "publisher", filters.hidden_publishers)
        # An article without a publisher is never hidden.
        conditions.append(f"coalesce(articles.publisher, '') NOT IN ({hidden})")
    if filters.since:
        conditions.append("substr(articles.published_at, 1, 10) >= :since")
        parameters["since"] = filters.since.isoformat()
    if filters.until:
        conditions.append("substr(articles.published_at, 1, 10) <= :until")
        parameters["until"] = filters.until.isoformat()
    if filters.languages:
        languages = {f"language_{number}": each.casefold() for number, each in enumerate(filters.languages)}
        main = "substr(articles.language, 1, instr(replace(articles.language, '_', '-') || '-', '-') - 1)"
        conditions.append(f"lower({main}) IN ({', '.join(f':{name}' for name in languages)})")
        parameters.update(languages)
    return " AND ".join(conditions) or "1", parameters


def filter_articles(db: Database, filters: Filters, article_ids: Set[int]) -> set[int]:
    """Return the ids of the articles that pass the filters."""
    condition, parameters = article_condition(db, filters)
    # Ids are our own integers; an answer or a page of a list has a few dozen at most.
    wanted = ",".join(str(int(article_id)) for article_id in article_ids)
    rows = db.execute(f"SELECT id FROM articles WHERE id IN ({wanted}) AND {condition}", parameters)
    return {int(row[0]) for row in rows}


def _column_value(article: ArticleFacts, column: str) -> str | None:
    if column == "day":
        return article.published_at and article.published_at[:10]
    if column == "language":
        return article.language
    return marked_publisher(article) if column == "publisher" else article.collection


def marked_publisher(article: ArticleFacts) -> str | None:
    """Return the value of the column `publisher`: the name, with a mark before it if it is only claimed."""
    return f"{CLAIMED_MARK}{article.publisher}" if article.is_claimed else article.publisher


def _publisher_passes(name: str | None, wanted: Set[str], hidden: Set[str]) -> bool:
    # An article without a publisher is never hidden.
    if name is None:
        return not wanted
    is_claimed, folded = name.startswith(CLAIMED_MARK), name.removeprefix(CLAIMED_MARK).casefold()
    return (not wanted or (folded in wanted and not is_claimed)) and folded not in hidden


def _main_language(tag: str) -> str:
    """Return the language of a tag without its region or script (RFC 5646): `en` of `en-GB`."""
    return tag.replace("_", "-").partition("-")[0].casefold()


def _fold_case(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


def _stored_spellings(db: Database, column: str, wanted: Sequence[str]) -> list[str]:
    """Return the column's values that equal a wanted name but for case; SQLite folds the case of ASCII only."""
    folded = _fold_case(wanted)
    # Skips from value to value in the column's index; DISTINCT would read the entry of every article.
    stored = db.execute(
        f"""WITH RECURSIVE names (name) AS (
            SELECT min({column}) FROM articles
            UNION ALL
            SELECT (SELECT min({column}) FROM articles WHERE {column} > name) FROM names WHERE name IS NOT NULL
        ) SELECT name FROM names WHERE name IS NOT NULL"""
    )
    return [name for (name,) in stored if name.casefold() in folded]
