"""Reads Word documents: the paragraphs of the text as it stands, and what the properties state."""

from io import BytesIO

from corpus.article import Draft
from corpus.errors import UnreadableSource
from corpus.formats.archive import Archive
from corpus.formats.fields import checked_date
from corpus.formats.xml import Elements, read_xml

_BODY, _PROPERTIES = "word/document.xml", "docProps/core.xml"
_MOST_PART = 20 * 1024 * 1024
_OLD_WORD = b"\xd0\xcf\x11\xe0"
# Fields' instructions, deleted text, and what is drawn twice for older programs.
_UNREAD = frozenset({"instrText", "delText", "del", "Fallback", "moveFrom", "footnotePr"})


def parse_docx(raw: bytes) -> Draft:
    """Return the draft of one document; its title is the stated one, else that of the first paragraph styled as one.

    Raises:
        UnreadableSource: no Word document, or one that is damaged, protected, or made to do harm.
    """
    if raw.startswith(_OLD_WORD):
        raise UnreadableSource("This is a document of an old Word, or one with a password.", "Save it as .docx.")
    with Archive(BytesIO(raw)) as archive:
        text, properties = _Text(), _Properties()
        read_xml(archive.read(_BODY, _MOST_PART), text)
        if _PROPERTIES in archive.names:
            read_xml(archive.read(_PROPERTIES, _MOST_PART), properties)
    stated = properties.found
    warnings: list[str] = []
    published = checked_date(stated.get("created") or stated.get("modified"), warnings)
    if published:
        warnings.append(f"The date {published[:10]} is that on which the document was made; it states no other.")
    return Draft(
        body="\n\n".join(text.paragraphs),
        title=stated.get("title") or text.title,
        author=stated.get("creator"),
        published_at=published[:10] if published else None,
        language=(stated.get("language") or "").split("-")[0].lower() or None,
        warnings=tuple(warnings),
    )


class _Text(Elements):
    """Paragraphs of WordprocessingML (ECMA-376, part 1, 17.3)."""

    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[str] = []
        self.title: str | None = None
        self._pieces: list[str] = []
        self._is_text, self._unread, self._style = False, 0, ""

    def begun(self, name: str, attributes: dict[str, str]) -> None:
        """Notes styles and what is not to be read; tabs and breaks are white space."""
        self._unread += name in _UNREAD
        match name:
            case "p":
                self._style = ""
            case "pStyle":
                self._style = attributes.get("val", "")
            case "t":
                self._is_text = not self._unread
            case "tab" | "br" | "cr":
                self._pieces.append(" ")
            case "noBreakHyphen":
                self._pieces.append("-")

    def text(self, content: str) -> None:
        """Keeps what stands in runs of text."""
        if self._is_text:
            self._pieces.append(content)

    def ended(self, name: str) -> None:
        """Closes a paragraph; the first with the style of a title is the title."""
        self._unread -= name in _UNREAD
        if name == "t":
            self._is_text = False
        elif name == "p":
            paragraph = " ".join("".join(self._pieces).split())
            self._pieces.clear()
            if paragraph:
                self.paragraphs.append(paragraph)
                if self.title is None and self._style.lower() in {"title", "heading1", "titel", "berschrift1"}:
                    self.title = paragraph


class _Properties(Elements):
    """The flat list of stated properties (ECMA-376, part 2, 11)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._pieces: list[str] = []

    def begun(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        """Begins a property."""
        self._pieces.clear()

    def text(self, content: str) -> None:
        """Keeps a piece of its value."""
        self._pieces.append(content)

    def ended(self, name: str) -> None:
        """Keeps the first value of each property."""
        value = " ".join("".join(self._pieces).split())[:1000]
        if value:
            self.found.setdefault(name, value)
        self._pieces.clear()
