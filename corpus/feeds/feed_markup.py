"""Rewrites RSS and Atom within bounds for feedparser, whose time grows with the square of many sizes in a feed."""

import re
from collections.abc import Callable
from html import entities

from corpus.errors import UnreadableSource

# Feeds of whole articles have a few megabytes; feedparser takes 1 s for each, and several times the memory.
MAX_CHARACTERS = 10_000_000
# A thousand entries of a hundred elements each. feedparser takes 20 µs for each tag.
MAX_TAGS = 200_000
# A listing is cut to its 1,000 newest entries; some feeds begin with the oldest.
MAX_LISTED = 5_000
# Tags nested more deeply are dropped. feedparser resolves addresses against those of all levels.
MAX_DEPTH = 200
# A tag with more loses its attributes: feedparser looks every attribute up in a list of all of them.
MAX_ATTRIBUTES = 100
MAX_TAG_CHARACTERS = 10_000
# Of the `xml:base` of all open elements, characters: feedparser joins them anew for every tag.
MAX_BASE_CHARACTERS = 500
# feedparser goes through all declared prefixes for every tag, and writes its namespace in lower case.
MAX_PREFIXES = 100
MAX_NAMESPACE_CHARACTERS = 300
# Authors are cut to this, since feedparser searches them for an address of mail, in quadratic time, several times each.
MAX_PERSON = 300
# The part before the @ has no more (RFC 5321, 4.5.3.1.1); feedparser's search is quadratic in such a run.
MAX_RUN = 64
# Links, ids and dates are cut to this; links of more than 2,000 characters are not followed.
MAX_FIELD = 2_500

_ENTRIES = frozenset({"item", "entry"})
# Not read. feedparser compares every keyword with all others.
_SKIPPED = frozenset({"category", "keywords", "tags", "subject"})
_PERSONS = frozenset({"author", "creator", "managingeditor", "webmaster", "publisher", "owner", "contributor", "name",
                      "email"})  # fmt: skip
_FIELDS = frozenset(
    "link guid id url uri href homepage comments docs icon logo generator language ttl updateperiod updatefrequency"
    " updatebase pubdate published issued date created updated modified lastbuilddate expirationdate".split()
)
# HTML that is not escaped as it should be: these have no end tag.
_VOID = frozenset({"br", "hr", "img", "input", "meta", "wbr", "area", "col", "embed", "track"})

