"""What cleaning changes, what it leaves alone, and that it changes nothing the second time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.normalize import clean_body, clean_line

FRAGMENTS = [
    "&",
    "amp;",
    "&amp;amp;",
    "&nbsp;",
    "&#8203;",
    "Ã",
    "©",
    "â€™",
    "\u200d",
    "\u200c",
    "\u0645",
    "👨",
    "\n",
    " ",
    "\r",
    "\t",
    "\u00a0",
    "e",
    "\u0301",
    "ﬁ",
    "\x00",
    "\ud800",
    "\u202e",
    "a",
    "é",
]


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("The  pact\u00a0 was\tsigned.", "The pact was signed."),
        ("One.\r\n\r\n\r\n\r\n  Two.  \rThree.", "One.\n\nTwo.\nThree."),
        ("Fish &amp; chips &lt;3 AT&T", "Fish & chips <3 AT&T"),
        ("The cafÃ© said itâ€™s shut", "The café said it’s shut"),
        ("e\u0301lan", "élan"),
        ("zero\u200bwidth, soft\u00adhyphen, \u202ebidi\u202c, nul\x00", "zerowidth, softhyphen, bidi, nul"),
        ("join\u200ded letters", "joined letters"),
        ("the o\ufb03ce", "the office"),
        ("“Quoted,” she said — ‘truly’ …", "“Quoted,” she said — ‘truly’ …"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚀 and ❤️\u200d🔥", "👩\u200d🚀 and ❤️\u200d🔥"),
        ("\ud800half a pair", "half a pair"),
    ],
)
def test_a_body_is_cleaned(given_text: str, cleaned: str) -> None:
    assert clean_body(given_text) == cleaned


def test_a_line_is_one_line() -> None:
    assert clean_line(" Envoys\n meet\u2028again &amp; talk ") == "Envoys meet again & talk"


@given(st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join)))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    body, line = clean_body(text), clean_line(text)
    assert clean_body(body) == body
    assert clean_line(line) == line
    assert "\n" not in line
    body.encode()


def test_a_word_that_a_soft_hyphen_divides_at_the_end_of_a_line_is_whole() -> None:
    text = "The port autho\u00ad\nrity said on Mon\u00adday.\u00ad\n\nNo."
    assert clean_body(text) == "The port authority said on Monday.\n\nNo."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The mill turns.[1][note 2] It rains.", "The mill turns. It rains."),
        ("The mill turns.² It rains.", "The mill turns. It rains."),
        ("The hall has 40 m² and 10⁶ tiles.", "The hall has 40 m² and 10⁶ tiles."),
        ("He wrote [1] on the wall.", "He wrote [1] on the wall."),
        ("He hardly know[s] her.[b] It rains.", "He hardly know[s] her. It rains."),
    ],
)
def test_footnote_marks_of_plain_text_go_and_powers_stay(text: str, shown: str) -> None:
    assert clean_body(text) == shown
