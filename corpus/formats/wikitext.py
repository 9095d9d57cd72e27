"""Converts wikitext to plain text in linear time."""

import re
from collections.abc import Callable
from html import unescape

from corpus.formats.raised_pieces import Height, join_pieces
from corpus.omission import OMITTED

# Deeper text is dropped.
_MAX_DEPTH = 40
# What expands templates may go through them again for each.
_MAX_PARAMETERS = 1_000
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SKIPPED_TAGS = (
    "ref|gallery|timeline|score|syntaxhighlight|source|imagemap|templatestyles|includeonly|dynamicpagelist|s|del|strike"
)
_EMPTY_TAG = re.compile(rf"<(?:{_SKIPPED_TAGS})\b[^<>]{{0,500}}/>", re.IGNORECASE)
_TAG_EDGE = re.compile(rf"<(/?)({_SKIPPED_TAGS})\b[^<>]{{0,500}}>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
# Formulas, which mean something else without their heights. No ">" in the tag: it could also end it.
_FORMULA = re.compile(
    r"<(math|chem|ce|hiero)\b[^<>]{0,500}+(?<!/)>[^<]{0,5000}+(?:<(?!/\1)[^<]{0,5000}+){0,200}+</\1\s{0,9}>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<(?:br|/?(?:blockquote|poem|p|div|li|center))\b[^<>]{0,500}>", re.IGNORECASE)
_RAISED = re.compile(r"<(su[pb])\b[^<>]{0,200}>([^<>]{0,40})</su[pb]\s{0,9}>", re.IGNORECASE)
_BRACKETS = re.compile(r"\{\{|\}\}|\[\[|\]\]|^\{\||^\|\}", re.MULTILINE)
_EXTERNAL = re.compile(r"\[(?:https?:)?//[^\s\]\[]{1,2000}(?:[ \t]([^\]\[\n]{0,500}))?\]")
_EMPHASIS = re.compile(r"'{2,5}")
# No optional white space around the text: it backtracks quadratically.
_HEADING = re.compile(r"^(={2,6})([^\n]+?)\1[ \t]*$", re.MULTILINE)
_LIST = re.compile(r"^[*#:;]+[ \t]*", re.MULTILINE)
_MAGIC = re.compile(r"__[A-Z]{3,20}__")
_RULE = re.compile(r"^-{4,}[ \t]*$", re.MULTILINE)
# Files, whatever the wiki's language calls them, categories, and the same page in other languages.
_HIDDEN_LINK = re.compile(
    r"(?:file|image|media|datei|bild|fichier|archivo|imagen|файл|category|kategori\w{1,2}|cat[ée]gor[ií][ea]s?"
    r"|категори[яі]\w?|カテゴリ|分[类類]|분류|تصنيف|رده|קטגוריה|κατηγορία|luokka)\s*:"
    r"|[^:|]{1,40}:[^|:]{1,250}\.(?:jpe?g|png|svg|gif|webp|tiff?|xcf|og[agv]|webm|mp[34]|wav|pdf|djvu)\s*(?:$|\|)",
    re.IGNORECASE,
)
_LANGUAGE_LINK = re.compile(r"(?!mw:)[a-z]{2,3}(?:-[a-z]{2,10}){0,2}:[^|]+")
# Words in several scripts (MediaWiki's language converter), with flags: `-{zh-hans:软件;zh-hant:軟體}-`.
_VARIANTS = re.compile(r"-\{(?:([^{}|:]{0,20})\|)?([^{}]{0,500})\}-")
_VARIANT = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,10}){0,2}\s*:\s*([^;]*)")
# Headings after which no article text follows.
_END_HEADINGS = frozenset({
    "sources", "source", "references", "external links", "see also", "related news", "related articles",
    "related stories", "sister links", "notes", "further reading",
})  # fmt: skip

