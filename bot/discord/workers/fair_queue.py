"""A bounded queue that serves accounts in turn, so that one with many waiting items delays others by one at most."""

from collections import OrderedDict, deque
from collections.abc import Iterator
from itertools import count
from typing import Generic, TypeVar

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """Round robin over accounts, first in, first out within each (Nagle 1985, RFC 970, on fair queues).

    Args:
        most: how many items wait at most.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._length = 0
        # In the order in which they are served; none is empty.
        self._accounts: OrderedDict[int, deque[Item]] = OrderedDict()

    def __len__(self) -> int:
        return self._length

    def push(self, account: int, item: Item) -> Item | None:
        """Add an item; in a full queue, return the one that has to go.

        That is the last one of the account with the most items, or the new one, if none has more than its account.
        """
        gone = None
        if self._length >= self._most:
            longest = max(self._accounts, key=lambda each: len(self._accounts[each]))
            if len(self._accounts[longest]) <= len(self._accounts.get(account, ())) + 1:
                return item
            gone = self._take(longest, last=True)
        self._accounts.setdefault(account, deque()).append(item)
        self._length += 1
        return gone

    def pop(self) -> Item:
        """Remove the next item, and have its account wait for its next turn.

        Raises:
            StopIteration: there is none.
        """
        account = next(iter(self._accounts))
        item = self._take(account)
        if account in self._accounts:
            self._accounts.move_to_end(account)
        return item

    def pop_last(self) -> Item:
        """Remove the item that would be served last; raise as `pop` does."""
        longest = max(map(len, self._accounts.values()), default=0)
        account = next(each for each in reversed(self._accounts) if len(self._accounts[each]) == longest)
        return self._take(account, last=True)

    def ahead_of(self, account: int) -> int:
        """Return how many items would be served before a new one of an account."""
        own = len(self._accounts.get(account, ()))
        total, is_before = 0, account in self._accounts
        for each, items in self._accounts.items():
            if each == account:
                is_before = False
            total += min(len(items), own + 1 if is_before or not own else own)
        return total

    def __iter__(self) -> Iterator[Item]:
        """Yield the items in the order in which they would be served."""
        left = self._length
        for turn in count():
            for items in self._accounts.values():
                if turn < len(items):
                    yield items[turn]
                    left -= 1
            if left == 0:
                return

    def _take(self, account: int, *, last: bool = False) -> Item:
        items = self._accounts[account]
        item = items.pop() if last else items.popleft()
        self._length -= 1
        if not items:
            del self._accounts[account]
        return item
