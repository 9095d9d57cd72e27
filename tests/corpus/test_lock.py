"""One writer at a time: the second is told who the first is, may wait, and never waits for a dead one."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from corpus.errors import CorpusBusy, StorageFailure
from corpus.lock import HOLDER_NAME, writer_lock

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from pathlib import Path
from corpus.lock import writer_lock
with writer_lock(Path(sys.argv[1]), "attache ingest"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock of the test's folder."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_second_writer_is_told_who_the_first_is(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(CorpusBusy) as caught, writer_lock(tmp_path, "attache reindex"):
        pass
    assert "`attache ingest`" in caught.value.message
    assert f"process {holder.pid}" in caught.value.message
    assert str(tmp_path) in caught.value.message
    assert "--wait" in caught.value.hint


def test_a_killed_writer_leaves_the_lock_free(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert (tmp_path / HOLDER_NAME).exists()
    with writer_lock(tmp_path, "attache reindex"):
        assert "attache reindex" in (tmp_path / HOLDER_NAME).read_text(encoding="utf-8")
    assert not (tmp_path / HOLDER_NAME).exists()


def test_a_writer_that_waits_gets_the_lock_when_the_first_is_done(tmp_path: Path) -> None:
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with writer_lock(tmp_path, "attache ingest"):
            holding.set()
            done.wait(0.3)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert holding.wait(5)
        with writer_lock(tmp_path, "attache reindex", wait_s=10):
            assert "attache reindex" in (tmp_path / HOLDER_NAME).read_text(encoding="utf-8")
    finally:
        done.set()
        thread.join()


def test_a_writer_gives_up_when_its_wait_is_over(tmp_path: Path) -> None:
    with writer_lock(tmp_path, "attache ingest"):
        began = monotonic()
        with pytest.raises(CorpusBusy), writer_lock(tmp_path, "attache reindex", wait_s=0.2):
            pass
        assert 0.2 <= monotonic() - began < 5
        # The one who came too late takes nothing from the one who holds it.
        assert "attache ingest" in (tmp_path / HOLDER_NAME).read_text(encoding="utf-8")


def test_the_lock_is_free_again_after_work_that_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyError), writer_lock(tmp_path, "attache ingest"):
        raise KeyError
    with writer_lock(tmp_path, "attache ingest"):
        pass


def test_folders_have_a_lock_each(tmp_path: Path) -> None:
    with writer_lock(tmp_path / "one", "attache ingest"), writer_lock(tmp_path / "two", "attache ingest"):
        pass


def test_a_folder_that_can_not_be_made_is_told_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageFailure) as caught, writer_lock(tmp_path / "file" / "data", "attache ingest"):
        pass
    assert "can't be written" in caught.value.message
    assert "--data-dir" in caught.value.hint
