"""What the documents name exists, and their lines can be read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.formats.registry import READERS

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
MARKDOWN = [ROOT / "CHANGELOG.md", *PAGES, *sorted((ROOT / "evals" / "data").rglob("*.md"))]
LONGEST_LINE = 120

FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
TARGET = re.compile(r"\]\(([^)\s]+)\)|^\[[^\]]+\]:\s+(\S+)$", re.MULTILINE)
ROOMS = "bot|index|corpus|evals|tests|docs"
PATH = re.compile(rf"(?:{ROOMS})/[\w./*-]*")
MODULE = re.compile(rf"(?:{ROOMS})(?:\.\w+)+")
RUN = re.compile(rf"python -m ((?:{ROOMS})[\w.]*)")
SOURCE = re.compile(r"[\w*]+\.py")
# Files of a data folder, and of the package that docs/formats.md has its reader write.
ELSEWHERE = {"index/LIVE", "attache_telex.py", "corpus.sqlite3", "index.faiss", "bot.lock"}


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def named(page: Path) -> Iterator[str]:
    """What stands in backticks, outside blocks of code."""
    yield from (found.strip() for found in CODE.findall(FENCED.sub("", read(page))))


def has_files(folder: Path) -> bool:
    """Whether there is anything in a folder; a checkout keeps the caches of those that were moved away."""
    return any(path.is_file() and path.parent.name != "__pycache__" for path in folder.rglob("*"))


def is_there(path: str) -> bool:
    return any(found.is_file() or has_files(found) for found in ROOT.glob(path.rstrip("/")))


def defines(module: Path, name: str) -> bool:
    """Whether a module has this name at its top level."""
    for node in ast.parse(read(module)).body:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        if getattr(node, "name", None) == name or any(getattr(each, "id", None) == name for each in targets):
            return True
    return False


def resolves(dotted: str) -> bool:
    """Whether a dotted name is a package, a module, or a name at the top level of a module."""
    path = ROOT / dotted.replace(".", "/")
    module = path.parent.with_suffix(".py")
    return has_files(path) or path.with_suffix(".py").is_file() or (module.is_file() and defines(module, path.name))


def missing(page: Path) -> Iterator[str]:
    for name in named(page):
        if name in ELSEWHERE:
            continue
        if PATH.fullmatch(name):
            found = is_there(name)
        elif MODULE.fullmatch(name):
            found = resolves(name)
        elif SOURCE.fullmatch(name):
            found = any(path for room in ROOMS.split("|") for path in (ROOT / room).rglob(name))
        else:
            continue
        if not found:
            yield name
    yield from (module for module in RUN.findall(read(page)) if not resolves(module.rstrip(".")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_and_module_that_a_page_names_exists(page: Path) -> None:
    assert list(missing(page)) == []


def test_names_that_do_not_exist_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    wrong = ["bot/gone/", "index/gone.py", "corpus.gone", "bot.service.attache.Gone", "gone.py"]
    right = ["bot/service/", "tests/wire/test_*.py", "corpus.outline", "bot.service.attache.Attache", "outline.py"]
    page.write_text(" ".join(f"`{name}`" for name in right + wrong) + "\n`python -m evals.gone`\n", encoding="utf-8")
    assert list(missing(page)) == [*wrong, "evals.gone"]


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", read(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    for target in (inline or reference for inline, reference in TARGET.findall(FENCED.sub("", read(page)))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        path = page.parent / file if file else page
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_line_is_longer_than_a_screen_is_wide(page: Path) -> None:
    """Rows of tables, and single words such as links, are let through: Markdown can't break them."""
    lines = enumerate(read(page).splitlines(), start=1)
    long = [number for number, line in lines if len(line) > LONGEST_LINE and line[0] != "|" and " " in line.strip()]
    assert long == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda page: page.stem)
def test_every_decision_says_why_what_and_at_what_cost(page: Path) -> None:
    text = read(page)
    assert re.match(rf"# {int(page.stem[:4])}\. \w", text)
    assert [part for part in ("**Context.**", "**Choice.**", "**Cost.**") if part not in text] == []


@pytest.mark.parametrize("page", ["README.md", "docs/commands.md"])
def test_every_kind_of_file_that_is_read_is_documented(page: str) -> None:
    text, second_names = read(ROOT / page), {".ndjson", ".markdown", ".htm", ".mht"}
    assert [suffix for suffix in READERS if f"`{suffix}`" not in text and suffix not in second_names] == []


@pytest.mark.parametrize(
    "page",
    [*PAGES, *sorted(each for room in ("bot", "index", "corpus") for each in (ROOT / room).rglob("*.py"))],
    ids=str,
)
def test_nobody_is_told_to_install_what_has_our_name_elsewhere(page: Path) -> None:
    told = re.findall(r"pip install (?:-\S+ )*['\"]?attache\b(?!-)", read(page))
    assert len(told) == read(page).count("**Never `pip install attache`**")
