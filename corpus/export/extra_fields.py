"""Parses the fields that only lines of an export have: collection, origin, times, former texts."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime

from corpus.article import ExportFields, FormerVersion, PublisherBasis
from corpus.collection_names import check_collection
from corpus.errors import BadInput, UnreadableSource
from corpus.normalize import has_controls

# The key that marks a line of an export, and its value.
FORMAT_KEY, FORMAT_VERSION = "attache_export", 1
_REQUIRED = frozenset({"body", "sha256", "source_sha256", "origin", "fetched_at", "replaced_at"})
_TIMES = ("fetched_at", "replaced_at")
# What is never stored with control characters: filters and lists rely on it. Names of files, so origins, may have them.
_LINES = ("id", "title", "publisher", "author", "language", "served_by")
_HINT = f"Export the articles again; in other files leave out “{FORMAT_KEY}”."


def parse_export_fields(record: Mapping[str, object]) -> ExportFields | None:
    """Return the extra fields of a line of an export; None for any other line.

    Raises:
        UnreadableSource: the export has another format version, or a field is missing or invalid.
    """
    if FORMAT_KEY not in record:
        return None
    if record[FORMAT_KEY] != FORMAT_VERSION:
        raise UnreadableSource("This line is from an export of another version.", _HINT)
    _check_lines(record)
    former = record.get("versions") or []
    if not isinstance(former, list):
        raise UnreadableSource("The former texts in this line aren't a list.", _HINT)
    return ExportFields(
        collection=_collection(record),
        origin=_text(record, "origin"),
        fetched_at=_time(record, "fetched_at"),
        source_sha256=_text(record, "source_sha256"),
        versions=tuple(map(_parse_former_version, former)),
        publisher_basis=_basis(record),
        served_by=_text_or_none(record, "served_by"),
        is_dated_ahead=record.get("is_dated_ahead") is True,
    )


def _check_lines(record: Mapping[str, object]) -> None:
    for name in _LINES:
        value = record.get(name)
        if isinstance(value, str) and has_controls(value):
            raise UnreadableSource(f"The field “{name}” has line breaks or control characters.", _HINT)


def _collection(record: Mapping[str, object]) -> str:
    try:
        return check_collection(_text(record, "collection"))
    except BadInput as error:
        raise UnreadableSource(error.message, _HINT) from error


def _time(record: Mapping[str, object], name: str) -> str:
    value = _text(record, name)
    try:
        datetime.fromisoformat(value)
    except ValueError as error:
        raise UnreadableSource(f"The field “{name}” isn't a time.", _HINT) from error
    return value


def _basis(record: Mapping[str, object]) -> PublisherBasis | None:
    """Return how the publisher is known; None in exports of older versions."""
    value = _text_or_none(record, "publisher_basis")
    if value is not None and value not in {*PublisherBasis}:
        raise UnreadableSource("The field “publisher_basis” has a value that this version doesn't know.", _HINT)
    return PublisherBasis(value) if value is not None else None


def _parse_former_version(record: object) -> FormerVersion:
    if not isinstance(record, dict):
        raise UnreadableSource("A former text in this line isn't an object.", _HINT)
    _check_lines(record)
    for name in _TIMES:
        _time(record, name)
    values = {
        each.name: _text(record, each.name) if each.name in _REQUIRED else _text_or_none(record, each.name)
        for each in fields(FormerVersion)
    }
    return FormerVersion(**values)  # type: ignore[arg-type]


def _text(record: Mapping[str, object], name: str) -> str:
    value = _text_or_none(record, name)
    if value is None:
        raise UnreadableSource(f"The field “{name}” is missing in this line of an export.", _HINT)
    return value


def _text_or_none(record: Mapping[str, object], name: str) -> str | None:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise UnreadableSource(f"The field “{name}” isn't text.", _HINT)
    # Lone surrogates can't be stored.
    return value.encode("utf-8", "replace").decode() if value else value
