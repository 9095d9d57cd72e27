"""What is kept is kept whole: newer versions, running bots, damage and backups from elsewhere are refused in words."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from bot import atomic_files
from bot.answering.refusal import CALIBRATION_FILE, COVERAGE_FILE, EVIDENCE_MEASURES, MEASURES
from bot.records.records import RECORDS_NAME, open_records, record_errors
from bot.service import restore as restore_module
from bot.service.backup import MANIFEST_NAME, back_up
from bot.service.calibration import CALIBRATION_NAME, read_calibration
from bot.service.doctor import Check, run_checks
from bot.service.export import export_corpus
from bot.service.folder_checks import refuse_newer_folder
from bot.service.ingest import ingest
from bot.service.repair import repair
from bot.service.restore import restore
from bot.service.sessions import open_to_read
from bot.service.single_instance import LOCK_NAME, single_instance
from corpus.data_folder import hidden_path
from corpus.database import DATABASE_NAME, open_database
from corpus.errors import AttacheError, BadInput, CorpusBusy, NewerVersion, StorageFailure
from corpus.ingest import IngestOptions
from index.embedding.models import file_sha256
from index.generation.generations import MANIFEST_FILE, Generations
from tests.bot.service.folder_contents import contents, news
from tests.conftest import MakeSettings
from tests.damage import live_folder, locked, malform
from tests.fakes import HashingEmbedder


def failed(settings: MakeSettings, data_dir: Path) -> dict[str, Check]:
    return {check.name: check for check in run_checks(settings(data_dir)) if not check.passed}


# --- a running bot


def test_a_restore_is_refused_while_a_bot_runs(full: Path, settings: MakeSettings, tmp_path: Path) -> None:
    back_up(settings(full), tmp_path / "one")
    before = contents(full)
    with single_instance(full), pytest.raises(CorpusBusy, match="`attache bot` is running") as told:
        restore(settings(full), tmp_path / "one", force=True)
    assert "Stop the bot" in told.value.hint
    assert contents(full) == before
    assert restore(settings(full), tmp_path / "one", force=True) is not None


def test_no_bot_starts_while_a_restore_runs(
    full: Path, settings: MakeSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(settings(full), tmp_path / "one")
    swap = restore_module.exchange

    def start_a_bot_first(one: Path, other: Path) -> None:
        with pytest.raises(AttacheError, match="is running"), single_instance(full):
            pass
        swap(one, other)

    monkeypatch.setattr(restore_module, "exchange", start_a_bot_first)
    restore(settings(full), tmp_path / "one", force=True)
    with FileLock(full / LOCK_NAME, timeout=0):
        pass


# --- a newer version


def of_newer_version(path: Path, group: str, name: str = "invented_later") -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, '')", (group, name))


@pytest.mark.parametrize("group", ["corpus", "index", "stories"])
def test_a_corpus_of_a_newer_version_is_neither_written_nor_read(
    full: Path, settings: MakeSettings, tmp_path: Path, group: str
) -> None:
    of_newer_version(full / DATABASE_NAME, group)
    before = (full / DATABASE_NAME).read_bytes()
    for use in (
        lambda: ingest(settings(full), HashingEmbedder(), [news(tmp_path, "Wheat grew well.")], IngestOptions()),
        lambda: open_to_read(full),
        lambda: back_up(settings(full), tmp_path / "one"),
        lambda: export_corpus(settings(full), tmp_path / "all.jsonl"),
        lambda: repair(settings(full), HashingEmbedder(), print),
    ):
        with pytest.raises(NewerVersion, match="newer version of Attaché wrote") as told:
            use()
        assert str(full) in told.value.message
    assert (full / DATABASE_NAME).read_bytes() == before
    assert "newer version" in failed(settings, full)["version"].found
    assert not (tmp_path / "one").exists()


def test_records_of_a_newer_version_are_not_opened(full: Path, settings: MakeSettings) -> None:
    path = full / RECORDS_NAME
    open_records(path).close()
    of_newer_version(path, "records")
    with pytest.raises(NewerVersion, match=RECORDS_NAME), record_errors(path):
        open_records(path)
    assert RECORDS_NAME in failed(settings, full)["version"].found


def test_an_index_of_a_newer_version_is_kept(full: Path, settings: MakeSettings, tmp_path: Path) -> None:
    manifest = live_folder(full) / MANIFEST_FILE
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"version": 99, "words_of": "later"}))
    with pytest.raises(NewerVersion, match="newer version of Attaché built") as told:
        ingest(settings(full), HashingEmbedder(), [news(tmp_path, "Wheat grew well.")], IngestOptions())
    assert str(full / "index") in told.value.hint
    assert manifest.exists()
    assert "version" in failed(settings, full)


def test_each_part_of_a_newer_version_is_named(full: Path, settings: MakeSettings) -> None:
    open_records(full / RECORDS_NAME).close()
    of_newer_version(full / RECORDS_NAME, "records")
    of_newer_version(full / DATABASE_NAME, "corpus")
    (full / CALIBRATION_NAME).write_text("{")
    told = [check.found for check in run_checks(settings(full)) if check.name == "version"]
    assert [any(name in each for each in told) for name in (DATABASE_NAME, RECORDS_NAME)] == [True, True]


# --- no permission


def test_a_folder_that_may_not_be_looked_into_is_a_sentence(
    full: Path, settings: MakeSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_file = Path.is_file

    def refused(path: Path) -> bool:
        if path.parent == full:
            raise PermissionError(13, "Permission denied")
        return is_file(path)

    monkeypatch.setattr(Path, "is_file", refused)
    for use in (
        lambda: open_to_read(full),
        lambda: back_up(settings(full), tmp_path / "one"),
        lambda: refuse_newer_folder(full),
        lambda: run_checks(settings(full)),
    ):
        with pytest.raises(StorageFailure, match="Permission denied"):
            use()


# --- damage


@pytest.mark.parametrize("name", [DATABASE_NAME, RECORDS_NAME])
def test_of_a_malformed_database_no_backup_is_made(
    full: Path, settings: MakeSettings, tmp_path: Path, name: str
) -> None:
    open_records(full / RECORDS_NAME).close()
    malform(full / name)
    with pytest.raises(StorageFailure, match="no backup was made") as told:
        back_up(settings(full), tmp_path / "one")
    assert name in told.value.message
    assert not (tmp_path / "one").exists()
    assert not hidden_path(tmp_path / "one", "partial").exists()


def test_doctor_finds_malformed_records(full: Path, settings: MakeSettings) -> None:
    open_records(full / RECORDS_NAME).close()
    malform(full / RECORDS_NAME)
    assert "records intact" in failed(settings, full)


def test_a_failing_export_names_the_folder_that_failed(full: Path, settings: MakeSettings, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    with closing(sqlite3.connect(full / DATABASE_NAME)) as db, db:
        db.execute("ALTER TABLE versions RENAME TO lost")
    with pytest.raises(StorageFailure) as told:
        export_corpus(settings(full), tmp_path / "elsewhere" / "all.jsonl")
    assert str(full) in told.value.message
    assert "elsewhere" not in told.value.message


def test_an_export_that_can_not_be_written_names_the_export(full: Path, settings: MakeSettings, tmp_path: Path) -> None:
    (tmp_path / "all.jsonl").mkdir()
    with pytest.raises(StorageFailure, match=r"The export .*all\.jsonl can't be written") as told:
        export_corpus(settings(full), tmp_path / "all.jsonl")
    assert "data folder" not in told.value.message


def test_a_backup_that_may_not_read_the_index_says_so(full: Path, settings: MakeSettings, tmp_path: Path) -> None:
    told: list[str] = []
    path = live_folder(full) / "index.faiss"
    with locked(path):
        manifest = back_up(settings(full), tmp_path / "one", told.append)
    assert manifest.generation is None
    assert str(path) in told[0]
    assert "can't be read" in told[0]


def test_a_backup_that_may_not_read_a_database_says_so(
    full: Path, settings: MakeSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_named: object) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr("bot.service.backup.sqlite3.connect", refuse)
    with pytest.raises(StorageFailure, match="can't be read") as told:
        back_up(settings(full), tmp_path / "one")
    assert str(full / DATABASE_NAME) in told.value.message
    assert "as the user that runs" in told.value.hint


# --- killed restores


def test_doctor_tells_of_a_restore_that_was_killed_and_repair_finishes_it(full: Path, settings: MakeSettings) -> None:
    before = contents(full)
    shutil.copytree(full, hidden_path(full, "partial"))
    full.rename(hidden_path(full, "between"))
    found = failed(settings, full)["restores complete"]
    assert str(hidden_path(full, "between")) in found.found
    # Checks change nothing.
    assert not full.exists()
    told: list[str] = []
    repair(settings(full), HashingEmbedder(), told.append)
    assert "replaced-" in told[0]
    assert contents(full) == before
    assert "restores complete" not in failed(settings, full)


def test_a_copy_that_was_cut_short_is_told_and_taken_away(full: Path, settings: MakeSettings) -> None:
    hidden_path(full, "partial").mkdir()
    assert "restores complete" in failed(settings, full)
    repair(settings(full), HashingEmbedder(), print)
    assert not hidden_path(full, "partial").exists()


@pytest.mark.parametrize("moment", [1, 2, 3])
def test_killed_at_each_rename_a_restore_is_finished_by_the_next_program(
    full: Path, settings: MakeSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    back_up(settings(full), tmp_path / "one")
    before = contents(full)
    monkeypatch.setattr(atomic_files.sys, "platform", "without an exchange in one step")
    rename, left = Path.rename, [moment]

    def die_after(path: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", die_after)
    with pytest.raises(KeyboardInterrupt):
        restore(settings(full), tmp_path / "one", force=True)
    monkeypatch.undo()
    open_to_read(full).close()
    assert contents(full) == before
    repair(settings(full), HashingEmbedder(), print)
    [former] = tmp_path.glob(f"{full.name}.replaced-*")
    assert contents(former) == before


def test_a_failure_after_the_swap_deletes_nothing(
    full: Path, settings: MakeSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(settings(full), tmp_path / "one")
    before = contents(full)

    def fail(_path: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(restore_module, "fsync", fail)
    with pytest.raises(StorageFailure):
        restore(settings(full), tmp_path / "one", force=True)
    monkeypatch.undo()
    repair(settings(full), HashingEmbedder(), print)
    [former] = tmp_path.glob(f"{full.name}.replaced-*")
    assert contents(former) == contents(full) == before


def test_what_else_lies_in_a_data_folder_is_moved_aside_and_not_deleted(
    full: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    back_up(settings(full), tmp_path / "one")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "token").write_text("secret")
    former = restore(settings(tmp_path / "mine"), tmp_path / "one")
    assert former is not None
    assert (former / "token").read_text() == "secret"


# --- backups from elsewhere


def sign(backup: Path) -> None:
    """Writes the right checksums, as whoever made the backup can."""
    manifest = json.loads((backup / MANIFEST_NAME).read_text())
    manifest["files"] = {name: file_sha256(backup / name) for name in manifest["files"]}
    (backup / MANIFEST_NAME).write_text(json.dumps(manifest))


def alter(**fields: object) -> Callable[[Path], None]:
    def write(backup: Path) -> None:
        manifest = json.loads((backup / MANIFEST_NAME).read_text())
        (backup / MANIFEST_NAME).write_text(json.dumps(manifest | fields))

    return write


def execute(*statements: str, name: str = DATABASE_NAME) -> Callable[[Path], None]:
    def run(backup: Path) -> None:
        with closing(sqlite3.connect(backup / name)) as db, db:
            for statement in statements:
                db.execute(statement)
        sign(backup)

    return run


def write(name: str, content: bytes) -> Callable[[Path], None]:
    def replace(backup: Path) -> None:
        (backup / name).write_bytes(content)
        if name != MANIFEST_NAME:
            sign(backup)

    return replace


def add_file(backup: Path) -> None:
    (backup / "bot.lock").touch()
    manifest = json.loads((backup / MANIFEST_NAME).read_text())
    manifest["files"]["bot.lock"] = file_sha256(backup / "bot.lock")
    (backup / MANIFEST_NAME).write_text(json.dumps(manifest))


def link_the_index(backup: Path) -> None:
    (backup / "index").rename(backup.with_name("outside"))
    (backup / "index").symlink_to(backup.with_name("outside"))


def index_manifest(**fields: object) -> Callable[[Path], None]:
    def change(backup: Path) -> None:
        path = live_folder(backup) / MANIFEST_FILE
        path.write_text(json.dumps(json.loads(path.read_text()) | fields))
        sign(backup)

    return change


HOSTILE: dict[str, Callable[[Path], object]] = {
    "a manifest nested too deep": write(MANIFEST_NAME, b"[" * 100_000 + b"]" * 100_000),
    "a manifest nested deep": write(MANIFEST_NAME, b"[" * 40_000 + b"]" * 40_000),
    "a manifest without end": write(MANIFEST_NAME, b" " * 10_000_000),
    "control characters in a time": alter(created_at="\x1b[2J\x1b]0;pwned\x07"),
    "control characters in a name": alter(files={DATABASE_NAME: "0" * 64, "\x1b[2Jx": "0" * 64}),
    "control characters in a version": alter(format="\x1b[31m2"),
    "a maker of several lines": alter(made_by="attache 1\nRestored."),
    "a text for a number": alter(articles="8"),
    "a truth for a number": alter(articles=True),
    "a negative number": alter(articles=-1),
    "another number of articles": alter(articles=9),
    "files in a list": alter(files=[DATABASE_NAME]),
    "a number for a checksum": alter(files={DATABASE_NAME: 5}),
    "a field of its own": alter(note="x"),
    "a file of its own": add_file,
    "a folder behind a link": link_the_index,
    "a database of garbage": write(DATABASE_NAME, b"no database at all " * 4000),
    "an empty database": write(DATABASE_NAME, b""),
    "a database that lacks a table": execute("ALTER TABLE versions RENAME TO lost"),
    "a database that lacks a column": execute("ALTER TABLE feeds DROP COLUMN etag"),
    "a trigger of its own": execute("CREATE TRIGGER x AFTER INSERT ON feeds BEGIN DELETE FROM feeds; END"),
    "a view of its own": execute("CREATE VIEW x AS SELECT 1"),
    "a table of its own": execute("CREATE TABLE x (article INTEGER REFERENCES articles (id) ON DELETE RESTRICT)"),
    "an index of what it computes": execute("CREATE INDEX x ON articles (abs(id))"),
    "an index with a condition": execute("CREATE INDEX x ON articles (id) WHERE length(hex(zeroblob(9))) = 0"),
    "a computed column": execute("ALTER TABLE feeds ADD COLUMN x TEXT GENERATED ALWAYS AS (abs(id)) VIRTUAL"),
    "a condition of its own": execute("ALTER TABLE feeds ADD COLUMN x TEXT CHECK (length(x) < 9)"),
    "a number for a date": execute("UPDATE articles SET published_at = 3.5 WHERE id = 1"),
    "a day that never was": execute("UPDATE articles SET published_at = '2023-02-29' WHERE id = 1"),
    "a year that never was": execute("UPDATE articles SET published_at = '0000-01-01' WHERE id = 1"),
    "a time that never was": execute("UPDATE articles SET published_at = '2024-09-09T99:99' WHERE id = 1"),
    "no way to know a publisher": execute("UPDATE articles SET publisher_basis = 'gold' WHERE id = 1"),
    "a passage before its article": execute("UPDATE passages SET start = -1 WHERE id = 1"),
    "a passage beyond its article": execute("UPDATE passages SET end = 1000000 WHERE id = 1"),
    "bytes for a text": execute("UPDATE articles SET title = x'00ff' WHERE id = 1"),
    "a text for a place": execute("UPDATE passages SET start = 'first' WHERE id = 1"),
    "settings that are no JSON": execute("INSERT INTO settings VALUES (1, 'language', '[')", name=RECORDS_NAME),
    "settings nested deep": execute(
        f"INSERT INTO settings VALUES (1, 'language', '{'[' * 50_000}{']' * 50_000}')", name=RECORDS_NAME
    ),
    "records of garbage": write(RECORDS_NAME, b"no database at all " * 4000),
    "records that lack a table": execute("DROP TABLE settings", name=RECORDS_NAME),
    "a calibration nested deep": write(CALIBRATION_NAME, b"[" * 100_000),
    "a calibration of wrong types": write(CALIBRATION_NAME, b'{"intercept": "x"}'),
    "an index whose manifest leads outside": index_manifest(files={"../../x": "0" * 64}),
    "an index whose manifest has wrong types": index_manifest(files=["x"]),
}


def test_of_an_emptied_database_no_backup_is_made(full: Path, settings: MakeSettings, tmp_path: Path) -> None:
    (full / DATABASE_NAME).write_bytes(b"")
    with pytest.raises(StorageFailure, match="no table of articles"):
        back_up(settings(full), tmp_path / "one")
    assert not (tmp_path / "one").exists()


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_backup_is_refused_in_a_printable_sentence(
    full: Path, settings: MakeSettings, tmp_path: Path, attack: str
) -> None:
    open_records(full / RECORDS_NAME).close()
    (full / CALIBRATION_NAME).write_bytes(CALIBRATION_FILE.read_bytes())
    back_up(settings(full), tmp_path / "one")
    before = contents(full)
    HOSTILE[attack](tmp_path / "one")
    with pytest.raises(StorageFailure) as told:
        restore(settings(full), tmp_path / "one", force=True)
    assert told.value.message.isprintable()
    assert str(hidden_path(full, "partial")) not in told.value.message
    assert contents(full) == before
    assert not hidden_path(full, "partial").exists()


def test_a_backup_of_a_newer_version_is_refused_with_what_to_install(
    full: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    back_up(settings(full), tmp_path / "one")
    of_newer_version(tmp_path / "one" / DATABASE_NAME, "corpus")
    sign(tmp_path / "one")
    with pytest.raises(StorageFailure, match="newer version") as told:
        restore(settings(full), tmp_path / "one", force=True)
    assert "Install" in told.value.hint
    alter(format=2, something="else")(tmp_path / "one")
    with pytest.raises(NewerVersion, match="newer version of Attaché made"):
        restore(settings(full), tmp_path / "one", force=True)


def test_a_backup_of_an_older_release_is_brought_up_to_date(full: Path, settings: MakeSettings, tmp_path: Path) -> None:
    back_up(settings(full), tmp_path / "one")
    execute("DROP INDEX article_facts", "DELETE FROM _sqlite_migrations WHERE name = 'article_facts'")(tmp_path / "one")
    restore(settings(full), tmp_path / "one", force=True)
    with closing(open_database(full)) as db:
        assert [index.name for index in db["articles"].indexes if index.name == "article_facts"]


def test_a_manifest_of_the_index_that_is_nested_deep_is_damage(full: Path) -> None:
    (live_folder(full) / MANIFEST_FILE).write_text("[" * 100_000)
    assert Generations(full).live_manifest() is None


def test_a_bare_folder_is_no_backup(settings: MakeSettings, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no backup"):
        restore(settings(), tmp_path)


def test_a_database_may_have_indexes_and_statistics_of_its_own(
    full: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    """An operator's ANALYZE or index runs no statements, so it is no reason to refuse."""
    back_up(settings(full), tmp_path / "one")
    execute("CREATE INDEX mine ON articles (author)", "ANALYZE")(tmp_path / "one")
    assert restore(settings(full), tmp_path / "one", force=True) is not None


def test_a_calibration_by_an_earlier_version_goes_on_as_it_is(made_up_data: Path, settings: MakeSettings) -> None:
    """It has measures of what was found only, as the packaged model of coverage has."""
    shutil.copy(COVERAGE_FILE, made_up_data / CALIBRATION_NAME)
    assert "calibration" not in failed(settings, made_up_data)
    found = read_calibration(settings(made_up_data))
    assert found.coefficients.keys() == set(EVIDENCE_MEASURES)
    assert 0 < found.confidence(dict.fromkeys(MEASURES, 0.5)) < 1


def test_a_damaged_calibration_is_found(made_up_data: Path, settings: MakeSettings) -> None:
    assert "calibration" not in failed(settings, made_up_data)
    (made_up_data / CALIBRATION_NAME).write_text('{"intercept": "high"}')
    check = failed(settings, made_up_data)["calibration"]
    assert "attache calibrate --write" in check.remedy
