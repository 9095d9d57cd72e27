"""How many words and letters a text has, in scripts with spaces and without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.word_count import count_letters, count_words, prefix_of_letters


@pytest.mark.parametrize("text", ["", "The envoy left.", "Посол ушёл.", "대사가 떠났다.", "غادر المبعوث", "राजदूत गए"])
def test_scripts_with_spaces_are_counted_by_their_spaces(text: str) -> None:
    assert count_words(text) == len(text.split())
    assert count_letters(text) == len(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [("港务局宣布，渡轮恢复通航。", 7), ("渡轮 Nordlys 恢复通航", 5), ("フェリーは再開した。", 6), ("สะพานปิดแล้ว", 3)],
)
def test_scripts_without_spaces_have_about_as_many_words_as_their_translation(text: str, words: int) -> None:
    assert count_words(text) == words


@given(st.text("ab 港สี้e\u0301", max_size=80), st.integers(1, 60))
def test_a_beginning_of_so_many_letters_is_the_longest_there_is(text: str, letters: int) -> None:
    length = prefix_of_letters(text, letters)
    assert count_letters(text[:length]) <= letters
    assert length == len(text) or count_letters(text[: length + 1]) >= letters
