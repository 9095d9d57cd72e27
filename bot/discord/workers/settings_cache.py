"""A cache of every server's settings in memory."""

from collections import OrderedDict

from bot.records.records import Records
from bot.records.server_settings import ServerSettings, load_settings, set_setting

MAX_SERVERS = 10_000
DEFAULTS = ServerSettings()


class SettingsCache:
    """The settings by server. Every change must go through it."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._cached: OrderedDict[int, ServerSettings] = OrderedDict()

    async def get(self, server_id: int | None) -> ServerSettings:
        """Return a server's settings; the defaults in direct messages.

        Raises:
            StorageFailure: they can't be read. The defaults are no fallback: they show what the server has hidden.
        """
        if server_id is None:
            return DEFAULTS
        if server_id not in self._cached:
            loaded = await self._records.read(lambda db: load_settings(db, server_id))
            # A change during the read is newer than what was read.
            if server_id not in self._cached:
                self._store(server_id, loaded)
        return self._cached[server_id]

    async def set(self, server_id: int, name: str, value: str) -> ServerSettings:
        """Change one setting, and return the server's settings.

        Raises:
            BadInput: there is no such setting, or the value is invalid.
            StorageFailure: it can't be stored.
        """
        self._store(server_id, await self._records.run(lambda db: set_setting(db, server_id, name, value)))
        return self._cached[server_id]

    def discard(self, server_id: int) -> None:
        """Drop a server that the bot has left."""
        self._cached.pop(server_id, None)

    def _store(self, server_id: int, settings: ServerSettings) -> None:
        self._cached[server_id] = settings
        self._cached.move_to_end(server_id)
        if len(self._cached) > MAX_SERVERS:
            self._cached.popitem(last=False)
