"""What tables give: rows in whatever encoding they are, with a word to the user where it was guessed."""

from pathlib import Path

import pytest

from corpus.article import Draft
from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import read
from tests.documents import SENTENCE

RUSSIAN = "Министерство порта опровергло в пятницу сообщения о росте цен на паром и на поезда."
GREEK = "Το υπουργείο διέψευσε την Παρασκευή τις αναφορές για αύξηση των τιμών στα πλοία."


def drafts(path: Path) -> list[Draft]:
    found = read(path)
    assert all(isinstance(each, Draft) for each in found), found
    return [each for each in found if isinstance(each, Draft)]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", RUSSIAN),
        ("koi8_r", RUSSIAN),
        ("cp1253", GREEK),
        ("cp1252", "Der Bürgermeister bestritt das am Freitag."),
    ],
)
def test_a_table_in_an_older_encoding_is_read_and_the_guess_is_told_once(
    write: Write, encoding: str, text: str
) -> None:
    one, two = drafts(write("a.csv", f"title;body\nA;{text}\nB;{text} {text}\n".encode(encoding)))
    assert (one.body, two.body) == (text, f"{text} {text}")
    [warning] = one.warnings
    assert "which is a guess" in warning
    assert not two.warnings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "iso2022_jp"])
def test_a_table_that_shows_its_encoding_is_read_without_a_warning(write: Write, encoding: str) -> None:
    text = {"iso2022_jp": "港湾局は運賃の値上げを否定した。", "utf-16-le": SENTENCE}.get(encoding, RUSSIAN)
    [draft] = drafts(write("a.csv", f"title;body\nA;{text}\n".encode(encoding)))
    assert (draft.title, draft.body, draft.warnings) == ("A", text, ())


def test_the_encoding_shows_only_late_in_a_long_table(write: Write) -> None:
    english = f"A;{SENTENCE}\n"
    rows = f"title;body\n{english * 2000}B;{RUSSIAN}\n{english * 20}C;{RUSSIAN}\n"
    assert drafts(write("a.csv", rows.encode("cp1251")))[-1].body == RUSSIAN


def test_some_damage_does_not_turn_utf_8_into_another_encoding(write: Write) -> None:
    raw = f"title,body\nA,{RUSSIAN}\nB,{RUSSIAN}\n".encode()
    [one, two] = drafts(write("a.csv", raw.replace("пятницу".encode(), b"\xff", 1)))
    assert two.body == RUSSIAN
    assert not one.warnings


def test_a_line_that_states_the_delimiter_is_no_header(write: Write) -> None:
    [draft] = drafts(write("a.csv", f"sep=;\r\ntitle;body\r\nA, B;{SENTENCE}\r\n"))
    assert (draft.title, draft.body) == ("A, B", SENTENCE)
