"""Files whose names are wrong, or of kinds that nothing reads."""

import pytest

from corpus.article import Rejection
from corpus.formats import read_path
from corpus.formats.unread_kinds import unread_hint
from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import LIMIT, one
from tests.documents import SAMPLES, SENTENCE, web_page

PAGE = web_page("Envoys meet")


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.doc", "a.aspx", "a.xhtml", "page"])
def test_a_page_is_read_as_one_whatever_it_is_called(write: Write, name: str) -> None:
    draft = one(write(name, PAGE))
    assert draft.title == "Envoys meet"
    assert "<" not in draft.body


@pytest.mark.parametrize(
    ("sample", "name"),
    [
        ("a.pdf", "a.txt"),
        ("a.pdf", "a.html"),
        ("a.docx", "a.doc"),
        ("a.docx", "a.txt"),
        ("a.odt", "a.md"),
        ("a.eml", "a.txt"),
    ],
)
def test_documents_and_letters_are_read_whatever_they_are_called(write: Write, sample: str, name: str) -> None:
    assert SENTENCE in one(write(name, SAMPLES[sample])).body


def test_text_without_a_tag_in_a_file_for_pages_is_text(write: Write) -> None:
    draft = one(write("a.html", f"Envoys meet\n\n{SENTENCE} {SENTENCE}\n"))
    assert draft.title == "Envoys meet"
    assert SENTENCE in draft.body


@pytest.mark.parametrize(
    "text",
    [
        f"The tag <html> opens a page.\n\n{SENTENCE}",
        f"From: the harbour\nTo: the town\nDate: Monday\n\n{SENTENCE}",
        f"PK is a party.\n\n{SENTENCE}",
    ],
)
def test_text_about_such_things_stays_text(write: Write, text: str) -> None:
    assert SENTENCE in one(write("a.txt", text)).body


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("a.doc", "docx"), ("a.xlsx", "CSV"), ("a.zip", "Unpack"), ("a.tar.gz", "Unpack"), ("a.msg", ".eml"),
        ("a.rss", "feeds add"), ("a.srt", "without numbers and times"), ("a.PNG", "OCR"), ("a.mp3", "transcript"),
    ],
)  # fmt: skip
def test_what_nothing_reads_is_refused_with_what_to_do(write: Write, name: str, says: str) -> None:
    [item] = read_path(write(name, "x"), max_bytes=LIMIT)
    assert isinstance(item, Rejection)
    assert item.reason == "This file type isn't supported."
    assert says in item.hint
    assert unread_hint("a.xyz") is None


@pytest.mark.parametrize(("root", "says"), [("rss", "feeds add"), ("nitf", "JSON Lines")])
def test_other_xml_says_what_to_do(write: Write, root: str, says: str) -> None:
    [item] = read_path(write("a.xml", f"<{root}><a>{SENTENCE}</a></{root}>"), max_bytes=LIMIT)
    assert isinstance(item, Rejection)
    assert says in item.hint
