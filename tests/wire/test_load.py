"""When a load has failed."""

from collections import Counter

import pytest

from tests.wire.load import ANSWERED, BUSY, OTHER, SILENT, TOO_FAST, wrong
from tests.wire.metrics import Scrape

NAME = "attache_questions_total"
LAG = "attache_event_loop_lag_seconds_bucket"


def told(answered: int = 0, busy: int = 0, too_fast: int = 0, late: int = 0) -> Scrape:
    """What the bot says of so many questions, and of a hundred looks at its loop, so many of which were late."""
    return Scrape(
        {
            (NAME, (("entry", "mention"), ("outcome", "open"))): answered,
            (NAME, (("entry", "mention"), ("outcome", "busy"))): busy,
            (NAME, (("entry", "mention"), ("outcome", "too_fast"))): too_fast,
            (LAG, (("le", "0.1"),)): 100 - late,
            (LAG, (("le", "3.0"),)): 100,
        }
    )


@pytest.mark.parametrize(
    ("kinds", "metrics"),
    [
        ({ANSWERED: 9, BUSY: 1}, told(9, busy=1)),
        ({ANSWERED: 9, TOO_FAST: 1}, told(9, too_fast=1)),
        # Refused again within a minute, and so not told again.
        ({ANSWERED: 9, BUSY: 2, SILENT: 1}, told(9, busy=2, too_fast=1)),
        ({ANSWERED: 9}, told(9, late=1)),
    ],
)
def test_a_load_passes_whose_questions_are_answered_or_refused_and_counted(kinds: dict[str, int], metrics: Scrape):
    assert wrong(Counter(kinds), metrics, growth_mb=1.0) == []


@pytest.mark.parametrize(
    ("kinds", "metrics", "growth_mb", "said"),
    [
        ({ANSWERED: 9, SILENT: 1}, told(10), 0, "1 questions have no reply, 0 were refused"),
        ({ANSWERED: 9, SILENT: 1}, told(9), 0, "1 questions have no reply"),
        ({ANSWERED: 9}, told(8), 0, "0 questions have no reply"),
        ({ANSWERED: 9, "2 replies": 1}, told(10), 0, "twice"),
        ({ANSWERED: 9, OTHER: 1}, told(10), 0, "something else"),
        ({BUSY: 2, TOO_FAST: 1}, told(busy=2, too_fast=1), 0, "most questions were refused"),
        ({}, Scrape(), 0, "most questions were refused"),
        ({ANSWERED: 9}, told(9, late=2), 0, "the event loop was up to 3 s late"),
        ({ANSWERED: 9}, told(9), 31, "grew by 31 MB"),
    ],
)
def test_lost_doubled_or_mostly_refused_questions_fail_a_load_and_so_do_lateness_and_growth(
    kinds: dict[str, int], metrics: Scrape, growth_mb: float, said: str
):
    assert said in " ".join(wrong(Counter(kinds), metrics, growth_mb))


def test_a_rush_may_be_mostly_refused_and_fill_the_queue_but_may_lose_nothing():
    kinds, metrics = Counter({ANSWERED: 1, BUSY: 8}), told(1, busy=8)
    assert wrong(kinds, metrics, growth_mb=100, is_rush=True) == []
    assert "grew by 301 MB" in " ".join(wrong(kinds, metrics, growth_mb=301, is_rush=True))
    kinds[SILENT] = 1
    assert "have no reply" in " ".join(wrong(kinds, metrics, growth_mb=0, is_rush=True))


def test_shares_of_a_histogram_are_read_from_its_buckets_since_a_moment():
    before, after = told(late=0), told(late=0)
    after = Scrape({key: value * 3 for key, value in after.series.items()})
    since = after.since(before)
    assert since.share("attache_event_loop_lag_seconds", 0.99) == 0.1
    assert Scrape().share("attache_event_loop_lag_seconds", 0.99) == 0.0
