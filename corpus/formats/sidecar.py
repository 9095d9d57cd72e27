"""Reads what a file beside an article (`name.meta.json`) or in its folder (`_defaults.md`) states about it."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from corpus.article import Draft, Rejection, SourceItem
from corpus.charset import decode
from corpus.errors import UnreadableSource
from corpus.formats.fields import KNOWN_FIELDS, StatedFields, read_fields
from corpus.formats.files import display_path, is_folder, walk_files
from corpus.formats.markdown import split_front_matter

SIDECAR_SUFFIX = ".meta.json"
DEFAULTS_NAME = "_defaults.md"
# A few lines; more is another kind of file.
MAX_BYTES = 64 * 1024
_NOTHING = StatedFields()
_JSON_HINT = 'Write for example {"title": "...", "publisher": "...", "published_at": "2024-09-09"}.'
_HEADER_HINT = "Write “publisher: NAME” lines between two lines of “---”."


def states_fields(path: Path) -> bool:
    """Return whether a file states fields of other files instead of being an article."""
    name = path.name.lower()
    return name == DEFAULTS_NAME or name.endswith(SIDECAR_SUFFIX)


def fill_fields(draft: Draft, stated: StatedFields) -> Draft:
    """Return a draft with the fields that it doesn't state itself; the date when a file was made gives way."""
    if stated == _NOTHING:
        return draft
    missing = {name: value for name, value in asdict(stated).items() if value and not getattr(draft, name)}
    if stated.published_at and draft.is_file_date:
        missing["published_at"] = stated.published_at
    return _with(draft, missing)


class Sidecars:
    """The statements of one ingest about its files; each file of statements is read once.

    Args:
        roots: the paths to ingest. `_defaults.md` holds for its folder and those in it, so far up as these.
    """

    def __init__(self, roots: Sequence[Path]) -> None:
        self._roots = frozenset(root if is_folder(root) else root.parent for root in roots)
        self._defaults: dict[Path, StatedFields] = {}
        # Of each folder, its files of statements by their names in lower case.
        self._files: dict[Path, dict[str, Path]] = {}
        self._used: set[Path] = set()
        self._problems: list[Rejection] = []

    def apply(self, path: Path, items: Iterator[SourceItem | Rejection]) -> Iterator[SourceItem | Rejection]:
        """Yield the items of a file with what is stated about it, and a rejection for each unreadable statement."""
        beside = self._beside(path)
        defaults = self._of_folder(path.parent)
        yield from self._problems
        self._problems.clear()
        if beside == _NOTHING and defaults == _NOTHING:
            yield from items
            return
        for item in items:
            if isinstance(item, SourceItem):
                own = beside if item.origin == display_path(path) else _for_several(beside)
                # Parsed again once a statement changes.
                key = json.dumps([asdict(own), asdict(defaults)]).encode()
                yield replace(item, raw=item.raw + b"\0" + key, parse=partial(_parse, item, own, defaults))
            else:
                yield item

    def _beside(self, path: Path) -> StatedFields:
        """Return what the sidecar of a file states: `a.txt.meta.json` or `a.meta.json`."""
        stem = Path(path.stem)
        for name in dict.fromkeys((path.name, stem.name, stem.stem)):
            if (sidecar := self._find(path.parent, name + SIDECAR_SUFFIX)) is not None:
                self._used.add(sidecar)
                return self._read(sidecar)
        return _NOTHING

    def unused(self, paths: Sequence[Path]) -> Iterator[Rejection]:
        """Yield a rejection for each sidecar in the folders of `paths` that no article was beside."""
        for file in walk_files([path for path in paths if is_folder(path)]):
            if states_fields(file) and file.name.lower() != DEFAULTS_NAME and file not in self._used:
                reason = "There is no article that this file of fields is beside."
                hint = "For report.txt, name it report.txt.meta.json or report.meta.json."
                yield Rejection(display_path(file), reason, hint)

    def _find(self, folder: Path, name: str) -> Path | None:
        """Return the file of statements with this name, whatever its case: some systems ignore it."""
        if folder not in self._files:
            try:
                names = [each for each in os.listdir(folder) if states_fields(Path(each))]  # noqa: PTH208 - names
            except OSError:
                names = []
            self._files[folder] = {each.lower(): folder / each for each in sorted(names)}
        file = self._files[folder].get(name.lower())
        return file if file is not None and file.is_file() else None

    def _of_folder(self, folder: Path) -> StatedFields:
        """Return the defaults of a folder, the nearest first."""
        if folder not in self._defaults:
            file = self._find(folder, DEFAULTS_NAME)
            stated = _for_several(self._read(file)) if file is not None else _NOTHING
            if folder not in self._roots and folder.parent != folder:
                stated = _merge(stated, self._of_folder(folder.parent))
            self._defaults[folder] = stated
        return self._defaults[folder]

    def _read(self, file: Path) -> StatedFields:
        origin = display_path(file)
        warnings: list[str] = []
        try:
            with file.open("rb") as opened:
                raw = opened.read(MAX_BYTES + 1)
            stated = read_fields(_fields(file, raw), warnings)
        except OSError as error:
            reason = (error.strerror or "it is damaged").lower()
            self._problems.append(Rejection(origin, f"The file can't be read: {reason}.", "Check its permissions."))
            return _NOTHING
        except UnreadableSource as error:
            self._problems.append(Rejection(origin, error.message, error.hint))
            return _NOTHING
        if stated == _NOTHING and not warnings:
            warnings.append(f"It states none of the fields that I know: {', '.join(KNOWN_FIELDS)}.")
        self._problems.extend(Rejection(origin, warning) for warning in warnings)
        return stated


def _for_several(stated: StatedFields) -> StatedFields:
    """Return what can hold for several articles: with one address or id, they would become one article."""
    return replace(stated, title=None, url=None, external_id=None)


def _fields(file: Path, raw: bytes) -> dict[str, object]:
    if len(raw) > MAX_BYTES:
        raise UnreadableSource(f"This file of fields has more than {MAX_BYTES // 1024} kB.", _JSON_HINT)
    if file.name.lower() == DEFAULTS_NAME:
        fields, _ = split_front_matter(decode(raw))
        if not fields:
            raise UnreadableSource("This file of defaults has no headers.", _HEADER_HINT)
        return fields
    try:
        stated = json.loads(decode(raw))
    except (ValueError, RecursionError) as error:
        raise UnreadableSource("This file of fields isn't valid JSON.", _JSON_HINT) from error
    if not isinstance(stated, dict):
        raise UnreadableSource("This file of fields isn't a JSON object.", _JSON_HINT)
    return {name.lower(): value for name, value in stated.items()}


def _parse(item: SourceItem, beside: StatedFields, defaults: StatedFields) -> Draft:
    """Return the draft: what the sidecar states comes first, then the file's own statements, then the defaults."""
    draft = item.parse()
    return fill_fields(_with(draft, {name: value for name, value in asdict(beside).items() if value}), defaults)


def _with(draft: Draft, fields: dict[str, str]) -> Draft:
    if "published_at" in fields:
        return replace(draft, **fields, is_file_date=False)  # type: ignore[arg-type] # names of a draft's texts
    return replace(draft, **fields) if fields else draft  # type: ignore[arg-type]


def _merge(first: StatedFields, then: StatedFields) -> StatedFields:
    return replace(first, **{name: value for name, value in asdict(then).items() if getattr(first, name) is None})
