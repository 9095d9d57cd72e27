"""Parses files into article drafts: one module per format, listed in `registry`."""

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from corpus.article import Rejection, SourceItem
from corpus.errors import UnreadableSource
from corpus.formats.files import display_path, is_folder, walk_files
from corpus.formats.registry import READERS, Reader, find_reader, supported_suffixes
from corpus.formats.sidecar import states_fields
from corpus.formats.table import read_table
from corpus.formats.true_kind import is_free_text, true_suffix
from corpus.formats.unread_kinds import unread_hint

# Exceptions that hostile input raises inside third-party parsers; they must cost one file, not the run.
PARSER_ERRORS = (
    ValueError, RecursionError, ArithmeticError, AttributeError, LookupError, TypeError, AssertionError, EOFError,
    MemoryError, NotImplementedError, struct.error, zlib.error,
)  # fmt: skip


def read_path(
    path: Path, *, max_bytes: int, columns: Mapping[str, str] | None = None
) -> Iterator[SourceItem | Rejection]:
    """Yield the articles of one file, and a rejection for each unreadable one; never raises for bad files.

    Args:
        path: the file; its suffix selects the format, unless its content is plainly something else.
        max_bytes: the largest size of one article, after decompression.
        columns: field name to column name, for tables whose header is not recognised.
    """
    reader = find_reader(path)
    if reader is read_table:
        reader = partial(read_table, columns=columns)
    origin = display_path(path)
    try:
        if is_folder(path):
            # `find_files` yields a folder only if it can't be opened.
            yield Rejection(origin, "This folder can't be opened.", "Check its permissions.")
        elif states_fields(path):
            hint = "Ingest the articles themselves, or their folder."
            yield Rejection(origin, "This file states fields of the articles beside it; it is no article.", hint)
        elif path.exists() and not path.is_file():
            yield Rejection(origin, "This isn't a regular file.", _hint())
        elif (reader := _true_reader(path) or reader) is None:
            yield Rejection(origin, "This file type isn't supported.", unread_hint(path.name) or _hint())
        else:
            yield from reader(path, max_bytes)
    except OSError as error:
        reason = error.strerror or "it is damaged"
        yield Rejection(origin, f"The file can't be read: {reason.lower()}.", "Check the file and its permissions.")
    except UnreadableSource as error:
        yield Rejection(origin, error.message, error.hint)
    except PARSER_ERRORS as error:
        yield Rejection(origin, f"The file can't be parsed ({type(error).__name__}).", "Check that it isn't damaged.")


def can_read(path: Path) -> bool:
    """Return whether there is a reader for a file, by its name or by what it holds.

    Raises:
        OSError: the file can't be read.
    """
    return (find_reader(path) or _true_reader(path)) is not None


def _true_reader(path: Path) -> Reader | None:
    """Return the reader for what a file holds, where its name is of no kind or of a text that it is not."""
    if not path.is_file() or not (find_reader(path) is None or is_free_text(path)):
        return None
    suffix = true_suffix(path)
    return READERS.get(suffix) if suffix else None


def find_files(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield each file to read once, in order: named files, and supported files in folders at any depth.

    Skips hidden files and folders. Yields a folder that can't be opened, so that `read_path` reports it.

    Raises:
        BadInput: a path does not exist.
    """
    named = set(paths)
    return (path for path in walk_files(paths) if path in named or _is_to_read(path))


def unsupported_files(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the files in folders of `paths` that `find_files` skips because no format matches."""
    named = set(paths)
    return (path for path in walk_files(paths) if not (path in named or states_fields(path) or _is_to_read(path)))


def _is_to_read(path: Path) -> bool:
    return is_folder(path) or (find_reader(path) is not None and not states_fields(path))


def _hint() -> str:
    return f"Supported files end in {', '.join(supported_suffixes())}."
