"""Parses PDFs in a subprocess with limits on time and memory."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

from corpus.article import Draft
from corpus.dates import parse_published
from corpus.errors import UnreadableSource
from corpus.formats import pdf_child
from corpus.formats.pdf_lines import page_lines, split_notes
from corpus.formats.reflow import reflow

# For the whole file; each page has its own limit in `pdf_child`.
_TIMEOUT_S = 60.0
_MAGIC_WITHIN = 1024
_SPLIT = "Split it, or save its text as a file."
_ERRORS = {
    "password": ("This PDF is password-protected.", "Save a copy without a password."),
    "encrypted": ("This PDF is encrypted with AES.", "Install the package cryptography, or save a copy unencrypted."),
    "protected": ("This PDF is protected, perhaps with a certificate.", "Save a copy without protection."),
    "memory": ("This PDF is too large when unpacked.", _SPLIT),
    "damaged": ("This PDF is damaged.", "Open it in a viewer and save it again."),
}
# What programs write into the title property by default.
_NO_TITLE = re.compile(
    r"untitled|(?:microsoft )?(?:word|powerpoint|excel)\b.*|.*\.(?:docx?|pptx?|xlsx?|indd|pdf|tex|odt|qxd|rtf|dvi)"
    r"|(?:document|layout|slide|print|title)\s?\d*|\(?(?:anonymous|unspecified)\)?|\W*|(?=[a-z_]*\d)[a-z0-9_]+",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"admin\w*|user\d*|owner|unknown|\(?anonymous\)?|default|microsoft.*|adobe.*|\W*", re.IGNORECASE
)
_CREATED = re.compile(r"D:(\d{4})(\d\d)(\d\d)")


def parse_pdf(raw: bytes) -> Draft:
    """Return the draft of one PDF.

    Raises:
        UnreadableSource: not a PDF, damaged, password-protected, too long, too slow, or scanned pages without text.
    """
    # Viewers allow a few bytes before the magic number (PDF 1.7, appendix H.3, note 13).
    if b"%PDF-" not in raw[:_MAGIC_WITHIN]:
        raise UnreadableSource("This file isn't a PDF.", "Check the file.")
    result = _read_in_subprocess(raw)
    if refused := result.get("refused"):
        if refused == "pages":
            count = f"{result.get('count'):,}"
            raise UnreadableSource(f"This PDF has {count} pages; the limit is {pdf_child.MAX_PAGES:,}.", _SPLIT)
        raise UnreadableSource(*_ERRORS[str(refused)])
    pages = result.get("pages")
    assert isinstance(pages, list)
    text, notes = split_notes([page_lines(page) for page in pages])
    body = "\n\n".join(filter(None, (reflow(text), reflow(notes))))
    if not body.strip():
        if result.get("pictures"):
            hint = "Run text recognition (OCR) on it first, for example with ocrmypdf."
            raise UnreadableSource("This PDF contains only scanned pages without text.", hint)
        if result.get("failed"):
            raise UnreadableSource("No page of this PDF can be parsed.", "Open it in a viewer and save it again.")
        raise UnreadableSource("This PDF has no text.", "Check that it is a complete article.")
    return _draft(body, result, len(pages))


def _draft(body: str, result: dict[str, object], pages: int) -> Draft:
    warnings = []
    if failed := _number(result, "failed"):
        warnings.append(f"{failed} of its {pages} pages could not be read.")
    if (scanned := _number(result, "pictures")) * 4 >= pages:
        warnings.append(
            f"{scanned} of its {pages} pages are scanned without text; text recognition (OCR) could read them."
        )
    published = parse_published(_text(result, "published") or "")
    is_file_date = published is None
    if published is None and (created := _CREATED.match(_text(result, "created") or "")):
        published = parse_published("-".join(created.groups()))
        if published:
            warnings.append(f"The date {published} is when the PDF was created; it states no other date.")
    title, author = _text(result, "title"), _text(result, "author")
    language = (_text(result, "language") or "").lower()
    return Draft(
        body=body,
        title=None if title is None or _NO_TITLE.fullmatch(title) else title,
        author=None if author is None or _NO_AUTHOR.fullmatch(author) else author,
        published_at=published,
        language=language.split("-")[0] if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}", language) else None,
        warnings=tuple(warnings),
        is_file_date=is_file_date and published is not None,
    )


def _read_in_subprocess(raw: bytes) -> dict[str, object]:
    """Return what `pdf_child` prints; it may be slow, use up its memory or crash."""
    # -P keeps this folder off the module path.
    command = [sys.executable, "-P", str(Path(pdf_child.__file__))]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=_TIMEOUT_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise UnreadableSource(f"This PDF takes more than {_TIMEOUT_S:g} seconds to read.", _SPLIT) from error
    except OSError as error:
        raise UnreadableSource("This PDF could not be read: its subprocess didn't start.") from error
    if hasattr(signal, "SIGALRM") and done.returncode == -signal.SIGALRM:
        seconds = pdf_child.PAGE_TIMEOUT_S
        raise UnreadableSource(f"A page of this PDF takes more than {seconds:g} seconds to read.", _SPLIT)
    try:
        result = json.loads(done.stdout)
    except ValueError:
        result = None
    if done.returncode or not isinstance(result, dict):
        raise UnreadableSource(*_ERRORS["memory" if b"MemoryError" in done.stderr else "damaged"])
    return result


def _text(result: dict[str, object], name: str) -> str | None:
    value = result.get(name)
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _number(result: dict[str, object], name: str) -> int:
    value = result.get(name)
    return value if isinstance(value, int) else 0
