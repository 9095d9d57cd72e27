"""Turns files into drafts of articles: one small module a format, and the one table that lists them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from corpus.article import Rejection, SourceItem
from corpus.readers.files import is_folder, shown, walk
from corpus.readers.jsonl import read_gzip_lines, read_lines
from corpus.readers.markdown import parse_markdown
from corpus.readers.page import parse_page
from corpus.readers.plain import parse_plain
from corpus.readers.whole import whole_file

Reader = Callable[[Path, int], Iterator[SourceItem | Rejection]]

READERS: dict[str, Reader] = {
    ".jsonl": read_lines,
    ".ndjson": read_lines,
    ".jsonl.gz": read_gzip_lines,
    ".md": whole_file(parse_markdown),
    ".markdown": whole_file(parse_markdown),
    ".txt": whole_file(parse_plain),
    ".html": whole_file(parse_page),
    ".htm": whole_file(parse_page),
}

_HINT = f"Files that can be read end in {', '.join(sorted(READERS))}."


def read_path(path: Path, *, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    """Yield the articles of one file, and a rejection for each that can't be read; bad files raise nothing.

    Args:
        path: the file; its suffix says how to read it.
        max_bytes: the most bytes one article may have, after decompression.
    """
    reader = _reader_of(path)
    origin = shown(path)
    try:
        if is_folder(path):
            # `find_files` names a folder only where it could not look into it.
            yield Rejection(origin, "This folder can't be opened.", "Check its permissions.")
        elif reader is None:
            yield Rejection(origin, "This kind of file can't be read.", _HINT)
        elif path.exists() and not path.is_file():
            yield Rejection(origin, "This is no regular file.", _HINT)
        else:
            yield from reader(path, max_bytes)
    except OSError as error:
        reason = error.strerror or "it is damaged"
        yield Rejection(origin, f"It can't be read: {reason.lower()}.", "Check the file and its permissions.")


def find_files(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield each file to read once, in order: those named, and those of known kinds in folders, at any depth.

    Hidden files and folders are left out. A folder that can't be opened is yielded itself, for `read_path` to
    report.

    Raises:
        BadInput: a path does not exist.
    """
    named = set(paths)
    return (path for path in walk(paths) if path in named or is_folder(path) or _reader_of(path))


def unsupported_files(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the files in folders of `paths` that `find_files` passes over: nothing here reads them."""
    named = set(paths)
    return (path for path in walk(paths) if not (path in named or is_folder(path) or _reader_of(path)))


def _reader_of(path: Path) -> Reader | None:
    name = path.name.lower()
    return next((reader for suffix, reader in READERS.items() if name.endswith(suffix)), None)
