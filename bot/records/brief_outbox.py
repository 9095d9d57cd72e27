"""Where briefs go and when, how far each has told, and an outbox of briefs on their way."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlite_utils import Database

from bot.records.next_try import note_failure
from bot.records.topics import prune_changes
from corpus.timestamps import utc_text

# Of one server, and of the operator.
MAX_RULES = 10
OPERATOR = 0
# A message's button shows its brief for so many days.
KEEP_DAYS = 30
# Seconds that one process has for a delivery before another may try.
HOLD_S = 300.0
Way = Literal["channel", "mail", "webhook", "feed"]
_MARK = ("at", "article", "version", "change")
_RULE = (
    *("id", "server_id", "channel_id", "way", "target", "collections", "weekday", "minute", "zone", "says_empty"),
    *("made_at", "last_day", "failures", "retry_at", "problem"),
)
_POST = ("id", "rule_id", "former_day", "nonce", "after_id", "planned_at", "message_id")


@dataclass(frozen=True, slots=True)
class Mark:
    """How far is told: a moment (ISO 8601, UTC), and the newest article, former version and change of an answer then.

    An `article` of 0 means that only the moment counts.
    """

    at: str
    article: int = 0
    version: int = 0
    change: int = 0


@dataclass(frozen=True, slots=True)
class BriefRule:
    """Where briefs go and when.

    Args:
        id: its number; 0 before it is stored.
        server_id: whose brief it is; `OPERATOR` for the operator's.
        channel_id: the channel; 0 for the operator's.
        way: how it gets there.
        target: an e-mail address, the webhook's address, or a file; empty for a channel.
        collections: of the operator's: what may be told; in a channel its settings say so.
        weekday: 0 for Monday to 6; None for every day.
        minute: minutes after midnight by the local clock.
        zone: of the operator's: the time zone; empty for the server's.
        says_empty: whether a brief without anything to tell is sent, in one line.
        made_at: ISO 8601, UTC, as all times here.
        last_day: the last local day (`YYYY-MM-DD`) that is done.
        since: how far is told.
        failures: failed attempts in a row.
        retry_at: when to try again; empty for at once.
        problem: why it fails, a key of the phrases or a sentence; empty if it works.
    """

    id: int
    server_id: int
    channel_id: int
    way: Way
    target: str
    collections: tuple[str, ...]
    weekday: int | None
    minute: int
    zone: str
    says_empty: bool
    made_at: str
    last_day: str
    since: Mark
    failures: int = 0
    retry_at: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class BriefPost:
    """A brief of the outbox: what it covers, and the newest message of its channel before it; `message_id` once sent.

    `former_day` is the rule's last day before it.
    """

    id: int
    rule_id: int
    former_day: str
    nonce: int
    after_id: int
    planned_at: str
    message_id: int | None
    since: Mark
    until: Mark


def save_rule(db: Database, rule: BriefRule) -> BriefRule:
    """Store a rule in place of the one to the same target; that one's progress stays."""
    row = {name: getattr(rule, name) for name in _RULE[1:-3]} | {"collections": json.dumps(rule.collections)}
    row |= {f"since_{name}": getattr(rule.since, name) for name in _MARK}
    names = ", ".join(row)
    changed = ", ".join(
        f"{name} = excluded.{name}" for name in ("collections", "weekday", "minute", "zone", "says_empty", "last_day")
    )
    db.execute(
        f"""INSERT INTO brief_rules ({names}) VALUES ({", ".join(f":{name}" for name in row)})
        ON CONFLICT (server_id, channel_id, way, target) DO UPDATE SET {changed}, failures = 0, retry_at = '',
            problem = ''""",
        row,
    )
    where = "WHERE server_id = ? AND channel_id = ? AND way = ? AND target = ?"
    [stored] = _rules(db, where, (rule.server_id, rule.channel_id, rule.way, rule.target))
    return stored


def list_rules(db: Database, server_id: int) -> list[BriefRule]:
    """Return a server's rules, or the operator's, in the order in which they were made."""
    return _rules(db, "WHERE server_id = ? ORDER BY id", (server_id,))


def channel_rules(db: Database) -> list[BriefRule]:
    """Return the rules of all servers."""
    return _rules(db, "WHERE way = 'channel' ORDER BY id", ())


def remove_rule(db: Database, server_id: int, rule_id: int) -> bool:
    """Remove a rule; return False if the server, or the operator, has no such rule."""
    return bool(db.execute("DELETE FROM brief_rules WHERE id = ? AND server_id = ?", (rule_id, server_id)).rowcount)


def plan(
    db: Database, rule: BriefRule, since: Mark, day: str, until: Mark, after_id: int, now: str
) -> BriefPost | None:
    """Put a brief into the outbox; return None if another process was quicker, or the rule is gone.

    It covers `since` to `until`, and is that of a local day.
    """
    if not skip(db, rule, day, until):
        return None
    row = {"rule_id": rule.id, "former_day": rule.last_day, "nonce": secrets.randbits(63), "after_id": after_id}
    row |= {"planned_at": now, "held_until": utc_text(datetime.fromisoformat(now) + timedelta(seconds=HOLD_S))}
    for end, mark in (("since", since), ("until", until)):
        row |= {f"{end}_{name}": getattr(mark, name) for name in _MARK}
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    post_id = db.execute(f"INSERT INTO brief_posts ({names}) VALUES ({marks})", row).lastrowid or 0
    return find_post(db, post_id)


