"""The question with its two actors exchanged: only names, each whole, and nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.verdict.role_swap import swap_roles


@pytest.mark.parametrize(
    ("question", "swapped"),
    [
        ("Did Kurland attack Vestria?", "Did Vestria attack Kurland?"),
        ("Did Ferenk Olt accuse Ana Ferro of lying?", "Did Ana Ferro accuse Ferenk Olt of lying?"),
        ("Was Iran attacked by Israel in May?", "Was Israel attacked by Iran in May?"),
        ("did iran attack israel", "did israel attack iran"),
        ("Did Kurland's navy shell Port Salis?", "Did Port Salis's navy shell Kurland?"),
        ("Has Kurland, too, left the Republic of Ossia alone?", "Has Republic of Ossia, too, left the Kurland alone?"),
        ("Kurland attacked Vestria.", "Vestria attacked Kurland."),
        ("Did Minister Olt meet Ferro?", "Did Minister Ferro meet Olt?"),
    ],
)
def test_the_first_two_names_change_places(question: str, swapped: str) -> None:
    assert swap_roles(question) == swapped


@pytest.mark.parametrize(
    "question",
    [
        # Two that act together have no roles to exchange.
        "Did Kurland and Vestria sign the truce?",
        "Were Iran or Israel attacked?",
        "Did Kurland resign?",
        "Who did it?",
        "Did Kurland say that Kurland won?",
        "Did Iran attack Iranian ships?",
        "",
        "?",
    ],
)
def test_a_question_that_names_fewer_than_two_has_no_other(question: str) -> None:
    assert swap_roles(question) is None


@given(st.lists(st.sampled_from("Did Kurland Vestria Olt of the Iran attack ’s , ? May 9 Israel".split()), max_size=12))
def test_exchanging_changes_the_order_of_the_words_and_no_word(words: list[str]) -> None:
    question = " ".join(words)
    swapped = swap_roles(question)
    if swapped is not None:
        assert sorted(swapped) == sorted(question)
        assert len(swapped) == len(question)
