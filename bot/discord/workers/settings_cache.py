"""A cache of every server's settings in memory."""

from collections import OrderedDict
from dataclasses import dataclass

from sqlite_utils import Database

from bot.records.channel_settings import Chosen, forget_channel, load_chosen, set_channel_setting
from bot.records.records import Records
from bot.records.server_settings import ServerSettings, load_settings, set_setting

MAX_SERVERS = 10_000
DEFAULTS = ServerSettings()


@dataclass(frozen=True, slots=True)
class _Cached:
    settings: ServerSettings
    channels: Chosen


class SettingsCache:
    """The settings by server, with what was chosen for its channels. Every change must go through it."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._cached: OrderedDict[int, _Cached] = OrderedDict()

    async def get(self, server_id: int | None) -> ServerSettings:
        """Return a server's settings; the defaults in direct messages.

        Raises:
            StorageFailure: they can't be read. The defaults are no fallback: they show what the server has hidden.
        """
        return DEFAULTS if server_id is None else (await self._of(server_id)).settings

    async def channels(self, server_id: int | None) -> Chosen:
        """Return what was chosen for the channels of a server; nothing in direct messages. Raises as `get` does."""
        return {} if server_id is None else (await self._of(server_id)).channels

    async def set(self, server_id: int, name: str, value: str) -> ServerSettings:
        """Change one setting, and return the server's settings.

        Raises:
            BadInput: there is no such setting, or the value is invalid.
            StorageFailure: it can't be stored.
        """

        def change(db: Database) -> _Cached:
            set_setting(db, server_id, name, value)
            return _load(db, server_id)

        return self._store(server_id, await self._records.run(change)).settings

    async def set_in(self, server_id: int, channel_id: int, name: str, value: str) -> Chosen:
        """Change one setting of a channel, and return what is chosen for channels. Raises as `set` does."""

        def change(db: Database) -> _Cached:
            set_channel_setting(db, server_id, channel_id, name, value)
            return _load(db, server_id)

        return self._store(server_id, await self._records.run(change)).channels

    async def forget_channel(self, server_id: int, channel_id: int) -> None:
        """Delete the settings of a channel that is gone. Raises as `get` does."""
        if channel_id not in await self.channels(server_id):
            return

        def change(db: Database) -> _Cached:
            forget_channel(db, server_id, channel_id)
            return _load(db, server_id)

        self._store(server_id, await self._records.run(change))

    def discard(self, server_id: int) -> None:
        """Drop a server that the bot has left."""
        self._cached.pop(server_id, None)

    async def _of(self, server_id: int) -> _Cached:
        if server_id not in self._cached:
            loaded = await self._records.read(lambda db: _load(db, server_id))
            # A change during the read is newer than what was read.
            if server_id not in self._cached:
                self._store(server_id, loaded)
        return self._cached[server_id]

    def _store(self, server_id: int, loaded: _Cached) -> _Cached:
        self._cached[server_id] = loaded
        self._cached.move_to_end(server_id)
        if len(self._cached) > MAX_SERVERS:
            self._cached.popitem(last=False)
        return loaded


def _load(db: Database, server_id: int) -> _Cached:
    return _Cached(load_settings(db, server_id), load_chosen(db, server_id))
