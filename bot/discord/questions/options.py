"""Reads the options of `/ask` and `/search`."""

import asyncio
from datetime import UTC, datetime

from bot.answering.question.kind import check_question
from bot.discord.scope import NO_BOUNDS, Bounds
from corpus.errors import BadInput


async def parse_options(
    text: str, since: str | None, until: str | None, publisher: str | None
) -> tuple[Bounds, BadInput | None]:
    """Return the bounds of a command, or with empty ones what is wrong with an option: only the asker sees that."""
    try:
        check_question(text)
        # In a thread: a date that no rule covers takes up to a tenth of a second.
        return await asyncio.to_thread(Bounds.parse, since, until, publisher, datetime.now(UTC)), None
    except BadInput as error:
        return NO_BOUNDS, error
