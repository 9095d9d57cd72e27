"""The audit log of admins' actions, and the articles they added, so that the last addition can be undone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from bot.records.sanitize import storable


@dataclass(frozen=True, slots=True)
class Act:
    """An action of an admin: `act` names the command ("corpus add"), `details` its arguments."""

    at: str
    server_id: int
    user_id: int
    act: str
    details: str


@dataclass(frozen=True, slots=True)
class Addition:
    """The ids of the articles that one act added and updated."""

    id: int
    server_id: int
    user_id: int
    at: str
    added: tuple[int, ...]
    updated: tuple[int, ...]


def record(db: Database, act: Act) -> None:
    """Store an act."""
    db.execute(
        "INSERT INTO acts (at, server_id, user_id, act, details) VALUES (?, ?, ?, ?, ?)",
        (act.at, act.server_id, act.user_id, storable(act.act), storable(act.details)),
    )


def last_time(db: Database, server_id: int, act: str) -> str | None:
    """Return when an act was last done in a server; None if never."""
    # The highest id, not the latest time: the clock may have been set back.
    last = "SELECT at FROM acts WHERE server_id = ? AND act = ? ORDER BY id DESC LIMIT 1"
    row = db.execute(last, (server_id, act)).fetchone()
    return None if row is None else str(row[0])


def record_addition(
    db: Database, server_id: int, user_id: int, at: str, added: Sequence[int], updated: Sequence[int]
) -> None:
    """Store which articles an act added and updated."""
    db.execute(
        "INSERT INTO additions (server_id, user_id, at, added, updated) VALUES (?, ?, ?, ?, ?)",
        (server_id, user_id, at, json.dumps(list(added)), json.dumps(list(updated))),
    )


def last_addition(db: Database, server_id: int) -> Addition | None:
    """Return the newest addition of a server that was not undone, or None."""
    row = db.execute(
        """SELECT id, server_id, user_id, at, added, updated FROM additions
        WHERE server_id = ? ORDER BY id DESC LIMIT 1""",
        (server_id,),
    ).fetchone()
    if row is None:
        return None
    number, server, user_id, at, added, updated = row
    return Addition(number, server, user_id, at, tuple(json.loads(added)), tuple(json.loads(updated)))


def forget_addition(db: Database, addition_id: int) -> None:
    """Delete an addition that was undone; does nothing if there is none."""
    db.execute("DELETE FROM additions WHERE id = ?", (addition_id,))
