"""Which events came in already: a session that is resumed delivers some of them once more."""

from collections import OrderedDict

# What comes again after a reconnect comes within minutes; this many are remembered.
MOST_REMEMBERED = 10_000


class Remembered:
    """The ids of the latest events of one kind."""

    def __init__(self) -> None:
        self._ids: OrderedDict[int, None] = OrderedDict()

    def __contains__(self, number: int) -> bool:
        return number in self._ids

    def is_new(self, number: int) -> bool:
        """Whether this one comes for the first time; from now on it does not."""
        if number in self._ids:
            return False
        self._ids[number] = None
        if len(self._ids) > MOST_REMEMBERED:
            self._ids.popitem(last=False)
        return True
