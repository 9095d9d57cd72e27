"""Hostile links and sites: each refused in a sentence, soon, in little memory, by one process that goes on."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
MAX_MB = 300
MIN_CASES = 80


def test_each_is_refused_soon_in_little_memory_and_nothing_of_it_is_stored(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.corpus.fetch.hostile_sites", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) >= MIN_CASES
    for name, reasons, peak_mb, stored in told:
        assert (stored, len(reasons)) == (0, 1), name
        assert reasons[0][0].isupper(), name
        assert reasons[0].endswith("."), name
        assert len(reasons[0]) < 300, name
        assert peak_mb < MAX_MB, name
