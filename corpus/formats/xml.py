"""Parses untrusted XML as a stream, without entities and within limits on depth and element count."""

from xml.sax import SAXException
from xml.sax.handler import ContentHandler, feature_namespaces

from defusedxml import sax
from defusedxml.common import DefusedXmlException

from corpus.errors import UnreadableSource

# A document of 100 pages has some 300,000 elements; this many empty ones take 2 s.
MAX_ELEMENTS = 1_000_000
# Nested tables in text boxes reach a depth of 60.
MAX_DEPTH = 200
# Of a tag, a comment or an instruction, and of what stands between two of the others: the library looks through it anew
# with each chunk, and keeps it in memory. Tags of documents have some hundred characters.
MAX_TOKEN = 1 << 17
_CHUNK = 1 << 16
_TOO_MUCH = "The document has too much markup for a text."
_HINT = "Save the document again, or save its text as a file."


class XmlHandler(ContentHandler):
    """Base class of handlers, called with element names without namespace prefix.

    Args:
        max_elements: the largest number of elements; None for no limit.
    """

    def __init__(self, max_elements: int | None = MAX_ELEMENTS) -> None:
        super().__init__()
        self._max_elements, self._count, self._depth = max_elements, 0, 0
        # How many elements' edges and pieces of text were read.
        self.events = 0

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element."""

    def on_text(self, content: str) -> None:
        """Handle a chunk of text."""

    def on_end(self, name: str) -> None:
        """Handle the end of an element."""

    def startElement(self, name: str, attrs: object) -> None:  # noqa: N802 - the library's name
        """Check the limits and call `on_start`."""
        self.events += 1
        self._count += 1
        self._depth += 1
        if self._depth > MAX_DEPTH or (self._max_elements is not None and self._count > self._max_elements):
            raise UnreadableSource(_TOO_MUCH, _HINT)
        stated = {key.rpartition(":")[2]: value for key, value in attrs.items()}  # type: ignore[attr-defined]
        self.on_start(name.rpartition(":")[2], stated)

    def endElement(self, name: str) -> None:  # noqa: N802
        """Call `on_end`."""
        self.events += 1
        self._depth -= 1
        self.on_end(name.rpartition(":")[2])

    def characters(self, content: str) -> None:
        """Call `on_text`."""
        self.events += 1
        self.on_text(content)


class XmlParser:
    """Parses XML chunk by chunk.

    Args:
        handler: receives the elements and text.
        allow_doctype: accept a document type declaration; entity definitions are always refused.
    """

    def __init__(self, handler: XmlHandler, *, allow_doctype: bool = False) -> None:
        self._parser = sax.make_parser()
        self._parser.forbid_dtd = not allow_doctype
        self._parser.setFeature(feature_namespaces, False)
        self._parser.setContentHandler(handler)
        self._handler = handler
        # Bytes of whole chunks since the last event.
        self._silent = 0

    def feed(self, chunk: bytes) -> None:
        """Parse the next chunk.

        Raises:
            UnreadableSource: invalid XML, XML that defines entities, or a tag or comment without end.
        """
        before = self._handler.events
        try:
            self._parser.feed(chunk)
        except DefusedXmlException as error:
            raise UnreadableSource("The document defines its own entities, which are not supported.", _HINT) from error
        except (SAXException, ValueError, LookupError) as error:
            raise UnreadableSource("The document isn't valid XML.", _HINT) from error
        self._silent = self._silent + len(chunk) if self._handler.events == before else 0
        if self._silent > MAX_TOKEN:
            raise UnreadableSource(_TOO_MUCH, _HINT)

    def close(self) -> None:
        """Finish parsing.

        Raises:
            UnreadableSource: the document is incomplete.
        """
        try:
            self._parser.close()
        except (SAXException, ValueError, LookupError) as error:
            raise UnreadableSource("The document is truncated.", _HINT) from error


def read_xml(raw: bytes, handler: XmlHandler, *, allow_doctype: bool = False) -> None:
    """Parse a whole document; raise UnreadableSource as `XmlParser` does."""
    parser = XmlParser(handler, allow_doctype=allow_doctype)
    for start in range(0, len(raw), _CHUNK):
        parser.feed(raw[start : start + _CHUNK])
    parser.close()
