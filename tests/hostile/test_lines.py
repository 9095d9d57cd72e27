"""However many lines a text has, it is not taken apart into objects that take many times its bytes."""

import io
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus.article import SourceItem
from corpus.boilerplate import may_be_footer
from corpus.errors import UnreadableSource
from corpus.formats import read_path
from corpus.formats.mailbox import MAX_LINES, split_mailbox
from corpus.formats.single_file import MAX_RAW_LINES
from corpus.normalize import clean_body
from tests.documents import letter

# A string of one line takes some 60 bytes, one of the tests 5.
MOST_TIMES = 8


@contextmanager
def peak() -> Iterator[Callable[[], int]]:
    """Yield what tells how many bytes the block has taken at most so far."""
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("line", [" ab \n", "ab \n", "\u00c3\u00a9b\n", "ab\u2028 ", "\tab\r\n"])
def test_cleaning_holds_no_list_of_lines(line: str) -> None:
    # Loads what repairs garbled text.
    clean_body(line)
    text = line * 400_000
    with peak() as taken:
        clean_body(text)
        assert taken() < MOST_TIMES * len(text.encode())


def test_a_line_too_long_for_a_footer_is_not_taken_apart() -> None:
    line = "--- " * 100_000
    with peak() as taken:
        assert not may_be_footer(line)
        assert taken() < 10_000


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (" a \n \n b ", "a\n\nb"),
        ("a\t\n\t\tb", "a\nb"),
        ("a\n \n \n \nb", "a\n\nb"),
        ("\u00c3\u00a9 \nplain\n \u00c3\u00bc", "\u00e9\nplain\n\u00fc"),
        ("one\n\u00c3\u00a9", "one\n\u00e9"),
    ],
)
def test_cleaning_strips_and_repairs_each_line(before: str, after: str) -> None:
    assert clean_body(before) == after


def test_of_many_garbled_lines_some_are_repaired(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr("corpus.normalize._repair", lambda line: calls.append(line) or line)
    clean_body("\u00c3\u00a9\n" * 100_000)
    # In two rounds of cleaning.
    assert 1_000 < len(calls) <= 20_000


@pytest.mark.parametrize("name", ["a.txt", "a.eml"])
def test_a_text_of_too_many_lines_is_refused_before_it_is_split(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    head = letter("a") if name.endswith("eml") else b""
    path.write_bytes(head + b"> a\n" * (MAX_RAW_LINES + 1))
    (item,) = read_path(path, max_bytes=20 << 20)
    assert isinstance(item, SourceItem)
    with peak() as taken:
        with pytest.raises(UnreadableSource, match=f"more than {MAX_RAW_LINES:,} lines"):
            item.parse()
        assert taken() < MOST_TIMES * len(item.raw)


class CountedFile(io.BytesIO):
    """A file that counts the lines that are read of it."""

    lines = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        self.lines += 1
        return super().readline(size)


START = b"From a@b.example Mon Sep  9 08:00:00 2024\nSubject: a\n\n"


@pytest.mark.parametrize("start", [START, b""], ids=["within an email", "before the first one"])
def test_no_more_of_a_mailbox_is_read_than_an_email_can_have(start: bytes) -> None:
    file = CountedFile(start + b"\n" * (2 * MAX_LINES))
    with peak() as taken:
        with pytest.raises(UnreadableSource, match="without the start of an email"):
            list(split_mailbox(file, 20 << 20))
        assert taken() < MOST_TIMES * MAX_LINES
    assert file.lines <= MAX_LINES + 10


def test_many_emails_have_more_lines_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.formats.mailbox.MAX_LINES", 10)
    assert len(list(split_mailbox(io.BytesIO((START + b"a\n" * 5) * 20), 20 << 20))) == 20


def test_a_table_of_blank_rows_ends(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("corpus.formats.table._MAX_BLANK_ROWS", 10)
    path = tmp_path / "a.csv"
    path.write_text("title,body\n" + "a,b\n,\n" * 20 + ",\n\n" * 6 + "a,b\n", encoding="utf-8")
    *rows, end = read_path(path, max_bytes=1_000)
    assert len(rows) == 20
    assert not isinstance(end, SourceItem)
    assert "blank rows" in end.reason
