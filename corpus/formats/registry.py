"""The table of readers: our own by the end of a file's name, and those that installed packages add by entry points."""

import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from corpus.article import Rejection, SourceItem
from corpus.errors import UnreadableSource
from corpus.formats.docx import parse_docx
from corpus.formats.epub import read_book
from corpus.formats.files import shown
from corpus.formats.jsonl import read_gzip_lines, read_lines
from corpus.formats.mail import parse_letter, read_mailbox
from corpus.formats.markdown import parse_markdown
from corpus.formats.mediawiki import read_dump
from corpus.formats.pdf import parse_pdf
from corpus.formats.plain_text import parse_plain
from corpus.formats.single_file import whole_file
from corpus.formats.table import read_table
from corpus.formats.warc import read_wacz, read_warc
from corpus.formats.web_page import parse_page

Reader = Callable[[Path, int], Iterator[SourceItem | Rejection]]

# The group of entry points; docs/readers.md describes it.
GROUP = "attache.readers"

READERS: dict[str, Reader] = {
    ".jsonl": read_lines,
    ".ndjson": read_lines,
    ".jsonl.gz": read_gzip_lines,
    ".md": whole_file(parse_markdown),
    ".markdown": whole_file(parse_markdown),
    ".txt": whole_file(parse_plain),
    ".html": whole_file(parse_page),
    ".htm": whole_file(parse_page),
    ".pdf": whole_file(parse_pdf),
    ".docx": whole_file(parse_docx),
    ".epub": read_book,
    ".csv": read_table,
    ".tsv": read_table,
    ".eml": whole_file(parse_letter),
    ".mbox": read_mailbox,
    ".warc": read_warc,
    ".warc.gz": read_warc,
    ".wacz": read_wacz,
    ".xml": read_dump,
    ".xml.gz": read_dump,
    ".xml.bz2": read_dump,
}


def reader_of(path: Path) -> Reader | None:
    """The reader of a file by its name: our own, else an installed one; None where there is none."""
    name = path.name.lower()
    own = next((reader for suffix, reader in READERS.items() if name.endswith(suffix)), None)
    if own is not None:
        return own
    added = next((point for suffix, point in _installed().items() if name.endswith(suffix)), None)
    return _Added(added) if added is not None else None


def suffixes() -> list[str]:
    """The ends of the names of all files that can be read, in order."""
    return sorted({*READERS, *_installed()})


class _Added:
    """The reader of another package, loaded when it is first needed; its failures are told, not raised."""

    def __init__(self, point: EntryPoint) -> None:
        self._point = point

    def __call__(self, path: Path, max_bytes: int) -> Iterator[SourceItem | Rejection]:
        package = self._point.dist.name if self._point.dist else self._point.module
        try:
            for item in self._point.load()(path, max_bytes):
                yield _checked(item)
        except (OSError, UnreadableSource):
            raise
        # Not our code: whatever it raises costs this file, not the run.
        except Exception as error:  # noqa: BLE001
            reason = f"The reader of the package {package} failed ({type(error).__name__}: {str(error)[:200]})."
            yield Rejection(shown(path), reason, "Report it to those who make the package, or uninstall it.")


def _checked(item: object) -> SourceItem | Rejection:
    if not isinstance(item, SourceItem | Rejection):
        raise TypeError(f"it yields {type(item).__name__}")
    return item


def _installed() -> dict[str, EntryPoint]:
    return _installed_on(tuple(sys.path))


@cache
def _installed_on(_path: tuple[str, ...]) -> dict[str, EntryPoint]:
    """Suffix to entry point; looked up once for each path of modules, since it opens every installed package."""
    return {f".{point.name.lower().lstrip('.')}": point for point in entry_points(group=GROUP)}
