"""Parses Word documents (.docx)."""

import posixpath
from io import BytesIO

from corpus.article import Draft
from corpus.errors import UnreadableSource
from corpus.formats.archive import Archive
from corpus.formats.docx_text import StyleReader, TextReader
from corpus.formats.office_draft import MAX_PART_BYTES, PropertyReader, office_draft
from corpus.formats.xml import XmlHandler, read_xml

_BODY, _PROPERTIES, _PACKAGE = "word/document.xml", "docProps/core.xml", "_rels/.rels"
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
        body = _part(archive, "", _PACKAGE, "officeDocument") or _BODY
        folder, name = posixpath.split(body)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        style_part = _part(archive, folder, relations, "styles") or posixpath.join(folder, "styles.xml")
        if style_part in archive.names:
            read_xml(archive.read(style_part, MAX_PART_BYTES), styles)
        text = TextReader(styles.unseen())
        read_xml(archive.read(body, MAX_PART_BYTES), text)
        if _PROPERTIES in archive.names:
            read_xml(archive.read(_PROPERTIES, MAX_PART_BYTES), properties)
    return office_draft(text.paragraphs, properties.values, text.title)


def _part(archive: Archive, folder: str, relations: str, kind: str) -> str | None:
    """Return the name of a part that a list of relations states (ECMA-376, part 2, 9.3); None if it states none."""
    if relations not in archive.names:
        return None
    found = _Relations(kind)
    read_xml(archive.read(relations, MAX_PART_BYTES), found)
    name = posixpath.normpath(posixpath.join("/", folder, found.target)).lstrip("/") if found.target else ""
    return name if name in archive.names else None


class _Relations(XmlHandler):
    """Finds the first relation of a kind."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.target = ""
        self._end = f"/{kind}"

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Keep the target."""
        if name == "Relationship" and not self.target and attributes.get("Type", "").endswith(self._end):
            self.target = attributes.get("Target", "")
