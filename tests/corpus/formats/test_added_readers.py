"""Readers of other packages: the one that docs/formats.md shows is installed and used; broken ones are told of."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.article import Draft, Rejection, SourceItem
from corpus.formats import find_files, read_path
from corpus.formats.registry import ENTRY_POINT_GROUP

ROOT = Path(__file__).parents[3]
TELEX = "ENVOYS MEET\nThey met in Velden.\nNNNN\nEMPTY\nNNNN\nFERRY SAILS\nIt sailed at noon.\nNNNN\n"


def install(place: Path, name: str, point: str, module: str) -> None:
    """Puts a module with an entry point on a path, as an installer would."""
    (place / f"{name}.py").write_text(module, encoding="utf-8")
    info = place / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{ENTRY_POINT_GROUP}]\n{point}\n")


def parsed(path: Path) -> list[Draft | str]:
    items = read_path(path, max_bytes=1_000_000)
    return [item.reason if isinstance(item, Rejection) else item.parse() for item in items]


def test_the_package_of_the_documentation_is_installed_and_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    package, place = tmp_path / "attache-telex", tmp_path / "site"
    package.mkdir()
    for name, kind in (("attache_telex.py", "python"), ("pyproject.toml", "toml")):
        [content] = re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)
        (package / name).write_text(content, encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps"]
    command = [*pip, "--no-build-isolation", "--target", str(place), str(package)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    path = tmp_path / "news.telex"
    path.write_text(TELEX, encoding="utf-8")
    assert parsed(path) == ["This file type isn't supported."]
    monkeypatch.syspath_prepend(str(place))
    items = [item for item in read_path(path, max_bytes=1_000_000) if isinstance(item, SourceItem)]
    assert [item.origin for item in items] == [f"{path}:{number}" for number in (1, 2, 3)]
    assert items[2].parse() == Draft(title="Ferry Sails", body="It sailed at noon.", publisher="Telex Service")
    assert path in find_files([tmp_path])


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        ("raise ImportError('no telex')", "(ImportError: no telex)"),
        ("def read(path, max_bytes):\n    yield 3", "(TypeError: it yields int)"),
        ("def read(path, max_bytes):\n    raise RuntimeError('x')", "(RuntimeError: x)"),
        ("other = 1", "(AttributeError: "),
    ],
)
def test_a_broken_reader_costs_its_file_and_names_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, reason: str
) -> None:
    install(tmp_path, "broken_telex", "telex = broken_telex:read", module)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "broken_telex", raising=False)
    path = tmp_path / "a.telex"
    path.write_text(TELEX)
    [told] = parsed(path)
    assert isinstance(told, str)
    assert told.startswith("The reader of the package broken_telex failed ")
    assert reason in told


def test_a_package_can_not_take_our_own_kinds_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "greedy", "txt = greedy:read", "def read(path, max_bytes):\n    raise RuntimeError")
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "a.txt").write_text("They met in Velden.")
    [draft] = parsed(tmp_path / "a.txt")
    assert isinstance(draft, Draft)
