"""Parses Markdown, with or without YAML front matter."""

import re
import tomllib
from datetime import date, datetime

from corpus.article import Draft
from corpus.charset import decode
from corpus.errors import UnreadableSource
from corpus.formats.fields import KNOWN_NAMES, read_fields
from corpus.formats.markdown_text import markdown_text

# The YAML reader, written in Python, takes half a second for this much.
MAX_FRONT_MATTER = 100_000
# Keys of many parts, joined by dots, take quadratic memory: 6 GB for 80,000 characters.
_MAX_TOML = 10_000
# As Hugo writes it.
_TOML = re.compile(rf"\+\+\+[ \t]*\n(.{{0,{_MAX_TOML}}}?)\n\+\+\+[ \t]*(?:\n|$)", re.DOTALL)
_METADATA = re.compile(
    r"^#{1,3} Metadata[ \t]*\n((?:[ \t]{0,4}[-*] [A-Z][\w ]{1,30}:.{0,2000}(?:\n|$)){1,20})", re.MULTILINE
)
_METADATA_WITHIN = 10_000
_HEAD = re.compile(r"\s{0,9}((?:[A-Za-z][\w -]{0,30}+:[ \t]+\S.{0,2000}(?:\n|$)){2,20})(?:[ \t]*\n|$)")
# One such line may be the beginning of a text.
_MIN_HEADERS = 2
# How YAML writes an empty value.
_EMPTY = ("", "~", "null", "Null", "NULL")


def parse_markdown(raw: bytes) -> Draft:
    """Return the draft of one Markdown file, with its title from the front matter or the first heading.

    Raises:
        UnreadableSource: binary data, or front matter that isn't valid YAML.
    """
    warnings: list[str] = []
    fields, source = split_front_matter(decode(raw, warnings))
    if not fields:
        fields, source = _headed_fields(source)
    if not fields:
        fields, source = _listed_fields(source)
    stated = read_fields(fields, warnings)
    heading, body = markdown_text(source, warnings)
    return Draft(
        body=body,
        title=stated.title or heading,
        url=stated.url,
        publisher=stated.publisher,
        author=stated.author,
        published_at=stated.published_at,
        language=stated.language,
        external_id=stated.external_id,
        warnings=tuple(warnings),
    )


def split_front_matter(text: str) -> tuple[dict[str, object], str]:
    """Return the front matter in YAML or TOML, with names in lower case, and the body.

    Raises:
        UnreadableSource: front matter that isn't valid YAML.
    """
    import yaml  # noqa: PLC0415 - takes 60 ms with frontmatter
    from frontmatter.default_handlers import YAMLHandler  # noqa: PLC0415

    handler = YAMLHandler()
    text = text.lstrip("\ufeff").replace("\r\n", "\n")
    if (toml := _TOML.match(text)) is not None:
        try:
            return {key.lower(): _plain(value) for key, value in tomllib.loads(toml[1]).items()}, text[toml.end() :]
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise UnreadableSource("The front matter isn't valid TOML.", 'Write “name = "value"” lines.') from error
    if not handler.detect(text):
        return {}, text
    try:
        front, body = handler.split(text)
    except ValueError:
        return {}, text
    if len(front) > MAX_FRONT_MATTER:
        raise UnreadableSource(
            f"The front matter has more than {MAX_FRONT_MATTER:,} characters.", "Move the text below the second “---”."
        )
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


def _headed_fields(text: str) -> tuple[dict[str, object], str]:
    """Return the fields in lines above the text, as MultiMarkdown and Pelican write them, and the text without them."""
    match = _HEAD.match(text)
    lines = [line.partition(":") for line in match[1].splitlines()] if match else []
    fields: dict[str, object] = {name.strip().lower().replace(" ", "_"): value.strip() for name, _, value in lines}
    if match is None or len(KNOWN_NAMES.intersection(fields)) < _MIN_HEADERS:
        return {}, text
    return fields, text[match.end() :]


def _listed_fields(text: str) -> tuple[dict[str, object], str]:
    """Return the fields in a list under the heading "Metadata", as Readwise exports them, and the text without it."""
    match = _METADATA.search(text[:_METADATA_WITHIN])
    if match is None:
        return {}, text
    fields = (line.lstrip("-* ").partition(":") for line in match[1].splitlines())
    stated: dict[str, object] = {name.strip().lower(): value.strip() for name, _, value in fields if value.strip()}
    if "full title" in stated:
        stated["title"] = stated["full title"]
    return stated, text[: match.start()] + text[match.end() :]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value
