"""What a message asks, without the courtesy around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.question.courtesy import core_question, without_frame

TALK = {"Hi there", "Good evening", "Hello", "many thanks in advance", "Thank you so much", "thanks", "Cheers", "hi"}


def core(text: str) -> str:
    return core_question(text, lambda part: part in TALK)


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        (
            "Hi there! I was wondering if you could please tell me whether Vestria joined it, many thanks in advance!",
            "Is it true that Vestria joined it?",
        ),
        ("Hello, can anybody tell me when the treaty takes effect? Cheers", "When the treaty takes effect?"),
        ("would you be so kind as to let me know how many people fled?", "How many people fled?"),
        ("so um do you know who signed it", "Who signed it?"),
        ("I'd like to know why the talks failed, please.", "Why the talks failed?"),
        ("Would you mind explaining to me how the vote was counted? Thank you so much!", "How the vote was counted?"),
        ("hi, quick question: did Kurland deny it?", "Did Kurland deny it?"),
        ("I was wondering if it's possible to find out who won", "Who won?"),
        ("Any idea where they met?", "Where they met?"),
        ("bro did Kurland deny it lol 💀", "did Kurland deny it"),
        ("thanks. did Kurland deny it? thanks", "Did Kurland deny it?"),
    ],
)
def test_the_question_is_read_without_its_courtesy(said: str, asks: str):
    assert core(said) == asks


@pytest.mark.parametrize(
    "said",
    [
        "Did Kurland say whether it sank the ship?",
        "Can Kurland explain why it fired?",
        # No sentence ends at an abbreviation.
        "Where would post No. 4 be rebuilt?",
        "Does Vestria know who fired?",
        "Tell me about the Strait of Corran",
        "I want to know about Iran",
        "Hello",
        "thanks",
        "Did the ministry tell us when it met?",
        "Who governs the Isle of Man?",
        "Man arrested at the border?",
        "The minister asked whether anyone knows why. Did he resign?",
        "",
    ],
)
def test_what_has_no_courtesy_or_nothing_else_stays_as_it_is(said: str):
    assert core(said) == said


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_none_becomes_empty(text: str):
    assert bool(without_frame(text).strip()) == bool(text.strip())
