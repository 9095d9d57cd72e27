"""Parses OpenDocument texts, packed (.odt) and flat (.fodt), as LibreOffice and others save them."""

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
        _check_text(text)
        if _PROPERTIES in archive.names:
            read_xml(archive.read(_PROPERTIES, MAX_PART_BYTES), properties)
    return office_draft(text.paragraphs, properties.values, text.title)


def parse_flat(raw: bytes) -> Draft:
    """Return the draft of one document in a single XML file; see `parse_odt`."""
    reader = _FlatReader()
    read_xml(raw, reader)
    _check_text(reader.text)
    return office_draft(reader.text.paragraphs, reader.properties.values, reader.text.title)


def _check_text(text: TextReader) -> None:
    if not text.is_text:
        raise UnreadableSource("This OpenDocument file is no text.", "Save its text as .odt, .txt or .csv.")


class _FlatReader(XmlHandler):
    """Hands the properties of a flat document to one reader, and everything else to another."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.properties = TextReader(StyleReader()), PropertyReader()
        self._depth_in_meta = 0

    @property
    def _reader(self) -> TextReader | PropertyReader:
        return self.properties if self._depth_in_meta else self.text

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Pass on the start of an element."""
        if self._depth_in_meta or (name == "meta" and self._depth == 2):
            self._depth_in_meta += 1
        self._reader.on_start(name, attributes)

    def on_text(self, content: str) -> None:
        """Pass on text."""
        self._reader.on_text(content)

    def on_end(self, name: str) -> None:
        """Pass on the end of an element."""
        self._reader.on_end(name)
        self._depth_in_meta -= bool(self._depth_in_meta)


class _Manifest(XmlHandler):
    """Tells whether parts of the archive are encrypted."""

    is_encrypted = False

    def on_start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        """Notice how a part is encrypted."""
        self.is_encrypted = self.is_encrypted or name == "encryption-data"
