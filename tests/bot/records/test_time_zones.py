"""When a day's local time has come, over changes of clocks, and names of time zones as people write them."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from bot.records.time_zones import known_zone, latest_slot, load_zone

HALF_PAST_TWO = 2 * 60 + 30


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "before", "after", "day"),
    [
        # 02:30 does not exist on the day when clocks go forward: it comes when they show 03:30.
        ("Europe/Berlin", "2026-03-29T01:29", "2026-03-29T01:30", "2026-03-29"),
        ("Europe/Berlin", "2026-03-28T01:29", "2026-03-28T01:30", "2026-03-28"),
        ("Europe/Berlin", "2026-03-30T00:29", "2026-03-30T00:30", "2026-03-30"),
        # It comes twice when they go back, and counts the first time.
        ("Europe/Berlin", "2026-10-25T00:29", "2026-10-25T00:30", "2026-10-25"),
        ("Europe/Berlin", "2026-10-26T01:29", "2026-10-26T01:30", "2026-10-26"),
        ("America/New_York", "2026-03-08T07:29", "2026-03-08T07:30", "2026-03-08"),
        ("Asia/Kathmandu", "2026-06-01T20:44", "2026-06-01T20:45", "2026-06-02"),
    ],
)
def test_a_local_time_comes_once_a_day(zone: str, before: str, after: str, day: str) -> None:
    there = load_zone(zone)
    assert latest_slot(at(before), HALF_PAST_TWO, None, there).isoformat() < day
    assert latest_slot(at(after), HALF_PAST_TWO, None, there).isoformat() == day


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_over_a_year_every_local_day_comes_once_and_in_order(zone: str) -> None:
    there, now, days = load_zone(zone), at("2026-01-01T00:00"), []
    while now < at("2027-01-01T00:00"):
        day = latest_slot(now, HALF_PAST_TWO, None, there)
        days += [] if days and days[-1] == day else [day]
        now += timedelta(minutes=15)
    assert all(later - sooner == timedelta(days=1) for sooner, later in itertools.pairwise(days))
    assert len(days) == 366


def test_a_day_of_the_week_that_was_missed_is_the_last_one() -> None:
    there = load_zone("UTC")
    assert latest_slot(at("2026-11-29T23:00"), 7 * 60, 0, there).isoformat() == "2026-11-23"
    assert latest_slot(at("2026-11-30T06:59"), 7 * 60, 0, there).isoformat() == "2026-11-23"
    assert latest_slot(at("2026-11-30T07:00"), 7 * 60, 0, there).isoformat() == "2026-11-30"


def test_a_zone_is_known_however_it_is_written_and_nothing_else_is() -> None:
    assert known_zone(" europe/BERLIN ") == "Europe/Berlin"
    assert known_zone("America/New York") == "America/New_York"
    for wrong in ("", "../../etc/passwd", "Europe/Atlantis", "localtime\0", "UTC+25", "x" * 10_000):
        assert known_zone(wrong) is None
    assert load_zone("Europe/Atlantis").key == "UTC"
