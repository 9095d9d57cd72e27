"""Export the corpus, or some collections, to a file that `attache ingest` restores without loss."""

import gzip
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot.service.folder_checks import copy_errors
from bot.service.leftovers import unfinished_export
from bot.service.sessions import open_to_read
from bot.settings import Settings
from corpus.database import storage_errors
from corpus.errors import BadInput
from corpus.export.write import ExportedLine, export_lines

SUFFIXES = (".jsonl", ".jsonl.gz")
# Level 6, zlib's default, is three times slower for files 3% smaller.
_LEVEL = 4


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written, and where."""

    path: Path
    articles: int
    versions: int
    bytes: int


def export_corpus(
    settings: Settings,
    path: Path,
    collections: Sequence[str] = (),
    on_progress: Callable[[int], None] = lambda _articles: None,
) -> ExportReport:
    """Write every article of the collections (by default of all) to a file, atomically.

    Raises:
        BadInput: the file has another suffix, or the named collections are empty.
        StorageFailure: there is no corpus, it can't be read, or the file can't be written.
        CorpusBusy: another export to this file is running.
    """
    if not path.name.endswith(SUFFIXES):
        raise BadInput("An export is JSON Lines.", f"Use a file name that ends in {' or '.join(SUFFIXES)}.")
    if not path.parent.is_dir():
        raise BadInput(f"There is no folder {path.parent}.", "Make it first.")
    articles = versions = 0
    data_dir = settings.data_dir
    db = open_to_read(data_dir)
    hint = "Check free disk space and permissions, or name another file."
    writing = copy_errors(f"The export {path} can't be written", hint)
    try:
        with writing, unfinished_export(data_dir, path) as partial, _open_text(partial, path.name) as file:
            for line in _reading(data_dir, export_lines(db, list(collections) or None)):
                file.write(line.line + "\n")
                articles += 1
                versions += line.versions
                on_progress(articles)
            if not articles and collections:
                raise BadInput(
                    "These collections have no articles.", "`attache article NUMBER --json` shows an article's."
                )
    finally:
        db.close()
    return ExportReport(path, articles, versions, path.stat().st_size)


def _reading(data_dir: Path, lines: Iterator[ExportedLine]) -> Iterator[ExportedLine]:
    """Yield the lines; a failure to read them is the data folder's, not the export's."""
    while True:
        with storage_errors(data_dir):
            line = next(lines, None)
        if line is None:
            return
        yield line


@contextmanager
def _open_text(path: Path, name: str) -> Iterator[TextIO]:
    if name.endswith(".gz"):
        with gzip.open(path, "wt", encoding="utf-8", newline="\n", compresslevel=_LEVEL) as packed:
            yield packed
    else:
        with path.open("w", encoding="utf-8", newline="\n") as plain:
            yield plain
