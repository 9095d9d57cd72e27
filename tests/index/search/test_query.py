"""What of a question is searched for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.query import strip_time_words


@pytest.mark.parametrize(
    ("asked", "searched"),
    [
        ("What did Iran say this week?", "What did Iran say?"),
        ("Did Kyiv strike the bridge yesterday?", "Did Kyiv strike the bridge?"),
        ("Who resigned in the past few days?", "Who resigned?"),
        ("What happened in Sudan over the last two weeks?", "What happened in Sudan?"),
        ("Who met in Geneva on Monday?", "Who met in Geneva?"),
        ("What happened on Tuesday in Niger?", "What happened in Niger?"),
        ("Is the strait closed right now?", "Is the strait closed?"),
        ("Recently, did Hamas accept the deal?", "did Hamas accept the deal?"),
        ("What has Moscow said so far about grain?", "What has Moscow said about grain?"),
        ("What did the court rule earlier this month?", "What did the court rule?"),
        ("Which countries joined in the past 3 months?", "Which countries joined?"),
    ],
)
def test_words_for_the_time_of_asking_are_not_searched_for(asked: str, searched: str) -> None:
    assert strip_time_words(asked) == searched


@pytest.mark.parametrize(
    "asked",
    [
        "Did Iran deny the missile reports?",
        "What happened on 9 September 2024?",
        "Who won the election in 2024?",
        "What is the Last Supper?",
        "Who leads This Week in Sudan's rival, Daily Sudan?".replace("This Week", "The Week"),
        "Did Mondale lose?",
        "Are the Thursdays for Future marches illegal?",
        "What was agreed in the Yesterdayland treaty?",
    ],
)
def test_all_other_words_are_searched_for(asked: str) -> None:
    assert strip_time_words(asked) == asked


@pytest.mark.parametrize("asked", ["today", "this week?", "Yesterday!", "on Monday", "right now ...", "?!", ""])
def test_a_query_of_time_words_alone_stays_as_it_is(asked: str) -> None:
    assert strip_time_words(asked) == asked


PARTS = st.sampled_from(
    [
        "this week",
        "last few days",
        "recently",
        "on Monday",
        "Iran",
        "who",
        "the",
        ",",
        "?",
        "2024",
        "🙂",
        "\0",
        " ",
        "’s",
    ]
)


@given(st.lists(PARTS, min_size=1).map(" ".join) | st.text(min_size=1))
def test_something_is_always_left_to_search_for(asked: str) -> None:
    searched = strip_time_words(asked)
    assert searched == asked or any(char.isalnum() or char == "_" for char in searched)


@given(st.lists(PARTS).map(" ".join))
def test_what_is_left_holds_no_more_time_words(asked: str) -> None:
    once = strip_time_words(asked)
    assert strip_time_words(once).split() == once.split() or strip_time_words(once) == once
