"""A server's statistics: questions per day, votes, and unanswered questions, without user ids or names."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from bot.records.sanitize import normalise_question, redact_ids

# About as much as people read.
MAX_LISTED = 50
# Enough to recognise a question.
MAX_UNANSWERED_CHARS = 300


@dataclass(frozen=True, slots=True)
class Insights:
    """A server's statistics.

    Args:
        days: (day, asked, refused), oldest first, without days that had no questions.
        ups: thumbs up.
        downs: thumbs down.
        reasons: reasons for thumbs down, newest first, except on private answers.
        unanswered: (question, count), most asked first.
    """

    days: list[tuple[str, int, int]]
    ups: int
    downs: int
    reasons: list[str]
    unanswered: list[tuple[str, int]]


def count_question(db: Database, server_id: int | None, day: str, *, refused: bool, question: str | None) -> None:
    """Count a question of a day (`2024-09-09`); direct messages, which have no server, are not counted.

    `question` is its text if that may be stored: it was public and refused, and the server's setting allows it.
    """
    if server_id is None:
        return
    db.execute(
        """INSERT INTO days (server_id, day, asked, refused) VALUES (?, ?, 1, ?)
        ON CONFLICT (server_id, day) DO UPDATE SET asked = asked + 1, refused = refused + excluded.refused""",
        (server_id, day, int(refused)),
    )
    text = normalise_question(question or "")[:MAX_UNANSWERED_CHARS]
    if refused and text:
        db.execute(
            """INSERT INTO unanswered (server_id, day, question, count) VALUES (?, ?, ?, 1)
            ON CONFLICT (server_id, day, question) DO UPDATE SET count = count + 1""",
            (server_id, day, text),
        )


def unanswered_questions(db: Database, server_ids: Sequence[int]) -> list[tuple[int, str, int, str]]:
    """Return servers' questions without an answer: server, question, how often, last day; most asked first."""
    marks = ", ".join("?" * len(server_ids))
    rows = db.execute(
        f"""SELECT server_id, question, sum(count), max(day) FROM unanswered WHERE server_id IN ({marks})
        GROUP BY server_id, question ORDER BY sum(count) DESC, max(day) DESC, question""",
        list(server_ids),
    )
    return [(int(server), question, int(count), day) for server, question, count, day in rows]


def insights(db: Database, server_id: int, since_day: str) -> Insights:
    """Return a server's statistics from a day on, such as `2024-09-09`."""
    scope = {"server": server_id, "since": since_day, "limit": MAX_LISTED}
    days = db.execute(
        "SELECT day, asked, refused FROM days WHERE server_id = :server AND day >= :since ORDER BY day", scope
    )
    ups, downs = db.execute(
        f"SELECT count(*) FILTER (WHERE vote = 'up'), count(*) FILTER (WHERE vote = 'down') {_FEEDBACK}", scope
    ).fetchone()
    # A vote on a private answer counts, but its reason could reveal the question.
    reasons = db.execute(
        f"""SELECT reason {_FEEDBACK} AND vote = 'down' AND reason IS NOT NULL AND NOT private
        ORDER BY at DESC, token LIMIT :limit""",
        scope,
    )
    unanswered = db.execute(
        """SELECT question, sum(count) AS times FROM unanswered WHERE server_id = :server AND day >= :since
        GROUP BY question ORDER BY times DESC, max(day) DESC, question LIMIT :limit""",
        scope,
    )
    return Insights(
        days=days.fetchall(),
        ups=ups,
        downs=downs,
        reasons=[redact_ids(reason) for (reason,) in reasons],
        unanswered=unanswered.fetchall(),
    )


_FEEDBACK = "FROM feedback JOIN asked USING (token) WHERE server_id = :server AND feedback.at >= :since"
