"""Reads what lines of an export have beside the fields of any article: collection, origin, times, former texts."""

from collections.abc import Mapping
from dataclasses import fields

from corpus.article import FormerText, Kept
from corpus.errors import UnreadableSource

# Stands in every line of an export, and says how to read it.
MARK, FORMAT = "attache_export", 1
_NEEDED = frozenset({"body", "sha256", "source_sha256", "origin", "fetched_at", "replaced_at"})
_HINT = "Export the corpus again; other files need no such line."


def kept_of(record: Mapping[str, object]) -> Kept | None:
    """What a line of an export keeps; None for any other line.

    Raises:
        UnreadableSource: it says that it is of an export, but is not one that we can read.
    """
    if MARK not in record:
        return None
    if record[MARK] != FORMAT:
        raise UnreadableSource("This line is of an export of another version.", _HINT)
    former = record.get("versions") or []
    if not isinstance(former, list):
        raise UnreadableSource("The former texts of this line are no list.", _HINT)
    return Kept(
        collection=_text(record, "collection"),
        origin=_text(record, "origin"),
        fetched_at=_text(record, "fetched_at"),
        source_sha256=_text(record, "source_sha256"),
        versions=tuple(map(_former, former)),
    )


def _former(record: object) -> FormerText:
    if not isinstance(record, dict):
        raise UnreadableSource("A former text of this line is no object.", _HINT)
    values = {
        each.name: _text(record, each.name) if each.name in _NEEDED else _text_or_none(record, each.name)
        for each in fields(FormerText)
    }
    return FormerText(**values)  # type: ignore[arg-type] # those that must be there are


def _text(record: Mapping[str, object], name: str) -> str:
    value = _text_or_none(record, name)
    if value is None:
        raise UnreadableSource(f"The field “{name}” of this line of an export is missing.", _HINT)
    return value


def _text_or_none(record: Mapping[str, object], name: str) -> str | None:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise UnreadableSource(f"The field “{name}” is no text.", _HINT)
    # Half of a pair of UTF-16 units can't be stored.
    return value.encode("utf-8", "replace").decode() if value else value
