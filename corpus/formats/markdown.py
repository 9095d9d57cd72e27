"""Reads Markdown with or without front matter in YAML."""

import re

from corpus.article import Draft
from corpus.charset import decode
from corpus.errors import UnreadableSource
from corpus.formats.fields import checked_date, checked_url, plain_text

_HEADING = re.compile(r"^#[ \t]+(\S[^\n]*)$", re.MULTILINE)
_EMPHASIS = re.compile(r"\*\*|__|[*_`]|\s#+$")
# How YAML writes that there is no value.
_NOTHING = ("", "~", "null", "Null", "NULL")
_DATE_KEYS = ("published_at", "published", "date")


def parse_markdown(raw: bytes) -> Draft:
    """Return the draft of one Markdown file; its title is the front matter's, else its first heading's.

    Raises:
        UnreadableSource: binary data, or front matter that is no valid YAML.
    """
    fields, body = _split(decode(raw))
    warnings: list[str] = []
    date = next((fields[key] for key in _DATE_KEYS if key in fields), None)
    return Draft(
        body=body,
        title=plain_text(fields.get("title")) or _first_heading(body),
        url=checked_url(fields.get("url"), warnings),
        publisher=plain_text(fields.get("publisher")) or plain_text(fields.get("source")),
        author=_people(fields.get("author")),
        published_at=checked_date(date, warnings),
        language=plain_text(fields.get("language")),
        external_id=plain_text(fields.get("id")),
        warnings=tuple(warnings),
    )


def _split(text: str) -> tuple[dict[str, object], str]:
    """Return front matter and body."""
    import yaml  # noqa: PLC0415 - with frontmatter 60 ms to import
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
        # The loader in C, frontmatter's choice, crashes the process on deep nesting; this one raises RecursionError. It
        # leaves every value as the text that stands there: a date that is none is no reason to lose the article.
        fields = handler.load(front, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f" (line {line + 1} of it)" if isinstance(line, int) else ""
        raise UnreadableSource(f"The front matter is no valid YAML{where}.", "Write “name: value” lines.") from error
    if isinstance(fields, list):
        raise UnreadableSource("The front matter is a list.", "Write “name: value” lines.")
    if not isinstance(fields, dict):
        # Two rules with prose between them are not front matter.
        return {}, body if fields is None else text
    return {key.lower(): value for key, value in fields.items() if isinstance(key, str) and value not in _NOTHING}, body


def _people(value: object) -> str | None:
    """Return an author, or several that YAML lists."""
    if isinstance(value, list):
        names = [name for name in map(plain_text, value[:20]) if name]
        return ", ".join(names) or None
    return plain_text(value)


def _first_heading(body: str) -> str | None:
    match = _HEADING.search(body)
    return (_EMPHASIS.sub("", match[1]).strip() or None) if match else None
