"""Reads XML as a stream, without entities, document types that define any, and depth or size that no text has."""

from xml.sax import SAXException
from xml.sax.handler import ContentHandler, feature_namespaces

from defusedxml import sax
from defusedxml.common import DefusedXmlException

from corpus.errors import UnreadableSource

# A document of 100 pages has some 300,000; this many empty ones take 2 s.
MOST_ELEMENTS = 1_000_000
# Tables in tables in text boxes come to 60.
MOST_DEPTH = 200
_HINT = "Save the document again, or give its text."


class Elements(ContentHandler):
    """Told of elements by their names without prefix; what is made of them is up to who inherits.

    Args:
        most_elements: how many there may be; None for files of any length, whose reader keeps little.
    """

    def __init__(self, most_elements: int | None = MOST_ELEMENTS) -> None:
        super().__init__()
        self._most, self._count, self._depth = most_elements, 0, 0

    def begun(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def text(self, content: str) -> None:
        """A piece of text."""

    def ended(self, name: str) -> None:
        """An element ends."""

    def startElement(self, name: str, attrs: object) -> None:  # noqa: N802 - the library's name
        """Counts, and passes on."""
        self._count += 1
        self._depth += 1
        if self._depth > MOST_DEPTH or (self._most is not None and self._count > self._most):
            raise UnreadableSource("The document has more markup in it than a text has.", _HINT)
        stated = {key.rpartition(":")[2]: value for key, value in attrs.items()}  # type: ignore[attr-defined]
        self.begun(name.rpartition(":")[2], stated)

    def endElement(self, name: str) -> None:  # noqa: N802
        """Passes on."""
        self._depth -= 1
        self.ended(name.rpartition(":")[2])

    def characters(self, content: str) -> None:
        """Passes on."""
        self.text(content)


class XmlFeed:
    """Parses XML piece by piece.

    Args:
        elements: told what is found.
        allow_doctype: whether a document type may be named; entities are refused in any case.
    """

    def __init__(self, elements: Elements, *, allow_doctype: bool = False) -> None:
        self._parser = sax.make_parser()
        self._parser.forbid_dtd = not allow_doctype
        self._parser.setFeature(feature_namespaces, False)
        self._parser.setContentHandler(elements)

    def feed(self, piece: bytes) -> None:
        """Takes the next piece.

        Raises:
            UnreadableSource: it is no XML, or uses what we refuse.
        """
        try:
            self._parser.feed(piece)
        except DefusedXmlException as error:
            raise UnreadableSource("The document defines entities of its own, which are not read.", _HINT) from error
        except (SAXException, ValueError, LookupError) as error:
            raise UnreadableSource("The document is no valid XML.", _HINT) from error

    def close(self) -> None:
        """Ends the document.

        Raises:
            UnreadableSource: it was not complete.
        """
        try:
            self._parser.close()
        except (SAXException, ValueError, LookupError) as error:
            raise UnreadableSource("The document is cut off.", _HINT) from error


def read_xml(raw: bytes, elements: Elements, *, allow_doctype: bool = False) -> None:
    """Parses a document that is in memory; raises UnreadableSource as XmlFeed does."""
    feed = XmlFeed(elements, allow_doctype=allow_doctype)
    feed.feed(raw)
    feed.close()
