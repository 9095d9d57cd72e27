"""Files and their checksums: nothing is believed before it is known to be whole, and each is read once."""

import errno
import hashlib
import os
import threading
from pathlib import Path

import pytest

from corpus.errors import StorageFailure
from index.embedding import models
from index.errors import DamagedGeneration
from index.generation import verify
from tests.damage import flip


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    content = {"a": b"first" * 100, "b": b"second" * 100, "c": b""}
    for name, text in content.items():
        (tmp_path / name).write_bytes(text)
    return {name: hashlib.sha256(text).hexdigest() for name, text in content.items()}


def test_whole_files_pass_in_blocks_of_any_size(
    tmp_path: Path, files: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in (1, 7, 500, 100_000):
        monkeypatch.setattr(models, "_BLOCK_BYTES", size)
        verify.verify_files(tmp_path, files)


@pytest.mark.parametrize("name", ["a", "b"])
def test_a_changed_file_is_told_by_name_whatever_its_reader_made_of_it(
    tmp_path: Path, files: dict[str, str], name: str
) -> None:
    flip(tmp_path / name)
    told = pytest.raises(DamagedGeneration, match=rf"The file {name} .* was changed")
    with told, verify.verify_while_reading(tmp_path, files):
        raise ValueError("what the reader says of it")


def test_a_missing_file_is_told_by_name(tmp_path: Path, files: dict[str, str]) -> None:
    (tmp_path / "b").unlink()
    with pytest.raises(DamagedGeneration, match=r"The file b .* is missing"):
        verify.verify_files(tmp_path, files)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.EMFILE], ids=errno.errorcode.get)
def test_a_file_that_can_not_be_read_is_neither_missing_nor_changed(
    tmp_path: Path, files: dict[str, str], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def hashed(path: Path) -> str:
        if path.name == "b":
            raise OSError(number, os.strerror(number))
        return models.file_sha256(path)

    monkeypatch.setattr(verify, "file_sha256", hashed)
    with pytest.raises(StorageFailure) as raised:
        verify.verify_files(tmp_path, files)
    assert str(tmp_path / "b") in raised.value.message
    assert os.strerror(number) in raised.value.message
    assert raised.value.hint.endswith(".")


def test_the_block_begins_once_its_file_is_whole_and_never_where_it_is_not(
    tmp_path: Path, files: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = threading.Event()
    read: list[str] = []

    def hashed(path: Path) -> str:
        read.append(path.name)
        # The others are not finished before the block runs.
        assert path.name == "b" or opened.wait(10)
        return models.file_sha256(path)

    monkeypatch.setattr(verify, "file_sha256", hashed)
    monkeypatch.setattr(verify, "VERIFY_THREADS", 1)
    with verify.verify_while_reading(tmp_path, files, first="b"):
        assert read[0] == "b"
        opened.set()
    assert sorted(read) == ["a", "b", "c"]
    flip(tmp_path / "b")
    with pytest.raises(DamagedGeneration, match="The file b"), verify.verify_while_reading(tmp_path, files, first="b"):
        pytest.fail("a damaged file was read")


def test_whoever_stops_it_waits_for_no_file_that_was_not_begun(
    tmp_path: Path, files: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    go_on = threading.Event()

    def hashed(path: Path) -> str:
        begun.append(path.name)
        assert path.name == "a" or go_on.wait(10)
        return models.file_sha256(path)

    monkeypatch.setattr(verify, "file_sha256", hashed)
    monkeypatch.setattr(verify, "VERIFY_THREADS", 1)
    threading.Timer(0.5, go_on.set).start()
    with pytest.raises(KeyboardInterrupt), verify.verify_while_reading(tmp_path, files, first="a"):
        raise KeyboardInterrupt
    assert "c" not in begun
