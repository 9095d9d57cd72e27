"""Every server's settings, at hand without a wait: read once, and again when they change."""

from collections import OrderedDict

from bot.records.records import Records
from bot.records.server_settings import ServerSettings, load_settings, set_setting

REMEMBERED_SERVERS = 10_000
DEFAULTS = ServerSettings()


class ServerBook:
    """Settings by server. All changes go through it."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._known: OrderedDict[int, ServerSettings] = OrderedDict()

    async def settings(self, server_id: int | None) -> ServerSettings:
        """A server's settings; the defaults in direct messages.

        Raises:
            StorageFailure: they can't be read; what a server has hidden must not be shown for that.
        """
        if server_id is None:
            return DEFAULTS
        if server_id not in self._known:
            found = await self._records.read(lambda db: load_settings(db, server_id))
            # Changed while they were read: what was read is the older.
            if server_id not in self._known:
                self._remember(server_id, found)
        return self._known[server_id]

    async def set(self, server_id: int, name: str, value: str) -> ServerSettings:
        """Changes one setting.

        Raises:
            BadInput: there is no such setting, or the value can't be used.
            StorageFailure: it can't be stored.
        """
        self._remember(server_id, await self._records.run(lambda db: set_setting(db, server_id, name, value)))
        return self._known[server_id]

    def forget(self, server_id: int) -> None:
        """Forgets a server that the bot was removed from."""
        self._known.pop(server_id, None)

    def _remember(self, server_id: int, settings: ServerSettings) -> None:
        self._known[server_id] = settings
        self._known.move_to_end(server_id)
        if len(self._known) > REMEMBERED_SERVERS:
            self._known.popitem(last=False)
