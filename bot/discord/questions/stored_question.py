"""The record of a question that is asked now, for its buttons and follow-ups."""

from datetime import UTC, datetime
from typing import Literal

from bot.answering.question.kind import LONGEST_QUESTION
from bot.discord.scope import Bounds, Scope
from bot.records.asked import AskedQuestion, new_token
from corpus.timestamps import utc_text


def new_record(
    kind: Literal["answer", "search"],
    question: str,
    scope: Scope,
    bounds: Bounds,
    *,
    private: bool,
    original: str | None = None,
    asked_at: datetime | None = None,
) -> AskedQuestion:
    """Return a record with a token of its own, without an answer yet.

    Args:
        kind: whether it gets an answer or search results.
        question: as understood.
        scope: who asks and where.
        bounds: what the search is limited to.
        private: whether only the asker sees the result.
        original: as written; None for the same.
        asked_at: None for now.
    """
    return AskedQuestion(
        token=new_token(),
        kind=kind,
        user_id=scope.user_id,
        server_id=scope.server_id,
        channel_id=scope.channel_id,
        question=question,
        original=(question if original is None else original)[:LONGEST_QUESTION],
        private=private,
        asked_at=utc_text(asked_at or datetime.now(UTC)),
        since=bounds.since.isoformat() if bounds.since else None,
        until=bounds.until.isoformat() if bounds.until else None,
        publishers=bounds.publishers,
    )
