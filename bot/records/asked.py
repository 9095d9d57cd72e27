"""Stored questions and answers: who asked what and where, and the places in articles that were cited."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlite_utils import Database

from bot.answering.cited_places import QuotedPlace
from bot.records.sanitize import storable

# 12 random bytes make 16 characters, which fit a button's custom_id (100) and can't be guessed.
_TOKEN_BYTES = 12


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with its answer or search results.

    Args:
        token: its key in buttons.
        kind: whether it got an answer or search results.
        user_id: who asked.
        server_id: None in a direct message.
        channel_id: where it was asked.
        question: as understood.
        original: as written.
        private: whether only the asker saw it.
        asked_at: ISO 8601, UTC.
        since: earliest date of articles, if given.
        until: latest date of articles, if given.
        publishers: the publishers that it was limited to.
        verdict: None for a search or a list of claims.
        headline: the answer's first sentence.
        cited: the places of its quotes, in the order shown.
        message_id: the message with the answer, once it is sent.
        question_id: the message that asked; None for commands and buttons.
        seen: article and start of every quote that its conversation has shown.
        offered: the questions that its buttons ask.
    """

    token: str
    kind: Literal["answer", "search"]
    user_id: int
    server_id: int | None
    channel_id: int
    question: str
    original: str
    private: bool
    asked_at: str
    since: str | None = None
    until: str | None = None
    publishers: tuple[str, ...] = ()
    verdict: str | None = None
    headline: str = ""
    cited: tuple[QuotedPlace, ...] = ()
    message_id: int | None = None
    question_id: int | None = None
    seen: tuple[tuple[int, int], ...] = ()
    offered: tuple[str, ...] = ()


def new_token() -> str:
    """Return a new token: 16 URL-safe characters that can't be guessed."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def save(db: Database, asked: AskedQuestion) -> None:
    """Store a question, replacing one with the same token."""
    db.execute(_SAVE, _row(asked))
    _save_cited(db, asked.token, asked.cited)


def find(db: Database, token: str) -> AskedQuestion | None:
    """Return the question with this token; None if it has expired or was deleted."""
    return _first(db, "WHERE token = :token", {"token": storable(token)})


def last_asked(db: Database, asked: AskedQuestion) -> str | None:
    """Return when the same person asked the same question in the same place before (ISO 8601, UTC); None for never."""
    row = db.execute(
        """SELECT max(asked_at) FROM asked WHERE user_id = ? AND server_id IS ? AND asked_at < ?
        AND question = ? COLLATE NOCASE""",
        (asked.user_id, asked.server_id, asked.asked_at, storable(asked.question)),
    ).fetchone()
    return str(row[0]) if row[0] else None


def set_message(db: Database, token: str, channel_id: int, message_id: int) -> None:
    """Store which message has the answer, and where; an edit that was due is done with that."""
    db.execute(
        "UPDATE asked SET channel_id = ?, message_id = ?, due = nullif(due, 'edit') WHERE token = ?",
        (channel_id, message_id, token),
    )


def set_cited(db: Database, token: str, cited: Sequence[QuotedPlace]) -> bool:
    """Store the places that an answer quotes by now, and return whether it is still stored."""
    if not db.execute("SELECT 1 FROM asked WHERE token = ?", (token,)).fetchone():
        return False
    _save_cited(db, token, cited)
    return True


def set_offered(db: Database, token: str, offered: Sequence[str]) -> bool:
    """Store the questions that an answer offers, and return whether it is still stored."""
    return db.execute("UPDATE asked SET offered = ? WHERE token = ?", (json.dumps(offered), token)).rowcount > 0


def find_by_message(db: Database, message_id: int) -> AskedQuestion | None:
    """Return the question that this message answers, or None; excludes private ones as `last_in_channel` does."""
    return _first(
        db,
        """WHERE message_id = :message AND kind = 'answer' AND (NOT private OR server_id IS NULL)
        ORDER BY asked_at DESC, rowid DESC""",
        {"message": message_id},
    )


def last_in_channel(
    db: Database, channel_id: int, *, user_id: int | None, since: str, before: int | None = None
) -> AskedQuestion | None:
    """Return the newest question in a channel or thread since a time, by one person or (None) by anybody.

    Excludes questions asked privately in a server: the answer to a follow-up could reveal them. With `before`, the id
    of a message, questions of later messages don't count.
    """
    return _first(
        db,
        """WHERE channel_id = :channel AND kind = 'answer' AND asked_at >= :since AND (:user IS NULL OR user_id = :user)
        AND (NOT private OR (server_id IS NULL AND user_id = :user))
        AND (:before IS NULL OR question_id IS NULL OR question_id < :before)
        ORDER BY asked_at DESC, rowid DESC""",
        {"channel": channel_id, "since": since, "user": user_id, "before": before},
    )


def citing_messages(db: Database, article_id: int, server_id: int | None, limit: int) -> list[tuple[int, int]]:
    """Return channel and message of a server's newest public answers that cite an article; none for None."""
    rows = db.execute(
        """SELECT DISTINCT channel_id, message_id, asked_at FROM cited JOIN asked USING (token)
        WHERE article_id = ? AND server_id = ? AND kind = 'answer' AND NOT private AND message_id IS NOT NULL
        ORDER BY asked_at DESC LIMIT ?""",
        (article_id, server_id, limit),
    )
    return [(channel_id, message_id) for channel_id, message_id, _ in rows]


