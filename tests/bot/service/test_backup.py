"""A data folder that is backed up and restored: all of it comes back, whatever is written, damaged or killed."""

import json
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.answering.refusal import RefusalModel
from bot.atomic_files import exchange, partial_path
from bot.records.records import RECORDS_NAME, open_records
from bot.service.attache import Attache
from bot.service.backup import MANIFEST_NAME, back_up, copy_database
from bot.service.calibration import CALIBRATION_NAME, read_calibration, write_calibration
from bot.service.ingest import ingest, reindex
from bot.service.restore import restore
from corpus.articles import Articles
from corpus.checks import integrity_problems
from corpus.database import DATABASE_NAME, open_database
from corpus.errors import BadInput, StorageFailure
from corpus.ingest import IngestOptions
from index.generation.generations import Generations
from tests.bot.service.folder_contents import contents, news
from tests.conftest import MakeSettings
from tests.damage import flip, flip_index
from tests.fakes import HashingEmbedder

ROOT = Path(__file__).parents[3]


def test_an_index_that_is_newer_than_the_database_is_not_used(settings: MakeSettings, tmp_path: Path) -> None:
    """Somebody put an older database back: the ids of what it lacks are given to other passages."""
    mine = settings(tmp_path / "data")
    ingest(mine, HashingEmbedder(), [news(tmp_path, "The pier of Castine was closed on Monday.")], IngestOptions())
    copy = tmp_path / "older.sqlite3"
    copy_database(mine.data_dir / DATABASE_NAME, copy)
    later = news(tmp_path, "Frigates passed the strait.", url="https://example.org/navy")
    ingest(mine, HashingEmbedder(), [later], IngestOptions())
    reindex(mine, HashingEmbedder())
    for path in mine.data_dir.glob(f"{DATABASE_NAME}*"):
        path.unlink()
    copy.rename(mine.data_dir / DATABASE_NAME)
    told: list[str] = []
    with Attache(mine, embedder=HashingEmbedder(), notify=told.append) as attache:
        attache.open()
        assert "is newer than the database" in told[0]
        ingest(
            mine, HashingEmbedder(), [news(tmp_path, "Wheat grew well.", url="https://example.org/x")], IngestOptions()
        )
        [first, *_] = attache.search("wheat grew").hits
        assert first.article.url == "https://example.org/x"
        assert first.cosine is not None
        assert not [each for each in attache.search("frigates strait").hits if each.bm25]


