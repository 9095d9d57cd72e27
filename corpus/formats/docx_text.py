"""Reads the paragraphs of WordprocessingML as Word shows them once all changes are accepted (ECMA-376, part 1, 17)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.formats.raised_pieces import Height, join_pieces
from corpus.formats.word_symbols import symbol_text
from corpus.formats.xml import XmlHandler
from corpus.omission import OMITTED

# Deleted and moved text where it was, field instructions, former formatting, and the reading aids of East Asian text.
_SKIPPED = frozenset({
    "del", "delText", "delInstrText", "moveFrom", "instrText", "rPrChange", "pPrChange", "tblPrChange", "tcPrChange",
    "trPrChange", "sectPrChange", "footnotePr", "rt",
})  # fmt: skip
# Properties of runs that take their text from view (17.3.2.9, 37, 41).
_UNSEEN = frozenset({"strike", "dstrike", "vanish"})
_HEIGHTS: dict[str, Height] = {"superscript": "sup", "subscript": "sub"}
_OFF = frozenset({"0", "false", "off"})
_TITLE_STYLES = frozenset({"title", "heading1", "titel", "berschrift1"})
# Of the number that raises or lowers text; and how far it does so visibly.
_MAX_POSITION, _MIN_MOVED = 6, 3
# Longer chains of styles based on each other are circles.
_MAX_BASES = 20


@dataclass(slots=True)
class _Run:
    """A run of text: which properties it states, and its style."""

    stated: dict[str, bool] = field(default_factory=dict)
    style: str = ""
    height: Height = ""


@dataclass(slots=True)
class _Paragraph:
    """A paragraph that isn't finished, and the paragraphs of the text boxes anchored in it."""

    pieces: list[tuple[str, Height]] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    style: str = ""
    # Whether its end was deleted, so that the next paragraph continues it.
    is_joined: bool = False


