"""Finds tags with more attributes than any page has: libxml2 takes time that grows with the square of their number."""

import re

# Real tags have up to about 50. This many take 1 ms; the 700,000 that fit into 5 MB take minutes.
MAX_ATTRIBUTES = 1_000
# An attribute takes at least two characters, with the space before it.
_SHORTEST_CROWDED = 2 * MAX_ATTRIBUTES
# As browsers and libxml2 read them (WHATWG HTML, 13.2.5): comments, other declarations, and tags with their attributes.
_ATTRIBUTE = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>"'][^\s>]*+)?)?"""
_MARKUP = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?][^>]*+|</?([a-zA-Z][^\s/>]*+)((?:[\s/]*+" + _ATTRIBUTE + r")*+)", re.DOTALL
)
_ATTRIBUTES = re.compile(r"[\s/]*+" + _ATTRIBUTE)
_RAW_TEXT = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}


def has_crowded_tag(markup: str) -> bool:
    """Return whether a tag has more than `MAX_ATTRIBUTES` attributes."""
    at = 0
    while found := _MARKUP.search(markup, at):
        name, attributes = found.groups()
        if attributes and len(attributes) >= _SHORTEST_CROWDED and _count(attributes) > MAX_ATTRIBUTES:
            return True
        at = found.end()
        raw = _RAW_TEXT.get(name.lower()) if name and markup[found.start() + 1] != "/" else None
        if raw is not None:
            closed = raw.search(markup, at)
            at = closed.start() if closed else len(markup)
    return False


def _count(attributes: str) -> int:
    return sum(1 for _ in _ATTRIBUTES.finditer(attributes))
