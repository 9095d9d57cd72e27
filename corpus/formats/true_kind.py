"""Tells what a file holds whatever its name says: a PDF, a document, an email, a web page."""

import re
import zipfile
from pathlib import Path

# The rest of a file does not change what its beginning is.
_HEAD_BYTES = 1 << 14
_PDF_WITHIN = 1024
# Names of files that contain text and may have been chosen by hand.
_TEXTS = (".txt", ".md", ".markdown", ".html", ".htm")
_PAGES = (".html", ".htm")
_MARK = rb"(?:\xef\xbb\xbf)?\s{0,100}(?:<\?xml[^<>]{0,200}\?>\s{0,100})?(?:<!--[^<>]{0,500}-->\s{0,100}){0,5}"
_PAGE = re.compile(_MARK + rb"(?:<!doctype\s+html|<html[\s>])", re.IGNORECASE)
_TAG = re.compile(rb"<[a-z!/?][^<>]{0,500}>", re.IGNORECASE)
_HEADER = re.compile(rb"(?:[!-9;-~]{1,76}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,100}){3}")
_SENDER = re.compile(rb"^From:.{0,500}@", re.MULTILINE | re.IGNORECASE)
_OF_EMAIL = re.compile(rb"^(?:Message-ID|MIME-Version|Received|Return-Path):", re.MULTILINE | re.IGNORECASE)
_ZIP = b"PK\x03\x04"
_PACKED = {"application/epub+zip": ".epub", "application/vnd.oasis.opendocument.text": ".odt"}


def true_suffix(path: Path) -> str | None:
    """Return the suffix that a file should have by its content, or None where its name is right or nothing is certain.

    Raises:
        OSError: the file can't be read.
    """
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    found = _by_content(path, head)
    if found is None and suffix in _PAGES and head.strip() and not _TAG.search(head) and len(head) < _HEAD_BYTES:
        # Text without a single tag.
        return ".txt" if b"\0" not in head else None
    return found if found != suffix and not (found == ".html" and suffix in _PAGES) else None


def is_free_text(path: Path) -> bool:
    """Return whether a file's name says that it is a text or a page, as people also name what is neither."""
    return path.name.lower().endswith(_TEXTS)


def _by_content(path: Path, head: bytes) -> str | None:
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return ".pdf"
    if head.startswith(_ZIP):
        return _packed(path)
    if _PAGE.match(head):
        return ".html"
    start = head.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n"
    is_email = _HEADER.match(start) and _SENDER.search(start) and _OF_EMAIL.search(start)
    if b"Snapshot-Content-Location:" in start:
        return ".mhtml"
    return ".eml" if is_email else None


def _packed(path: Path) -> str | None:
    """Return the suffix of an office document or a book in a ZIP archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            if "word/document.xml" in archive.NameToInfo:
                return ".docx"
            kind = archive.NameToInfo.get("mimetype")
            if kind is None or kind.file_size > _HEAD_BYTES:
                return None
            return _PACKED.get(archive.read(kind).decode("ascii", "replace").strip())
    except (OSError, ValueError, NotImplementedError, RuntimeError, zipfile.BadZipFile):
        return None
