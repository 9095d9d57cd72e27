"""Messages with several questions are taken apart only where each can be asked alone."""

import pytest

from bot.answering.question.follow_up import is_bare
from bot.answering.question.period import spell_days
from bot.answering.question.several import split_questions


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        (
            "Did Vestria leave the grain deal and when did the Drava dam break?",
            ["Did Vestria leave the grain deal?", "When did the Drava dam break?"],
        ),
        ("Did Brandt win? Who led Norvia before?", ["Did Brandt win?", "Who led Norvia before?"]),
        ("Did Vestria leave the deal, and when?", None),
        ("Did Vestria leave the deal and did it return?", None),
        ("Did Vestria and Kurland agree on what happens to the port?", None),
        ("Brandt won. Did she beat Kettering?", None),
        ("Who won in Norvia and Erem?", None),
    ],
)
def test_questions_that_can_be_asked_alone_are_told_apart(text: str, questions: list[str] | None):
    assert split_questions(text) == (questions or [text])


@pytest.mark.parametrize("text", ["why?", "why tho", "when", "source?", "link pls", "more", "did they?", "und warum?"])
def test_what_asks_nothing_without_an_answer_before_it_is_told(text: str):
    assert is_bare(text)


@pytest.mark.parametrize("text", ["why did Vestria leave?", "Norvia", "who won the election", "thanks", "drava treaty"])
def test_what_can_be_asked_alone_is_told(text: str):
    assert not is_bare(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2024-09-06", "6 September 2024"),
        ("news of 2024-09-06?", "news of 6 September 2024?"),
        ("2024-13-06", "2024-13-06"),
        ("order 12-2024-09-06-77", "order 12-2024-09-06-77"),
    ],
)
def test_days_in_digits_are_read_as_articles_write_them(text: str, read: str):
    assert spell_days(text) == read
