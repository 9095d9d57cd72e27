"""Whose question comes next: accounts take turns, and a full queue costs the one with most."""

import heapq
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.workers.fair_queue import FairQueue


def filled(*accounts: int, most: int = 100) -> FairQueue[tuple[int, int]]:
    queue: FairQueue[tuple[int, int]] = FairQueue(most)
    for number, account in enumerate(accounts):
        assert queue.push(account, (account, number)) is None
    return queue


def served(queue: FairQueue[tuple[int, int]]) -> list[tuple[int, int]]:
    """The items in the order in which they come out, each finished before the next."""
    items = []
    while (turn := queue.pop()) is not None:
        items.append(turn[1])
        queue.finish(turn[0])
    return items


def in_progress(queue: FairQueue[str], now_s: float, places: int = 4) -> list[str]:
    """What comes out for free places, with nothing finished."""
    turns = [queue.pop(now_s) for _ in range(places)]
    return [turn[1] for turn in turns if turn is not None]


def busy(places: int, *accounts: int, now_s: float = 0.0) -> FairQueue[str]:
    """A queue in which each account pushed once, and then account 1 pushes 20 items."""
    queue: FairQueue[str] = FairQueue(100, places)
    for account in accounts:
        queue.push(account, f"{account} first", now_s)
        assert queue.pop(now_s) == (account, f"{account} first")
        queue.finish(account)
    for number in range(20):
        queue.push(1, f"noisy {number}", now_s)
    return queue


def test_accounts_take_turns_and_each_is_served_in_its_own_order() -> None:
    queue = filled(1, 1, 1, 2, 3, 2)
    assert served(queue) == [(1, 0), (2, 3), (3, 4), (1, 1), (2, 5), (1, 2)]


def test_one_that_was_just_served_lets_a_new_one_go_first() -> None:
    queue = filled(1, 1, 1)
    assert queue.pop() == (1, (1, 0))
    queue.push(2, (2, 9))
    queue.push(3, (3, 9))
    queue.finish(1)
    assert queue.ahead_of(4) == 2
    assert served(queue) == [(2, 9), (3, 9), (1, 1), (1, 2)]


def test_new_ones_that_never_end_keep_nobody_from_its_turn() -> None:
    queue = filled(1, 1, 1)
    order = []
    for new in range(2, 8):
        queue.push(new, (new, 0))
        account, _ = queue.pop() or (0, None)
        order.append(account)
        queue.finish(account)
    assert order == [1, 2, 3, 1, 4, 5]


def test_alone_one_account_takes_all_places() -> None:
    assert in_progress(busy(2), 0.0) == ["noisy 0", "noisy 1"]
    assert in_progress(busy(2, 1), 0.0) == ["noisy 0", "noisy 1"]


def test_beside_another_one_account_leaves_a_place_free_which_the_other_gets_at_once() -> None:
    queue = busy(3, 2)
    assert in_progress(queue, 30.0) == ["noisy 0", "noisy 1"]
    queue.push(2, "quiet", 30.0)
    assert in_progress(queue, 30.0) == ["quiet"]
    queue.finish(2)
    assert in_progress(queue, 30.0) == []
    queue.finish(1)
    assert in_progress(queue, 30.0) == ["noisy 2"]


def test_a_place_is_kept_free_for_a_minute_after_the_other_asked() -> None:
    queue = busy(2, 2, now_s=1_000.0)
    assert in_progress(queue, 1_060.0) == ["noisy 0"]
    assert queue.places_of(1, 1_060.0) == 1
    assert in_progress(queue, 1_061.0) == ["noisy 1"]
    assert queue.places_of(1, 1_061.0) == 2


def test_no_place_is_kept_free_for_the_programs_own_work_but_it_leaves_one_itself() -> None:
    assert in_progress(busy(2, 0), 0.0) == ["noisy 0", "noisy 1"]
    own: FairQueue[str] = FairQueue(100, 2)
    own.push(2, "quiet")
    assert own.pop() == (2, "quiet")
    own.finish(2)
    for number in range(3):
        own.push(0, f"own {number}")
    assert in_progress(own, 0.0) == ["own 0"]


def test_of_one_place_none_is_kept_free() -> None:
    assert in_progress(busy(1, 2), 0.0, places=1) == ["noisy 0"]


def simulate(places: int, noisy: int, quiet: int) -> tuple[list[float], int]:
    """Let account 1 always have so many items waiting, while account 2 pushes one after the other.

    An item takes 0.5 to 1.5 seconds. Returns the seconds that each item of account 2 waited for its place, and how many
    items of account 1 were finished meanwhile.
    """
    chance, queue = random.Random(1), FairQueue[float](1_000, places)
    now, finished, waited, working = 0.0, 0, [], []

    def begin() -> None:
        while (turn := queue.pop(now)) is not None:
            account, pushed_at = turn
            heapq.heappush(working, (now + 0.5 + chance.random(), account))
            if account == 2:
                waited.append(now - pushed_at)

    for account in (2, *[1] * noisy):
        queue.push(account, now, now)
    while len(waited) < quiet:
        begin()
        now, account = heapq.heappop(working)
        queue.finish(account)
        finished += account == 1
        # A free place goes to what waits already, before somebody has read the reply and asks on.
        begin()
        queue.push(account, now, now)
    return waited, finished


@pytest.mark.parametrize("places", [2, 3, 4])
def test_beside_a_noisy_server_a_quiet_one_waits_for_nobody(places: int) -> None:
    waited, finished = simulate(places, 16, 200)
    assert max(waited) == 0.0
    # The noisy one has the other places all of the time.
    assert finished == pytest.approx(200 * (places - 1), rel=0.1)


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
    assert served(queue) == foretold
