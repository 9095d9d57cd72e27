"""What a user may read where they ask: the collections of a server, and the filters that keep searches to them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import discord

from bot.discord.i18n.phrases import Phrases, phrases_for, phrases_in
from bot.records.channel_settings import ChannelSettings
from bot.records.server_settings import ServerSettings
from bot.service import quotas
from corpus.article import SHARED_COLLECTION
from corpus.dates import parse_bound
from corpus.errors import BadInput
from index.filters import Filters

LONGEST_PUBLISHER = 100
SERVER_PREFIX = quotas.SERVER_PREFIX


def server_collection(server_id: int) -> str:
    """Return the name of the collection that only this server reads."""
    return f"{SERVER_PREFIX}{server_id}"


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks and where. `server_id` is None in direct messages and in servers that have not installed the bot.

    `channel` has the settings of the channel, and `may_answer` says whether the server allows public answers in it.
    `collections` is never empty: a search without collections would go through everybody's.
    """

    user_id: int
    server_id: int | None
    channel_id: int
    settings: ServerSettings
    phrases: Phrases
    channel: ChannelSettings = field(default_factory=ChannelSettings)
    may_answer: bool = True

    @property
    def account(self) -> int:
        """Whose turn its questions take: the server's, or the member's outside of servers."""
        return self.server_id or self.user_id

    @property
    def collections(self) -> tuple[str, ...]:
        """The collections that may be read here."""
        if self.server_id is None:
            return (SHARED_COLLECTION,)
        own = server_collection(self.server_id)
        if SHARED_COLLECTION in self.settings.hidden_collections or self.channel.collection == "own":
            return (own,)
        return (SHARED_COLLECTION,) if self.channel.collection == "shared" else (SHARED_COLLECTION, own)

    def check_publishers(self, bounds: "Bounds", shown: Sequence[str]) -> None:
        """Refuse bounds that name a publisher that is not quoted in this channel.

        Args:
            bounds: what the user restricts a search to.
            shown: the channel's publishers as the refusal names them.

        Raises:
            BadInput: the refusal.
        """
        allowed = {name.casefold() for name in self.channel.publishers}
        if allowed and not allowed.issuperset(name.casefold() for name in bounds.publishers):
            raise BadInput(self.phrases.say("publisher-not-here", publishers=", ".join(shown)[:200]))

    def filters(self, bounds: "Bounds | None" = None) -> Filters:
        """Return the filters of a search from here.

        Raises:
            BadInput: the bounds name a publisher that is not quoted in this channel.
        """
        bounds = bounds or Bounds()
        self.check_publishers(bounds, self.channel.publishers)
        return Filters(
            publishers=bounds.publishers or self.channel.publishers,
            collections=self.collections,
            since=bounds.since,
            until=bounds.until,
            hidden_publishers=self.settings.hidden_publishers,
        )


@dataclass(frozen=True, slots=True)
class Bounds:
    """The publishers and dates that the user restricts a search to."""

    publishers: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return bool(self.publishers or self.since or self.until)

    @classmethod
    def parse(cls, since: str | None, until: str | None, publisher: str | None, now: datetime) -> "Bounds":
        """Parse bounds as people write them: "last week", "since March 2024", "2024-09-09".

        Raises:
            BadInput: a date can't be parsed, or the last day is before the first.
        """
        first = parse_bound(since, today=now.date(), end=False) if since and since.strip() else None
        last = parse_bound(until, today=now.date(), end=True) if until and until.strip() else None
        if first and last and last < first:
            raise BadInput("The last day is before the first.", "Swap the two dates.")
        name = (publisher or "").strip()[:LONGEST_PUBLISHER]
        return cls((name,) if name else (), first, last)

    @classmethod
    def from_record(cls, since: str | None, until: str | None, publishers: tuple[str, ...]) -> "Bounds":
        """Restore bounds from the records, where dates are `YYYY-MM-DD`."""
        first, last = (date.fromisoformat(day[:10]) if day else None for day in (since, until))
        return cls(publishers, first, last)


NO_BOUNDS = Bounds()


def server_id_of(interaction: discord.Interaction[Any]) -> int | None:
    """Return the server of an interaction; None where that server has not installed the bot."""
    server_id = interaction.guild_id
    if server_id is None:
        return None
    # A server can install the commands without the bot user; the client doesn't list such servers.
    has_bot = interaction.client.get_guild(server_id) is not None
    return server_id if has_bot or interaction.is_guild_integration() else None


def public_phrases(
    settings: ServerSettings, locale: discord.Locale | None, channel: ChannelSettings | None = None
) -> Phrases:
    """Return the phrases for public messages: in the language that the channel or server chose, else in its locale."""
    language = channel.language if channel and channel.language != "server" else settings.language
    return phrases_for(locale) if language == "auto" else phrases_in(language)
