"""Two kills each of ingest, reindex and polling; and proof that the checks see what a kill must never do."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.service.ingest import ingest
from corpus.articles import Articles
from corpus.database import open_database
from corpus.ingest import IngestOptions
from index.generation.generations import Generations
from index.generation.vector_index import INDEX_FILE
from index.schema import migrations as index_migrations
from tests.crash.kill_at_random import Trial
from tests.fakes import HashingEmbedder

ROOT = Path(__file__).parents[2]

Damage = Callable[[Database, Path], object]


def test_whatever_is_killed_and_when_nothing_is_lost_half_or_mixed() -> None:
    command = [sys.executable, "-m", "tests.crash.kill_at_random", "--kills", "2", "--articles", "40"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert len([line for line in lines if line.endswith(": sound")]) == 4
    assert lines[-1].startswith("4 kills, seed ")
    assert lines[-1].endswith(": 0 failures.")


def test_a_round_of_polling_that_is_killed_loses_nothing_and_stores_nothing_twice() -> None:
    command = [sys.executable, "-m", "tests.crash.kill_polling", "--kills", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert len([line for line in lines if line.endswith(": sound")]) == 2
    assert lines[-1].endswith(": 0 failures.")


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    """A trial whose first ingest was left alone."""
    made = Trial(tmp_path, seed=1, articles=12)
    made.prepare("ingest")
    ingest(made.settings, HashingEmbedder(), [made.path], IngestOptions())
    made.check_complete()
    assert made.failures == []
    return made


def swap_vectors(db: Database, _data_dir: Path) -> None:
    """Two texts get each other's vector; the index made of them is whole, and wrong."""
    [one, two] = db.execute("SELECT text_sha256, vector FROM embeddings ORDER BY text_sha256 LIMIT 2").fetchall()
    for (sha256, _), (_, vector) in ((one, two), (two, one)):
        db.execute("UPDATE embeddings SET vector = ? WHERE text_sha256 = ?", (vector, sha256))


def damage_the_index(_db: Database, data_dir: Path) -> None:
    generations = Generations(data_dir)
    (generations.folder(generations.live_name() or "") / INDEX_FILE).write_bytes(b"half")


@pytest.mark.parametrize(
    ("damage", "failure"),
    [
        (lambda db, _: db.execute("DELETE FROM passages WHERE article_id = 3"), "article 3 has all its passages"),
        (lambda db, _: db.execute("UPDATE articles SET body = substr(body, 1, 90) WHERE id = 3"), "article 3 is whole"),
        (lambda db, _: Articles(db).remove(3), "no article is lost (11 of 12 are left)"),
        (lambda db, _: db.execute("UPDATE passages SET start = start + 1 WHERE id = 5"), "every passage is a slice"),
        (damage_the_index, "a generation that was live opens as it is"),
    ],
)
def test_damage_that_a_kill_must_never_do_is_seen(trial: Trial, damage: Damage, failure: str) -> None:
    data_dir = trial.settings.data_dir
    db = open_database(data_dir, (index_migrations,))
    damage(db, data_dir)
    db.close()
    trial.check()
    assert any(each.startswith(failure) for each in trial.failures)


def test_a_vector_of_another_text_is_seen(trial: Trial) -> None:
    data_dir = trial.settings.data_dir
    db = open_database(data_dir, (index_migrations,))
    swap_vectors(db, data_dir)
    db.close()
    shutil.rmtree(data_dir / "index")
    trial.check()
    assert any(each.startswith("the vector of passage") for each in trial.failures)


def test_an_article_that_the_last_run_left_out_is_seen(trial: Trial) -> None:
    trial.prepare("ingest")
    trial.check_complete()
    assert "every article is there as the last edition has it" in trial.failures