class StyleReader(XmlHandler):
    """Reads which styles strike out or hide text (17.7)."""

    def __init__(self) -> None:
        super().__init__()
        self._styles: dict[str, tuple[str, dict[str, bool]]] = {}
        self._id, self._skip_depth = "", 0

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Collect the properties of a style and the style that it is based on."""
        self._skip_depth += name in _SKIPPED
        if name == "style":
            self._id = attributes.get("styleId", "")
            self._styles[self._id] = ("", {})
        elif self._id and not self._skip_depth:
            if name == "basedOn":
                self._styles[self._id] = (attributes.get("val", ""), self._styles[self._id][1])
            elif name in _UNSEEN:
                self._styles[self._id][1][name] = attributes.get("val", "1").lower() not in _OFF

    def on_end(self, name: str) -> None:
        """Finish a style."""
        self._skip_depth -= name in _SKIPPED
        if name == "style":
            self._id = ""

    def unseen(self) -> dict[str, dict[str, bool]]:
        """Return what each style states about striking out and hiding, with what it inherits; without the others."""
        found = {}
        for style in self._styles:
            stated: dict[str, bool] = {}
            base = style
            for _ in range(_MAX_BASES):
                base, own = self._styles.get(base, ("", {}))
                stated = own | stated
                if not base:
                    break
            if stated:
                found[style] = stated
        return found


class TextReader(XmlHandler):
    """Collects the text; a box follows the paragraph in which it is anchored.

    Args:
        styles: for each style that strikes out or hides text, or undoes it, what it states.
    """

    def __init__(self, styles: Mapping[str, Mapping[str, bool]]) -> None:
        super().__init__()
        self.paragraphs: list[str] = []
        self.title: str | None = None
        self._styles = styles
        self._open: list[_Paragraph] = []
        self._runs: list[_Run] = []
        self._path: list[str] = []
        # Whether one of the renderings to choose from was read (part 3, 9.3), and whether an open rendering is skipped.
        self._choices: list[bool] = []
        self._renderings: list[bool] = []
        # Of each open row, whether it was deleted.
        self._rows: list[bool] = []
        self._joined: list[tuple[str, Height]] = []
        self._is_text, self._skip_depth = False, 0

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Track paragraphs, runs and what to skip; turn tabs and breaks into spaces."""
        parent = self._path[-1] if self._path else ""
        self._path.append(name)
        self._skip_depth += name in _SKIPPED
        match name:
            case "AlternateContent":
                self._choices.append(False)
            case "Choice" | "Fallback" if self._choices:
                self._renderings.append(self._choices[-1])
                self._skip_depth += self._choices[-1]
                self._choices[-1] = True
            case "p":
                self._open.append(_Paragraph())
            case "r":
                self._runs.append(_Run())
            case "tr":
                self._rows.append(False)
            case "t":
                self._is_text = not self._skip_depth and not self._is_unseen()
            case "oMath":
                # A formula, whose meaning its signs in a row would lose: 10⁶ would be 106.
                if not self._skip_depth:
                    self._add(f" {OMITTED} ")
                self._skip_depth += 1
            case "tab" | "br" | "cr" | "noBreakHyphen" | "sym" if parent == "r" and not self._skip_depth:
                self._add(self._sign(name, attributes))
            case _:
                self._on_property(name, parent, attributes)

    def on_text(self, content: str) -> None:
        """Collect the text of runs."""
        if self._is_text:
            self._add(content)

    def on_end(self, name: str) -> None:
        """Finish a paragraph, a run or something skipped."""
        self._path.pop()
        self._skip_depth -= name in _SKIPPED
        match name:
            case "Choice" | "Fallback" if self._renderings:
                self._skip_depth -= self._renderings.pop()
            case "AlternateContent" if self._choices:
                self._choices.pop()
            case "t":
                self._is_text = False
            case "oMath":
                self._skip_depth -= 1
            case "r" if self._runs:
                self._runs.pop()
            case "tr" if self._rows:
                self._skip_depth -= self._rows.pop()
            case "p" if self._open:
                self._finish(self._open.pop())
            case "body" if self._joined:
                self._finish(_Paragraph())

    def _on_property(self, name: str, parent: str, attributes: dict[str, str]) -> None:
        """Note a property of the paragraph, the run or the row."""
        value = attributes.get("val", "1")
        above = self._path[-3] if len(self._path) > 2 else ""
        if name == "pStyle" and self._open:
            self._open[-1].style = value
        elif parent == "rPr" and above == "r" and self._runs:
            run = self._runs[-1]
            if name in _UNSEEN:
                run.stated[name] = value.lower() not in _OFF
            elif name == "rStyle":
                run.style = value
            elif name in {"vertAlign", "position"}:
                run.height = run.height or _height(name, value)
        elif name == "rPr" and parent == "r" and self._runs and "strike" in attributes:
            # In drawings (21.1.2.3.9).
            self._runs[-1].stated["strike"] = attributes["strike"] != "noStrike"
        elif name in {"del", "moveFrom"}:
            if parent == "rPr" and above == "pPr" and self._open:
                self._open[-1].is_joined = True
            elif parent == "trPr" and self._rows and not self._rows[-1]:
                self._rows[-1] = True
                self._skip_depth += 1

    def _sign(self, name: str, attributes: dict[str, str]) -> str:
        """Return the character that an element stands for."""
        if name not in {"noBreakHyphen", "sym"}:
            return " "
        if self._is_unseen():
            return ""
        return "-" if name == "noBreakHyphen" else symbol_text(attributes.get("font", ""), attributes.get("char", ""))

    def _is_unseen(self) -> bool:
        """Return whether the run is struck out or hidden, by itself or by its style or the paragraph's."""
        run = self._runs[-1] if self._runs else _Run()
        paragraph = self._styles.get(self._open[-1].style, {}) if self._open else {}
        stated = {**paragraph, **self._styles.get(run.style, {}), **run.stated}
        return any(stated.values())

    def _add(self, text: str) -> None:
        if self._open:
            self._open[-1].pieces.append((text, self._runs[-1].height if self._runs else ""))

    def _finish(self, paragraph: _Paragraph) -> None:
        """Add a finished paragraph to the text, or to the boxes of the paragraph around it."""
        pieces = paragraph.pieces
        if not self._open and (self._joined or paragraph.is_joined):
            self._joined.extend(pieces)
            pieces = []
            if not paragraph.is_joined:
                pieces, self._joined = self._joined, []
        text = " ".join(join_pieces(pieces).split())
        if not text.replace(OMITTED, "").strip():
            text = ""
        found = [*([text] if text else []), *paragraph.boxes]
        if self._open:
            self._open[-1].boxes.extend(found)
            return
        self.paragraphs.extend(found)
        if text and self.title is None and paragraph.style.lower() in _TITLE_STYLES:
            self.title = text


def _height(name: str, value: str) -> Height:
    """Return the height that a property of a run states; a position is in half-points."""
    if name == "vertAlign":
        return _HEIGHTS.get(value, "")
    number = value.removeprefix("+").removeprefix("-")
    if not number.isdecimal() or len(number) > _MAX_POSITION or int(number) < _MIN_MOVED:
        return ""
    return "sub" if value.startswith("-") else "sup"
