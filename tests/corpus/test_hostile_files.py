"""Hostile files of every kind: each refused in a sentence, soon, in little memory, by a process that goes on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.corpus.hostile import files

Results = dict[str, tuple[list[str], int, int]]
ROOT = Path(__file__).parents[2]
MAX_MB = 300
MIN_FILES = 60


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """What one process says of each file, by name: sentences, MB at the peak, articles stored.

    The process ends itself where a file takes too much processor time.
    """
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "files").mkdir()
    names = set()
    for name, content in files():
        (folder / "files" / name).write_bytes(content)
        names.add(name)
    command = [sys.executable, "-m", "tests.corpus.hostile", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    found = {name: (reasons, *rest) for name, reasons, *rest in map(json.loads, done.stdout.splitlines())}
    assert found.keys() == names
    return found


def test_there_are_many_kinds(results: Results) -> None:
    assert len(results) >= MIN_FILES


def test_each_is_refused_in_a_sentence_and_nothing_of_it_is_stored(results: Results) -> None:
    for name, (reasons, _, stored) in results.items():
        if name == "sound.html":
            assert (reasons, stored) == ([], 1)
            continue
        assert stored == 0, name
        assert len(reasons) == 1, name
        assert reasons[0][0].isupper(), name
        assert reasons[0].endswith("."), name
        assert len(reasons[0]) < 250, name


def test_each_is_refused_in_little_memory(results: Results) -> None:
    assert {name: each[1] for name, each in results.items() if each[1] > MAX_MB} == {}
