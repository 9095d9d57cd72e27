"""What is to come is answered only by what speaks of it."""

import pytest

from bot.answering.ahead import asks_ahead, tells_ahead


@pytest.mark.parametrize(
    "question",
    ["Who will win the election?", "When is the next summit?", "What is Kurland going to do?", "who's gonna lead it"],
)
def test_questions_about_what_is_to_come(question: str):
    assert asks_ahead(question)


@pytest.mark.parametrize(
    "question", ["Who won the election?", "What did they do next?", "Is he going to Paris?", "Who leads it now?"]
)
def test_questions_about_what_was_or_is(question: str):
    assert not asks_ahead(question)


@pytest.mark.parametrize(
    "sentence",
    [
        "Brandt takes office on 12 June.",
        "Talks on a longer truce begin on Friday.",
        "The convoy is to leave on Thursday.",
        "Quarland plans to extend the duty.",
        "She said that she would run again.",
    ],
)
def test_sentences_that_speak_of_what_is_to_come(sentence: str):
    assert tells_ahead(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ilse Brandt won the presidential election with 53 per cent of the vote.",
        "They agreed to a truce of ten days from midnight on Monday.",
    ],
)
def test_sentences_of_what_happened_do_not(sentence: str):
    assert not tells_ahead(sentence)
