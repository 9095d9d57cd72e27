"""Hostile links and sites: each refused in a sentence, soon, in little memory, by one process that goes on."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
MOST_SECONDS, MOST_MB = 5.0, 300
# Other work on the machine may double what a site takes.
NOISE = 2
FEWEST = 80


def test_each_is_refused_soon_in_little_memory_and_nothing_of_it_is_stored(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.corpus.fetch.hostile_sites", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) >= FEWEST
    for name, reasons, seconds, peak_mb, stored in told:
        assert (stored, len(reasons)) == (0, 1), name
        assert reasons[0][0].isupper(), name
        assert reasons[0].endswith("."), name
        assert len(reasons[0]) < 300, name
        assert seconds < NOISE * MOST_SECONDS, name
        assert peak_mb < MOST_MB, name
