"""What is a question, and of which kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.question.kind import LONGEST_QUESTION, QuestionKind, check_question, question_kind
from corpus.errors import BadInput


@pytest.mark.parametrize(
    "question",
    [
        "Did Iran deny the missile reports?",
        "did iran deny the missile reports",
        "Has Sweden joined NATO?",
        "Isn't the grain deal over?",
        "Weren’t the balloons Chinese?",
        "And did Kyiv confirm it?",
        "So is the strait closed?",
        "Can Russia veto it?",
        "Iran supplied missiles to Russia.",
        "Iran denied that it sent missiles",
        "What a summer! Did Hasina resign?",
        "Was the man who led the mutiny killed?",
    ],
)
def test_questions_for_a_yes_or_no(question: str) -> None:
    assert question_kind(question) is QuestionKind.YES_NO


@pytest.mark.parametrize(
    "question",
    [
        "Who denied the missile reports?",
        "who's behind the coup",
        "Which countries joined BRICS?",
        "When did Sweden join NATO?",
        "How many people were killed?",
        "What’s the price cap?",
        "In which city did they meet?",
        "By whom was the dam destroyed?",
        "The balloon was shot down by what?",
        "Iran sent missiles to Russia. When did the EU react?",
        "Okay, so who resigned?",
    ],
)
def test_questions_for_a_name_a_number_a_date_or_a_reason(question: str) -> None:
    assert question_kind(question) is QuestionKind.OPEN


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("  Did\tIran\n deny  it? ", "Did Iran deny it?"),
        ("Did\0 Iran deny it?", "Did Iran deny it?"),
        ("Hat der Iran dementiert?", "Hat der Iran dementiert?"),
        ("иран опроверг?", "иран опроверг?"),
        ("7", "7"),
    ],
)
def test_a_question_is_taken_on_one_clean_line(typed: str, asked: str) -> None:
    assert check_question(typed) == asked


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("\0\0", "empty"),
        ("?!", "no words"),
        ("🙂🙂", "no words"),
        ("___", "no words"),
        ("why " * 2500, "10,0|9,999"),
    ],
)
def test_what_is_no_question_is_refused_with_what_to_do(typed: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence) as raised:
        check_question(typed)
    assert raised.value.hint


def test_the_longest_question_may_be_asked() -> None:
    assert check_question("x" * LONGEST_QUESTION)
    with pytest.raises(BadInput):
        check_question("x" * (LONGEST_QUESTION + 1))


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["who", "Did", "?", ".", "it", "'", "’s", "and", ":"])).map(" ".join)
)
def test_any_text_is_of_some_kind_or_refused(text: str) -> None:
    try:
        question = check_question(text)
    except BadInput:
        return
    assert "\n" not in question
    assert isinstance(question_kind(question), QuestionKind)