# Stand for templates that aren't known, until it shows whether they belong to a sentence: with unnamed parameters,
# which carry text, and without.
_HOLE, _BOX = "\ue001", "\ue002"
# Around a date that is the page's own where it begins a line, and else belongs to a sentence.
DATELINE = ("\ue003", "\ue004")
_OWN_DATE = re.compile(rf"^[ \t]*{DATELINE[0]}[^{DATELINE[1]}\n]*{DATELINE[1]}", re.MULTILINE)
_DATELINES = re.compile(f"[{''.join(DATELINE)}]")
_ONLY_HOLES = re.compile(rf"^[ \t*#:;|]*[{_HOLE}{_BOX}][{_HOLE}{_BOX} \t.,;|]*$", re.MULTILINE)
# A notice or an info box in front of the first word, and a footnote or an editor's mark behind a sentence.
_BOX_BEFORE = re.compile(rf"^[ \t]*{_BOX}+(?=\S)", re.MULTILINE)
_MARK_BEHIND = re.compile(rf"(?<=[.!?”\"])(?:[{_HOLE}{_BOX}]+(?=\s|\Z)|[ \t]+[{_HOLE}{_BOX}]+(?=[ \t]*(?:\n|\Z)))")
_HOLES = re.compile(rf"[{_HOLE}{_BOX}]+")
_EMPTY_PARENTHESES = re.compile(r" ?\([ \t,;:]{0,20}\)")

Template = Callable[[list[str]], str | None]


def plain_text(wikitext: str, template: Template) -> str:
    """Return the article text as a page shows it, without the lists of sources and links at its end.

    Args:
        wikitext: the source.
        template: returns the text of a template from its name and parameters; "" hides it, None is an unknown one,
            whose place in a sentence is marked with `OMITTED`.
    """
    wikitext = _DATELINES.sub("", _HOLES.sub("", wikitext))
    text = _FORMULA.sub(_HOLE, _without_tags(_EMPTY_TAG.sub("", _COMMENT.sub("", wikitext))))
    text = _DATELINES.sub("", _OWN_DATE.sub("", _expand_brackets(text, template)))
    text = _VARIANTS.sub(_first_variant, text)
    text = _EXTERNAL.sub(lambda match: match[1] or "", text)
    text = _join_raised(_BREAK.sub("\n", text))
    text = _TAG.sub("", _MAGIC.sub("", _RULE.sub("", _EMPHASIS.sub("", text))))
    text = _cut_at_end_heading(text)
    text = _HEADING.sub(lambda match: f"\n{match[2].strip(' =')}\n", text)
    text = _mark_holes(_LIST.sub("", unescape(text)))
    return re.sub(r"\n\s*\n\s*", "\n\n", text).strip()


def _join_raised(text: str) -> str:
    """Write raised and lowered text in the line."""
    pieces: list[tuple[str, Height]] = []
    at = 0
    for raised in _RAISED.finditer(text):
        pieces.append((text[at : raised.start()], ""))
        pieces.append((raised[2], "sup" if raised[1].lower() == "sup" else "sub"))
        at = raised.end()
    return join_pieces([*pieces, (text[at:], "")]) if at else text


def _mark_holes(text: str) -> str:
    """Mark where an unknown template belongs to a sentence, and drop the others."""
    for pattern in (_ONLY_HOLES, _BOX_BEFORE, _MARK_BEHIND):
        text = pattern.sub("", text)
    return _EMPTY_PARENTHESES.sub("", _HOLES.sub(OMITTED, text))


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
    # Drop unclosed tables; keep the text of other unclosed brackets, that of a template behind the mark of a hole.
    while len(stack) > 1:
        kind, pieces = stack.pop()
        stack[-1][1].append("" if kind == "{|" else (_HOLE if kind == "{{" else "") + "".join(pieces))
    return "".join(stack[0][1])


def _expand(kind: str, content: str, template: Template) -> str:
    if kind == "{|":
        return ""
    parts = content.split("|")
    if kind == "{{" and len(parts) > _MAX_PARAMETERS:
        return _HOLE
    if kind == "{{":
        parts = [part.strip() for part in parts]
        expanded = template(parts)
        if expanded is None:
            return _BOX if all("=" in part for part in parts[1:]) else _HOLE
        return expanded
    if _HIDDEN_LINK.match(parts[0].lstrip()) or _LANGUAGE_LINK.fullmatch(content.strip()):
        return ""
    # A leading colon links to a category or a file by name; ":w:Iran" shows the text after the prefix.
    return parts[-1] if len(parts) > 1 else parts[0].rpartition(":")[2].partition("#")[0] or parts[0]


def _first_variant(match: re.Match[str]) -> str:
    """Return the first spelling; rules for the rest of the page, and titles, show nothing."""
    flags = set((match[1] or "").upper().replace(";", ""))
    if flags & {"H", "T", "D", "-"}:
        return ""
    variant = _VARIANT.match(match[2].strip())
    return match[2] if variant is None or "R" in flags else variant[1].strip()


def _cut_at_end_heading(text: str) -> str:
    for heading in _HEADING.finditer(text):
        if heading[2].strip().lower() in _END_HEADINGS:
            return text[: heading.start()]
    return text
