"""The number of gateway sessions that Discord still allows today."""

from datetime import timedelta

from babel.dates import format_timedelta
from discord.http import HTTPClient

from corpus.errors import AttacheError

_HINT = (
    "It allows 1,000 a day and resets the token beyond that. Find out from the log why so many ended, fix that, wait, "
    "then start the bot again."
)


async def check_session_limit(http: HTTPClient, wanted: int | None = None) -> None:
    """Check that Discord allows `wanted` new sessions; None for as many as it recommends shards.

    discord.py does not check this, and past the limit Discord ends all sessions and resets the token
    (discord.com/developers/docs/events/gateway, "Session Start Limit").

    Raises:
        AttacheError: too few are left; the message says for how long.
        discord.GatewayNotFound: Discord does not answer.
    """
    shards, _address, limits = await http.get_bot_gateway()
    if limits["remaining"] < (wanted or shards):
        wait = format_timedelta(timedelta(milliseconds=limits["reset_after"]), threshold=1.5, locale="en")
        raise AttacheError(f"Discord lets this bot begin no new session for another {wait}.", _HINT)
