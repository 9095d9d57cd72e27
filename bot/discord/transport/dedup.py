"""Remembers the ids of handled events and actions: Discord delivers events again when a session resumes."""

from collections import OrderedDict
from collections.abc import Hashable

# Events are delivered again within minutes of a reconnect; this many ids cover those.
MAX_IDS = 10_000


class SeenIds:
    """The latest ids, up to `MAX_IDS`."""

    def __init__(self) -> None:
        self._ids: OrderedDict[Hashable, None] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._ids

    def add(self, key: Hashable) -> bool:
        """Add an id, and return whether it is new."""
        if key in self._ids:
            return False
        self._ids[key] = None
        if len(self._ids) > MAX_IDS:
            self._ids.popitem(last=False)
        return True

    def discard(self, key: Hashable) -> None:
        """Forget an id, so that it counts as new again."""
        self._ids.pop(key, None)
