"""Reads files that hold one article each."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from corpus.article import Draft, Rejection, SourceItem
from corpus.formats.files import shown

# White space and byte order marks.
_NOTHING = b" \t\r\n\v\f\0\xef\xbb\xbf\xff\xfe"
_SIZE_HINT = "Raise ATTACHE_MAX_ARTICLE_MB to take it in."


def whole_file(
    parse: Callable[[bytes], Draft],
) -> Callable[[Path, int], Iterator[SourceItem | Rejection]]:
    """Return a reader of files that each are one article, which `parse` makes a draft of."""
    return partial(_read, parse)


def too_large(origin: str, size: str, max_bytes: int) -> Rejection:
    """Return the rejection of what is larger than the limit."""
    return Rejection(origin, f"It has {size}; the limit is {megabytes(max_bytes)}.", _SIZE_HINT)


def megabytes(size: int) -> str:
    """Return a size for people, in MB of 2**20 bytes as the setting counts them."""
    return f"{size / 2**20:.1f} MB" if size >= 2**20 / 10 else f"{size} bytes"


def _read(parse: Callable[[bytes], Draft], path: Path, max_bytes: int) -> Iterator[SourceItem | Rejection]:
    origin = shown(path)
    with path.open("rb") as file:
        # One byte more than allowed tells; the size that the file system states may change under us.
        raw = file.read(max_bytes + 1)
    if len(raw) > max_bytes:
        yield too_large(origin, megabytes(max(path.stat().st_size, len(raw))), max_bytes)
    elif not raw.strip(_NOTHING):
        yield Rejection(origin, "It is empty.")
    else:
        yield SourceItem(origin, raw, partial(parse, raw))
