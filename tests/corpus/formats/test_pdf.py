"""PDFs: what was drawn on their pages, read as a reader sees it."""

import pytest

from corpus.formats.pdf import parse_pdf
from corpus.formats.pdf_lines import page_lines
from corpus.formats.reflow import reflow
from tests.documents import SENTENCE, drawn_pdf
from tests.limits import processor_limit

LINES = (
    "The canton of Marn closed the Dorva bridge on Sunday after shots were heard near the",
    "river, and sent guards to both of its ends. Minister Omar Lind denied on Monday that",
    "troops of Velden had crossed the border, and told reporters that the guards would stay.",
)
TEXT = " ".join(LINES)


def at(x: float, y: float, text: str, size: float = 11) -> str:
    """Draw a text by itself."""
    return f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n"


def block(y: float, lines: tuple[str, ...] = LINES, x: float = 60) -> str:
    return "".join(at(x, y - 14 * i, line) for i, line in enumerate(lines))


def body(*streams: str) -> str:
    return parse_pdf(drawn_pdf(streams)).body


def test_a_raised_number_of_a_note_ends_no_sentence_and_joins_no_number() -> None:
    raised = (
        "BT /F1 11 Tf 60 700 Td (The guards stay, said Minister Omar Lind.) Tj /F1 7 Tf 4 Ts (1) Tj /F1 11 Tf 0 Ts"
        " ( They cost 3.2) Tj /F1 7 Tf 4 Ts (2) Tj /F1 11 Tf 0 Ts ( million crowns.) Tj ET"
    )
    assert body(raised) == "The guards stay, said Minister Omar Lind. They cost 3.2^2 million crowns."


def test_exponents_and_lowered_numbers_drawn_one_by_one_stay_in_their_line() -> None:
    text = body(
        at(60, 700, "The works of Marn let out 10") + at(203, 704, "6", 7) + at(208, 700, " litres of CO")
        + at(275, 698, "2", 7) + at(279, 700, " on 40 km") + at(330, 704, "2", 7) + at(334, 700, ", a clerk said.")
    )  # fmt: skip
    assert text == "The works of Marn let out 10^6 litres of CO2 on 40 km², a clerk said."


def test_small_capitals_and_smaller_years_on_the_line_are_text() -> None:
    text = body(
        "BT /F1 11 Tf 60 700 Td (The envoys of N) Tj /F1 8 Tf (ATO) Tj /F1 11 Tf ( met in ) Tj /F1 8 Tf (2024) Tj"
        " /F1 11 Tf ( in Velden.) Tj ET"
    )
    assert text == "The envoys of NATO met in 2024 in Velden."


def test_notes_at_the_foot_of_a_page_interrupt_no_sentence() -> None:
    note = at(60, 60, "1 Budget of the canton of Marn, page 7.", 7)
    text = body(note + block(700, LINES[:2]), block(700, LINES[2:]))
    assert text == f"{TEXT}\n\n1 Budget of the canton of Marn, page 7."


def test_running_heads_of_two_pages_are_dropped_wherever_they_are_drawn() -> None:
    def margins(page: int) -> str:
        return at(60, 760, "Harbour Herald, 9 September 2024", 8) + at(290, 30, f"Page {page} of 2", 8)

    assert body(block(700, LINES[:2]) + margins(1), margins(2) + block(700, LINES[2:])) == TEXT


def test_pages_of_one_and_the_same_form_are_kept() -> None:
    assert TEXT in body(*[block(760)] * 3)


def test_words_drawn_one_by_one_make_lines() -> None:
    x, drawn = 60.0, ""
    for word in LINES[0].split():
        drawn += at(x, 700, word)
        x += 6.5 * len(word) + 3
    assert body(drawn + block(686, LINES[1:])) == TEXT


def test_letters_drawn_one_by_one_make_words() -> None:
    # These letters are 0.556 of their size wide, and spaces half of that.
    text, x, drawn = "hen and hound had a good bond and dug up a bone", 60.0, ""
    for letter in text:
        drawn += at(x, 700, letter) if letter != " " else ""
        x += 11 * (0.278 if letter == " " else 0.556)
    assert body(drawn) == text


def test_a_large_first_letter_belongs_to_its_word() -> None:
    assert body(at(60, 690, "T", 36) + block(700, (LINES[0][1:], *LINES[1:]), x=85)) == TEXT


def test_a_word_across_the_page_is_no_text() -> None:
    draft = "BT /F1 60 Tf 0.7 0.7 -0.7 0.7 150 300 Tm (DRAFT) Tj ET\n"
    assert body(draft + block(700)) == TEXT


def test_a_page_turned_by_a_quarter_is_read_by_its_own_lines() -> None:
    turned = "".join(f"BT /F1 11 Tf 0 1 -1 0 {300 + 14 * i} 60 Tm ({line}) Tj ET\n" for i, line in enumerate(LINES))
    assert body(turned) == TEXT


@pytest.mark.parametrize("info", ["(anonymous)", "untitled"])
def test_what_a_program_writes_for_a_missing_title_is_none(info: str) -> None:
    draft = parse_pdf(drawn_pdf([block(700)], {"/Title": info, "/Author": "(anonymous)"}))
    assert (draft.title, draft.author) == (None, None)


def test_text_in_a_form_that_a_page_refers_to_is_read() -> None:
    assert SENTENCE in body(f"q BT /F1 11 Tf 60 700 Td ({SENTENCE}) Tj ET Q")


@pytest.mark.parametrize("text", ["a", "a ", "a\n", "1", "\n"])
def test_runs_are_joined_in_time_that_grows_with_them(text: str) -> None:
    runs = [(text, 6.0 * i, 700.0 + i % 2, 11.0 - i % 5, 0.5) for i in range(100_000)]
    with processor_limit(5.0):
        reflow([page_lines(runs)])
