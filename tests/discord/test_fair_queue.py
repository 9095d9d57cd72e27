"""Whose question comes next: accounts take turns, and a full queue costs the one with most."""

from hypothesis import given
from hypothesis import strategies as st

from bot.discord.workers.fair_queue import FairQueue


def filled(*accounts: int, most: int = 100) -> FairQueue[tuple[int, int]]:
    queue: FairQueue[tuple[int, int]] = FairQueue(most)
    for number, account in enumerate(accounts):
        assert queue.push(account, (account, number)) is None
    return queue


def test_accounts_take_turns_and_each_is_served_in_its_own_order() -> None:
    queue = filled(1, 1, 1, 2, 3, 2)
    assert [queue.pop() for _ in range(len(queue))] == [(1, 0), (2, 3), (3, 4), (1, 1), (2, 5), (1, 2)]


def test_in_a_full_queue_the_account_with_most_gives_way_to_one_with_less() -> None:
    queue = filled(1, 1, 1, 1, most=4)
    assert queue.push(1, (1, 9)) == (1, 9)
    assert queue.push(2, (2, 4)) == (1, 3)
    assert queue.push(2, (2, 5)) == (1, 2)
    # Now each has as many as the other.
    assert queue.push(2, (2, 6)) == (2, 6)
    assert list(queue) == [(1, 0), (2, 4), (1, 1), (2, 5)]


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30), st.integers(0, 5))
def test_what_it_says_of_the_order_is_what_happens(accounts: list[int], account: int) -> None:
    queue = filled(*accounts)
    ahead, new = queue.ahead_of(account), (account, -1)
    queue.push(account, new)
    foretold = list(queue)
    assert foretold.index(new) == ahead
    assert filled(*accounts, account).pop_last()[0] == foretold[-1][0]
    assert [queue.pop() for _ in range(len(queue))] == foretold
