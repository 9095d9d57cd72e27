"""Turns files into drafts of articles: one small module a format; `registry` lists them."""

import json
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from corpus.article import Rejection, SourceItem
from corpus.errors import UnreadableSource
from corpus.formats.files import is_folder, shown, walk
from corpus.formats.registry import reader_of, suffixes
from corpus.formats.table import read_table

# What hostile input does to the parsers that we use: one file is lost, the others are not.
HOSTILE = (
    ValueError, RecursionError, ArithmeticError, AttributeError, LookupError, TypeError, AssertionError, EOFError,
    MemoryError, NotImplementedError, struct.error, zlib.error, json.JSONDecodeError,
)  # fmt: skip


def read_path(
    path: Path, *, max_bytes: int, columns: Mapping[str, str] | None = None
) -> Iterator[SourceItem | Rejection]:
    """Yield the articles of one file, and a rejection for each that can't be read; bad files raise nothing.

    Args:
        path: the file; its suffix says how to read it.
        max_bytes: the most bytes one article may have, after decompression.
        columns: the column of each field, for tables whose first row does not say it by itself.
    """
    reader = reader_of(path)
    if reader is read_table:
        reader = partial(read_table, columns=columns)
    origin = shown(path)
    try:
        if is_folder(path):
            # `find_files` names a folder only where it could not look into it.
            yield Rejection(origin, "This folder can't be opened.", "Check its permissions.")
        elif reader is None:
            yield Rejection(origin, "This kind of file can't be read.", _hint())
        elif path.exists() and not path.is_file():
            yield Rejection(origin, "This is no regular file.", _hint())
        else:
            yield from reader(path, max_bytes)
    except OSError as error:
        reason = error.strerror or "it is damaged"
        yield Rejection(origin, f"It can't be read: {reason.lower()}.", "Check the file and its permissions.")
    except UnreadableSource as error:
        yield Rejection(origin, error.message, error.hint)
    except HOSTILE as error:
        yield Rejection(origin, f"It can't be read ({type(error).__name__}).", "Check that the file is not damaged.")


def find_files(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield each file to read once, in order: those named, and those of known kinds in folders, at any depth.

    Hidden files and folders are left out. A folder that can't be opened is yielded itself, for `read_path` to
    report.

    Raises:
        BadInput: a path does not exist.
    """
    named = set(paths)
    return (path for path in walk(paths) if path in named or is_folder(path) or reader_of(path))


def unsupported_files(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the files in folders of `paths` that `find_files` passes over: nothing here reads them."""
    named = set(paths)
    return (path for path in walk(paths) if not (path in named or is_folder(path) or reader_of(path)))


def _hint() -> str:
    return f"Files that can be read end in {', '.join(suffixes())}."
