"""Of several kinds of damage at once, doctor names each, and a repair does what it can."""

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from bot.records.records import RECORDS_NAME, open_records
from bot.service.calibration import CALIBRATION_NAME
from bot.service.doctor import run_checks
from bot.service.repair import repair
from corpus.database import DATABASE_NAME
from corpus.errors import StorageFailure
from tests import damage
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder


def damage_all(data_dir: Path, *, database: Callable[[Path], object]) -> None:
    """Damages everything in a data folder at once."""
    open_records(data_dir / RECORDS_NAME).close()
    (data_dir / ".refusal.json.partial").write_text("half")
    (data_dir / CALIBRATION_NAME).write_text("{")
    damage.flip_index(data_dir)
    for name in (DATABASE_NAME, RECORDS_NAME):
        database(data_dir / name)


@pytest.mark.parametrize(("database", "name"), [("overwrite", "database"), ("malform", "database integrity")])
def test_of_several_kinds_of_damage_each_is_named_with_what_to_do(
    full: Path, settings: MakeSettings, database: str, name: str
) -> None:
    damage_all(full, database=getattr(damage, database))
    found = {check.name: check for check in run_checks(settings(full)) if not check.passed}
    assert {name, "records intact", "calibration", "manifest and checksum", "no leftovers"} <= found.keys()
    assert all(each.remedy for each in found.values())


def test_a_repair_clears_leftovers_away_whatever_else_is_damaged(full: Path, settings: MakeSettings) -> None:
    damage_all(full, database=damage.overwrite)
    with pytest.raises(StorageFailure, match="damaged"):
        repair(settings(full), HashingEmbedder(), print)
    assert not list(full.glob(".*.partial"))


def test_without_the_writers_lock_the_corpus_is_only_read(
    full: Path, settings: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a network's disk that has no locks, where another program may be writing."""

    def has_no_locks(*_: object, **__: object) -> NoReturn:
        raise OSError("no locks available")

    monkeypatch.setattr("corpus.lock.acquire_lock", has_no_locks)
    monkeypatch.setattr("bot.service.sessions.open_database", has_no_locks)
    found = {check.name: check for check in run_checks(settings(full))}
    assert not found["data folder"].passed
    assert found["database integrity"].passed
    assert found["passages verbatim"].passed
    assert "no locks" in found["data folder"].found
