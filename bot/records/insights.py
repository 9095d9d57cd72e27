"""A server's numbers: questions a day, what people thought, what found nothing. No user ids, no names."""

from dataclasses import dataclass

from sqlite_utils import Database

from bot.records.sanitize import normalised, without_ids

# More than fits a page is not read; the newest reasons and the most asked questions are what helps.
MOST_LISTED = 50
# What a question needs to be recognised; the rest of a very long one is not kept.
LONGEST_UNANSWERED = 300


@dataclass(frozen=True, slots=True)
class Insights:
    """What an admin sees about a server.

    Args:
        days: (day, asked, refused), oldest first; days without questions are left out.
        ups: thumbs up.
        downs: thumbs down.
        reasons: why thumbs went down, newest first; those about private answers are left out.
        unanswered: (question, how often), the most asked first.
    """

    days: list[tuple[str, int, int]]
    ups: int
    downs: int
    reasons: list[str]
    unanswered: list[tuple[str, int]]


def count(db: Database, server_id: int | None, day: str, *, refused: bool, question: str | None) -> None:
    """Counts a question; direct messages, which have no server, are not counted.

    Args:
        db: the records.
        server_id: where it was asked.
        day: `2024-09-09`.
        refused: it found nothing.
        question: its text, only when that may be kept: asked in public, refused, and the server's setting is on.
    """
    if server_id is None:
        return
    db.execute(
        """INSERT INTO days (server_id, day, asked, refused) VALUES (?, ?, 1, ?)
        ON CONFLICT (server_id, day) DO UPDATE SET asked = asked + 1, refused = refused + excluded.refused""",
        (server_id, day, int(refused)),
    )
    text = normalised(question or "")[:LONGEST_UNANSWERED]
    if refused and text:
        db.execute(
            """INSERT INTO unanswered (server_id, day, question, count) VALUES (?, ?, ?, 1)
            ON CONFLICT (server_id, day, question) DO UPDATE SET count = count + 1""",
            (server_id, day, text),
        )


def insights(db: Database, server_id: int, since_day: str) -> Insights:
    """A server's numbers since a day, `2024-09-09`, that day included."""
    scope = {"server": server_id, "since": since_day, "limit": MOST_LISTED}
    days = db.execute(
        "SELECT day, asked, refused FROM days WHERE server_id = :server AND day >= :since ORDER BY day", scope
    )
    ups, downs = db.execute(
        f"SELECT count(*) FILTER (WHERE vote = 'up'), count(*) FILTER (WHERE vote = 'down') {_FEEDBACK}", scope
    ).fetchone()
    # An answer that only its asker saw: its thumb is a number, its reason would tell what it was about.
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
        reasons=[without_ids(reason) for (reason,) in reasons],
        unanswered=unanswered.fetchall(),
    )


_FEEDBACK = "FROM feedback JOIN asked USING (token) WHERE server_id = :server AND feedback.at >= :since"
