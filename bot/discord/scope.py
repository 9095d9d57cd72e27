"""What somebody may read where they ask: the collections of a place, and the filters that keep to them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import discord

from bot.discord.i18n.phrases import Phrases, phrases_for, phrases_in
from bot.records.server_settings import ServerSettings
from corpus.article import SHARED_COLLECTION
from corpus.dates import parse_bound
from corpus.errors import BadInput
from index.filters import Filters

LONGEST_PUBLISHER = 100


def server_collection(server_id: int) -> str:
    """The collection that only this server reads."""
    return f"discord-{server_id}"


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks and where. `server_id` is None in a direct message, and where the bot is no member of the server.

    `collections` is never empty: a search without collections would go through everybody's.
    """

    user_id: int
    server_id: int | None
    channel_id: int
    settings: ServerSettings
    phrases: Phrases

    @property
    def collections(self) -> tuple[str, ...]:
        """The collections that are read here."""
        if self.server_id is None:
            return (SHARED_COLLECTION,)
        own, hidden = server_collection(self.server_id), set(self.settings.hidden_collections)
        return (own,) if SHARED_COLLECTION in hidden else (SHARED_COLLECTION, own)

    def filters(self, bounds: "Bounds | None" = None) -> Filters:
        """What a search from here is confined to."""
        bounds = bounds or Bounds()
        return Filters(
            publishers=bounds.publishers,
            collections=self.collections,
            since=bounds.since,
            until=bounds.until,
            hidden_publishers=self.settings.hidden_publishers,
        )


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the asker confines a search to."""

    publishers: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return bool(self.publishers or self.since or self.until)

    @classmethod
    def read(cls, since: str | None, until: str | None, publisher: str | None, now: datetime) -> "Bounds":
        """Bounds as people write them: "last week", "since March 2024", "2024-09-09".

        Raises:
            BadInput: a date is none, or the last day is before the first.
        """
        first = parse_bound(since, today=now.date(), end=False) if since and since.strip() else None
        last = parse_bound(until, today=now.date(), end=True) if until and until.strip() else None
        if first and last and last < first:
            raise BadInput("The last day is before the first.", "Swap the two dates.")
        name = (publisher or "").strip()[:LONGEST_PUBLISHER]
        return cls((name,) if name else (), first, last)

    @classmethod
    def stored(cls, since: str | None, until: str | None, publishers: tuple[str, ...]) -> "Bounds":
        """Bounds from the records, where dates are `YYYY-MM-DD`."""
        return cls(publishers, _day(since), _day(until))


NO_BOUNDS = Bounds()


def interaction_server(interaction: discord.Interaction[Any]) -> int | None:
    """The server that an interaction belongs to; None where that server has not installed the bot."""
    server_id = interaction.guild_id
    if server_id is None:
        return None
    # A server may have installed the commands without the bot's user, and then it is in no list of servers.
    has_bot = interaction.client.get_guild(server_id) is not None
    return server_id if has_bot or interaction.is_guild_integration() else None


def public_phrases(settings: ServerSettings, locale: discord.Locale | None) -> Phrases:
    """The words for what everybody in a server reads: those it has chosen, else those of its locale."""
    return phrases_for(locale) if settings.language == "auto" else phrases_in(settings.language)


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso[:10]) if iso else None
