"""Sequences are aligned whole and in order, in a time that does not depend on what repeats in them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.alignment import align
from tests.limits import processor_limit

LETTERS = st.lists(st.sampled_from("abc"), max_size=30)


def test_runs_tell_what_stayed_went_and_came() -> None:
    before, after = "the old bridge is safe".split(), "the new bridge is not safe today".split()
    told = [(each.is_equal, before[each[1] : each[2]], after[each[3] : each[4]]) for each in align(before, after)]
    assert told == [
        (True, ["the"], ["the"]),
        (False, ["old"], ["new"]),
        (True, ["bridge", "is"], ["bridge", "is"]),
        (False, [], ["not"]),
        (True, ["safe"], ["safe"]),
        (False, [], ["today"]),
    ]


@given(LETTERS, LETTERS)
def test_every_item_is_in_one_run_and_equal_runs_are_equal(before: list[str], after: list[str]) -> None:
    runs = list(align(before, after))
    assert [place for each in runs for place in range(each.before_start, each.before_end)] == list(range(len(before)))
    assert [place for each in runs for place in range(each.after_start, each.after_end)] == list(range(len(after)))
    for one, other in pairwise(runs):
        assert one.is_equal is not other.is_equal
    for each in runs:
        same = before[each.before_start : each.before_end] == after[each.after_start : each.after_end]
        assert same is each.is_equal


@pytest.mark.parametrize(("before", "after"), [("a", "a b"), ("a b", "b a"), ("a b", "a")])
def test_what_repeats_takes_no_longer(before: str, after: str) -> None:
    # A library that looks for the longest blocks takes minutes for these.
    with processor_limit(2):
        runs = list(align(before.split() * 2_000, after.split() * 1_000))
    assert any(each.is_equal for each in runs)
