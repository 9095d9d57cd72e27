"""Reads the paragraphs of OpenDocument texts as they look once all changes are accepted (ODF 1.3, part 3)."""

from dataclasses import dataclass, field, replace

from corpus.formats.raised_pieces import Height, join_pieces
from corpus.formats.xml import XmlHandler
from corpus.omission import OMITTED

# Deleted text, notes, comments, reading aids of East Asian text, numbers of lists, unfilled fields, forms, programs,
# what merged cells cover, descriptions of pictures, and tables of contents.
_SKIPPED = frozenset({
    "tracked-changes", "note", "annotation", "ruby-text", "number", "placeholder", "hidden-text", "forms", "script",
    "covered-table-cell", "desc", "binary-data", "table-of-content", "illustration-index", "table-index",
    "object-index", "user-index", "alphabetical-index",
})  # fmt: skip
_INLINE = frozenset({"p", "h", "span", "a", "meta", "ruby", "ruby-base"})
# Longer chains of styles based on each other are circles.
_MAX_BASES = 20


@dataclass(frozen=True, slots=True)
class _Look:
    """What a style or a piece of text states of its look; None where it inherits it."""

    is_struck: bool | None = None
    is_hidden: bool | None = None
    height: Height | None = None

    def over(self, other: "_Look") -> "_Look":
        """Return this look, with what it leaves open from the other one."""
        return _Look(
            other.is_struck if self.is_struck is None else self.is_struck,
            other.is_hidden if self.is_hidden is None else self.is_hidden,
            other.height if self.height is None else self.height,
        )


@dataclass(frozen=True, slots=True)
class _Style:
    base: str = ""
    look: _Look = field(default_factory=_Look)


@dataclass(slots=True)
class _Paragraph:
    """A paragraph that isn't finished, and the paragraphs of the text boxes anchored in it."""

    is_title: bool
    pieces: list[tuple[str, Height]] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    is_hidden: bool = False


class StyleReader(XmlHandler):
    """Reads which styles strike out, hide, raise or lower text."""

    def __init__(self) -> None:
        super().__init__()
        # By family and name: a paragraph's style may have the name of one for pieces of text.
        self._styles: dict[tuple[str, str], _Style] = {}
        self._open: tuple[str, str] | None = None

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Collect a style, and the one that it is based on."""
        if name == "style":
            self._open = attributes.get("family", ""), attributes.get("name", "")
            self._styles[self._open] = _Style(attributes.get("parent-style-name", ""))
        elif name == "text-properties" and self._open is not None:
            self._styles[self._open] = replace(self._styles[self._open], look=_stated_look(attributes))

    def on_end(self, name: str) -> None:
        """Finish a style."""
        if name == "style":
            self._open = None

    def look(self, family: str, name: str) -> _Look:
        """Return what a style states, with what it inherits."""
        look = _Look()
        for style in self._chain(family, name):
            look = look.over(self._styles.get((family, style), _Style()).look)
        return look

    def is_title(self, name: str) -> bool:
        """Return whether a paragraph's style is that of titles, or based on it."""
        return "title" in map(str.lower, self._chain("paragraph", name))

    def _chain(self, family: str, name: str) -> list[str]:
        names: list[str] = []
        while name and len(names) < _MAX_BASES:
            names.append(name)
            name = self._styles.get((family, name), _Style()).base
        return names


def _stated_look(attributes: dict[str, str]) -> _Look:
    lines = [attributes[key] for key in ("text-line-through-style", "text-line-through-type") if key in attributes]
    display = attributes.get("display")
    return _Look(
        is_struck="none" not in lines if lines else None,
        is_hidden=display == "none" if display else None,
        height=_height(attributes["text-position"]) if "text-position" in attributes else None,
    )


def _height(position: str) -> Height:
    """Return the height that a position states, such as `super 58%` or `-33% 58%`."""
    first = position.strip().partition(" ")[0]
    if first == "sub" or first.startswith("-"):
        return "sub"
    return "sup" if first == "super" or first.strip("0%") else ""


