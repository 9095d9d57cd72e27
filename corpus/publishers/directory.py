"""The directory of publishers: the packaged ones with the operators' edits applied."""

import csv
import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from sqlite_utils import Database

from corpus.errors import BadInput
from corpus.publishers.publisher import Kind, Publisher, host_of, name_key


@dataclass(frozen=True, slots=True)
class PublisherEdit:
    """An operator's changes to a publisher; None keeps the packaged value, an empty country removes it."""

    domains: tuple[str, ...] | None = None
    country: str | None = None
    kind: Kind | None = None
    state_controlled: bool | None = None
    source: str | None = None


class Publishers:
    """The publishers as of the time of construction. Callers group edits with `db.atomic()`."""

    def __init__(self, db: Database | None) -> None:
        """Load the packaged publishers, and the operators' edits if there is a database."""
        self._db = db
        self._all = _apply_edits(_load_edits(db) if db is not None else {})
        # Edited publishers come last, so they win when two claim one name or domain.
        ranked = sorted(self._all, key=lambda each: each.is_edited)
        self._by_name = {name_key(name): each for each in ranked for name in (*each.also, each.name)}
        self._by_domain = {domain: each for each in ranked for domain in each.domains}

    def all(self) -> list[Publisher]:
        """Return every publisher, by name."""
        return sorted(self._all, key=lambda each: each.name.casefold())

    def find_by_name(self, name: str) -> Publisher | None:
        """Return the publisher with that name, alternative name or domain (`example.org`)."""
        return self._by_name.get(name_key(name)) or self._find_by_host(host_of(f"//{name.strip().casefold()}"))

    def find(self, name: str | None, url: str | None) -> Publisher | None:
        """Return the publisher of an article, by its url or else by its stated name; None if unknown.

        The url comes first: it distinguishes papers with the same name in several countries, and no page can forge it.
        """
        return self._find_by_host(host_of(url)) or (self.find_by_name(name) if name else None)

    def edit(self, name: str, edit: PublisherEdit, now: str) -> None:
        """Store changes to a known or new publisher; earlier changes to other fields stay.

        Args:
            name: any of its names.
            edit: the changes.
            now: the time, ISO 8601 in UTC.

        Raises:
            BadInput: the publisher is new and its kind is missing.
        """
        assert self._db is not None
        known = self.find_by_name(name)
        if known is None and edit.kind is None:
            raise BadInput(f"There is no publisher {name} yet.", "Give its kind to add it.")
        row = {
            "name": known.name if known else name,
            "key": name_key(known.name if known else name),
            "domains": None if edit.domains is None else json.dumps(edit.domains),
            "country": edit.country,
            "kind": edit.kind,
            "state_controlled": edit.state_controlled,
            "source": edit.source,
            "edited_at": now,
        }
        kept = ", ".join(f"{column} = coalesce(excluded.{column}, {column})" for column in row if column != "key")
        self._db.execute(
            f"""INSERT INTO publishers ({", ".join(row)}) VALUES ({", ".join(f":{column}" for column in row)})
            ON CONFLICT (key) DO UPDATE SET {kept}""",
            row,
        )
        self._bump_revision()

    def reset(self, name: str) -> bool:
        """Drop the operators' edits of a publisher; return False if there are none."""
        assert self._db is not None
        known = self.find_by_name(name)
        key = name_key(known.name if known else name)
        self._bump_revision()
        return self._db.execute("DELETE FROM publishers WHERE key = ?", (key,)).rowcount > 0

    def _bump_revision(self) -> None:
        # Cached answers describe their publishers, so they must be invalidated.
        assert self._db is not None
        self._db.execute("UPDATE state SET revision = revision + 1 WHERE id = 1")

    def _find_by_host(self, host: str) -> Publisher | None:
        """Return the publisher with the longest domain that a host equals or is below."""
        labels = host.split(".")
        tails = (".".join(labels[first:]) for first in range(len(labels)))
        return next((self._by_domain[tail] for tail in tails if tail in self._by_domain), None)


def _load_edits(db: Database) -> dict[str, PublisherEdit]:
    """Return the stored edits by the publisher's name."""
    rows = db.execute("SELECT name, domains, country, kind, state_controlled, source FROM publishers ORDER BY name")
    return {
        name: PublisherEdit(
            domains=None if domains is None else tuple(json.loads(domains)),
            country=country,
            kind=None if kind is None else Kind(kind),
            state_controlled=None if controlled is None else bool(controlled),
            source=source,
        )
        for name, domains, country, kind, controlled, source in rows
    }


def _apply_edits(edits: dict[str, PublisherEdit]) -> list[Publisher]:
    by_key = {name_key(each.name): each for each in known_publishers()}
    for name, edit in edits.items():
        base = by_key.get(name_key(name)) or Publisher(name, edit.kind or Kind.OTHER)
        by_key[name_key(name)] = replace(
            base,
            domains=base.domains if edit.domains is None else edit.domains,
            country=base.country if edit.country is None else edit.country or None,
            kind=edit.kind or base.kind,
            state_controlled=base.state_controlled if edit.state_controlled is None else edit.state_controlled,
            source=base.source if edit.source is None else edit.source,
            is_edited=True,
        )
    return list(by_key.values())


@cache
def known_publishers() -> tuple[Publisher, ...]:
    """Return every row of the file, by name; docs/decisions/0012-publishers.md says how to justify a row."""
    text = files("corpus.publishers").joinpath("known.csv").read_text(encoding="utf-8")
    rows = (_publisher(row) for row in csv.DictReader(text.splitlines()))
    return tuple(sorted(rows, key=lambda each: each.name.casefold()))


def _publisher(row: dict[str, str]) -> Publisher:
    return Publisher(
        name=row["name"],
        kind=Kind(row["kind"]),
        country=row["country"] or None,
        domains=tuple(row["domains"].split()),
        also=tuple(name.strip() for name in row["also"].split(";") if name.strip()),
        state_controlled=row["state_controlled"] == "yes",
        source=row["source"],
    )
