"""The format readers by file suffix: our own, and those that installed packages add as entry points."""

import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from corpus.article import Rejection, SourceItem
from corpus.errors import UnreadableSource
from corpus.formats.docx import parse_docx
from corpus.formats.epub import read_book
from corpus.formats.files import display_path
from corpus.formats.json_file import read_json
from corpus.formats.jsonl import read_lines
from corpus.formats.mail import parse_message, read_mailbox
from corpus.formats.markdown import parse_markdown
from corpus.formats.mediawiki import read_dump
from corpus.formats.mhtml import parse_saved_page
from corpus.formats.odt import parse_flat, parse_odt
from corpus.formats.pdf import parse_pdf
from corpus.formats.plain_text import parse_plain
from corpus.formats.saved_page import page_items
from corpus.formats.single_file import single_article_reader, whole_file_reader
from corpus.formats.table import read_table
from corpus.formats.warc import read_wacz, read_warc

Reader = Callable[[Path, int], Iterator[SourceItem | Rejection]]

# Described in docs/formats.md.
ENTRY_POINT_GROUP = "attache.readers"

READERS: dict[str, Reader] = {
    ".jsonl": read_lines,
    ".ndjson": read_lines,
    ".jsonl.gz": read_lines,
    ".json": read_json,
    ".md": single_article_reader(parse_markdown),
    ".markdown": single_article_reader(parse_markdown),
    ".txt": single_article_reader(parse_plain),
    ".html": whole_file_reader(page_items),
    ".htm": whole_file_reader(page_items),
    ".pdf": single_article_reader(parse_pdf),
    ".docx": single_article_reader(parse_docx),
    ".odt": single_article_reader(parse_odt),
    ".fodt": single_article_reader(parse_flat),
    ".epub": read_book,
    ".csv": read_table,
    ".tsv": read_table,
    ".eml": single_article_reader(parse_message),
    ".mbox": read_mailbox,
    ".mhtml": single_article_reader(parse_saved_page),
    ".mht": single_article_reader(parse_saved_page),
    ".warc": read_warc,
    ".warc.gz": read_warc,
    ".warc.zst": read_warc,
    ".wacz": read_wacz,
    ".xml": read_dump,
    ".xml.gz": read_dump,
    ".xml.bz2": read_dump,
}


def find_reader(path: Path) -> Reader | None:
    """Return the reader for a file name: our own, else an installed plug-in's, else None."""
    name = path.name.lower()
    own = next((reader for suffix, reader in READERS.items() if name.endswith(suffix)), None)
    if own is not None:
        return own
    plugin = next((point for suffix, point in _plugins(tuple(sys.path)).items() if name.endswith(suffix)), None)
    return _PluginReader(plugin) if plugin is not None else None


def supported_suffixes() -> list[str]:
    """Return the suffixes of all supported files, sorted."""
    return sorted({*READERS, *_plugins(tuple(sys.path))})


class _PluginReader:
    """A plug-in's reader, loaded on first use; its exceptions become rejections."""

    def __init__(self, point: EntryPoint) -> None:
        self._point = point

    def __call__(self, path: Path, max_bytes: int) -> Iterator[SourceItem | Rejection]:
        package = self._point.dist.name if self._point.dist else self._point.module
        try:
            for item in self._point.load()(path, max_bytes):
                yield _checked(item)
        except (OSError, UnreadableSource):
            raise
        # A plug-in may raise anything; that must cost this file, not the run.
        except Exception as error:  # noqa: BLE001
            reason = f"The reader of the package {package} failed ({type(error).__name__}: {str(error)[:200]})."
            yield Rejection(display_path(path), reason, "Report it to the package's authors, or uninstall the package.")


def _checked(item: object) -> SourceItem | Rejection:
    if not isinstance(item, SourceItem | Rejection):
        raise TypeError(f"it yields {type(item).__name__}")
    return item


@cache
def _plugins(_module_path: tuple[str, ...]) -> dict[str, EntryPoint]:
    """Return suffix to entry point, cached per module path, since the lookup opens every installed package."""
    return {f".{point.name.lower().lstrip('.')}": point for point in entry_points(group=ENTRY_POINT_GROUP)}
