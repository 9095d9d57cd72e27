"""Validates the fields of drafts for all formats: addresses, dates, names, short texts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corpus.dates import parse_published
from corpus.original_urls import original_url

_MAX_QUOTED = 60
# More values than any field has; YAML aliases can make lists endless.
_MAX_VALUES = 60
# What holds the text of an object: in JSON-LD, WordPress's answers and MongoDB's exports, too.
_TEXT_KEYS = ("name", "title", "value", "@value", "rendered", "$date")
_MAX_NAME_CHARACTERS = 2_000
# The names of each field in front matter and sidecars, in lower case, most explicit first.
_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "url": ("url", "link", "source_url", "canonical_url", "canonical", "permalink"),
    "publisher": ("publisher", "publication", "site_name", "source"),
    "author": ("author", "authors", "byline"),
    "published_at": ("published_at", "published", "date_published", "publish_date", "pubdate", "date"),
    "language": ("language", "lang"),
    "external_id": ("id",),
}
KNOWN_FIELDS = tuple(names[0] for names in _NAMES.values())
KNOWN_NAMES = frozenset(name for names in _NAMES.values() for name in names)
_LINK = re.compile(r"<?((?:https?://|www\.)[^\s<>]+|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,10}/[^\s<>]+)>?", re.IGNORECASE)
_BY = re.compile(r"by:?\s+(?=\S)", re.IGNORECASE)
# `[Harbour Herald](https://herald.example)`, and in Obsidian `[[Harbour Herald]]` or `[[herald|Harbour Herald]]`.
_MARKED_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()]*)\)")
_WIKI_LINK = re.compile(r"\[\[([^\[\]|]*)(?:\|([^\[\]]*))?\]\]")


@dataclass(frozen=True, slots=True)
class StatedFields:
    """What front matter or a sidecar states about an article; None for what it doesn't."""

    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    published_at: str | None = None
    language: str | None = None
    external_id: str | None = None


def read_fields(fields: Mapping[str, object], warnings: list[str]) -> StatedFields:
    """Return the checked fields, by their usual names in lower case; a `source` that is a link is the address."""
    publishers = [names for name in _NAMES["publisher"] if (names := ", ".join(_names(fields.get(name))))]
    url = _first(fields, "url")
    source = split_link(plain_value(fields.get("source")))[1]
    stated = StatedFields(
        title=_without_links(stated_text("title", _first(fields, "title"))),
        url=checked_url(split_link(url)[1] or url if isinstance(url, str) else url or source, warnings),
        publisher=publishers[0] if publishers else None,
        author=", ".join(map(without_by, _names(_first(fields, "author")))) or None,
        published_at=checked_date(_first(fields, "published_at"), warnings),
        language=plain_value(_first(fields, "language")),
        external_id=short_text(_first(fields, "external_id")),
    )
    for field in ("title", "publisher", "author", "language", "external_id"):
        value = _first(fields, field)
        if getattr(stated, field) is None and not (isinstance(value, str) and split_link(value)[1]):
            warn_if_unread(field, value, warnings)
    return stated


def split_link(text: str | None) -> tuple[str | None, str | None]:
    """Return the name and the address in a field that may hold either or, as a Markdown link, both."""
    if not text or len(text) > _MAX_NAME_CHARACTERS:
        return text, None
    text = text.strip()
    if marked := _MARKED_LINK.fullmatch(text):
        return split_link(marked[1])[0], split_link(marked[2].partition(' "')[0])[1]
    if link := _LINK.fullmatch(text):
        return None, original_url(link[1] if "://" in link[1] else f"https://{link[1]}")
    return _without_links(text), None


def checked_url(value: object, warnings: list[str]) -> str | None:
    """Return the canonical address of the page itself, or add a warning and return None if it isn't one."""
    if value is None or value == "":
        return None
    url = original_url(value) if isinstance(value, str) else None
    if url is None:
        warnings.append(f"The address “{_quoted(value)}” was left out: it isn't an http or https address.")
    return url


def checked_date(value: object, warnings: list[str]) -> str | None:
    """Return the publication date, or add a warning and return None if no single day is stated."""
    if _is_empty(value):
        return None
    text = plain_value(value)
    stated = parse_published(text) if text else None
    if stated is None:
        warnings.append(f"The date “{_quoted(value)}” was left out: it doesn't name one clear day.")
    return stated


def without_by(name: str) -> str:
    """Return an author's name without the word before it."""
    return _BY.sub("", name, count=1) if _BY.match(name) else name


def short_text(value: object) -> str | None:
    """Return a text or number as text, and None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def plain_value(value: object) -> str | None:
    """Return a value as text: of an object its name, of a list its values; None for anything else."""
    return ", ".join(_values(value)) or None


def stated_text(field: str, value: object) -> str | None:
    """Return the value of a field as text: the first of several titles, paragraphs of a text, all other values."""
    if field == "title":
        return next(_values(value), None)
    if field == "body" and isinstance(value, list):
        # All or nothing: an article with a part left out would seem whole.
        return "\n\n".join(value) if all(isinstance(each, str) for each in value) else None
    return plain_value(value)


def warn_if_unread(field: str, value: object, warnings: list[str]) -> None:
    """Add a warning about a value that no text was found in, unless it is empty."""
    if not _is_empty(value):
        warnings.append(f"The field “{field}” was left out: it has no text that can be used.")


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def _first(fields: Mapping[str, object], field: str) -> object:
    """Return the value under the first of a field's names that has one."""
    values = (fields.get(name) for name in _NAMES[field])
    return next((value for value in values if value is not None and value != ""), None)


def _names(value: object) -> Iterator[str]:
    """Yield the names in a value, without links."""
    return filter(None, (split_link(text)[0] for text in _values(value)))


def _values(value: object) -> Iterator[str]:
    """Yield the texts in a value; unquoted, YAML reads `[[Ines Olm]]` as a list in a list."""
    waiting = [value]
    for _ in range(_MAX_VALUES):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = value[:_MAX_VALUES]
        elif isinstance(value, dict):
            waiting[:0] = [value[key] for key in _TEXT_KEYS if value.get(key)][:1]
        elif text := short_text(value):
            yield text


def _without_links(text: str | None) -> str | None:
    """Return a text with the names of its links in place of the links."""
    if not text or "[" not in text or len(text) > _MAX_NAME_CHARACTERS:
        return text
    text = _WIKI_LINK.sub(lambda link: (link[2] or link[1].rpartition("/")[2]).strip(), text)
    return _MARKED_LINK.sub(r"\1", text).strip() or None


def _quoted(value: object) -> str:
    """Return a value for a message; containers, which may print endlessly, become an ellipsis."""
    text = str(value) if isinstance(value, str | int | float) or not hasattr(value, "__len__") else "…"
    text = " ".join(text.split())
    return text if len(text) <= _MAX_QUOTED else text[:_MAX_QUOTED] + "…"
