"""A bounded queue that serves accounts in turn and keeps a place free, so that none with many items delays others."""

from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from itertools import count, islice
from typing import Generic, TypeVar

Item = TypeVar("Item")

# Seconds for which an account that pushed an item keeps a place free: somebody who reads an answer asks again by then.
KEEP_FREE_S = 60.0
# The account of the program itself, which no place is kept free for: nobody waits for its work.
OWN_ACCOUNT = 0


class FairQueue(Generic[Item]):
    """Round robin over accounts, first in, first out within each (Nagle 1985, RFC 970, on fair queues).

    Of several places, one account takes all but one while another pushes now and then, so that the other's items don't
    wait for a place. That place may be idle for as long: no scheduler that keeps all places busy can promise that
    without interrupting what is worked on.

    Args:
        most: how many items wait at most.
        places: how many items are worked on at a time.
    """

    def __init__(self, most: int, places: int = 1) -> None:
        self._most = most
        self._places = places
        self._length = 0
        # In the order in which they are served; none is empty.
        self._accounts: OrderedDict[int, deque[Item]] = OrderedDict()
        self._served_last: int | None = None
        self._in_progress: Counter[int] = Counter()
        # When each account pushed its last item, in seconds; the earliest is first.
        self._pushed_at: OrderedDict[int, float] = OrderedDict()

    def __len__(self) -> int:
        return self._length

    def push(self, account: int, item: Item, now_s: float = 0.0) -> Item | None:
        """Add an item; in a full queue, return the one that has to go.

        That is the last one of the account with the most items, or the new one, if none has more than its account.

        Args:
            account: who has to wait for its turn.
            item: what waits.
            now_s: seconds of a clock that only goes forward.
        """
        self._forget(now_s)
        if account != OWN_ACCOUNT:
            self._pushed_at[account] = now_s
            self._pushed_at.move_to_end(account)
        gone = None
        if self._length >= self._most:
            longest = max(self._accounts, key=lambda each: len(self._accounts[each]))
            if len(self._accounts[longest]) <= len(self._accounts.get(account, ())) + 1:
                return item
            gone = self._take(longest, last=True)
        if account not in self._accounts:
            served_last = self._last_in_turn()
            self._accounts[account] = deque()
            if served_last is not None:
                self._accounts.move_to_end(served_last)
        self._accounts[account].append(item)
        self._length += 1
        return gone

    def pop(self, now_s: float = 0.0) -> tuple[int, Item] | None:
        """Remove the next item, and have its account wait for its next turn.

        It takes one of the account's places until `finish` is called.

        Returns:
            The account and its item; None if there is none, or if all have to wait for a place of their account.
        """
        account = next((each for each in self._accounts if self.has_place(each, now_s)), None)
        if account is None:
            return None
        item = self._take(account)
        if account in self._accounts:
            self._accounts.move_to_end(account)
        self._served_last = account
        self._in_progress[account] += 1
        return account, item

    def finish(self, account: int) -> None:
        """Give back the place of an item that was popped."""
        self._in_progress[account] -= 1
        if not self._in_progress[account]:
            del self._in_progress[account]

    def has_place(self, account: int, now_s: float = 0.0) -> bool:
        """Return whether an account's next item could be worked on now."""
        is_free = self._in_progress.total() < self._places
        return is_free and self._in_progress[account] < self.places_of(account, now_s)

    def places_of(self, account: int, now_s: float = 0.0) -> int:
        """Return how many items of an account may be worked on at a time."""
        self._forget(now_s)
        has_others = any(each != account for each in islice(self._pushed_at, 2))
        return self._places - 1 if has_others and self._places > 1 else self._places

    def pop_last(self) -> Item:
        """Remove the item that would be served last.

        Raises:
            StopIteration: there is none.
        """
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
            if account not in self._accounts and each == self._last_in_turn():
                # A new account is served before it.
                continue
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

    def _last_in_turn(self) -> int | None:
        """Return the account that was served last if it also waits for the last turn: a new one goes before it."""
        last = next(reversed(self._accounts), None)
        return last if last == self._served_last else None

    def _forget(self, now_s: float) -> None:
        """Forget the accounts that pushed their last item too long ago to keep a place free for."""
        while self._pushed_at and next(iter(self._pushed_at.values())) < now_s - KEEP_FREE_S:
            self._pushed_at.popitem(last=False)

    def _take(self, account: int, *, last: bool = False) -> Item:
        items = self._accounts[account]
        item = items.pop() if last else items.popleft()
        self._length -= 1
        if not items:
            del self._accounts[account]
        return item
