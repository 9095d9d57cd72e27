"""Answers whose question was edited or deleted: what is due is noted first, so that a restart finishes it."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from bot.records import asked
from bot.records.asked import AskedQuestion

# Answers that a start finishes; more than people edit and delete in the moment of a crash.
MAX_DUE = 200


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """An answer to a message: its token, the message that asked, and where the answer is, once it is sent."""

    token: str
    question_id: int | None
    channel_id: int
    message_id: int | None
    original: str


def answers_to(db: Database, question_ids: Collection[int]) -> list[SentAnswer]:
    """Return the answers to these messages."""
    return _find(db, "question_id IN (SELECT value FROM json_each(?))", json.dumps(sorted(question_ids)))


def due_answers(db: Database, what: Literal["edit", "delete"]) -> list[SentAnswer]:
    """Return the answers whose edit or deletion was begun and not finished."""
    return _find(db, f"due = ? LIMIT {MAX_DUE}", what)


def mark_due(db: Database, tokens: Collection[str], what: Literal["edit", "delete"]) -> None:
    """Note that answers are about to be edited or deleted; a deletion prevails."""
    db.execute(
        "UPDATE asked SET due = ? WHERE token IN (SELECT value FROM json_each(?)) AND due IS NOT 'delete'",
        (what, json.dumps(list(tokens))),
    )


def clear_edit(db: Database, token: str) -> None:
    """Note that an answer is not edited after all."""
    db.execute("UPDATE asked SET due = NULL WHERE token = ? AND due = 'edit'", (token,))


def save_latest(db: Database, record: AskedQuestion) -> None:
    """Store an answer in place of earlier ones to the same message; what is due stays due."""
    asked.save(db, record)
    if record.question_id is None:
        return
    earlier = (record.question_id, record.token)
    db.execute(
        """UPDATE asked SET (due, message_id) = (
            SELECT min(due), coalesce(asked.message_id, max(message_id)) FROM asked AS earlier
            WHERE question_id = ? AND token <> ?
        ) WHERE token = ?""",
        (*earlier, record.token),
    )
    for table in ("feedback", "asked"):
        old = "SELECT token FROM asked WHERE question_id = ? AND token <> ?"
        db.execute(f"DELETE FROM {table} WHERE token IN ({old})", earlier)


def _find(db: Database, condition: str, value: str) -> list[SentAnswer]:
    rows = db.execute(
        f"SELECT token, question_id, channel_id, message_id, original FROM asked WHERE {condition}", (value,)
    )
    return [SentAnswer(*row) for row in rows]
