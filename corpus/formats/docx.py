"""Parses Word documents (.docx)."""

from io import BytesIO

from corpus.article import Draft
from corpus.errors import UnreadableSource
from corpus.formats.archive import Archive
from corpus.formats.docx_text import StyleReader, TextReader
from corpus.formats.fields import checked_date
from corpus.formats.xml import XmlHandler, read_xml

_BODY, _STYLES, _PROPERTIES = "word/document.xml", "word/styles.xml", "docProps/core.xml"
_MAX_PART_BYTES = 20 * 1024 * 1024
_OLD_WORD = b"\xd0\xcf\x11\xe0"


def parse_docx(raw: bytes) -> Draft:
    """Return the draft of one document; without a title property, use the first paragraph styled as a title.

    Raises:
        UnreadableSource: not a Word document, or damaged, password-protected or hostile.
    """
    if raw.startswith(_OLD_WORD):
        raise UnreadableSource("This is an old or protected Word document.", "Save it as .docx without a password.")
    with Archive(BytesIO(raw)) as archive:
        styles, properties = StyleReader(), _Properties()
        if _STYLES in archive.names:
            read_xml(archive.read(_STYLES, _MAX_PART_BYTES), styles)
        text = TextReader(styles.unseen())
        read_xml(archive.read(_BODY, _MAX_PART_BYTES), text)
        if _PROPERTIES in archive.names:
            read_xml(archive.read(_PROPERTIES, _MAX_PART_BYTES), properties)
    metadata = properties.values
    warnings: list[str] = []
    published = checked_date(metadata.get("created") or metadata.get("modified"), warnings)
    if published:
        warnings.append(f"The date {published[:10]} is when the document was created; it states no other date.")
    return Draft(
        body="\n\n".join(text.paragraphs),
        title=metadata.get("title") or text.title,
        author=metadata.get("creator"),
        published_at=published[:10] if published else None,
        language=(metadata.get("language") or "").split("-")[0].lower() or None,
        warnings=tuple(warnings),
        is_file_date=published is not None,
    )


class _Properties(XmlHandler):
    """Collects the core properties (ECMA-376, part 2, 11)."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._pieces: list[str] = []

    def on_start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        """Start a property."""
        self._pieces.clear()

    def on_text(self, content: str) -> None:
        """Collect its value."""
        self._pieces.append(content)

    def on_end(self, name: str) -> None:
        """Keep the first value of each property."""
        value = " ".join("".join(self._pieces).split())[:1000]
        if value:
            self.values.setdefault(name, value)
        self._pieces.clear()
