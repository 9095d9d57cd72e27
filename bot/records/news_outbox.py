"""New articles that are posted to channels: the rules, each rule's articles, and an outbox of messages."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from bot.records.next_try import note_failure
from corpus.timestamps import utc_text

MAX_RULES = 20
# What has waited for longer is no news: its channel could not be written to for days.
WAIT_DAYS = 7
# Messages are remembered so that their buttons work, and articles that a rule can't come upon again.
KEEP_DAYS = 30
_COLUMNS = (
    "id, server_id, channel_id, collection, feed_id, role_id, words, most, publishes, last_article, failures,"
    " retry_at, problem"
)
_AT_PLACE = "WHERE server_id = ? AND channel_id = ? AND collection = ? AND feed_id = ?"


@dataclass(frozen=True, slots=True)
class NewsRule:
    """Which new articles a server has posted to which channel.

    Args:
        feed_id: the feed that brings them; 0 for everything that comes into the collection.
        role_id: a role to mention.
        words: only articles with one of these, in lower case; empty for all.
        most: the most messages in an hour.
        publishes: whether messages in an announcement channel go to the channels that follow it.
        last_article: the highest article that was looked at.
        failures: failed attempts in a row.
        retry_at: when to try again after a failure (ISO 8601, UTC); empty for at once.
        problem: why posting fails, a key of the phrases; empty if it works.
    """

    id: int
    server_id: int
    channel_id: int
    collection: str
    feed_id: int
    role_id: int | None
    words: tuple[str, ...]
    most: int
    publishes: bool
    last_article: int
    failures: int = 0
    retry_at: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class NewsPost:
    """A message of the outbox. `after_id` is the newest message of its channel before it; `message_id` once sent."""

    id: int
    nonce: int
    after_id: int
    message_id: int | None
    article_ids: tuple[int, ...]


def save_rule(db: Database, rule: NewsRule, known: Sequence[int], now: str) -> NewsRule:
    """Store a rule in place of the one with the same channel and source; `known` are articles that are no news.

    The articles that wait for the former rule go on waiting.
    """
    is_new = find_rule(db, rule) is None
    place = _place(rule)
    db.execute(
        """INSERT INTO news_rules (server_id, channel_id, collection, feed_id, role_id, words, most, publishes,
            last_article) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (server_id, channel_id, collection, feed_id) DO UPDATE SET role_id = excluded.role_id,
            words = excluded.words, most = excluded.most, publishes = excluded.publishes, failures = 0, retry_at = '',
            problem = ''""",
        (*place, rule.role_id, json.dumps(rule.words), rule.most, rule.publishes, rule.last_article),
    )
    [stored] = _select(db, _AT_PLACE, place)
    if is_new:
        _add_items(db, stored.id, known, "left out", now)
    return stored


def find_rule(db: Database, rule: NewsRule) -> NewsRule | None:
    """Return the stored rule with the same channel and source."""
    return next(iter(_select(db, _AT_PLACE, _place(rule))), None)


def list_rules(db: Database, server_id: int | None = None) -> list[NewsRule]:
    """Return all rules, or those of a server, in the order in which they were made."""
    where, values = ("", ()) if server_id is None else ("WHERE server_id = ?", (server_id,))
    return _select(db, f"{where} ORDER BY id", values)


def remove_rule(db: Database, server_id: int, rule_id: int) -> bool:
    """Remove a server's rule with what waits for it; return False if it has no such rule."""
    sql = "DELETE FROM news_rules WHERE id = ? AND server_id = ?"
    return bool(db.execute(sql, (rule_id, server_id)).rowcount)


def known_articles(db: Database, rule_id: int) -> set[int]:
    """Return the articles that a rule has seen."""
    return {row[0] for row in db.execute("SELECT article_id FROM news_items WHERE rule_id = ?", (rule_id,))}


def queue(
    db: Database, rule: NewsRule, wanted: Sequence[int], left_out: Sequence[int], last_article: int, now: str
) -> None:
    """Store what came in, each article once, and how far the rule has looked."""
    _add_items(db, rule.id, wanted, "waiting", now)
    _add_items(db, rule.id, left_out, "left out", now)
    db.execute("UPDATE news_rules SET last_article = ? WHERE id = ?", (last_article, rule.id))


def waiting(db: Database, rule_id: int) -> list[int]:
    """Return the articles that wait, oldest first."""
    sql = "SELECT article_id FROM news_items WHERE rule_id = ? AND state = 'waiting' ORDER BY came_at, article_id"
    return [row[0] for row in db.execute(sql, (rule_id,))]


def leave_out(db: Database, rule_id: int, article_ids: Sequence[int]) -> None:
    """Stop waiting for articles that may not be shown any more."""
    sql = "UPDATE news_items SET state = 'left out', post_id = NULL WHERE rule_id = ? AND article_id = ?"
    db.conn.executemany(sql, [(rule_id, each) for each in article_ids])


