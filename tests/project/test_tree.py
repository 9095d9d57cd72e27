"""What holds for every file of the tree: sizes, docstrings, links, nothing left behind."""

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "index", "corpus", "evals")
LONGEST_FILE = 500
LONGEST_FUNCTION = 60
TOP = {
    ".ci", ".dockerignore", ".env.example", ".gitignore", "bot", "CHANGELOG.md", "CONTRIBUTING.md", "Containerfile",
    "corpus", "docs", "evals", "index", "LICENSE", "Makefile", "pyproject.toml", "README.md", "tests",
}  # fmt: skip
# Each with a letter in brackets, so that this file does not hold what it looks for.
UNFINISHED = re.compile(r"\b(?:[T]ODO|[F]IXME)\b")
MACHINE = re.compile(r"(?<![\w.:/-])/(?:[w]ork|[r]oot|[h]ome/\w+)/")
TEMPORARY = re.compile(r"(?<![\w.:/-])/[t]mp/")


IGNORED = [".git", *(line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines() if line)]


def files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        # A pattern with a slash in front means the folder at the top alone.
        names = path.name, f"/{path.relative_to(ROOT).as_posix()}"
        if not any(fnmatch(name, pattern) for name in names for pattern in IGNORED):
            yield from files(path) if path.is_dir() else [path]


@cache
def text_files() -> tuple[tuple[Path, str], ...]:
    found = []
    for path in files(ROOT):
        with suppress(UnicodeDecodeError):
            found.append((path.relative_to(ROOT), path.read_text(encoding="utf-8")))
    return tuple(found)


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def sources(*rooms: str) -> Iterator[tuple[Path, str]]:
    yield from ((path, text) for path, text in text_files() if path.suffix == ".py" and path.parts[0] in rooms)


def test_the_tree_is_walked() -> None:
    names = {str(path) for path, _ in text_files()}
    assert {"pyproject.toml", "bot/service/attache.py", "corpus/starter/sudan-war-2023-2024.md", "Makefile"} <= names
    assert not any("__pycache__" in name for name in names)


def test_nothing_was_left_at_the_top() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in files(ROOT)} <= TOP


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    found = [str(path) for path, text in text_files() if MACHINE.search(text)]
    found += [str(path) for path, text in text_files() if path.parts[0] != "tests" and TEMPORARY.search(text)]
    assert found == []


def test_nothing_is_marked_as_unfinished() -> None:
    assert [str(path) for path, text in text_files() if UNFINISHED.search(text)] == []


def test_no_file_is_too_long_to_read() -> None:
    lengths = {str(path): text.count("\n") for path, text in sources(*ROOMS, "tests")}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_too_long_to_read() -> None:
    found = {
        f"{path}: {node.name}"
        for path, _ in sources(*ROOMS)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    }
    assert found == set()


@pytest.mark.parametrize("room", [*ROOMS, "tests"])
def test_every_module_says_in_one_line_what_belongs_in_it(room: str) -> None:
    found = list(sources(room))
    assert found
    assert [str(path) for path, text in found if not is_docstring(text.partition("\n")[0])] == []


def is_docstring(line: str) -> bool:
    """Whether a line is a docstring by itself; one that goes on is not closed there."""
    try:
        return bool(ast.get_docstring(ast.parse(line)))
    except SyntaxError:
        return False


def undocumented(node: ast.AST, name: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not child.name.startswith("_"):
            if not ast.get_docstring(child):
                yield f"{name}.{child.name}"
            if isinstance(child, ast.ClassDef):
                yield from undocumented(child, f"{name}.{child.name}")


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_is_documented(room: str) -> None:
    assert [name for path, _ in sources(room) for name in undocumented(parse(path), str(path))] == []


def test_modules_are_named_by_nouns_and_names_are_hardly_shared() -> None:
    paths = [path for room in ROOMS for path, _ in sources(room)]
    assert [str(path) for path in paths if path.stem.endswith("ing")] == []
    names = [path.name for path in paths if path.name != "__init__.py"]
    shared = sorted({name for name in names if names.count(name) > 1})
    assert len(shared) <= 12, shared


def test_measuring_and_training_are_not_part_of_the_product() -> None:
    imported = re.compile(r"^\s*(?:from|import) (?:evals|tests)\b", re.MULTILINE)
    assert [str(path) for path, text in sources("bot", "index", "corpus") if imported.search(text)] == []


def test_tests_lie_beside_what_they_test_and_have_no_package_files() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))
    assert {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()} >= {*ROOMS}
