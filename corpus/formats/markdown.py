"""Parses Markdown, with or without YAML front matter."""

import re

from corpus.article import Draft
from corpus.charset import decode
from corpus.errors import UnreadableSource
from corpus.formats.fields import checked_date, checked_url, short_text

_HEADING = re.compile(r"^#[ \t]+(\S[^\n]*)$", re.MULTILINE)
_EMPHASIS = re.compile(r"\*\*|__|[*_`]|\s#+$")
# How YAML writes an empty value.
_EMPTY = ("", "~", "null", "Null", "NULL")
_DATE_KEYS = ("published_at", "published", "date")


def parse_markdown(raw: bytes) -> Draft:
    """Return the draft of one Markdown file, with its title from the front matter or the first heading.

    Raises:
        UnreadableSource: binary data, or front matter that isn't valid YAML.
    """
    fields, body = _split(decode(raw))
    warnings: list[str] = []
    date = next((fields[key] for key in _DATE_KEYS if key in fields), None)
    return Draft(
        body=body,
        title=short_text(fields.get("title")) or _first_heading(body),
        url=checked_url(fields.get("url"), warnings),
        publisher=short_text(fields.get("publisher")) or short_text(fields.get("source")),
        author=_authors(fields.get("author")),
        published_at=checked_date(date, warnings),
        language=short_text(fields.get("language")),
        external_id=short_text(fields.get("id")),
        warnings=tuple(warnings),
    )


def _split(text: str) -> tuple[dict[str, object], str]:
    """Return front matter and body."""
    import yaml  # noqa: PLC0415 - takes 60 ms with frontmatter
    from frontmatter.default_handlers import YAMLHandler  # noqa: PLC0415

    handler = YAMLHandler()
    text = text.lstrip("\ufeff").replace("\r\n", "\n")
    if not handler.detect(text):
        return {}, text
    try:
        front, body = handler.split(text)
    except ValueError:
        return {}, text
    try:
        # The C loader, frontmatter's default, crashes the process on deep nesting; this one raises RecursionError. It
        # keeps every value as text, so that an invalid date doesn't cost the article.
        fields = handler.load(front, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f" (line {line + 1})" if isinstance(line, int) else ""
        raise UnreadableSource(f"The front matter isn't valid YAML{where}.", "Write “name: value” lines.") from error
    if isinstance(fields, list):
        raise UnreadableSource("The front matter is a list.", "Write “name: value” lines.")
    if not isinstance(fields, dict):
        # Prose between two rules isn't front matter.
        return {}, body if fields is None else text
    return {key.lower(): value for key, value in fields.items() if isinstance(key, str) and value not in _EMPTY}, body


def _authors(value: object) -> str | None:
    """Return one author, or the names of a YAML list with commas between."""
    if isinstance(value, list):
        names = [name for name in map(short_text, value[:20]) if name]
        return ", ".join(names) or None
    return short_text(value)


def _first_heading(body: str) -> str | None:
    match = _HEADING.search(body)
    return (_EMPHASIS.sub("", match[1]).strip() or None) if match else None
