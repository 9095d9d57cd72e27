"""A data folder that a killed restore left aside: found by whoever opens it, and never made anew in its place."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from bot.records.records import RECORDS_NAME, open_records
from bot.service.sessions import has_database, open_to_read
from bot.service.single_instance import single_instance
from corpus.data_folder import LOCK_NAME, delete_unfinished_copy, finish_restore, hidden_path, unfinished_restore
from corpus.database import open_database
from corpus.errors import CorpusBusy
from corpus.lock import writer_lock


def lock_writer(data_dir: Path) -> None:
    with writer_lock(data_dir, "test"):
        pass


def lock_bot(data_dir: Path) -> None:
    with single_instance(data_dir):
        pass


OPENERS: dict[str, Callable[[Path], object]] = {
    "the writer's lock": lock_writer,
    "the bot's lock": lock_bot,
    "the database": lambda data_dir: open_database(data_dir).close(),
    "the database, to read": lambda data_dir: open_to_read(data_dir).close(),
    "whether there is one": has_database,
    "the records": lambda data_dir: open_records(data_dir / RECORDS_NAME).close(),
}


def filled(folder: Path, mark: str) -> Path:
    """A data folder that has had a writer."""
    open_database(folder).close()
    (folder / LOCK_NAME).touch()
    (folder / mark).touch()
    return folder


@pytest.mark.parametrize("opener", OPENERS)
def test_killed_between_the_two_renames_the_copy_is_put_in_place_by_whoever_opens_it(
    tmp_path: Path, opener: str
) -> None:
    data_dir = tmp_path / "data"
    filled(hidden_path(data_dir, "between"), "former")
    open_database(hidden_path(data_dir, "partial")).close()
    OPENERS[opener](data_dir)
    assert not (data_dir / "former").exists()
    assert unfinished_restore(data_dir) == []
    [former] = tmp_path.glob("data.replaced-*")
    assert (former / "former").exists()


def test_without_a_copy_the_former_folder_comes_back(tmp_path: Path) -> None:
    filled(hidden_path(tmp_path / "data", "between"), "former")
    assert finish_restore(tmp_path / "data") == []
    assert (tmp_path / "data" / "former").exists()


def test_killed_after_the_second_rename_the_former_folder_gets_a_visible_name(tmp_path: Path) -> None:
    data_dir = filled(tmp_path / "data", "new")
    filled(hidden_path(data_dir, "between"), "former")
    assert unfinished_restore(data_dir) == [hidden_path(data_dir, "between")]
    [former] = finish_restore(data_dir)
    assert (former / "former").exists()
    assert (data_dir / "new").exists()


def test_behind_a_symbolic_link_the_same(tmp_path: Path) -> None:
    real, link = tmp_path / "disk" / "data", tmp_path / "link"
    filled(hidden_path(real, "between"), "former")
    link.symlink_to(real)
    with closing(open_database(link)):
        assert (real / "former").exists()
    assert link.is_symlink()


@pytest.mark.parametrize("purpose", ["partial", "between"])
@pytest.mark.parametrize("kind", ["file", "link", "link to nothing"])
def test_what_is_no_folder_is_never_the_data_folder_and_is_deleted(tmp_path: Path, purpose: str, kind: str) -> None:
    data_dir, other = tmp_path / "data", filled(tmp_path / "other", "kept")
    odd = hidden_path(data_dir, purpose)
    if kind == "file":
        odd.write_text("half")
    else:
        odd.symlink_to(other if kind == "link" else tmp_path / "nowhere")
    assert unfinished_restore(data_dir) == [odd]
    assert finish_restore(data_dir) == []
    open_database(data_dir).close()
    assert not (data_dir / "kept").exists()
    delete_unfinished_copy(data_dir)
    assert unfinished_restore(data_dir) == []
    assert (other / "kept").exists()


def test_a_restore_that_is_still_running_is_left_alone(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    between = filled(hidden_path(data_dir, "between"), "former")
    with FileLock(between / LOCK_NAME), pytest.raises(CorpusBusy, match="being restored"):
        open_database(data_dir)
    assert not data_dir.exists()


def test_a_lock_that_was_taken_while_the_folder_was_replaced_is_of_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_dir, acquire = filled(tmp_path / "data", "former"), FileLock.acquire
    filled(tmp_path / "new", "new")

    def swap_first(lock: FileLock) -> object:
        taken = acquire(lock)
        if (data_dir / "former").exists():
            data_dir.rename(tmp_path / "aside")
            (tmp_path / "new").rename(data_dir)
        return taken

    monkeypatch.setattr(FileLock, "acquire", swap_first)
    with writer_lock(data_dir, "test"):
        monkeypatch.undo()
        with pytest.raises(CorpusBusy), writer_lock(data_dir, "another"):
            pass
