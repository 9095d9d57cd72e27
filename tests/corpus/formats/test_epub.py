"""Which parts of a book are read: those with text, in whatever script."""

from pathlib import Path

import pytest

from corpus.article import Draft, Rejection
from corpus.errors import UnreadableSource
from corpus.formats.epub import read_book
from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import one
from tests.documents import WORDS, epub


def read(tmp_path: Path, *texts: str) -> list[Draft | str]:
    """The drafts of a book's chapters, or why there are none."""
    pages = {
        f"{i}.xhtml": f"<html><body><h1>{text[:4]}</h1><p>{text}</p></body></html>" for i, text in enumerate(texts)
    }
    (tmp_path / "a.epub").write_bytes(epub(pages))
    found: list[Draft | str] = []
    for item in read_book(tmp_path / "a.epub", 1_000_000):
        try:
            found.append(item.reason if isinstance(item, Rejection) else item.parse())
        except UnreadableSource as error:
            found.append(error.message)
    return found


@pytest.mark.parametrize(
    "sentence",
    [
        "水务局周二宣布，北湖的水闸将在本月底重新开放。",
        "水道局は火曜日、北湖の水門を再び開くと発表した。",
        "สำนักงานน้ำประกาศเปิดประตูน้ำทะเลสาบเหนืออีกครั้ง ",
    ],
)
def test_a_chapter_in_a_script_without_spaces_is_read(tmp_path: Path, sentence: str) -> None:
    [chapter] = read(tmp_path, sentence * 8)
    assert isinstance(chapter, Draft)
    assert sentence.strip() in chapter.body


def test_a_title_page_in_such_a_script_is_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, "北湖水闸志") == ["The book has no chapters with text."]


def test_a_chapter_is_read_in_the_encoding_that_it_states(write: Write) -> None:
    text = "Староста Вельдена в понедельник опроверг сообщение о продаже гавани. " * 12
    chapter = f'<?xml version="1.0" encoding="koi8-r"?><html><body><h1>Глава</h1><p>{text}</p></body></html>'
    assert text.strip() in one(write("a.epub", epub({"1.xhtml": chapter.encode("koi8-r")}))).body


@pytest.mark.parametrize("kind", ['epub:type="{}"', 'role="doc-{}"'])
def test_numbers_of_pages_and_notes_are_no_text_of_a_chapter(write: Write, kind: str) -> None:
    page, note = kind.format("pagebreak"), kind.format("footnote")
    text = f'{WORDS} The sale <span {page}>12</span>was off.<a {kind.format("noteref")} href="#n">1</a>'
    chapter = f"<html><body><h1>One</h1><p>{text}</p><aside {note} id='n'><p>1. A note.</p></aside></body></html>"
    body = one(write("a.epub", epub({"1.xhtml": chapter}))).body
    assert body.endswith("The sale was off.")
