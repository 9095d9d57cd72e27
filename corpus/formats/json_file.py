"""Reads JSON files: a list of articles, what holds one (the answers of news services), and Telegram's exports."""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from corpus.article import Rejection, SourceItem
from corpus.charset import decode
from corpus.errors import UnreadableSource
from corpus.formats.fields import stated_text
from corpus.formats.files import display_path
from corpus.formats.jsonl import parse_record
from corpus.formats.single_file import EMPTY, format_size, too_large
from corpus.formats.table import field_names
from corpus.formats.telegram_post import Record, is_chat, message_post
from corpus.json_text import parse_json, without_surrogates

# Where what holds a list keeps it, at one or two levels.
_LISTS = (
    "articles", "items", "results", "data", "docs", "documents", "entries", "hits", "messages", "news", "posts",
    "records", "response", "rows", "stories", "value",
)  # fmt: skip
_MAX_LEVELS = 3
_HINT = "Write a list of objects with title, body, publisher and published_at, or JSON Lines (.jsonl)."
# Of a search engine's answer, the record is in this.
_SOURCE = "_source"


def read_json(path: Path, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    """Yield the articles of one file, whose size is bounded like that of one article."""
    origin = display_path(path)
    with path.open("rb") as file:
        raw = file.read(max_bytes + 1)
    if len(raw) > max_bytes:
        yield too_large(origin, f"more than {format_size(max_bytes)}", max_bytes)
        return
    if not raw.strip():
        yield Rejection(origin, EMPTY)
        return
    try:
        held = parse_json(decode(raw), strict=False)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            raise UnreadableSource(
                "This file holds several JSON texts.", "Rename it so that it ends in .jsonl."
            ) from error
        raise UnreadableSource(f"This isn't valid JSON: {error.msg} at character {error.pos + 1}.", _HINT) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableSource("This JSON is too deep, or has too many or too long values.", _HINT) from error
    yield from _items(held, origin)


def _items(held: object, origin: str) -> Iterator[SourceItem | Rejection]:
    if chats := _chats(held):
        yield from _messages(chats, origin)
        return
    records = _records(held, _MAX_LEVELS)
    if not records:
        raise UnreadableSource("I can't tell where the articles are in this JSON.", _HINT)
    for number, record in enumerate(records, start=1):
        raw = json.dumps(_fields(record), ensure_ascii=False).encode("utf-8", "replace")
        yield SourceItem(f"{origin}:{number}", raw, partial(parse_record, raw))


def _chats(held: object) -> list[Record]:
    """Return the chats of an export by Telegram, which is of one chat or of an account."""
    if not isinstance(held, dict):
        return []
    chats = held.get("chats")
    listed = chats.get("list") if isinstance(chats, dict) else None
    return [
        each for each in (listed if isinstance(listed, list) else [held]) if isinstance(each, dict) and is_chat(each)
    ]


def _messages(chats: Sequence[Record], origin: str) -> Iterator[SourceItem]:
    number = 0
    for chat in chats:
        messages = chat["messages"]
        for message in messages if isinstance(messages, list) else []:
            number += 1
            post = message_post(message, chat) if isinstance(message, dict) else None
            if post is not None:
                yield post.item(f"{origin}:{number}")


def _records(held: object, levels: int) -> Sequence[Record]:
    """Return the records of a list, or of the list within an object; an object with a text is one itself."""
    if isinstance(held, list):
        return [each for each in held if isinstance(each, dict)]
    if not isinstance(held, dict) or not levels:
        return []
    for name in _LISTS:
        if isinstance(held.get(name), list | dict) and (found := _records(held[name], levels - 1)):
            return found
    return [held] if "body" in field_names(list(held)) else []


def _fields(record: Record) -> dict[str, str]:
    inner = record.get(_SOURCE)
    record = inner if isinstance(inner, dict) else record
    found = {field: stated_text(field, record[name]) for field, name in field_names(list(record)).items()}
    return {field: without_surrogates(value) for field, value in found.items() if value}
