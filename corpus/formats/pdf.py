"""Reads PDFs: text without running heads and broken words, and what the metadata states."""

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
from corpus.formats.reflow import reflow

# For the whole file, however many pages take however long.
_TOTAL_S = 60.0
_MAGIC_WITHIN = 1024
_SPLIT = "Split it, or save its text as a file."
_REFUSED = {
    "password": ("This PDF is protected by a password.", "Save a copy without one."),
    "memory": ("This PDF unpacks to more than is read of one file.", _SPLIT),
    "damaged": ("This PDF is damaged.", "Open it in a viewer and save it again."),
}
# Programs put these where a title belongs.
_NO_TITLE = re.compile(
    r"untitled|(?:microsoft )?(?:word|powerpoint|excel)\b.*|.*\.(?:docx?|pptx?|xlsx?|indd|pdf|tex|odt|qxd|rtf|dvi)"
    r"|(?:document|layout|slide|print|title)\s?\d*|\W*|[a-z0-9_]*\d[a-z0-9_]*",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(r"admin\w*|user\d*|owner|unknown|anonymous|default|microsoft.*|adobe.*|\W*", re.IGNORECASE)
_CREATED = re.compile(r"D:(\d{4})(\d\d)(\d\d)")


def parse_pdf(raw: bytes) -> Draft:
    """Return the draft of one PDF.

    Raises:
        UnreadableSource: no PDF, damaged, protected, too many pages, too slow, or pictures of pages without text.
    """
    # Readers allow a few bytes before (PDF 1.7, appendix H.3, note 13).
    if b"%PDF-" not in raw[:_MAGIC_WITHIN]:
        raise UnreadableSource("This is no PDF, whatever its name says.", "Check the file.")
    result = _read_apart(raw)
    if refused := result.get("refused"):
        if refused == "pages":
            count = f"{result.get('count'):,}"
            raise UnreadableSource(f"This PDF has {count} pages; the limit is {pdf_child.MOST_PAGES:,}.", _SPLIT)
        raise UnreadableSource(*_REFUSED[str(refused)])
    pages = result.get("pages")
    assert isinstance(pages, list)
    body = reflow([str(page).encode("utf-16", "surrogatepass").decode("utf-16", "replace") for page in pages])
    if not body.strip():
        if result.get("pictures"):
            hint = "Run text recognition (OCR) on it first, for example with ocrmypdf."
            raise UnreadableSource("This PDF holds pictures of pages without text.", hint)
        if result.get("failed"):
            raise UnreadableSource("No page of this PDF can be read.", "Open it in a viewer and save it again.")
        raise UnreadableSource("This PDF holds no text.", "Check that it is an article, saved whole.")
    return _draft(body, result, len(pages))


def _draft(body: str, result: dict[str, object], pages: int) -> Draft:
    warnings = []
    if unread := _number(result, "failed"):
        warnings.append(f"{unread} of its {pages} pages could not be read.")
    if (scanned := _number(result, "pictures")) * 4 >= pages:
        warnings.append(f"{scanned} of its {pages} pages are pictures without text; text recognition would read them.")
    published = parse_published(_stated(result, "published") or "")
    if published is None and (made := _CREATED.match(_stated(result, "created") or "")):
        published = parse_published("-".join(made.groups()))
        if published:
            warnings.append(f"The date {published} is that on which the PDF was made; it states no other.")
    title, author = _stated(result, "title"), _stated(result, "author")
    language = (_stated(result, "language") or "").lower()
    return Draft(
        body=body,
        title=None if title is None or _NO_TITLE.fullmatch(title) else title,
        author=None if author is None or _NO_AUTHOR.fullmatch(author) else author,
        published_at=published,
        language=language.split("-")[0] if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}", language) else None,
        warnings=tuple(warnings),
    )


def _read_apart(raw: bytes) -> dict[str, object]:
    """Reads in another process, which may be slow, greedy or crash as it likes."""
    # -P: no folder of ours on the path, only what is installed.
    command = [sys.executable, "-P", str(Path(pdf_child.__file__))]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=_TOTAL_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise UnreadableSource(f"This PDF takes more than {_TOTAL_S:g} seconds to read.", _SPLIT) from error
    except OSError as error:
        raise UnreadableSource("This PDF could not be read: no process could be started for it.") from error
    if hasattr(signal, "SIGALRM") and done.returncode == -signal.SIGALRM:
        raise UnreadableSource(f"A page of this PDF takes more than {pdf_child.PAGE_S:g} seconds to read.", _SPLIT)
    try:
        result = json.loads(done.stdout)
    except ValueError:
        result = None
    if done.returncode or not isinstance(result, dict):
        raise UnreadableSource(*_REFUSED["memory" if b"MemoryError" in done.stderr else "damaged"])
    return result


def _stated(result: dict[str, object], name: str) -> str | None:
    value = result.get(name)
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _number(result: dict[str, object], name: str) -> int:
    value = result.get(name)
    return value if isinstance(value, int) else 0
