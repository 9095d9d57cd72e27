"""Which files are found and opened, and which are refused whatever they are called."""

import codecs
import gzip
import os
from pathlib import Path

import pytest

from corpus.article import Rejection
from corpus.errors import BadInput
from corpus.formats import find_files, read_path, unsupported_files
from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import LIMIT, read


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *((f"a.{kind}", content) for kind in ("txt", "md", "html") for content in (b"", b" \n", codecs.BOM_UTF8)),
        ("a.jsonl", b""),
        ("a.jsonl.gz", gzip.compress(b"", mtime=0)),
    ],
)
def test_files_without_a_word_are_refused_in_one_sentence(write: Write, name: str, content: bytes) -> None:
    assert read(write(name, content)) == ["The file is empty."]


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_binary_files_are_refused_whatever_they_are_called(write: Write, name: str) -> None:
    assert read(write(name, bytes(range(256)) * 20)) == ["This is binary data, not text."]


def test_a_file_over_the_limit_is_refused_with_the_setting(write: Write) -> None:
    [item] = read_path(write("a.txt", "x" * 2_000_000), max_bytes=LIMIT)
    assert isinstance(item, Rejection)
    assert item.reason == "Its size is 1.9 MB; the limit is 1.0 MB."
    assert "ATTACHE_MAX_ARTICLE_MB" in item.hint


def test_files_that_can_not_be_opened_are_rejections(tmp_path: Path, write: Write) -> None:
    assert read(tmp_path / "gone.txt") == ["The file can't be read: no such file or directory."]
    assert read(write("a.xyz", "x")) == ["This file type isn't supported."]
    os.mkfifo(tmp_path / "pipe.txt")
    assert read(tmp_path / "pipe.txt") == ["This isn't a regular file."]
    (tmp_path / "folder.txt").mkdir()
    assert read(tmp_path / "folder.txt") == ["This folder can't be opened."]


def test_folders_are_walked_in_order_once_and_without_what_is_hidden(write: Write) -> None:
    names = ["z.TXT", "b/2.md", "b/1.jsonl.gz", "a/x.html", ".git/c.txt", ".hidden.txt", "a/photo.jpg", "notes.gz"]
    for name in names:
        last = write(name, "x")
    folder = last.parent
    (folder / "a" / "round").symlink_to(folder)
    (folder / "again.txt").symlink_to(folder / "z.TXT")
    found = [path.name for path in find_files([folder, folder / "z.TXT"])]
    assert sorted(found) == sorted(["again.txt", "x.html", "1.jsonl.gz", "2.md"])
    assert found.index("1.jsonl.gz") < found.index("2.md")
    assert sorted(path.name for path in unsupported_files([folder])) == ["notes.gz", "photo.jpg"]


def test_a_named_file_is_yielded_whatever_its_kind_and_a_missing_one_is_an_error(tmp_path: Path, write: Write) -> None:
    path = write("a.xyz", "x")
    assert list(find_files([path])) == [path]
    assert list(unsupported_files([path])) == []
    with pytest.raises(BadInput, match=r"nowhere\.txt"):
        list(find_files([tmp_path / "nowhere.txt"]))
