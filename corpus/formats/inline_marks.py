"""Settles inline markup that changes what a text says: struck-out text, raised and lowered text, footnote marks."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree, html

from corpus.formats.raised_text import CONTEXT, is_mark, is_plain_mark, lowered_text, raised_text
from corpus.formats.xpath import compile_path

BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details div dl dt figcaption figure footer form h1 h2"
    " h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead title tr ul".split()
)
# Struck-out text, and readings of characters (furigana), which interrupt words, with the brackets around them.
_DROPPED = ("s", "del", "strike", "rt", "rp")
_STRUCK_STYLE = re.compile(r"text-decoration(?:-line)?\s*:[^;]{0,40}line-through", re.IGNORECASE)
# Names of such classes: `line-through`, `text-decoration-line-through`, `u-strikethrough`. News have strikes, too, so
# `news-strike` is none.
_STRUCK_CLASS = re.compile(r"strike|(?:[a-z0-9]+[_-]+){0,5}(?:strike-?through|line-?through)", re.IGNORECASE)
# Of a rule as word processors export it, `.c5{color:#000;text-decoration:line-through}`: a class or an identifier,
# perhaps inside something else.
_SELECTOR = re.compile(r"(?:.*[\s>+~])?(?:[a-z][a-z0-9]{0,9})?([.#])([\w-]{1,60})", re.IGNORECASE | re.DOTALL)
_MAX_SELECTORS = 500
_SHEET_COMMENT = re.compile(r"/\*(?:(?!\*/).)*+(?:\*/|$)", re.DOTALL)
_STYLED = ("span", "p", "a", "b", "i", "u", "em", "strong", "font", "small", "li", "div")
_MAX_SHEET = 200_000
_RAISED_STYLE = re.compile(
    r"vertical-align\s*:\s*(super|sub)\b|position\s*:\s*relative\s*;\s*top\s*:\s*(-?)[\d.]", re.IGNORECASE
)
_RAISED_CLASSES = {"superscript": "sup", "super": "sup", "sup": "sup", "subscript": "sub", "sub": "sub"}
_RAISED_TAGS = frozenset({"span", "small", "font"})
_NAMES = ("class", "id", "role", "epub:type", "name", "rel")
# Names of footnote marks: `footnote-anchor`, `doc-noteref`, `reference`, and of what they link to: `#fn1`, `#_ftn1`,
# `#cite_note-1`.
_NOTE_NAME = re.compile(
    r"(?:foot|end|side)[_-]?note"
    r"|(?:^|[\s#_-])(?:e?fn|ftn|edn|note|ref|cite|reference|citation)(?:ref|note)?s?(?:[\s_:.-]|\d|$)",
    re.IGNORECASE,
)
# What is certainly one, where an element is no link: `footnote-ref`, `fnref`, `noteref`.
_NOTE_CLASS = re.compile(r"(?:.*[_-])?(?:(?:foot|end|side)-?_?notes?|fn-?ref|note-?ref)(?:[_-].*)?", re.IGNORECASE)
_MARK_CLASS = re.compile(r"note|fn|su[bp]", re.IGNORECASE)
_NOTE_TAGS = frozenset({"span", "small", "font", "em", "i", "b", "label"})
_MAX_NAMES = 400
# More raised text is no mark but words. Marks nest at most in a link, an emphasis and brackets.
_MAX_MARK = 40
_MAX_NESTED = 12
_MARK_TAGS = ("sup", "sub", *_DROPPED)
# Separate paths: one for all would sort its results, which takes quadratic time for siblings.
_MARKED_UP = tuple(
    map(
        compile_path,
        (
            "//@style[contains(., 'line-through') or contains(., 'vertical-align') or contains(., 'relative')]/..",
            "//@class[contains(., 'strike') or contains(., 'through')]/..",
        ),
    )
)
_TEXT = compile_path("string()")
# Work for each grows with its depth; articles have at most some hundred, some twenty deep.
_MAX_MARKS = 1_000
_MAX_DEPTH = 100
# A name that no page has.
_SETTLED = "attache-settled"
_PUNCTUATION = tuple(".,;:!?。，、；：！？")
_ENDS = (*_PUNCTUATION, "”", "’", "»", ")", "]")


def settle_inline_marks(tree: html.HtmlElement) -> None:
    """Replace, in place, inline markup whose meaning plain text would lose.

    Struck-out text, readings of characters and footnote marks are dropped; a sentence ends where it would without its
    mark. An exponent becomes `10^6`, the square of a unit `km²`, the number of a formula `CO2`.
    """
    around: dict[html.HtmlElement, None] = {}
    found = [each for block in _blocks_with_marks(tree) for each in _Walk().replacements(block)]
    for element, text in found:
        parent, tail = element.getparent(), element.tail
        if parent is None:
            continue
        around[parent] = None
        element.clear()
        element.tag, element.text, element.tail = _SETTLED, text or None, tail
    # All at once: removing one after another would copy the text before each, which is quadratic.
    etree.strip_tags(tree, _SETTLED)
    # The text is in pieces now, which extraction would join again and again.
    for parent in around:
        parent.text = parent.text
        for child in parent:
            child.tail = child.tail


def mark_struck_classes(tree: html.HtmlElement) -> None:
    """State, in place, on each element that a style sheet strikes out by class or id, that it is struck out."""
    for sheet in tree.iter("style"):
        text = (sheet.text or "")[:_MAX_SHEET]
        if "line-through" not in text:
            continue
        struck = set(_struck_selectors(_SHEET_COMMENT.sub("", text)))
        for element in tree.iter(*_STYLED) if struck else ():
            names = {("#", element.get("id")), *((".", name) for name in (element.get("class") or "").split())}
            if not struck.isdisjoint(names):
                element.set("style", f"{element.get('style', '')};text-decoration:line-through")


def _struck_selectors(sheet: str) -> Iterator[tuple[str, str]]:
    """Yield the classes, as (".", name), and identifiers, as ("#", name), that a style sheet strikes out."""
    for rule in sheet.split("}"):
        before, _, declarations = rule.rpartition("{")
        if "line-through" in declarations and _STRUCK_STYLE.search(declarations):
            selectors = before.rpartition("{")[2][-_MAX_SELECTORS:].split(",")
            found = (_SELECTOR.fullmatch(each.strip()) for each in selectors)
            yield from ((each[1], each[2]) for each in found if each)


def _blocks_with_marks(tree: html.HtmlElement) -> list[html.HtmlElement]:
    """Return the blocks that hold marks, none within another; of pages with very many marks the whole page."""
    marks = list(tree.iter(*_MARK_TAGS))
    for path in _MARKED_UP:
        marks.extend(path(tree))
    # Faster than a path, which would visit the classes of all elements once more.
    marks.extend(each for each in tree.iter(*_NOTE_TAGS) if _MARK_CLASS.search(each.get("class") or ""))
    links = (link for link in tree.iter("a") if "#" in link.get("href", ""))
    marks.extend(link for link in links if is_mark(_short_text(link)))
    if len(marks) > _MAX_MARKS:
        return [tree]
    blocks: dict[html.HtmlElement, None] = {}
    for mark in marks:
        around = [each for each in islice(mark.iterancestors(), _MAX_DEPTH) if each.tag in BLOCKS]
        if not any(each in blocks for each in around):
            blocks[around[0] if around else tree] = None
    return [each for each in blocks if not any(other in blocks for other in islice(each.iterancestors(), _MAX_DEPTH))]


class _Walk:
    """A walk through a page that knows the text before each element."""

    def __init__(self) -> None:
        self._before = ""
        self._last: tuple[html.HtmlElement, str] | None = None

    def replacements(self, tree: html.HtmlElement) -> Iterator[tuple[html.HtmlElement, str]]:
        """Yield the elements to be replaced, each with its text."""
        replaced: html.HtmlElement | None = None
        for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
            if replaced is not None and element is not replaced:
                continue
            if event != "start":
                replaced = None
                self._read(element, "tail")
                continue
            text = self._replacement(element)
            if text is None:
                self._read(element, "text")
                continue
            replaced = element
            if not text:
                self._close_gap(element)
            self._before = (self._before + text)[-CONTEXT:]
            yield element, text

    def _read(self, element: html.HtmlElement, part: str) -> None:
        if element.tag in BLOCKS:
            self._before = ""
        text = getattr(element, part)
        if text:
            self._before = (self._before + text[-CONTEXT:])[-CONTEXT:]
            self._last = element, part

    def _close_gap(self, dropped: html.HtmlElement) -> None:
        """Remove what a dropped element would leave: a space before punctuation, or empty brackets."""
        tail = dropped.tail or ""
        if self._last is None or not self._before:
            return
        element, part = self._last
        text = getattr(element, part) or ""
        if self._before.endswith("[") and tail.startswith("]"):
            setattr(element, part, text[:-1])
            dropped.tail = tail[1:]
            self._before = self._before[:-1]
        elif tail.startswith(_PUNCTUATION):
            setattr(element, part, text.rstrip())

    def _replacement(self, element: html.HtmlElement) -> str | None:
        """Return the text that stands for an element, or None if it is read as it is."""
        if element.tag in _DROPPED or _is_struck(element):
            return ""
        raised = _raised(element)
        is_note = element.tag in _NOTE_TAGS and _is_note_class(element)
        content = _short_text(element) if raised or is_note or element.tag == "a" else ""
        if not content:
            return None
        if not raised:
            return self._named_mark(content) if is_note else self._link(element, content)
        is_note = is_mark(content) and any(_is_link(each) or _is_named(each) for each in element.iter("*"))
        if raised == "sub":
            return lowered_text(self._before, content, is_note=is_note)
        return raised_text(self._before, content, (element.tail or "")[:CONTEXT], is_note=is_note)

    def _named_mark(self, content: str) -> str | None:
        """Return "" for a footnote mark that only its class names, behind a word, a number or a sentence."""
        is_attached = self._before[-1:].isalnum() or self._before.endswith(_ENDS)
        return "" if is_mark(content) and is_attached else None

    def _link(self, element: html.HtmlElement, content: str) -> str | None:
        """Return "" for a link that is a footnote mark, else None."""
        if not is_mark(content) or not _is_link(element):
            return None
        if any(map(_raised, element.iter("*"))):
            return ""
        is_bracketed = self._before.endswith("[") and (element.tail or "").startswith("]")
        if (is_bracketed or is_plain_mark(content)) and "#" in element.get("href", ""):
            return ""
        # "See note 3" is read as it is.
        is_attached = self._before[-1:].isalpha() or self._before.endswith(_ENDS)
        return "" if is_attached and _is_named(element) else None


def _is_struck(element: html.HtmlElement) -> bool:
    style, classes = element.get("style"), element.get("class")
    is_struck = bool(style and "-through" in style and _STRUCK_STYLE.search(style))
    return is_struck or bool(classes and any(map(_STRUCK_CLASS.fullmatch, classes[:_MAX_NAMES].split())))


def _raised(element: html.HtmlElement) -> str | None:
    """Return "sup" for raised and "sub" for lowered text, by element, style or class; else None."""
    if element.tag in {"sup", "sub"}:
        return str(element.tag)
    if element.tag not in _RAISED_TAGS:
        return None
    if match := _RAISED_STYLE.search(element.get("style", "")[:200]):
        return "sup" if (match[1] or "").lower() == "super" or match[2] else "sub"
    classes = element.get("class", "").lower().split()
    return next((_RAISED_CLASSES[each] for each in classes if each in _RAISED_CLASSES), None)


def _is_note_class(element: html.HtmlElement) -> bool:
    return any(map(_NOTE_CLASS.fullmatch, (element.get("class") or "")[:_MAX_NAMES].split()))


def _short_text(element: html.HtmlElement) -> str:
    """Return the text of an element that is small enough for a mark, else ""."""
    if len(element) and len(list(islice(element.iter(), _MAX_NESTED + 1))) > _MAX_NESTED:
        return ""
    text = " ".join(str(_TEXT(element)).split())
    return text if len(text) <= _MAX_MARK else ""


def _is_link(element: html.HtmlElement) -> bool:
    return element.tag == "a" and element.get("href") is not None


def _is_named(element: html.HtmlElement) -> bool:
    """Return whether the names of an element or of its link's target say that it is a footnote mark."""
    fragment = "#" + element.get("href", "").rpartition("#")[2] if "#" in element.get("href", "") else ""
    names = [fragment, *(element.get(name) or "" for name in _NAMES)]
    return any(name and _NOTE_NAME.search(name[:200]) for name in names)
