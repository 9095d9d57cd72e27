"""Parses OpenDocument texts (.odt), as LibreOffice and others save them."""

from io import BytesIO

from corpus.article import Draft
from corpus.errors import UnreadableSource
from corpus.formats.archive import Archive
from corpus.formats.odt_text import StyleReader, TextReader
from corpus.formats.office_draft import MAX_PART_BYTES, PropertyReader, office_draft
from corpus.formats.xml import XmlHandler, read_xml

_BODY, _STYLES, _PROPERTIES, _MANIFEST = "content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"


def parse_odt(raw: bytes) -> Draft:
    """Return the draft of one document; without a title property, use the first paragraph styled as a title.

    Raises:
        UnreadableSource: not an OpenDocument text, or damaged, password-protected or hostile.
    """
    with Archive(BytesIO(raw)) as archive:
        manifest, styles, properties = _Manifest(), StyleReader(), PropertyReader()
        if _MANIFEST in archive.names:
            # Older programs declare a document type here.
            read_xml(archive.read(_MANIFEST, MAX_PART_BYTES), manifest, allow_doctype=True)
        if manifest.is_encrypted:
            raise UnreadableSource("This document is password-protected.", "Save it without a password.")
        if _STYLES in archive.names:
            read_xml(archive.read(_STYLES, MAX_PART_BYTES), styles)
        text = TextReader(styles)
        read_xml(archive.read(_BODY, MAX_PART_BYTES), text)
        if not text.is_text:
            raise UnreadableSource("This OpenDocument file is no text.", "Save its text as .odt, .txt or .csv.")
        if _PROPERTIES in archive.names:
            read_xml(archive.read(_PROPERTIES, MAX_PART_BYTES), properties)
    return office_draft(text.paragraphs, properties.values, text.title)


class _Manifest(XmlHandler):
    """Tells whether parts of the archive are encrypted."""

    is_encrypted = False

    def on_start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        """Notice how a part is encrypted."""
        self.is_encrypted = self.is_encrypted or name == "encryption-data"
