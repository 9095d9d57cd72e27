"""Data folders and backups at odd paths: they work, or are refused with a sentence."""

import os
import resource
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.records.records import RECORDS_NAME
from bot.service import doctor
from bot.service.backup import back_up
from bot.service.ingest import reindex
from bot.service.repair import repair
from bot.service.restore import restore
from bot.service.sessions import load_embedder
from bot.settings import Settings
from corpus.database import DATABASE_NAME
from corpus.errors import AttacheError, StorageFailure
from index.generation.generations import Generations
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder


@pytest.fixture(autouse=True)
def _hashing_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "load_embedder", lambda _settings: HashingEmbedder())


NAMES = {
    "line break": "da\nta",
    "not UTF-8": os.fsdecode(b"d\xff\xfe"),
    "of an address": "a?mode=rw&x#y%20",
    "other scripts": "дані-数据-🗂",
    "spaces": " ",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_folder_of_any_name_is_checked_built_backed_up_and_restored(
    made_up_data: Path, settings: MakeSettings, tmp_path: Path, name: str
) -> None:
    data_dir, folder = tmp_path / "odd" / name, tmp_path / "backups" / name
    shutil.copytree(made_up_data, data_dir)
    made = settings(data_dir)
    assert reindex(made, HashingEmbedder(), full=True).built
    assert all(check.passed for check in doctor.run_checks(made))
    back_up(made, folder)
    fresh = settings(tmp_path / "fresh" / name)
    restore(fresh, folder)
    assert Generations(fresh.data_dir).open_live(HashingEmbedder().fingerprint) is not None


def loop(folder: Path) -> Path:
    path = folder / "loop"
    path.symlink_to("loop")
    return path


def long(folder: Path) -> Path:
    return folder / ("x" * 300)


def very_long(folder: Path) -> Path:
    return folder.joinpath(*["x" * 200] * 30)


def deleted(folder: Path) -> Path:
    """A relative path in a working folder that has been deleted."""
    gone = folder / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    return Path("data")


COMMANDS: dict[str, Callable[[Settings, Path], object]] = {
    "doctor": lambda made, _other: doctor.run_checks(made),
    "repair": lambda made, _other: repair(made, HashingEmbedder(), print),
    "backup": back_up,
    "restore": restore,
}


@pytest.mark.parametrize("place", [loop, long, very_long, deleted])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_data_folder_that_can_not_be_one_is_told(
    made_up_data: Path, settings: MakeSettings, tmp_path: Path, command: str, place: Callable[[Path], Path]
) -> None:
    other = tmp_path / "other"
    if command == "restore":
        back_up(settings(made_up_data), other)
    with pytest.raises(AttacheError) as raised:
        COMMANDS[command](settings(place(tmp_path)), other)
    assert raised.value.hint


@pytest.mark.parametrize("place", [long, very_long, deleted, loop])
@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_backup_that_can_not_be_one_is_told(
    made_up_data: Path, settings: MakeSettings, tmp_path: Path, command: str, place: Callable[[Path], Path]
) -> None:
    data_dir = made_up_data if command == "backup" else tmp_path / "fresh"
    other = place(tmp_path) / "backup" if place is loop else place(tmp_path)
    with pytest.raises(AttacheError) as raised:
        COMMANDS[command](settings(data_dir), other)
    assert raised.value.hint


def test_a_file_in_place_of_the_data_folder_is_told(settings: MakeSettings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    failed = [check for check in doctor.run_checks(settings(tmp_path / "file")) if not check.passed]
    assert [check.name for check in failed] == ["database"]
    assert "is no folder" in failed[0].found


ELSE: list[Callable[[Path], object]] = [os.mkfifo, os.mkdir, lambda path: path.symlink_to(path.name)]


@pytest.mark.parametrize("put", ELSE)
def test_something_else_in_place_of_the_database_is_told(
    settings: MakeSettings, tmp_path: Path, put: Callable[[Path], object]
) -> None:
    (tmp_path / "data").mkdir()
    put(tmp_path / "data" / DATABASE_NAME)
    failed = [check for check in doctor.run_checks(settings()) if not check.passed]
    assert [check.name for check in failed] == ["database"]
    assert "is no file" in failed[0].found


@pytest.mark.parametrize("put", ELSE)
def test_something_else_in_place_of_the_records_is_told(
    made_up_data: Path, settings: MakeSettings, tmp_path: Path, put: Callable[[Path], object]
) -> None:
    put(made_up_data / RECORDS_NAME)
    failed = [check.name for check in doctor.run_checks(settings(made_up_data)) if not check.passed]
    assert failed == ["records intact"]
    told: list[str] = []
    back_up(settings(made_up_data), tmp_path / "one", told.append)
    assert any(RECORDS_NAME in each for each in told)


def test_a_disk_that_takes_no_large_file_is_not_taken_for_damage(
    made_up_data: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(StorageFailure, match="can't be copied") as raised:
            back_up(settings(made_up_data), tmp_path / "one")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "damaged" not in raised.value.message
    assert not list(tmp_path.glob(".one*"))


def test_an_index_is_not_blamed_for_pythons_own_files(made_up_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_many(*_: object) -> None:
        raise OSError(24, "Too many open files", "/usr/lib/python3/encodings/cp437.py")

    monkeypatch.setattr("index.generation.read_files.Postings.read", too_many)
    with pytest.raises(StorageFailure) as raised:
        Generations(made_up_data).open_live(HashingEmbedder().fingerprint)
    assert "cp437" not in raised.value.message


def test_a_model_that_can_not_be_read_is_not_blamed_on_the_data_folder(
    made_up_data: Path, settings: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "load_embedder", load_embedder)
    failed = [check for check in doctor.run_checks(settings(made_up_data, model="a" * 4_000)) if not check.passed]
    assert [check.name for check in failed] == ["model checksum"]
    assert "ATTACHE_MODEL" in failed[0].remedy
