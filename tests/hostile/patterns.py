"""Finds every regular expression of the product: where it is written, and what it is called for."""

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("corpus", "index", "bot")
_CALLS = frozenset("compile match fullmatch search sub subn split findall finditer".split())
_AT_START = frozenset(("match", "fullmatch"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a regular expression is made: file, first and last line, and the name that it gets, if any."""

    file: str
    first: int
    last: int
    name: str
    method: str

    def __str__(self) -> str:
        return f"{self.file}:{self.first} {self.name}".rstrip()


@dataclass(slots=True)
class Recorder:
    """Keeps each pattern that the product compiles, by the file and line that did."""

    seen: dict[tuple[str, int], dict[re.Pattern[Any], None]] = field(default_factory=dict)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record within the block; patterns that the library had cached are recorded all the same."""
        inner = re._compile  # type: ignore[attr-defined]

        def recorded(pattern: Any, flags: int) -> Any:
            made = inner(pattern, flags)
            caller = sys._getframe(2)
            file = caller.f_code.co_filename
            if file.startswith(str(ROOT)):
                key = (str(Path(file).relative_to(ROOT)), caller.f_lineno)
                self.seen.setdefault(key, {})[made] = None
            return made

        re._compile = recorded  # type: ignore[attr-defined]
        try:
            yield
        finally:
            re._compile = inner  # type: ignore[attr-defined]

    def at(self, place: Place) -> list[re.Pattern[Any]]:
        """Return the patterns that were made at a place."""
        return [
            pattern
            for (file, line), patterns in self.seen.items()
            if file == place.file and place.first <= line <= place.last
            for pattern in patterns
        ]


def modules() -> list[str]:
    """Return the name of every module of the product."""
    names = []
    for package in PACKAGES:
        names.append(package)
        names += [found.name for found in pkgutil.walk_packages([str(ROOT / package)], f"{package}.")]
    return names


def import_all() -> None:
    """Import every module of the product."""
    for name in modules():
        importlib.import_module(name)


def places() -> list[Place]:
    """Return every call in the product that makes a regular expression, by its source."""
    found: list[Place] = []
    for path, tree in _trees().items():
        named = {
            id(call): target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(target := node.targets[0], ast.Name)
            for call in ast.walk(node.value)
        }
        for node in ast.walk(tree):
            if _is_call(node):
                assert isinstance(node, ast.Call)
                assert isinstance(node.func, ast.Attribute)
                assert node.end_lineno is not None
                found.append(Place(path, node.lineno, node.end_lineno, named.get(id(node), ""), node.func.attr))
    return found


def is_anchored(place: Place) -> bool:
    """Return whether a pattern is only ever tried at the start of a text, so that many starts can't add up."""
    if place.method != "compile":
        return place.method in _AT_START
    if not place.name:
        return False
    is_private = place.name.startswith("_")
    sources = [_sources()[place.file]] if is_private else _sources().values()
    uses = [use for source in sources for use in re.findall(rf"(?<![\w.]){place.name}\b(?:\.(\w+))?", source)]
    # Once it is assigned.
    return sum(not use for use in uses) <= 1 and {use for use in uses if use} <= _AT_START


def written(place: Place) -> re.Pattern[Any] | None:
    """Compile the pattern at a place from its source; None where it depends on what is known only at run time."""
    call = next(
        node
        for node in ast.walk(_trees()[place.file])
        if _is_call(node)
        and isinstance(node, ast.Call)
        and (node.lineno, node.func.attr) == (place.first, place.method)  # type: ignore[attr-defined]
    )
    flags = next((each.value for each in call.keywords if each.arg == "flags"), None)
    if place.method in {"compile", "search", "match", "fullmatch"}:
        flags = (
            call.args[[1, 2][place.method != "compile"]]
            if len(call.args) > [1, 2][place.method != "compile"]
            else flags
        )
    module = importlib.import_module(place.file.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    try:
        known = [
            eval(compile(ast.Expression(each), place.file, "eval"), vars(module))
            for each in (call.args[0], *([flags] if flags else []))
        ]
    except NameError:
        return None
    return known[0] if isinstance(known[0], re.Pattern) else re.compile(*known)


def _is_call(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in _CALLS
    )


@cache
def _sources() -> dict[str, str]:
    files = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
    return {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in files}


@cache
def _trees() -> dict[str, ast.Module]:
    return {path: ast.parse(source) for path, source in _sources().items()}
