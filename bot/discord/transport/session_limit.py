"""How many sessions Discord still lets the bot begin today."""

from datetime import timedelta

from babel.dates import format_timedelta
from discord.http import HTTPClient

from corpus.errors import AttacheError

_HINT = (
    "It allows 1,000 a day and takes the token away beyond that. The log says why so many ended; mend that, wait, then "
    "start the bot again."
)


async def check_sessions(http: HTTPClient, wanted: int | None = None) -> None:
    """Asks Discord whether so many sessions may be begun; None for as many as it wants shards.

    The library does not look at it, and past the limit Discord ends all sessions and resets the token
    (discord.com/developers/docs/events/gateway, "Session Start Limit").

    Raises:
        AttacheError: there are not so many left; it says for how long.
        discord.GatewayNotFound: Discord does not tell.
    """
    shards, _address, limits = await http.get_bot_gateway()
    if limits["remaining"] < (wanted or shards):
        wait = format_timedelta(timedelta(milliseconds=limits["reset_after"]), threshold=1.5, locale="en")
        raise AttacheError(f"Discord lets this bot begin no new session for another {wait}.", _HINT)
