"""Turns a question into the text of a reply, whatever goes wrong on the way."""

import logging
import secrets
from datetime import UTC, datetime

from bot.discord.desk import Desk
from bot.discord.messages import answer_content, failure_content
from corpus.dates import parse_bound
from corpus.errors import AttacheError
from index.filters import Filters

log = logging.getLogger(__name__)


async def reply_to(
    desk: Desk, question: str, *, since: str | None = None, until: str | None = None, publisher: str | None = None
) -> str:
    """The reply to a question, or one sentence on why there is none.

    Args:
        desk: answers the question.
        question: as it was written.
        since: earliest day, as people write dates.
        until: latest day, likewise.
        publisher: the only publisher to quote.
    """
    now = datetime.now(UTC)
    try:
        filters = Filters(
            publishers=(publisher,) if publisher else (),
            since=parse_bound(since, today=now.date(), end=False) if since else None,
            until=parse_bound(until, today=now.date(), end=True) if until else None,
        )
        return answer_content(await desk.ask(question, filters, now))
    except AttacheError as error:
        log.warning("a question was not answered: %s", error)
        return failure_content(error)
    except Exception:
        incident = secrets.token_hex(4)
        log.exception("incident %s", incident)
        return f"Something went wrong that should not have (incident {incident}). Please try again."