def test_a_backup_restores_the_corpus_the_index_and_the_records(
    full: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    open_records(full / RECORDS_NAME).close()
    before = contents(full)
    manifest = back_up(settings(full), tmp_path / "backups" / "one")
    assert (manifest.articles, manifest.generation) == (8, Generations(full).live_name())
    fresh = settings(tmp_path / "fresh")
    assert restore(fresh, tmp_path / "backups" / "one") is None
    assert contents(fresh.data_dir) == before
    assert (fresh.data_dir / RECORDS_NAME).stat().st_mode & 0o077 == 0
    live = Generations(fresh.data_dir).open_live(HashingEmbedder().fingerprint)
    assert live is not None
    assert live.name == manifest.generation


def test_a_backup_restores_the_calibration_of_the_data_folder(
    full: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    without = back_up(settings(full), tmp_path / "without")
    assert CALIBRATION_NAME not in without.files
    own = replace(RefusalModel.load(), threshold=0.125)
    write_calibration(settings(full), own)
    assert CALIBRATION_NAME in back_up(settings(full), tmp_path / "with").files
    fresh = settings(tmp_path / "fresh")
    restore(fresh, tmp_path / "with")
    assert read_calibration(fresh) == own
    restore(fresh, tmp_path / "without", force=True)
    assert read_calibration(fresh) == RefusalModel.load()
    (tmp_path / "only").mkdir()
    shutil.copy(full / CALIBRATION_NAME, tmp_path / "only")
    with pytest.raises(BadInput, match="not empty"):
        restore(settings(tmp_path / "only"), tmp_path / "without")


def test_a_filled_data_folder_is_replaced_only_by_force_and_moved_aside(
    full: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    back_up(settings(full), tmp_path / "one")
    before = contents(full)
    with closing(open_database(full)) as db, db.atomic():
        Articles(db).remove(1)
    changed = contents(full)
    with pytest.raises(BadInput, match="not empty"):
        restore(settings(full), tmp_path / "one")
    assert contents(full) == changed
    former = restore(settings(full), tmp_path / "one", force=True)
    assert contents(full) == before
    assert former is not None
    assert contents(former) == changed


def test_a_backup_takes_no_place_that_is_taken(full: Path, settings: MakeSettings, tmp_path: Path) -> None:
    for place in (tmp_path, full / "inside"):
        with pytest.raises(BadInput):
            back_up(settings(full), place)
    with pytest.raises(StorageFailure):
        back_up(settings(tmp_path / "nothing"), tmp_path / "one")
    with pytest.raises(BadInput):
        restore(settings(full), tmp_path / "nothing", force=True)


def test_a_data_folder_that_a_killed_restore_left_aside_is_kept(
    full: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    back_up(settings(full), tmp_path / "one")
    before = contents(full)
    # Killed right after the two were exchanged: the former data folder, which had a writer, lies aside.
    shutil.copytree(full, partial_path(full))
    restore(settings(full), tmp_path / "one", force=True)
    former = sorted(tmp_path.glob(f"{full.name}.replaced-*"))
    assert [contents(each) for each in former] == [before, before]


def lead_outside(backup: Path) -> None:
    manifest = json.loads((backup / MANIFEST_NAME).read_text())
    manifest["files"]["../../outside"] = "0" * 64
    (backup / MANIFEST_NAME).write_text(json.dumps(manifest))


DAMAGE = {
    "a flipped bit": lambda backup: flip(backup / DATABASE_NAME),
    "a flipped bit of the index": flip_index,
    "a missing file": lambda backup: (backup / DATABASE_NAME).unlink(),
    "half a manifest": lambda backup: (backup / MANIFEST_NAME).write_text('{"format": 1'),
    "a list": lambda backup: (backup / MANIFEST_NAME).write_text("[]"),
    "another version": lambda backup: (backup / MANIFEST_NAME).write_text(
        (backup / MANIFEST_NAME).read_text().replace('"format": 1', '"format": 9')
    ),
    "a path that leads outside": lead_outside,
    "a link": lambda backup: ((backup / DATABASE_NAME).unlink(), (backup / DATABASE_NAME).symlink_to(backup)),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_backup_is_refused_and_nothing_changed(
    full: Path, settings: MakeSettings, tmp_path: Path, damage: str
) -> None:
    back_up(settings(full), tmp_path / "one")
    before = contents(full)
    DAMAGE[damage](tmp_path / "one")
    with pytest.raises(StorageFailure):
        restore(settings(full), tmp_path / "one", force=True)
    assert contents(full) == before
    assert not partial_path(full).exists()
    assert not (tmp_path.parent / "outside").exists()


def test_backups_made_while_articles_come_in_are_each_of_one_moment(
    full: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    path = tmp_path / "many.jsonl"
    lines = ({"url": f"https://example.org/{i}", "body": f"Report {i}. The council met in Marn."} for i in range(600))
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    done = threading.Event()

    def feed() -> None:
        try:
            ingest(settings(full), HashingEmbedder(), [path], IngestOptions())
        finally:
            done.set()

    writer = threading.Thread(target=feed)
    writer.start()
    counts = []
    # At most so many, all the while.
    while not done.wait(0.1 if counts else 0) and len(counts) < 6:
        counts.append(back_up(settings(full), tmp_path / f"backup-{len(counts)}").articles)
    writer.join()
    counts.append(back_up(settings(full), tmp_path / f"backup-{len(counts)}").articles)
    assert counts == sorted(counts)
    assert counts[-1] == 608
    for number in range(len(counts)):
        fresh = settings(tmp_path / f"fresh-{number}")
        restore(fresh, tmp_path / f"backup-{number}")
        with closing(open_database(fresh.data_dir)) as db:
            assert integrity_problems(db) == []


# Flushing is what both do last and most; killed at each of the first moments of it, in turn.
KILLED = """
import os, signal, sys
from pathlib import Path
import bot.atomic_files
from bot.service.backup import back_up
from bot.service.restore import restore
from bot.settings import Settings
left = int(sys.argv[1])
fsync, work = os.fsync, sys.argv[2]
def kill_soon(handle):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    fsync(handle)
os.fsync = kill_soon
settings = Settings.load(env_file=None, data_dir=Path(sys.argv[3]))
back_up(settings, Path(sys.argv[4])) if work == "backup" else restore(settings, Path(sys.argv[4]), force=True)
"""


@pytest.mark.parametrize("work", ["backup", "restore"])
def test_a_kill_leaves_what_was_there_or_all_of_the_new(
    full: Path, settings: MakeSettings, tmp_path: Path, work: str
) -> None:
    place = tmp_path / "one"
    before = contents(full)
    if work == "restore":
        back_up(settings(full), place)
        with closing(open_database(full)) as db, db.atomic():
            Articles(db).remove(1)
    changed = contents(full)
    endings = set()
    for moment in (0, 4, 7):
        command = [sys.executable, "-c", KILLED, str(moment), work, str(full), str(place)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)
        assert ended.returncode in {0, -signal.SIGKILL}, ended.stderr
        endings.add(ended.returncode)
        assert contents(full) in (before, changed)
        if work == "backup" and place.exists():
            assert restore(settings(tmp_path / f"fresh-{moment}"), place) is None
            shutil.rmtree(place)
    assert -signal.SIGKILL in endings


@pytest.mark.parametrize("platform", ["linux", "other"])
def test_two_folders_are_exchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    exchange(tmp_path / "a", tmp_path / "b")
    assert [[path.name for path in (tmp_path / name).iterdir()] for name in "ab"] == [["b"], ["a"]]


def test_a_database_of_records_is_copied_too(db: Database, settings: MakeSettings, tmp_path: Path) -> None:
    open_records(tmp_path / "data" / RECORDS_NAME).close()
    assert RECORDS_NAME in back_up(settings(), tmp_path / "one").files
