"""`status` and `doctor`: what they tell of a data folder, and what they mend."""

import re
import sqlite3
from pathlib import Path

import pytest

from corpus.database import DATABASE_NAME
from tests.bot.cli.exit_codes import assert_sentence, assert_shape
from tests.bot.conftest import Attache, Ended
from tests.damage import flip_index


def test_status_tells_what_the_folder_holds(attache: Attache, starter_data: Path) -> None:
    ended = attache("status", data=starter_data)
    assert ended.code == 0
    assert re.search(r"articles +32 from ", ended.out)
    assert "Attaché background brief (32)" in ended.out
    assert "up to date" in ended.out
    found = assert_shape(attache("status", "--json", data=starter_data), "status")
    assert found["facts"]["articles"] == 32
    assert found["is_index_current"] is True


def test_status_of_nothing_is_a_sentence_and_makes_nothing(attache: Attache, tmp_path: Path) -> None:
    assert_sentence(attache("status"), 1)
    assert not (tmp_path / "data").exists()


def failed_checks(ended: Ended) -> set[str]:
    report = assert_shape(ended, "doctor")
    assert ended.code == (0 if report["passed"] else 1)
    assert all(check["remedy"] for check in report["checks"] if not check["passed"])
    return {check["name"] for check in report["checks"] if not check["passed"]}


def test_doctor_passes_a_sound_folder_and_one_that_is_not_there_yet(
    attache: Attache, starter_copy: Path, tmp_path: Path
) -> None:
    assert failed_checks(attache("doctor", "--json", data=starter_copy)) == set()
    assert "pass" in attache("doctor", data=starter_copy).out
    assert failed_checks(attache("doctor", "--json")) == set()
    assert not (tmp_path / "data").exists()


def execute(*statements: str) -> object:
    def damage(data: Path) -> None:
        db = sqlite3.connect(data / DATABASE_NAME)
        for statement in statements:
            db.execute(statement)
        db.commit()
        db.close()

    return damage


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        (flip_index, "manifest and checksum"),
        (execute("UPDATE passages SET start = start + 1 WHERE id = 3"), "passages verbatim"),
        (execute("DELETE FROM embeddings WHERE rowid < 9"), "passages without vectors"),
    ],
)
def test_doctor_finds_the_damage_and_repair_mends_it(
    attache: Attache, starter_copy: Path, damage: object, check: str
) -> None:
    damage(starter_copy)
    assert check in failed_checks(attache("doctor", "--json", data=starter_copy))
    assert attache("doctor", data=starter_copy).code == 1
    repaired = attache("doctor", "--repair", "--json", data=starter_copy)
    assert failed_checks(repaired) == set()
    assert repaired.err


def test_a_repair_that_ends_early_is_followed_by_all_that_is_left(attache: Attache, starter_copy: Path) -> None:
    flip_index(starter_copy)
    (starter_copy / DATABASE_NAME).write_bytes(b"garbage" * 9_000)
    repaired = attache("doctor", "--repair", "--json", data=starter_copy)
    assert failed_checks(repaired) == {"database", "manifest and checksum"}
    assert "is damaged" in repaired.err


def test_status_of_a_file_is_a_sentence(attache: Attache, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert_sentence(attache("status", data=tmp_path / "file"), 1)
