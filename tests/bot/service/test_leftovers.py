"""What killed commands leave behind: doctor tells of it, the next backup or a repair clears it away."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.atomic_files import partial_path
from bot.service import doctor
from bot.service.backup import back_up
from bot.service.export import export_corpus
from bot.service.leftovers import find_leftovers, unfinished_backup
from bot.service.repair import repair
from bot.service.restore import restore
from bot.settings import Settings
from corpus.data_folder import hidden_path
from corpus.errors import CorpusBusy, StorageFailure
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder

ROOT = Path(__file__).parents[3]
HELD = """
import sys
from pathlib import Path
from bot.service import leftovers
with getattr(leftovers, sys.argv[3])(Path(sys.argv[1]), Path(sys.argv[2])) as partial:
    (partial / "half" if partial.is_dir() else partial).write_text("half")
    print("filling", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _hashing_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "load_embedder", lambda _settings: HashingEmbedder())


def start_backup(data_dir: Path, target: Path, work: str = "unfinished_backup") -> subprocess.Popen[str]:
    """A backup or export in a process of its own that is half done until its input ends or it is killed."""
    command = [sys.executable, "-c", HELD, data_dir, target, work]
    process = subprocess.Popen(command, text=True, stdin=-1, stdout=-1, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == "filling\n"
    return process


def told(settings: Settings) -> str:
    """What doctor says of leftovers; empty if it finds none."""
    [check] = [each for each in doctor.run_checks(settings) if each.name == "no leftovers"]
    return "" if check.passed else check.found


def test_a_killed_backup_is_told_and_the_next_of_its_name_replaces_it(
    made_up_data: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    made, folder = settings(made_up_data), tmp_path / "backups" / "one"
    with start_backup(made_up_data, folder) as running:
        assert told(made) == "", "it is still being written"
        with pytest.raises(CorpusBusy, match="Another backup or export is being written"):
            back_up(made, folder)
        running.send_signal(signal.SIGKILL)
    partial = partial_path(folder)
    assert (partial / "half").is_file()
    assert str(partial) in told(made)
    notified: list[str] = []
    repair(made, HashingEmbedder(), notified.append)
    assert any(str(partial) in each for each in notified)
    assert partial.is_dir(), "notes could name any folder, so a repair deletes none outside the data folder"
    back_up(made, folder)
    assert not partial.exists()
    assert not (folder / "half").exists()
    assert told(made) == ""
    assert not list(made_up_data.glob("backup-*.txt"))


def test_leftovers_in_the_data_folder_are_told_and_repaired(made_up_data: Path, settings: MakeSettings) -> None:
    made = settings(made_up_data)
    left = [made_up_data / ".refusal.json.partial", made_up_data / "index" / "LIVE.new"]
    for path in left:
        path.write_text("half")
    left.append(made_up_data / "index" / "building-20240909T123000-01234567")
    left[-1].mkdir()
    assert all(str(path) in told(made) for path in left)
    repair(made, HashingEmbedder(), lambda _sentence: None)
    assert told(made) == ""
    assert not any(path.exists() for path in left)


@pytest.mark.parametrize("purpose", ["partial", "between"])
def test_a_file_in_place_of_a_hidden_folder_is_in_no_restores_way(
    made_up_data: Path, settings: MakeSettings, tmp_path: Path, purpose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.atomic_files.sys.platform", "one that swaps folders in two steps")
    made, odd = settings(made_up_data), hidden_path(made_up_data, purpose)
    back_up(made, tmp_path / "one")
    odd.write_text("half")
    assert any(str(odd) in check.found for check in doctor.run_checks(made) if not check.passed)
    assert restore(made, tmp_path / "one", force=True) is not None
    assert not odd.exists()
    odd.write_text("half")
    repair(made, HashingEmbedder(), lambda _sentence: None)
    assert not odd.exists()


def test_a_file_beside_a_data_folder_that_is_not_there_yet_is_cleared_away(
    settings: MakeSettings, tmp_path: Path
) -> None:
    odd = hidden_path(tmp_path / "data", "partial")
    odd.write_text("half")
    repair(settings(tmp_path / "data"), HashingEmbedder(), lambda _sentence: None)
    assert not odd.exists()


def test_a_file_in_place_of_a_hidden_backup_is_told_and_the_next_backup_replaces_it(
    made_up_data: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    made, folder = settings(made_up_data), tmp_path / "one"
    partial = partial_path(folder)
    partial.write_text("half")
    (made_up_data / "backup-01234567.txt").write_text(str(partial))
    assert str(partial) in told(made)
    back_up(made, folder)
    assert not partial.exists()
    assert told(made) == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_place_of_a_hidden_file_is_not_waited_for(
    made_up_data: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    partial = partial_path(tmp_path / "all.jsonl")
    os.mkfifo(partial)
    (made_up_data / "backup-01234567.txt").write_text(str(partial))
    assert str(partial) in told(settings(made_up_data))


def test_a_killed_export_is_told_and_the_next_of_its_name_replaces_it(
    made_up_data: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    made, path = settings(made_up_data), tmp_path / "all.jsonl"
    with start_backup(made_up_data, path, "unfinished_export") as running:
        assert told(made) == "", "it is still being written"
        with pytest.raises(CorpusBusy, match="Another backup or export is being written"):
            export_corpus(made, path)
        assert partial_path(path).read_text() == "half"
        running.send_signal(signal.SIGKILL)
    assert str(partial_path(path)) in told(made)
    assert export_corpus(made, path).articles
    assert not partial_path(path).exists()
    assert told(made) == ""


def test_an_export_is_not_written_where_a_link_leads(
    made_up_data: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.write_text("kept")
    partial_path(tmp_path / "all.jsonl").symlink_to(other)
    export_corpus(settings(made_up_data), tmp_path / "all.jsonl")
    assert other.read_text() == "kept"


@pytest.mark.parametrize("path", ["/", "relative/.x.partial", "/tmp", "\0", "/x\n/.y.partial", "", "a" * 10_000])
def test_a_note_that_names_no_hidden_folder_is_not_followed(
    made_up_data: Path, settings: MakeSettings, path: str
) -> None:
    note = made_up_data / "backup-01234567.txt"
    note.write_text(path, encoding="utf-8")
    assert find_leftovers(made_up_data) == []
    repair(settings(made_up_data), HashingEmbedder(), lambda _sentence: None)
    assert not note.exists()


def test_a_note_that_leads_out_of_the_data_folder_deletes_nothing(
    made_up_data: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    other = tmp_path / ".other.partial"
    other.mkdir()
    (made_up_data / "backup-01234567.txt").write_text(f"{made_up_data}/../{other.name}", encoding="utf-8")
    told_of: list[str] = []
    repair(settings(made_up_data), HashingEmbedder(), told_of.append)
    assert other.is_dir()
    assert any(other.name in each for each in told_of)


def test_a_link_in_place_of_the_hidden_folder_is_not_followed(
    made_up_data: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "kept").write_text("kept")
    partial_path(tmp_path / "one").symlink_to(other)
    back_up(settings(made_up_data), tmp_path / "one")
    assert (other / "kept").is_file()


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_data_folder_that_can_not_be_written_is_backed_up_without_a_note(made_up_data: Path, tmp_path: Path) -> None:
    made_up_data.chmod(0o500)
    with unfinished_backup(made_up_data, tmp_path / "one") as partial:
        assert partial.is_dir()
    made_up_data.chmod(0o700)


def test_a_failed_backup_leaves_neither_folder_nor_note(
    made_up_data: Path, settings: MakeSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.service.backup.fsync_tree", full)
    with pytest.raises(StorageFailure, match="No space left"):
        back_up(settings(made_up_data), tmp_path / "one")
    assert not partial_path(tmp_path / "one").exists()
    assert not list(made_up_data.glob("backup-*.txt"))
