"""Which dates are believed, which are not, and what the bounds of a search mean."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dates import parse_bound, parse_published
from corpus.errors import BadInput

TODAY = date(2024, 9, 12)


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("2024-09-09", "2024-09-09"),
        ("2024-09-09T10:00:00Z", "2024-09-09T10:00:00Z"),
        ("2024-09-09T23:30:00-05:00", "2024-09-10T04:30:00Z"),
        ("2024-09-09 10:00", "2024-09-09"),
        ("Mon, 09 Sep 2024 10:00:00 +0200", "2024-09-09T08:00:00Z"),
        ("September 9, 2024", "2024-09-09"),
        ("Monday, 9 Sept 2024", "2024-09-09"),
        ("9 Sept 2024 10:30 GMT", "2024-09-09T10:30:00Z"),
        ("Sept 9, 2024 at 10:30 p.m.", "2024-09-09"),
        ("9 septembre 2024", "2024-09-09"),
        ("9 сентября 2024", "2024-09-09"),
        ("25/12/2024", "2024-12-25"),
        ("12/25/2024", "2024-12-25"),
    ],
)
def test_stated_dates_are_read(text: str, stated: str) -> None:
    assert parse_published(text) == stated


@pytest.mark.parametrize(
    "text",
    [
        "",
        "on Monday",
        "yesterday",
        "2 days ago",
        "September 2024",
        "2024",
        "09/08/2024",
        "31 February 2024",
        "9 Sept 1700",
        "9 Sept 2999",
        "2024-13-01",
        "1725876000",
        "x" * 5000,
        "9 people in Kyiv, 2024",
    ],
)
def test_what_states_no_day_is_no_date(text: str) -> None:
    assert parse_published(text) is None


@settings(max_examples=50)
@given(st.text(alphabet="0123456789-/.:TZ+ ", max_size=30))
def test_any_numbers_give_a_real_date_or_none(text: str) -> None:
    stated = parse_published(text)
    assert stated is None or date.fromisoformat(stated[:10])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("September 2024", "2024-09-01", "2024-09-30"),
        ("since March 2024", "2024-03-01", "2024-03-31"),
        ("2024-09-09", "2024-09-09", "2024-09-09"),
        ("9 Sept 2024", "2024-09-09", "2024-09-09"),
        ("yesterday", "2024-09-11", "2024-09-11"),
        ("last week", "2024-09-02", "2024-09-08"),
        ("last month", "2024-08-01", "2024-08-31"),
        ("3 days ago", "2024-09-09", "2024-09-09"),
    ],
)
def test_a_bound_names_its_first_or_last_day(text: str, first: str, last: str) -> None:
    assert parse_bound(text, today=TODAY, end=False).isoformat() == first
    assert parse_bound(text, today=TODAY, end=True).isoformat() == last


@pytest.mark.parametrize("text", ["", "soon", "2024-99", "0000", "99999999 days ago", "x" * 10_000])
def test_a_bound_that_is_no_date_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(BadInput) as raised:
        parse_bound(text, today=TODAY, end=False)
    assert "2024-09-30" in raised.value.hint