class TextReader(XmlHandler):
    """Collects the text; a box follows the paragraph in which it is anchored.

    Args:
        styles: the styles that are read already; those of the text's own part are added.
    """

    def __init__(self, styles: StyleReader) -> None:
        super().__init__()
        self.paragraphs: list[str] = []
        self.title: str | None = None
        # Whether it is a text, and no table or presentation.
        self.is_text = False
        self._styles = styles
        self._open: list[_Paragraph] = []
        self._looks: list[_Look] = []
        self._path: list[str] = []
        # The depth of the skipped element that is open; 0 for none.
        self._skipped_at = 0
        self._is_in_line = False

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Track styles, paragraphs, looks and what to skip; turn spaces, tabs and breaks into spaces."""
        parent = self._path[-1] if self._path else ""
        self._path.append(name)
        if self._skipped_at:
            return
        if "body" not in self._path[:2]:
            self._styles.on_start(name, attributes)
        elif _is_skipped(name, parent, attributes):
            self._skipped_at = len(self._path)
        else:
            self._start(name, parent, attributes)

    def on_text(self, content: str) -> None:
        """Collect the text of paragraphs, without spaces between elements that are not text."""
        if self._open and not self._skipped_at and not (content.isspace() and self._path[-1] not in _INLINE):
            self._add(content)

    def on_end(self, name: str) -> None:
        """Finish a paragraph, a piece of text or something skipped."""
        depth = len(self._path)
        self._path.pop()
        if self._skipped_at:
            self._skipped_at = 0 if depth == self._skipped_at else self._skipped_at
        elif name in {"p", "h"} and self._open:
            self._looks.pop()
            self._finish(self._open.pop())
        elif name in {"span", "a"} and self._looks:
            self._looks.pop()
        elif name == "style":
            self._styles.on_end(name)

    def _start(self, name: str, parent: str, attributes: dict[str, str]) -> None:
        style = attributes.get("style-name", "")
        match name:
            case "text" if parent == "body":
                self.is_text = True
            case "p" | "h":
                is_title = attributes.get("outline-level") == "1" if name == "h" else self._styles.is_title(style)
                self._open.append(_Paragraph(is_title))
                self._looks.append(self._styles.look("paragraph", style))
            case "span" | "a":
                around = self._looks[-1] if self._looks else _Look()
                self._looks.append(self._styles.look("text", style).over(around))
            case "s" | "tab" | "line-break":
                self._add(" ")
            case "hidden-paragraph" if attributes.get("is-hidden") == "true" and self._open:
                self._open[-1].is_hidden = True
            case "frame":
                self._is_in_line = attributes.get("anchor-type") == "as-char"
            case "object" | "object-ole":
                # A formula or a chart, whose text is in a part of its own.
                self._skipped_at = len(self._path)
                self._add(f" {OMITTED} " if self._is_in_line else "")

    def _add(self, text: str) -> None:
        look = self._looks[-1] if self._looks else _Look()
        if self._open and not look.is_struck and not look.is_hidden:
            self._open[-1].pieces.append((text, look.height or ""))

    def _finish(self, paragraph: _Paragraph) -> None:
        """Add a finished paragraph to the text, or to the boxes of the paragraph around it."""
        text = " ".join(join_pieces(paragraph.pieces).split())
        if paragraph.is_hidden or not text.replace(OMITTED, "").strip():
            text = ""
        found = [*([text] if text else []), *paragraph.boxes]
        (self._open[-1].boxes if self._open else self.paragraphs).extend(found)
        if text and not self._open and self.title is None and paragraph.is_title:
            self.title = text


def _is_skipped(name: str, parent: str, attributes: dict[str, str]) -> bool:
    if name in _SKIPPED or name.endswith("-source"):
        return True
    match name:
        case "title":
            # Of a picture or a table; in a line of text, it is a field.
            return parent not in _INLINE
        case "section":
            return attributes.get("display") == "none" or attributes.get("is-hidden") == "true"
        case "table-row" | "table-rows":
            return attributes.get("visibility", "visible") != "visible"
    return False
