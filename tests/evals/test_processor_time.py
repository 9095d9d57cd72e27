"""Processor time of descendants that end while it is counted."""

import os
import shutil
from pathlib import Path

from evals.speed.processor_time import ProcessorTime

TICK = os.sysconf("SC_CLK_TCK")


def put(proc: Path, pid: int, parent: int, name: str, seconds: int, started: int = 1) -> None:
    """Write a process's stat as Linux does, with half of its time in the system."""
    numbers = [parent, *[0] * 9, seconds * TICK // 2, seconds * TICK // 2, 0, 0, 20, 0, 1, 0, started, 0]
    (proc / str(pid)).mkdir(exist_ok=True)
    (proc / str(pid) / "stat").write_text(f"{pid} ({name}) S {' '.join(map(str, numbers))}")


def test_what_ended_workers_took_stays_counted_and_a_process_with_the_same_id_is_another(tmp_path: Path) -> None:
    time = ProcessorTime(tmp_path)
    put(tmp_path, os.getpid(), 1, "python", 100)
    put(tmp_path, 10, os.getpid(), "gcs server (1)", 2)
    put(tmp_path, 20, 1, "raylet", 4)
    put(tmp_path, 21, 20, "ray::Encoder", 6)
    put(tmp_path, 30, 1, "somebody else", 50)
    assert time.look() == 12
    shutil.rmtree(tmp_path / "21")
    assert time.look() == 12
    put(tmp_path, 10, os.getpid(), "gcs server (1)", 4)
    put(tmp_path, 21, 20, "ray::Reader", 2, started=9)
    assert time.look() == 16
