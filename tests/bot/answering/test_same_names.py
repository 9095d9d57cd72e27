"""Tests of names that stand for the same country or body."""

import pytest

from bot.answering.question.same_names import write_as_asked
from bot.answering.reader.packaged import packaged_reader
from bot.answering.reader.relations import Excerpt, Relation


@pytest.mark.parametrize(
    ("question", "text", "read"),
    [
        ("Did Turkey agree?", "Türkiye's parliament agreed.", "Turkey's parliament agreed."),
        ("Did the UK agree?", "Britain agreed, as did the British.", "UK agreed, as did the British."),
        ("Did the U.S. agree?", "The United States agreed.", "The U.S. agreed."),
        ("Did the IAEA agree?", "The International Atomic Energy Agency agreed.", "The IAEA agreed."),
        ("Did Kurland agree?", "Türkiye's parliament agreed.", "Türkiye's parliament agreed."),
        ("Who told us?", "The US told it, as who says?", "The US told it, as who says?"),
    ],
)
def test_texts_are_read_with_the_names_of_the_question(question: str, text: str, read: str) -> None:
    assert write_as_asked(text, question) == read


def test_the_reader_takes_both_names_for_one_country() -> None:
    question = "Did Turkey approve the treaty?"
    text = write_as_asked("Türkiye's parliament approved the treaty on 30 March 2023.", question)
    [said] = packaged_reader().read(question, [Excerpt("", text)])
    assert said.probability(Relation.YES) > 0.8
