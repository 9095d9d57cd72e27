"""`attache ingest --ray local`, killed with SIGKILL and started again: nothing twice, nothing lost, nothing left."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.service.ingest import ingest
from corpus.checks import integrity_problems, misplaced_passages
from corpus.database import DATABASE_NAME, open_database
from corpus.ingest import IngestOptions
from index.embedding.embedder import SentenceEmbedder
from index.embedding.vector_store import Embeddings
from index.schema import migrations as index_migrations
from tests.conftest import MakeSettings
from tests.mixed_folder import made_up_body, stored

# Not imported here: what it reads when it is imported is for `connected` to set.
pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: pip install '.[ray]'")

ARTICLES = 600
ROOT = Path(__file__).parents[3]
# A busy machine takes long to start a cluster.
PATIENCE_S = 300


def start(data: Path, path: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from bot.cli.main import main; main()", "--data-dir", str(data), "ingest"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    address = os.environ.get("RAY_ADDRESS", "local")
    return subprocess.Popen([*command, "--ray", address, "--ray-workers", "2", str(path)], env=environment)


def kill_when(reached: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not reached():
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < end
        time.sleep(0.01)
    process.kill()
    assert process.wait() == -signal.SIGKILL


def count(data: Path, table: str) -> int:
    try:
        with closing(sqlite3.connect(f"file:{data / DATABASE_NAME}?mode=ro", uri=True)) as db:
            return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def processes_of(pid: int) -> list[str]:
    """Command lines of the processes of the cluster that a process started: its id is in the session's name."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = each.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if "session_" in line and f"_{pid}/" in line:
            found.append(line)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_killed_run_goes_on_where_it_was(
    real_embedder: SentenceEmbedder, settings: MakeSettings, tmp_path: Path
) -> None:
    path, data = tmp_path / "news.jsonl", tmp_path / "there"
    records = [{"url": f"https://quarry.example/{n}", "body": made_up_body(n)} for n in range(ARTICLES)]
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")

    reading = start(data, path)
    kill_when(lambda: count(data, "articles") > 0, reading)
    assert 0 < count(data, "articles") < ARTICLES
    embedding = start(data, path)
    kill_when(lambda: count(data, "articles") == ARTICLES, embedding)
    assert count(data, "embeddings") == 0
    last = start(data, path)
    assert last.wait(PATIENCE_S) == 0

    ingest(settings(tmp_path / "here"), real_embedder, [path], IngestOptions())
    found = []
    for folder in (data, tmp_path / "here"):
        with closing(open_database(folder, (index_migrations,))) as db:
            assert integrity_problems(db) == misplaced_passages(db) == []
            found.append((stored(db), Embeddings(db, real_embedder.fingerprint).load(real_embedder.dimension)))
    (there, vectors), (here, expected) = found
    assert there == here
    assert vectors.ids.tolist() == expected.ids.tolist()
    assert (vectors.vectors * expected.vectors).sum(axis=1).min() > 0.999
    end = time.monotonic() + PATIENCE_S
    while any(processes_of(each.pid) for each in (reading, embedding, last)):
        assert time.monotonic() < end, processes_of(reading.pid)
        time.sleep(0.1)
