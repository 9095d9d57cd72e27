"""Makes the draft of an office document from its text and the properties that it states."""

from collections.abc import Mapping, Sequence

from corpus.article import Draft
from corpus.formats.fields import checked_date
from corpus.formats.xml import XmlHandler

MAX_PART_BYTES = 20 * 1024 * 1024
# The properties of Word (ECMA-376, part 2, 11) and of OpenDocument (ODF 1.3, part 3, 4), where `creator` is whoever
# changed the document last.
_AUTHOR = ("initial-creator", "creator")
_MADE = ("created", "creation-date", "modified", "date")


class PropertyReader(XmlHandler):
    """Collects properties by their names."""

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


def office_draft(paragraphs: Sequence[str], properties: Mapping[str, str], title: str | None) -> Draft:
    """Return the draft of a document, dated by the day on which it was made.

    Args:
        paragraphs: the text.
        properties: as `PropertyReader` collects them.
        title: the first paragraph that is styled as a title, for documents that state none.
    """
    warnings: list[str] = []
    made = next(filter(None, map(properties.get, _MADE)), None)
    published = checked_date(made, warnings)
    if published:
        warnings.append(f"The date {published[:10]} is when the document was created; it states no other date.")
    return Draft(
        body="\n\n".join(paragraphs),
        title=properties.get("title") or title,
        author=next(filter(None, map(properties.get, _AUTHOR)), None),
        published_at=published[:10] if published else None,
        language=properties.get("language", "").split("-")[0].lower() or None,
        warnings=tuple(warnings),
        is_file_date=published is not None,
    )
