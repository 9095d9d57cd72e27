"""Parses Word documents (.docx)."""

from io import BytesIO

from corpus.article import Draft
from corpus.errors import UnreadableSource
from corpus.formats.archive import Archive
from corpus.formats.docx_text import StyleReader, TextReader
from corpus.formats.office_draft import MAX_PART_BYTES, PropertyReader, office_draft
from corpus.formats.xml import read_xml

_BODY, _STYLES, _PROPERTIES = "word/document.xml", "word/styles.xml", "docProps/core.xml"
_OLD_WORD = b"\xd0\xcf\x11\xe0"


def parse_docx(raw: bytes) -> Draft:
    """Return the draft of one document; without a title property, use the first paragraph styled as a title.

    Raises:
        UnreadableSource: not a Word document, or damaged, password-protected or hostile.
    """
    if raw.startswith(_OLD_WORD):
        raise UnreadableSource("This is an old or protected Word document.", "Save it as .docx without a password.")
    with Archive(BytesIO(raw)) as archive:
        styles, properties = StyleReader(), PropertyReader()
        if _STYLES in archive.names:
            read_xml(archive.read(_STYLES, MAX_PART_BYTES), styles)
        text = TextReader(styles.unseen())
        read_xml(archive.read(_BODY, MAX_PART_BYTES), text)
        if _PROPERTIES in archive.names:
            read_xml(archive.read(_PROPERTIES, MAX_PART_BYTES), properties)
    return office_draft(text.paragraphs, properties.values, text.title)