def skip(db: Database, rule: BriefRule, day: str, until: Mark) -> bool:
    """Note that a day is done; return False if another process was quicker, or the rule is gone."""
    ends = ", ".join(f"since_{name} = :{name}" for name in _MARK)
    done = db.execute(
        f"UPDATE brief_rules SET last_day = :day, {ends} WHERE id = :id AND last_day = :former AND since_at = :since",
        {
            "day": day,
            "id": rule.id,
            "former": rule.last_day,
            "since": rule.since.at,
            **{name: getattr(until, name) for name in _MARK},
        },
    )
    return bool(done.rowcount)


def unfinished(db: Database, rule_id: int) -> list[BriefPost]:
    """Return the briefs of a rule, oldest first, that may not be sent."""
    return _posts(db, "WHERE rule_id = ? AND message_id IS NULL ORDER BY id", (rule_id,))


def hold(db: Database, post_id: int, now: str) -> bool:
    """Take a brief for delivery; return False while another process may be delivering it, or once it is sent."""
    until = utc_text(datetime.fromisoformat(now) + timedelta(seconds=HOLD_S))
    # A time further ahead than any hold was stored while the clock was wrong.
    sql = """UPDATE brief_posts SET held_until = :until WHERE id = :id AND message_id IS NULL
        AND (held_until <= :now OR held_until > :until)"""
    return bool(db.execute(sql, {"until": until, "id": post_id, "now": now}).rowcount)


def find_post(db: Database, post_id: int, server_id: int | None = None) -> BriefPost | None:
    """Return a brief, of a server if given; None if it is not stored."""
    where = "WHERE id = ? AND (? IS NULL OR rule_id IN (SELECT id FROM brief_rules WHERE server_id = ?))"
    found = _posts(db, where, (post_id, server_id, server_id))
    return found[0] if found else None


def record_sent(db: Database, post_id: int, message_id: int) -> None:
    """Store that a brief has arrived (0: that nothing was left to tell), and that its rule works."""
    db.execute("UPDATE brief_posts SET message_id = ? WHERE id = ?", (message_id, post_id))
    sql = """UPDATE brief_rules SET failures = 0, retry_at = '', problem = ''
        WHERE id = (SELECT rule_id FROM brief_posts WHERE id = ?)"""
    db.execute(sql, (post_id,))


def put_back(db: Database, post: BriefPost) -> None:
    """Take a brief that was refused out of the outbox; the next one tells what it would have told."""
    ends = ", ".join(f"since_{name} = ?" for name in _MARK)
    values = [getattr(post.since, name) for name in _MARK]
    db.execute(f"UPDATE brief_rules SET last_day = ?, {ends} WHERE id = ?", (post.former_day, *values, post.rule_id))
    db.execute("DELETE FROM brief_posts WHERE id = ?", (post.id,))


def release(db: Database, post: BriefPost, problem: str, retry_at: str) -> None:
    """Let any process deliver a brief whose delivery failed, and store the failure."""
    db.execute("UPDATE brief_posts SET held_until = '' WHERE id = ?", (post.id,))
    record_failure(db, post.rule_id, problem, retry_at)


def record_failure(db: Database, rule_id: int, problem: str, retry_at: str) -> bool:
    """Store that a brief could not be sent; return whether it worked before, so that somebody has to be told."""
    return note_failure(db, "brief_rules", rule_id, problem, retry_at)


def prune(db: Database, now: str) -> None:
    """Forget old briefs that were sent, and changes of answers that no brief tells any more."""
    too_old = utc_text(datetime.fromisoformat(now) - timedelta(days=KEEP_DAYS))
    db.execute("DELETE FROM brief_posts WHERE planned_at < ? AND message_id IS NOT NULL", (too_old,))
    prune_changes(db, now)


def _rules(db: Database, rest: str, values: Sequence[Any]) -> list[BriefRule]:
    ends = [f"since_{name}" for name in _MARK]
    rows = db.execute(f"SELECT {', '.join((*_RULE, *ends))} FROM brief_rules {rest}", tuple(values)).fetchall()
    found = []
    for row in rows:
        fields: dict[str, Any] = dict(zip(_RULE, row, strict=False))
        fields |= {"collections": tuple(json.loads(fields["collections"])), "says_empty": bool(fields["says_empty"])}
        found.append(BriefRule(**fields, since=Mark(*row[len(_RULE) :])))
    return found


def _posts(db: Database, rest: str, values: Sequence[Any]) -> list[BriefPost]:
    ends = [f"{end}_{name}" for end in ("since", "until") for name in _MARK]
    rows = db.execute(f"SELECT {', '.join((*_POST, *ends))} FROM brief_posts {rest}", tuple(values)).fetchall()
    found = []
    for row in rows:
        fields: dict[str, Any] = dict(zip(_POST, row, strict=False))
        first = len(_POST)
        since, until = Mark(*row[first : first + 4]), Mark(*row[first + 4 :])
        found.append(BriefPost(**fields, since=since, until=until))
    return found
