"""Finds tags with more attributes than any page has: libxml2 takes time that grows with the square of their number."""

import re

# Real tags have up to about 50. This many take 1 ms; the 700,000 that fit into 5 MB take minutes.
MAX_ATTRIBUTES = 1_000
# As browsers and libxml2 read them (WHATWG HTML, 13.2.5): tags with their attributes, elements whose text has no tags,
# comments, and other declarations.
_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>"'][^\s>]*+)?)?"""
_REST_OF_TAG = rf"[^\s/>]*+(?:{_ATTRIBUTE}){{0,{MAX_ATTRIBUTES}}}+(?!{_ATTRIBUTE})"
_RAW_TEXT = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
_RAW_TEXTS = "".join(
    rf"|<(?ai:{name})(?=[\s/>]|\Z){_REST_OF_TAG}(?:[^<]++|<(?!/(?ai:{name})[\s/>]))*+" for name in _RAW_TEXT
)
# Tags that the elements whose text has no tags can't have, by their first letter.
_OTHER_TAG = "/[a-zA-Z]|[a-hj-mo-ru-wyzA-HJ-MO-RU-WYZ]"
# Nearly all tags, in nearly half the time, with the text that follows.
_PLAIN_TAG = rf'<(?:{_OTHER_TAG}|span\b)\w*+(?:\s[\w:-]++="[^"]*+"){{0,50}}+>[^<]*+'
# All markup up to the first crowded tag, which stops it. One pattern takes half the time of a search for each tag.
_SOUND = re.compile(
    rf"(?:[^<]++|{_PLAIN_TAG}|<(?:{_OTHER_TAG}){_REST_OF_TAG}"
    rf"{_RAW_TEXTS}|<(?!(?ai:{'|'.join(_RAW_TEXT)})(?:[\s/>]|\Z))[a-zA-Z]{_REST_OF_TAG}"
    r"|<!--(?>-?>|(?:[^-]++|-(?!-!?>))*+(?:--!?>|\Z))|<(?:!(?!--)|\?)[^>]*+|<(?![a-zA-Z!?]|/[a-zA-Z]))*+"
)


def has_crowded_tag(markup: str) -> bool:
    """Return whether a tag has more than `MAX_ATTRIBUTES` attributes."""
    sound = _SOUND.match(markup)
    return sound is None or sound.end() < len(markup)
