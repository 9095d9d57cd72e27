"""Question, heading and text as the network gets them: in order, within its window, with the offsets of the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from bot.answering.reader.pairs import WINDOW, Pair, make_pairs
from bot.answering.reader.relations import Excerpt, heading
from index.embedding.models import packaged_weights

QUESTION = "Did Kurland sink the tanker?"
HEADING = "2031-05-01 Salis Herald: Kurland and the tanker"
TEXT = "Kurland denied on Monday that it had sunk the Marisol, a tanker of Vestria's."
CLS, SEP, STOP = 101, 102, 1012


def tokenizer() -> Tokenizer:
    found = Tokenizer.from_file(str(packaged_weights().parent / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


TOKENIZER = tokenizer()


def pair(question: str = QUESTION, text: str = TEXT, head: str = HEADING) -> Pair:
    [made] = make_pairs(TOKENIZER, [question], [Excerpt(head, text)])
    return made


def words(ids: list[int]) -> str:
    return str(TOKENIZER.decode(ids))


def test_a_pair_is_question_heading_and_text() -> None:
    made = pair()
    assert (made.ids[0], made.ids[-1]) == (CLS, SEP)
    assert words(made.ids[: made.second]) == QUESTION.lower()
    assert made.ids[made.second - 1] == SEP
    assert made.ids[made.first - 1] == STOP
    assert words(made.ids[made.second : made.first - 1]).startswith("2031 - 05 - 01 salis herald : kurland")
    assert words(made.ids[made.first : -1]).startswith("kurland denied on monday")
    assert len(made.offsets) == len(made.ids) - 1 - made.first


def test_the_offsets_are_those_of_the_text() -> None:
    made = pair()
    assert made.offsets[-1][1] == len(TEXT)
    assert "".join(TEXT[start:end] for start, end in made.offsets) == TEXT.replace(" ", "")


def test_without_a_heading_the_text_follows_the_question_at_once() -> None:
    made = pair(head="")
    assert made.first == made.second
    assert STOP not in made.ids[made.second : made.first + 1]


def test_several_questions_have_a_text_each() -> None:
    excerpts = [Excerpt("", "It sank."), Excerpt(HEADING, TEXT), Excerpt("", "")]
    made = make_pairs(TOKENIZER, [QUESTION, "Who said so?", QUESTION], excerpts)
    assert [words(each.ids[: each.second]) for each in made] == [QUESTION.lower(), "who said so?", QUESTION.lower()]
    assert [len(each.offsets) for each in made] == [3, len(pair().offsets), 0]
    assert make_pairs(TOKENIZER, [], []) == []


LONG = "tanker " * 2_000


@pytest.mark.parametrize(
    ("question", "head", "text"),
    [(QUESTION, HEADING, LONG), (LONG, HEADING, TEXT), (QUESTION, LONG, TEXT), (LONG, LONG, LONG), ("", "", "")],
)
def test_what_is_too_long_is_cut_and_each_part_keeps_room(question: str, head: str, text: str) -> None:
    made = pair(question, text, head)
    assert len(made.ids) <= WINDOW
    assert (made.ids[0], made.ids[made.second - 1], made.ids[-1]) == (CLS, SEP, SEP)
    assert len(made.offsets) == len(made.ids) - 1 - made.first
    # However long the question and heading, most of the window is the text's.
    assert len(made.offsets) >= min(len(TOKENIZER.encode(text, add_special_tokens=False).ids), WINDOW // 2)


@given(st.text(max_size=300), st.text(max_size=100), st.text(max_size=1_500))
def test_any_texts_make_a_pair_whose_offsets_lie_in_the_text(question: str, head: str, text: str) -> None:
    made = pair(question, text, head)
    assert len(made.ids) <= WINDOW
    assert 0 < made.second <= made.first <= len(made.ids) - 1
    assert all(0 <= start <= end <= len(text) for start, end in made.offsets)


@pytest.mark.parametrize(
    ("published_at", "publisher", "title", "line"),
    [
        ("2031-05-01T08:00:00Z", "Salis Herald", "It sank", "2031-05-01 Salis Herald: It sank"),
        (None, "Salis Herald", "It sank", "Salis Herald: It sank"),
        ("2031-05-01", None, "It sank", "2031-05-01 : It sank"),
        (None, None, "It sank", "It sank"),
        ("2031-05-01", "Salis Herald", None, "2031-05-01 Salis Herald"),
        (None, None, None, ""),
    ],
)
def test_a_heading_is_what_is_known(
    published_at: str | None, publisher: str | None, title: str | None, line: str
) -> None:
    assert heading(published_at, publisher, title) == line
