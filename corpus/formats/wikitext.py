"""Converts wikitext to plain text in linear time."""

import re
from collections.abc import Callable
from html import unescape

# Deeper text is dropped.
_MAX_DEPTH = 40
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SKIPPED_TAGS = (
    "ref|gallery|math|timeline|score|syntaxhighlight|source|imagemap|templatestyles|includeonly|dynamicpagelist"
)
_EMPTY_TAG = re.compile(rf"<(?:{_SKIPPED_TAGS})\b[^<>]{{0,500}}/>", re.IGNORECASE)
_TAG_EDGE = re.compile(rf"<(/?)({_SKIPPED_TAGS})\b[^<>]{{0,500}}>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_BRACKETS = re.compile(r"\{\{|\}\}|\[\[|\]\]|^\{\||^\|\}", re.MULTILINE)
_EXTERNAL = re.compile(r"\[(?:https?:)?//[^\s\]\[]{1,2000}(?:[ \t]([^\]\[\n]{0,500}))?\]")
_EMPHASIS = re.compile(r"'{2,5}")
# No optional white space around the text: it backtracks quadratically.
_HEADING = re.compile(r"^(={2,6})([^\n]+?)\1[ \t]*$", re.MULTILINE)
_LIST = re.compile(r"^[*#:;]+[ \t]*", re.MULTILINE)
_MAGIC = re.compile(r"__[A-Z]{3,20}__")
_RULE = re.compile(r"^-{4,}[ \t]*$", re.MULTILINE)
_HIDDEN_LINK = re.compile(
    r"(?:file|image|datei|bild|fichier|archivo|category|kategorie|cat[ée]gorie|media)\s*:", re.IGNORECASE
)
# Headings after which no article text follows.
_END_HEADINGS = frozenset({
    "sources", "source", "references", "external links", "see also", "related news", "related articles",
    "related stories", "sister links", "notes", "further reading",
})  # fmt: skip

Template = Callable[[list[str]], str]


def plain_text(wikitext: str, template: Template) -> str:
    """Return the article text as a page shows it, without the lists of sources and links at its end.

    Args:
        wikitext: the source.
        template: returns the text of a template from its name and parameters; "" hides it.
    """
    text = _without_tags(_EMPTY_TAG.sub("", _COMMENT.sub("", wikitext)))
    text = _expand_brackets(text, template)
    text = _EXTERNAL.sub(lambda match: match[1] or "", text)
    text = _TAG.sub("", _MAGIC.sub("", _RULE.sub("", _EMPHASIS.sub("", text))))
    text = _cut_at_end_heading(text)
    text = _HEADING.sub(lambda match: f"\n{match[2].strip(' =')}\n", text)
    text = _LIST.sub("", unescape(text))
    return re.sub(r"\n\s*\n\s*", "\n\n", text).strip()


def _without_tags(text: str) -> str:
    """Drop the content of skipped tags; an unclosed tag ends at the end of its paragraph."""
    kept: list[str] = []
    at = 0
    opened: tuple[str, int] | None = None
    for edge in _TAG_EDGE.finditer(text):
        is_closing, name = bool(edge[1]), edge[2].lower()
        if opened is None and not is_closing:
            kept.append(text[at : edge.start()])
            opened = name, edge.end()
        elif opened is None or (is_closing and name == opened[0]):
            kept.append(text[at : edge.start()] if opened is None else "")
            opened = None
        else:
            continue
        at = edge.end()
    if opened is not None:
        end = text.find("\n\n", opened[1])
        at = end if end >= 0 else len(text)
    kept.append(text[at:])
    return "".join(kept)


def _expand_brackets(text: str, template: Template) -> str:
    """Replace templates, links and tables from the inside out, with one stack."""
    stack: list[tuple[str, list[str]]] = [("", [])]
    at = 0
    for mark in _BRACKETS.finditer(text):
        stack[-1][1].append(text[at : mark.start()])
        at = mark.end()
        if mark[0] in {"{{", "[[", "{|"}:
            stack.append((mark[0], []))
            if len(stack) > _MAX_DEPTH:
                break
        elif (stack[-1][0], mark[0]) in {("{{", "}}"), ("[[", "]]"), ("{|", "|}")}:
            kind, pieces = stack.pop()
            stack[-1][1].append(_expand(kind, "".join(pieces), template))
    else:
        stack[-1][1].append(text[at:])
    # Drop unclosed tables; keep the text of other unclosed brackets.
    while len(stack) > 1:
        kind, pieces = stack.pop()
        stack[-1][1].append("" if kind == "{|" else "".join(pieces))
    return "".join(stack[0][1])


def _expand(kind: str, content: str, template: Template) -> str:
    if kind == "{|":
        return ""
    parts = content.split("|")
    if kind == "{{":
        return template([part.strip() for part in parts])
    if _HIDDEN_LINK.match(parts[0].lstrip()):
        return ""
    # A leading colon links to a category or a file by name; ":w:Iran" shows the text after the prefix.
    return parts[-1] if len(parts) > 1 else parts[0].rpartition(":")[2].partition("#")[0] or parts[0]


def _cut_at_end_heading(text: str) -> str:
    for heading in _HEADING.finditer(text):
        if heading[2].strip().lower() in _END_HEADINGS:
            return text[: heading.start()]
    return text