def plan(db: Database, rule_id: int, article_ids: Sequence[int], after_id: int, now: str) -> NewsPost | None:
    """Put the next message into the outbox; return None if the rule is gone."""
    if not db.execute("SELECT 1 FROM news_rules WHERE id = ?", (rule_id,)).fetchone():
        return None
    nonce = secrets.randbits(63)
    sql = "INSERT INTO news_posts (rule_id, nonce, after_id, planned_at) VALUES (?, ?, ?, ?)"
    post_id = db.execute(sql, (rule_id, nonce, after_id, now)).lastrowid or 0
    db.conn.executemany(
        "UPDATE news_items SET state = 'posted', post_id = ? WHERE rule_id = ? AND article_id = ?",
        [(post_id, rule_id, each) for each in article_ids],
    )
    return NewsPost(post_id, nonce, after_id, None, tuple(article_ids))


def unfinished(db: Database, rule_id: int, *, publishes: bool) -> list[NewsPost]:
    """Return the messages, oldest first, that may not be sent or, with `publishes`, may not be published."""
    rows = db.execute(
        """SELECT id, nonce, after_id, message_id FROM news_posts
        WHERE rule_id = ? AND (message_id IS NULL OR (? AND NOT is_published)) ORDER BY id""",
        (rule_id, publishes),
    ).fetchall()
    return [
        NewsPost(post_id, nonce, after_id, message_id, _articles_of(db, post_id))
        for post_id, nonce, after_id, message_id in rows
    ]


def post_articles(db: Database, server_id: int, post_id: int) -> tuple[int, ...]:
    """Return the articles of a server's message; none if it is not stored."""
    sql = """SELECT 1 FROM news_posts JOIN news_rules ON news_rules.id = rule_id
        WHERE news_posts.id = ? AND server_id = ?"""
    return _articles_of(db, post_id) if db.execute(sql, (post_id, server_id)).fetchone() else ()


def record_sent(db: Database, post_id: int, message_id: int, *, is_published: bool) -> None:
    """Store that a message is in its channel, and whether nothing is left to publish."""
    sql = "UPDATE news_posts SET message_id = ?, is_published = ? WHERE id = ?"
    db.execute(sql, (message_id, is_published, post_id))


def sent_since(db: Database, rule_id: int, since: str, now: str) -> int:
    """Return how many messages a rule has put into the outbox between two times."""
    sql = "SELECT count(*) FROM news_posts WHERE rule_id = ? AND planned_at > ? AND planned_at <= ?"
    return int(db.execute(sql, (rule_id, since, now)).fetchone()[0])


def record_failure(db: Database, rule_id: int, problem: str, retry_at: str) -> bool:
    """Store that posting failed; return whether it worked before, so that the admins have to be told."""
    return note_failure(db, "news_rules", rule_id, problem, retry_at)


def record_success(db: Database, rule_id: int) -> None:
    """Store that posting works."""
    db.execute("UPDATE news_rules SET failures = 0, problem = '', retry_at = '' WHERE id = ?", (rule_id,))


def prune(db: Database, now: str) -> None:
    """Give up what has waited too long, and forget old messages.

    A rule on a feed keeps its articles, since the feed may list any of them again.
    """
    moment = datetime.fromisoformat(now)
    too_long, too_old = (utc_text(moment - timedelta(days=days)) for days in (WAIT_DAYS, KEEP_DAYS))
    db.execute("UPDATE news_items SET state = 'left out' WHERE state = 'waiting' AND came_at < ?", (too_long,))
    db.execute("DELETE FROM news_posts WHERE planned_at < ?", (too_old,))
    db.execute(
        """DELETE FROM news_items WHERE state <> 'waiting' AND came_at < ?
            AND rule_id IN (SELECT id FROM news_rules WHERE feed_id = 0)""",
        (too_old,),
    )


def _add_items(db: Database, rule_id: int, article_ids: Sequence[int], state: str, now: str) -> None:
    db.conn.executemany(
        "INSERT OR IGNORE INTO news_items (rule_id, article_id, came_at, state) SELECT id, ?, ?, ? FROM news_rules"
        " WHERE id = ?",
        [(article_id, now, state, rule_id) for article_id in article_ids],
    )


def _place(rule: NewsRule) -> tuple[int, int, str, int]:
    return rule.server_id, rule.channel_id, rule.collection, rule.feed_id


def _articles_of(db: Database, post_id: int) -> tuple[int, ...]:
    sql = "SELECT article_id FROM news_items WHERE post_id = ? ORDER BY came_at, article_id"
    return tuple(row[0] for row in db.execute(sql, (post_id,)))


def _select(db: Database, rest: str, values: Sequence[Any]) -> list[NewsRule]:
    rows = db.execute(f"SELECT {_COLUMNS} FROM news_rules {rest}", tuple(values)).fetchall()
    found = (NewsRule(*row) for row in rows)
    return [replace(each, words=tuple(json.loads(str(each.words))), publishes=bool(each.publishes)) for each in found]
