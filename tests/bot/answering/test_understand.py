"""What is read out of a question: the countries that it names, when, and according to whom."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.question.aliases import entity_ids, mentions
from bot.answering.question.kind import QuestionKind
from bot.answering.question.period import Period, StatedDate, read_period, stated_dates
from bot.answering.question.understand import named_publishers, understand
from index.filters import Filters


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Tehran and the Kremlin", {"IR", "RU"}),
        ("Iranian officials told the U.S.", {"IR", "US"}),
        ("they told us nothing", set()),
        ("the US said", {"US"}),
        ("North Korean and South Korean envoys", {"KP", "KR"}),
        ("nkorean hackers", {"KP"}),
        ("Zelensky, Zelenskyy and Volodymyr Zelenskiy", {"UA"}),
        ("Türkiye; the Czech Republic; Ivory Coast; DR Congo", {"TR", "CZ", "CI", "CD"}),
        ("A turkey sandwich and a Pole", {"PL"}),
        ("a pole", set()),
        ("turkey denied it", {"TR"}),
        ("the Houthis, Hamas and Wagner", {"houthis", "hamas", "wagner"}),
        ("Kurland and Vestria", set()),
        ("", set()),
    ],
)
def test_countries_and_groups_are_known_under_all_their_names(text: str, codes: set[str]) -> None:
    assert entity_ids(text) == codes


def test_a_leader_speaks_for_the_office_of_the_year() -> None:
    assert entity_ids("Mark Rutte said", 2020) == {"NL"}
    assert entity_ids("Mark Rutte said", 2025) == {"NATO"}


@given(st.text(max_size=200))
def test_mentions_lie_in_the_text_in_order(text: str) -> None:
    found = mentions(text)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("Did it sink in May 2031?", Period(date(2031, 5, 1), date(2031, 5, 31))),
        ("Did it sink on 9 May 2031?", Period(date(2031, 5, 9), date(2031, 5, 9))),
        ("Did it sink on May 9th, 2031?", Period(date(2031, 5, 9), date(2031, 5, 9))),
        ("Did it sink on 2031-05-09?", Period(date(2031, 5, 9), date(2031, 5, 9))),
        ("Did it sink in 2031?", Period(date(2031, 1, 1), date(2031, 12, 31))),
        ("Has it sunk since sept 2031?", Period(date(2031, 9, 1), None)),
        ("Had it sunk by 2031?", Period(None, date(2031, 12, 31))),
        ("Did 2000 soldiers land?", None),
        ("Did it cost $2000?", None),
        ("Did it sink on 31 February 2031?", None),
        ("Did it sink?", None),
    ],
)
def test_the_time_that_a_question_states(question: str, period: Period | None) -> None:
    assert read_period(question) == period


def test_what_was_published_before_cannot_report_it() -> None:
    period = Period(date(2031, 5, 9), date(2031, 5, 9))
    assert period.can_report("2031-05-09")
    assert period.can_report("2033-01-01T00:00:00Z")
    assert period.can_report(None)
    assert not period.can_report("2031-04-30")
    assert Period(None, date(2031, 5, 9)).can_report("1999-01-01")


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("It sank on 9 May 2031.", [(2031, 5, 9)]),
        ("It sank on May 9th, 2031, at dawn.", [(2031, 5, 9)]),
        ("It sank on the 9th of May.", [(None, 5, 9)]),
        ("It sank on May 9.", [(None, 5, 9)]),
        ("It sank in May 2031.", [(2031, 5, None)]),
        ("It sank in Sept. 2031", [(2031, 9, None)]),
        ("It had sunk by June.", [(None, 6, None)]),
        ("It sank in 2031, not in 2030.", [(2031, None, None), (2030, None, None)]),
        ("It sank on 2031-05-09.", [(2031, 5, 9)]),
        # "May" and "March" are words as well, and a number of people is no year.
        ("They may march on Salis.", []),
        ("May they win? March on!", []),
        ("Some 2000 soldiers landed.", []),
        ("It cost $2000 or 2,031 crowns.", []),
        ("May 9,000 men landed", []),
        ("", []),
    ],
)
def test_the_dates_that_a_text_states(text: str, dates: list[tuple[int | None, ...]]) -> None:
    found = stated_dates(text)
    assert [(stated.year, stated.month, stated.day) for stated, _, _ in found] == dates
    assert all(0 <= start < end <= len(text) for _, start, end in found)


@pytest.mark.parametrize(
    ("one", "other", "contradicts"),
    [
        ((2031, 5, 9), (2031, 5, 9), False),
        ((2031, 5, 9), (2031, 5, None), False),
        ((2031, None, None), (None, 5, 9), False),
        ((2031, 5, 9), (2031, 5, 10), True),
        ((2031, 5, None), (None, 6, None), True),
        ((2031, None, None), (2030, 5, 9), True),
    ],
)
def test_dates_contradict_where_both_state_something_else(
    one: tuple[int | None, ...], other: tuple[int | None, ...], contradicts: bool
) -> None:
    assert StatedDate(*one).contradicts(StatedDate(*other)) is contradicts
    assert StatedDate(*other).contradicts(StatedDate(*one)) is contradicts


@given(st.text(max_size=200))
def test_stated_dates_lie_in_the_text_in_order(text: str) -> None:
    found = stated_dates(text)
    assert all(one[2] <= other[1] for one, other in pairwise(found))


VECTOR = np.zeros(384, dtype=np.float32)
PUBLISHERS = ("Salis Herald", "The Canal", "portnews.com")


@pytest.mark.parametrize(
    ("question", "publishers"),
    [
        ("According to the Salis Herald, did Kurland deny it?", ("Salis Herald",)),
        ("Did the salis herald report the fire?", ("Salis Herald",)),
        ("Who lit the fire, according to The Canal?", ("The Canal",)),
        ("What did Port News report on the fire?", ("portnews.com",)),
        ("Was a Salis Herald journalist arrested?", ()),
        ("Was the canal closed?", ()),
        ("According to the Evening Post, did Kurland deny it?", ()),
    ],
)
def test_publishers_of_the_corpus_are_taken_from_plain_words(question: str, publishers: tuple[str, ...]) -> None:
    assert named_publishers(question, PUBLISHERS) == publishers


def test_given_filters_stand_above_those_in_words() -> None:
    question = "According to the Salis Herald, did Kurland deny it?"
    assert understand(question, VECTOR, Filters(), PUBLISHERS).filters.publishers == ("Salis Herald",)
    given_filters = Filters(publishers=("The Canal",))
    assert understand(question, VECTOR, given_filters, PUBLISHERS).filters == given_filters


@given(st.text(max_size=300))
def test_any_text_is_understood_somehow(text: str) -> None:
    found = understand(text, VECTOR, Filters(), PUBLISHERS)
    assert found.kind in set(QuestionKind)
    assert set(found.filters.publishers) <= set(PUBLISHERS)
