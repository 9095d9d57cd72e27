"""The packaged publishers, from known.csv."""

import csv
from functools import cache
from importlib.resources import files

from corpus.publishers.publisher import Kind, Publisher


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
