"""A post of a channel or group of Telegram, and the messages of its exports as JSON."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import partial

from corpus.article import SourceItem
from corpus.formats.jsonl import parse_record
from corpus.json_text import without_surrogates

Record = Mapping[str, object]

_LOCAL_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
# Of a time zone; an export's two times that differ by more are not of one moment.
_MAX_OFFSET = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Post:
    """A post; None for what it doesn't state.

    Args:
        body: the text, or the caption of a picture; "" for neither.
        chat: the name of the channel or group.
        key: what tells the chat from others, None for its name.
        number: the post's number in it.
        date: as in `Draft`.
        sender: who wrote it in a group; channels name themselves.
        signature: who signed it in a channel.
        source: where a forwarded post comes from.
        url: its address.
    """

    body: str
    chat: str | None = None
    key: str | None = None
    number: str | None = None
    date: str | None = None
    sender: str | None = None
    signature: str | None = None
    source: str | None = None
    url: str | None = None

    def item(self, origin: str) -> SourceItem:
        """Return the post as an article; what is forwarded is published by its source, not by who forwards it."""
        sender = self.sender if self.source is None and self.sender != self.chat else None
        stated = {
            "body": self.body,
            "publisher": self.source or self.chat,
            "author": self.signature or sender,
            "published_at": self.date,
            "url": self.url,
            "id": f"{self.key or self.chat}/{self.number}" if self.number else None,
        }
        fields = {name: without_surrogates(value) for name, value in stated.items() if value}
        raw = json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace")
        return SourceItem(origin, raw, partial(parse_record, raw))


def is_chat(held: Mapping[str, object]) -> bool:
    """Return whether a JSON object is a chat of an export."""
    return {"messages", "name", "type"} <= held.keys()


def message_post(message: Record, chat: Record) -> Post | None:
    """Return the post of a message of an export; None for a notice, and for one without text."""
    body = _shown(message.get("text")) if message.get("type") == "message" else ""
    if not body.strip():
        return None
    return Post(
        body,
        chat=_text(chat.get("name")),
        key=_text(chat.get("id")),
        number=_text(message.get("id")),
        date=_moment(message),
        sender=_text(message.get("from")),
        signature=_text(message.get("author")),
        source=_text(message.get("forwarded_from")),
    )


def _shown(text: object) -> str:
    """Return a text, which may be in pieces, without those that are struck out."""
    shown = ""
    for piece in text if isinstance(text, list) else [text]:
        is_struck = isinstance(piece, dict) and piece.get("type") == "strikethrough"
        words = piece.get("text") if isinstance(piece, dict) and not is_struck else piece
        if not isinstance(words, str):
            continue
        # Of the spaces on both sides of struck-out text one is left.
        shown += words.lstrip(" ") if shown.endswith(" ") else words
    return shown


def _moment(message: Record) -> str | None:
    """Return a message's time: a clock without its zone and the seconds since 1970 together state the offset."""
    local, seconds = _text(message.get("date")), _text(message.get("date_unixtime"))
    if not local or not seconds or not _LOCAL_TIME.fullmatch(local) or not seconds.isdigit() or len(seconds) > 11:
        return local or seconds
    try:
        moment = datetime.fromtimestamp(int(seconds), UTC)
        offset = datetime.fromisoformat(local).replace(tzinfo=UTC) - moment
        return moment.astimezone(timezone(offset)).isoformat() if abs(offset) <= _MAX_OFFSET else seconds
    except (ValueError, OverflowError, OSError):
        return seconds


def _text(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip() or None