# Possessive, so that an unbalanced quotation mark is found in one pass.
_TAG = re.compile(
    r"""<(/?)([^\W\d][\w.:-]{0,100}+)((?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|"[^"]{0,2000}+"|'[^']{0,2000}+')*+)>"""
)
_BROKEN_TAG = re.compile(r"<(/?)([^\W\d][\w.:-]{0,100}+)[^<>]*+>?")
_FIRST_TAG = re.compile(r"<[^\W\d]")
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_BASE = re.compile(r"""\bbase\s*+=\s*+("[^"]*+"|'[^']*+')""", re.IGNORECASE)
_NAMESPACE = re.compile(r"""xmlns(?::([\w.-]{1,100}+))?\s*+=\s*+("[^"]*+"|'[^']*+')""")
_REFERENCE = re.compile(r"&(?:#(?:([0-9]{1,7})|[xX]([0-9a-fA-F]{1,6}))|([A-Za-z][A-Za-z0-9]{0,31}));|&")
_RUN = re.compile(rf"([A-Za-z0-9_.+-]{{{MAX_RUN}}})[A-Za-z0-9_.+-]++")
# Not allowed in XML (XML 1.0, 2.2).
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKUP = {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", "'": "&apos;"}
_XML_NAMES = frozenset({"lt", "gt", "amp", "quot", "apos"})


def bounded_feed(text: str) -> str:
    """Return a feed without comments, keywords and what exceeds the bounds, its tags balanced, its references resolved.

    Raises:
        UnreadableSource: it is too large.
    """
    if len(text) > MAX_CHARACTERS or text.count("<") > MAX_TAGS:
        raise UnreadableSource("The feed is too large.", "Ask its site for a feed of its latest articles.")
    return _Rewriter(text).rewrite()


class _Rewriter:
    """One pass over a feed's text.

    Args:
        text: the feed.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._out: list[str] = []
        # Open elements: name as written (empty if its tag was dropped), name in lower case, characters of its base.
        self._open: list[tuple[str, str, int]] = []
        self._entries = 0
        self._base = 0
        self._prefixes: set[str] = set()
        # Depth of the outermost open element whose text is bounded, or None; how much text it may still have.
        self._bounded_at: int | None = None
        self._left = 0
        self._is_person = False

    def rewrite(self) -> str:
        """Return the bounded feed."""
        text, first = self._text, _FIRST_TAG.search(self._text)
        at = first.start() if first else len(text)
        while (found := text.find("<", at)) >= 0 and self._entries <= MAX_LISTED:
            self._add_text(text[at:found])
            at = self._add_markup(found)
        if self._entries <= MAX_LISTED:
            self._add_text(text[at:])
        self._close_to(0)
        return "".join(self._out)

    def _add_markup(self, at: int) -> int:
        """Rewrite what begins at a `<`; return where it ends."""
        text = self._text
        if text.startswith("<![CDATA[", at):
            end = _end(text, "]]>", at)
            self._add_literal(text[at + 9 : end - 3 if text.startswith("]]>", end - 3) else end])
            return end
        if text.startswith(("<!", "<?"), at):
            return _end(text, "-->" if text.startswith("<!--", at) else ">", at)
        found = _TAG.match(text, at)
        if found is None and (found := _BROKEN_TAG.match(text, at)) is None:
            self._add_text("&lt;")
            return at + 1
        # A slash in the middle begins a shorthand in SGML, which feedparser falls back to.
        rest = found[3] if found.re is _TAG and (found[3][:1].isspace() or found[3] == "/") else ""
        if found[1]:
            self._end_tag(found[2].lower())
        else:
            self._start_tag(found[2], rest.removesuffix("/"), is_empty=rest.endswith("/"))
        return found.end()

    def _start_tag(self, name: str, attributes: str, *, is_empty: bool) -> None:
        lower = name.lower()
        local = lower.rpartition(":")[2]
        self._entries += local in _ENTRIES
        if self._entries > MAX_LISTED or len(self._open) >= MAX_DEPTH:
            return
        if local in _SKIPPED:
            if not is_empty:
                self._open.append(("", lower, 0))
            return
        attributes, base = self._bounded_attributes(attributes)
        if is_empty or local in _VOID:
            self._out.append(f"<{name}{attributes}/>")
            return
        self._out.append(f"<{name}{attributes}>")
        self._open.append((name, lower, base))
        self._base += base
        if self._bounded_at is None and (local in _PERSONS or local in _FIELDS):
            self._bounded_at, self._is_person = len(self._open), local in _PERSONS
            self._left = MAX_PERSON if self._is_person else MAX_FIELD

    def _bounded_attributes(self, attributes: str) -> tuple[str, int]:
        """Return the attributes to keep, all or none, and the characters of their base."""
        if len(attributes) > MAX_TAG_CHARACTERS or sum(1 for _ in _QUOTED.finditer(attributes)) > MAX_ATTRIBUTES:
            return "", 0
        base = sum(len(each) for each in _BASE.findall(attributes)) if "base" in attributes.lower() else 0
        declared = _NAMESPACE.findall(attributes) if "xmlns" in attributes else []
        prefixes = self._prefixes.union(prefix for prefix, _ in declared)
        is_long = any(len(namespace) > MAX_NAMESPACE_CHARACTERS for _, namespace in declared)
        if self._base + base > MAX_BASE_CHARACTERS or len(prefixes) > MAX_PREFIXES or is_long:
            return "", 0
        self._prefixes = prefixes
        return _resolved(attributes).rstrip(), base

    def _end_tag(self, lower: str) -> None:
        for depth in range(len(self._open) - 1, -1, -1):
            if self._open[depth][1] == lower:
                self._close_to(depth)
                return

    def _close_to(self, depth: int) -> None:
        while len(self._open) > depth:
            name, _, base = self._open.pop()
            self._base -= base
            if name:
                self._out.append(f"</{name}>")
            if self._bounded_at is not None and len(self._open) < self._bounded_at:
                self._bounded_at = None

    def _add_text(self, text: str) -> None:
        self._add(text, _resolved)

    def _add_literal(self, text: str) -> None:
        self._add(text, lambda kept: f"<![CDATA[{_INVALID.sub('', kept)}]]>")

    def _add(self, text: str, written: Callable[[str], str]) -> None:
        if not text or (self._open and not self._open[-1][0]):
            return
        if self._bounded_at is not None:
            text = text[: max(0, self._left)]
            self._left -= len(text)
            # Pieces are kept apart, so that they make no long run together.
            text = " " + _RUN.sub(r"\1", text) if self._is_person else text
        self._out.append(written(text))


def _end(text: str, mark: str, at: int) -> int:
    """Return the index after the next mark, or the length of the text."""
    found = text.find(mark, at)
    return found + len(mark) if found >= 0 else len(text)


def _resolved(text: str) -> str:
    """Return text or attributes without invalid characters, and with no references but to the characters of markup."""
    text = _INVALID.sub("", text).replace("]]>", "]]&gt;")
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name in _XML_NAMES:
        return found[0]
    if name in entities.name2codepoint:
        return chr(entities.name2codepoint[name])
    if name or found[0] == "&":
        return f"&amp;{found[0][1:]}"
    code = int(decimal) if decimal else int(hexadecimal, 16)
    character = chr(code) if code < 0x110000 else ""
    return _MARKUP.get(character) or _INVALID.sub("", character)
