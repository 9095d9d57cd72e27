"""Hostile files of every kind: each refused in a sentence, soon, in little memory, by a process that goes on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.corpus.hostile import files

ROOT = Path(__file__).parents[2]
MOST_SECONDS, MOST_MB = 5.0, 300
# Two programs that share a core may double the work that a file takes.
NOISE = 2
FEWEST = 60


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[list[str], float, int, int]]:
    """What a process told of each file, by its name."""
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
    told = {name: (reasons, *rest) for name, reasons, *rest in map(json.loads, done.stdout.splitlines())}
    assert told.keys() == names
    return told


def test_there_are_many_kinds(taken: dict[str, tuple[list[str], float, int, int]]) -> None:
    assert len(taken) >= FEWEST


def test_each_is_refused_in_a_sentence_and_nothing_of_it_is_stored(
    taken: dict[str, tuple[list[str], float, int, int]],
) -> None:
    assert taken.pop("sound.html")[3] == 1
    for name, (reasons, _, _, stored) in taken.items():
        assert stored == 0, name
        assert len(reasons) == 1, name
        assert reasons[0][0].isupper(), name
        assert reasons[0].endswith("."), name
        assert len(reasons[0]) < 250, name


def test_each_is_refused_soon_and_in_little_memory(taken: dict[str, tuple[list[str], float, int, int]]) -> None:
    assert {name: each[1] for name, each in taken.items() if each[1] > NOISE * MOST_SECONDS} == {}
    assert {name: each[2] for name, each in taken.items() if each[2] > MOST_MB} == {}
