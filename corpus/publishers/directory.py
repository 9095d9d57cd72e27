"""The table of publishers: the packaged rows, with what operators of this corpus changed laid over them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlite_utils import Database

from corpus.errors import BadInput
from corpus.publishers.known import known_publishers
from corpus.publishers.publisher import Kind, Publisher, host_of, name_key


@dataclass(frozen=True, slots=True)
class Edit:
    """What an operator says of a publisher; None leaves what the package says. An empty country means none."""

    domains: tuple[str, ...] | None = None
    country: str | None = None
    kind: Kind | None = None
    state_controlled: bool | None = None
    source: str | None = None


class Publishers:
    """The publishers as they stood when this was made. Whoever edits groups changes with `db.atomic()`."""

    def __init__(self, db: Database | None) -> None:
        """Without a database, the packaged rows alone."""
        self._db = db
        self._by_key = _merged(_edits(db)) if db is not None else _merged(())
        # What operators changed comes last, and so wins where two claim one name or domain.
        ranked = sorted(self._by_key.values(), key=lambda each: each.is_edited)
        self._by_name = {name_key(name): each for each in ranked for name in (*each.also, each.name)}
        self._by_domain = {domain: each for each in ranked for domain in each.domains}

    def all(self) -> list[Publisher]:
        """Every publisher, by name."""
        return sorted(self._by_key.values(), key=lambda each: each.name.casefold())

    def named(self, name: str) -> Publisher | None:
        """The publisher of that name, of another of its names, or with that domain (`example.org`)."""
        return self._by_name.get(name_key(name)) or self._at(host_of(f"//{name.strip().casefold()}"))

    def find(self, name: str | None, url: str | None) -> Publisher | None:
        """The publisher of an article: by its address, else by the name that it states; None where neither is known.

        The address first: of papers in several countries with one name it tells which, and no page can choose it.
        """
        return self._at(host_of(url)) or (self.named(name) if name else None)

    def edit(self, name: str, edit: Edit, now: str) -> None:
        """Stores what an operator says of a publisher, known or new; what was said before and isn't now stays.

        Args:
            name: any of its names.
            edit: what is to be changed.
            now: the time, ISO 8601 in UTC.

        Raises:
            BadInput: the publisher is new and its kind is not told.
        """
        assert self._db is not None
        known = self.named(name)
        if known is None and edit.kind is None:
            raise BadInput(f"There is no publisher {name} yet.", "Say of what kind it is to add it.")
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
        self._note_change()

    def reset(self, name: str) -> bool:
        """Drops what operators said of a publisher; False where they said nothing."""
        assert self._db is not None
        known = self.named(name)
        key = name_key(known.name if known else name)
        self._note_change()
        return self._db.execute("DELETE FROM publishers WHERE key = ?", (key,)).rowcount > 0

    def _note_change(self) -> None:
        # Answers that were remembered say what was known of their publishers then.
        assert self._db is not None
        self._db.execute("UPDATE state SET revision = revision + 1 WHERE id = 1")

    def _at(self, host: str) -> Publisher | None:
        """The publisher with the longest domain that a host is or lies below."""
        labels = host.split(".")
        tails = (".".join(labels[first:]) for first in range(len(labels)))
        return next((self._by_domain[tail] for tail in tails if tail in self._by_domain), None)


@dataclass(frozen=True, slots=True)
class _Edited:
    name: str
    edit: Edit


def _edits(db: Database) -> list[_Edited]:
    rows = db.execute("SELECT name, domains, country, kind, state_controlled, source FROM publishers ORDER BY name")
    return [
        _Edited(
            name,
            Edit(
                domains=None if domains is None else tuple(json.loads(domains)),
                country=country,
                kind=None if kind is None else Kind(kind),
                state_controlled=None if controlled is None else bool(controlled),
                source=source,
            ),
        )
        for name, domains, country, kind, controlled, source in rows
    ]


def _merged(edits: Iterable[_Edited]) -> dict[str, Publisher]:
    merged = {name_key(each.name): each for each in known_publishers()}
    for edited in edits:
        key, edit = name_key(edited.name), edited.edit
        base = merged.get(key) or Publisher(edited.name, edit.kind or Kind.OTHER)
        merged[key] = replace(
            base,
            domains=base.domains if edit.domains is None else edit.domains,
            country=base.country if edit.country is None else edit.country or None,
            kind=edit.kind or base.kind,
            state_controlled=base.state_controlled if edit.state_controlled is None else edit.state_controlled,
            source=base.source if edit.source is None else edit.source,
            is_edited=True,
        )
    return merged