def cited_places(db: Database, article_id: int, server_id: int | None, limit: int) -> list[tuple[QuotedPlace, int]]:
    """Return the places in an article that a server's public answers cite, with their counts, most cited first.

    Returns nothing for None, which stands for direct messages: their answers are private.
    """
    rows = db.execute(
        """SELECT max(passage_id), start, "end", sha256, count(DISTINCT token) AS answers
        FROM cited JOIN asked USING (token)
        WHERE article_id = ? AND server_id = ? AND kind = 'answer' AND NOT private
        GROUP BY start, "end", sha256 ORDER BY answers DESC, start, "end" LIMIT ?""",
        (article_id, server_id, limit),
    )
    return [
        (QuotedPlace(article_id, passage_id, start, end, sha256), answers)
        for passage_id, start, end, sha256, answers in rows
    ]


_COLUMNS = (
    *("token", "kind", "user_id", "server_id", "channel_id", "message_id", "question", "original"),
    *("since", "until", "publishers", "verdict", "headline", "private", "asked_at"),
    *("question_id", "seen", "offered"),
)
# Not REPLACE, which would first delete the old row and with it its votes.
_SAVE = f"""INSERT INTO asked ({", ".join(_COLUMNS)}) VALUES ({", ".join(f":{name}" for name in _COLUMNS)})
    ON CONFLICT (token) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])}"""


def _save_cited(db: Database, token: str, cited: Sequence[QuotedPlace]) -> None:
    db.execute("DELETE FROM cited WHERE token = ?", (token,))
    db.conn.executemany(
        "INSERT INTO cited VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (token, ordinal, place.article_id, place.passage_id, place.start, place.end, place.sha256)
            for ordinal, place in enumerate(cited)
        ],
    )


def _row(asked: AskedQuestion) -> dict[str, Any]:
    values = {name: getattr(asked, name) for name in _COLUMNS}
    row = {name: storable(value) if isinstance(value, str) else value for name, value in values.items()}
    return {**row, **{name: json.dumps(getattr(asked, name)) for name in ("publishers", "seen", "offered")}}


def _first(db: Database, condition: str, values: dict[str, Any]) -> AskedQuestion | None:
    row = db.execute(f"SELECT {', '.join(_COLUMNS)} FROM asked {condition} LIMIT 1", values).fetchone()
    if row is None:
        return None
    fields = dict(zip(_COLUMNS, row, strict=True))
    places = db.execute(
        'SELECT article_id, passage_id, start, "end", sha256 FROM cited WHERE token = ? ORDER BY ordinal',
        (fields["token"],),
    )
    return AskedQuestion(
        **{
            **fields,
            "publishers": tuple(json.loads(fields["publishers"])),
            "offered": tuple(json.loads(fields["offered"])),
            "seen": tuple((article_id, start) for article_id, start in json.loads(fields["seen"])),
            "private": bool(fields["private"]),
            "cited": tuple(QuotedPlace(*place) for place in places),
        }
    )
