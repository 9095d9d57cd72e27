"""What came in or was done already, so that it is not done twice: a resumed session delivers events once more."""

from collections import OrderedDict
from collections.abc import Hashable

# What comes again after a reconnect comes within minutes; this many are remembered.
MOST_REMEMBERED = 10_000


class Remembered:
    """The ids of the latest ones of a kind."""

    def __init__(self) -> None:
        self._ids: OrderedDict[Hashable, None] = OrderedDict()

    def __contains__(self, number: Hashable) -> bool:
        return number in self._ids

    def is_new(self, number: Hashable) -> bool:
        """Whether this one comes for the first time; from now on it does not."""
        if number in self._ids:
            return False
        self._ids[number] = None
        if len(self._ids) > MOST_REMEMBERED:
            self._ids.popitem(last=False)
        return True

    def forget(self, number: Hashable) -> None:
        """The next time that this one comes it is new again."""
        self._ids.pop(number, None)
