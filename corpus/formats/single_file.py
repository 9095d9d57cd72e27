"""Reads files whole, such as those that contain one article each, and words rejections for size."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from corpus.article import Draft, Rejection, SourceItem
from corpus.errors import UnreadableSource
from corpus.formats.files import display_path

EMPTY = "The file is empty."
SIZE_HINT = "Raise ATTACHE_MAX_ARTICLE_MB to read it."
# Of one article as it is in its file, blank ones included: split, each takes many times its bytes. Attachments of an
# email of 20 MB have 270,000.
MAX_RAW_LINES = 400_000
# White space and byte order marks.
_BLANK = b" \t\r\n\v\f\0\xef\xbb\xbf\xff\xfe"


def single_article_reader(parse: Callable[[bytes], Draft]) -> Callable[[Path, int], Iterator[SourceItem | Rejection]]:
    """Return a reader of files that contain one article each, which `parse` turns into a draft."""
    return whole_file_reader(partial(_single, parse))


def whole_file_reader(
    find_items: Callable[[bytes, str], Iterable[SourceItem]],
) -> Callable[[Path, int], Iterator[SourceItem | Rejection]]:
    """Return a reader of files that are at most as large as an article; `find_items` gets the bytes and the origin."""
    return partial(_read, find_items)


def too_large(origin: str, size: str, max_bytes: int) -> Rejection:
    """Return the rejection of an article that is larger than the limit."""
    return Rejection(origin, f"Its size is {size}; the limit is {format_size(max_bytes)}.", SIZE_HINT)


def format_size(size: int) -> str:
    """Return a size for messages, in MB of 2**20 bytes like the setting."""
    return f"{size / 2**20:.1f} MB" if size >= 2**20 / 10 else f"{size} bytes"


def check_lines(text: str | bytes, what: str) -> None:
    """Check the number of lines of one article before anything splits it.

    Raises:
        UnreadableSource: there are more than MAX_RAW_LINES.
    """
    if (text.count("\n") if isinstance(text, str) else text.count(b"\n")) > MAX_RAW_LINES:
        message = f"The {what} has more than {MAX_RAW_LINES:,} lines."
        raise UnreadableSource(message, "Split it, or check that it is an article.")


def _read(
    find_items: Callable[[bytes, str], Iterable[SourceItem]], path: Path, max_bytes: int
) -> Iterator[SourceItem | Rejection]:
    origin = display_path(path)
    with path.open("rb") as file:
        # Read one byte past the limit rather than trust the file system's size, which may change.
        raw = file.read(max_bytes + 1)
    if len(raw) > max_bytes:
        yield too_large(origin, format_size(max(path.stat().st_size, len(raw))), max_bytes)
    elif not raw.strip(_BLANK):
        yield Rejection(origin, EMPTY)
    else:
        yield from find_items(raw, origin)


def _single(parse: Callable[[bytes], Draft], raw: bytes, origin: str) -> list[SourceItem]:
    return [SourceItem(origin, raw, partial(parse, raw))]
