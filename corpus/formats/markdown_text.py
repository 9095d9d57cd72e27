"""Turns Markdown into the text that a reader sees; headings and list items keep the marks that `outline` reads."""

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from corpus.errors import UnreadableSource
from corpus.formats.html_text import extract_text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# A book has 1,000,000 characters, an article 10,000. The parser is linear, but takes up to 16 s for a million.
MAX_CHARACTERS = 500_000
# Nor with many blocks, which cost it most: these take a second.
MAX_LINES = 20_000
_TOO_LONG = (
    f"It has more than {MAX_CHARACTERS:,} characters or {MAX_LINES:,} lines, so its Markdown marks were left as they"
    " are."
)
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\]\s]{1,80}\]:[ \t]*(.*)")
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,80}\]|\^\[[^\[\]\n]{1,2000}\]")
_NOTES = "## Footnotes"
# What note programs and site builders add to Markdown, beside footnotes: comments, embedded files, highlights, links to
# other notes, boxes with a kind, shortcodes.
_COMMENT = re.compile(r"%%[^%]{0,2000}%%")
# The name of a block, which other notes link to.
_BLOCK_NAME = re.compile(r"[ \t]\^[A-Za-z][A-Za-z0-9-]{2,60}[ \t]*$", re.MULTILINE)
_EMBEDDED = re.compile(r"!\[\[[^\[\]\n]{1,300}\]\]")
_WIKI_LINK = re.compile(r"\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]\n]{1,300}))?\]\]")
_HIGHLIGHT = re.compile(r"==(?=[^\s=])([^=\n]{1,500})(?<=\S)==")
# What readers' programs put behind an excerpt: a link to its place.
_VIEW_LINK = re.compile(
    r"[ \t]?\(\[(?:View (?:Highlight|Tweet)|Location \d{1,7}|Updated[^\[\]]{0,60})\]\([^()\s]{1,2000}\)\)"
)
_AUTOLINK = re.compile(r"(?<=[.!?”\"]) ?<https?://[^<>\s]{1,2000}>(?=\s|$)")
# As Pandoc writes them: 10^9^, H~2~O.
_RAISED = re.compile(r"(?<=\w)\^([\w+−-]{1,10})\^(?!\w)")
_LOWERED = re.compile(r"(?<=\w)~(\d{1,3})~(?!~)")
# Struck out, as many programs write and read it.
_STRUCK = re.compile(r"(?<![\w~])~(?=[^\s~])[^~\n]{1,300}(?<=\S)~(?![\w~])")
_BOX = re.compile(r"^([> \t]{0,20}>[ \t]?)\[!\w{1,30}\][+-]?", re.MULTILINE)
_SHORTCODE = re.compile(r"\{\{[<%][^\n{}]{0,500}[>%]\}\}|\{%[^\n{}]{0,500}%\}|\{:[^\n{}]{0,200}\}")
# CommonMark would read these as emphasis, and 2*3*4 would become 234.
_TIMES = re.compile(r"(?<=\d)(?=[*_]\d)")
# Stands for a line break while text passes through HTML, where line breaks mean nothing.
_BREAK = "\ue000"
_MAX_BOLD_SENTENCE_WORDS = 5


def markdown_text(source: str, warnings: list[str]) -> tuple[str | None, str]:
    """Return the first heading of the first level, and the text without marks; a long text stays as it is.

    Footnotes follow at the end, under a heading whose section is never quoted. Struck-out text and pictures go.
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    if len(source) > MAX_CHARACTERS or source.count("\n") > MAX_LINES:
        warnings.append(_TOO_LONG)
        return None, source
    source, notes = _without_footnotes(source)
    heading, body = _render(source)
    if notes:
        body = "\n\n".join([body, _NOTES, *(_render(f"- {note}")[1] for note in notes)])
    return heading, body


def _without_footnotes(source: str) -> tuple[str, list[str]]:
    """Return the text without footnotes and their marks, and the footnotes."""
    if "[^" not in source and "^[" not in source:
        return source, []
    notes: list[list[str]] = []
    kept: list[str] = []
    is_inside = False
    for line in source.split("\n"):
        if (note := _FOOTNOTE.fullmatch(line)) is not None:
            notes.append([note[1]])
            is_inside = True
        elif is_inside and (line.startswith(("    ", "\t")) or (line.strip() and kept[-1:] != [""])):
            notes[-1].append(line.strip())
        else:
            # A blank line ends a footnote unless an indented line follows.
            is_inside = is_inside and not line.strip()
            kept.append(line.rstrip() if not line.strip() else line)
    texts = (" ".join(filter(None, lines)) for lines in notes)
    return _FOOTNOTE_MARK.sub("", "\n".join(kept)), [text for text in texts if text]


def _render(source: str) -> tuple[str | None, str]:
    for pattern, shown in (
        (_COMMENT, ""),
        (_BLOCK_NAME, ""),
        (_SHORTCODE, ""),
        (_EMBEDDED, ""),
        (_VIEW_LINK, ""),
        (_AUTOLINK, ""),
        (_WIKI_LINK, _link_name),
        (_HIGHLIGHT, r"\1"),
        (_STRUCK, ""),
        (_RAISED, r"^\1"),
        (_LOWERED, r"\1"),
        (_BOX, r"\1"),
        (_TIMES, r"\\"),
    ):
        source = pattern.sub(shown, source)
    heading: str | None = None
    pieces: list[str] = []
    marks: list[str] = []
    end = 0
    for token in _parser().parse(source):
        match token.type:
            case "heading_open":
                marks = ["#" * int(token.tag[1:]) + " "]
            case "list_item_open":
                marks = [f"{token.info}{token.markup} "]
            case "list_item_close" | "heading_close":
                marks = []
            case "inline" | "fence" | "html_block":
                text = _text(token)
                if not text:
                    continue
                if not marks and token.type == "inline" and _is_bold_line(token.children or (), text):
                    marks = ["## "]
                if marks == ["# "]:
                    heading = heading or text.replace("\n", " ")
                start, stop = token.map or (end + 1, end + 1)
                # Without a blank line between them, blocks stay close, as `outline` expects them to be.
                pieces.append(("\n" if start <= end else "\n\n") if pieces else "")
                pieces.append("".join(marks) + text)
                marks, end = [], stop
    return heading, "".join(pieces)


def _link_name(link: re.Match[str]) -> str:
    return str(link[2] or link[1].rpartition("/")[2]).strip()


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - takes 40 ms

    # Indented paragraphs are no code in news.
    return MarkdownIt("commonmark").enable("strikethrough").disable("code")


def _text(token: "Token") -> str:
    if token.type == "fence":
        return token.content.strip()
    if token.type == "html_block":
        return _from_html(token.content)
    children = token.children or []
    if any(child.type == "html_inline" for child in children):
        return _from_html("".join(_pieces(children, as_html=True)))
    return "".join(_pieces(children, as_html=False)).strip()


def _pieces(children: "Sequence[Token]", *, as_html: bool) -> list[str]:
    pieces: list[str] = []
    struck = 0
    for child in children:
        struck += {"s_open": 1, "s_close": -1}.get(child.type, 0)
        if struck:
            continue
        match child.type:
            case "text" | "code_inline" | "text_special":
                pieces.append(escape(child.content, quote=False) if as_html else child.content)
            case "softbreak" | "hardbreak":
                pieces.append(_BREAK if as_html else "\n")
            case "html_inline" if as_html:
                pieces.append(child.content)
    return pieces


def _from_html(markup: str) -> str:
    try:
        text = extract_text(f"<div>{markup.replace(chr(10), _BREAK)}</div>")[1]
    except UnreadableSource:
        # Nothing but a comment, or more tags than any text has.
        return ""
    return text.replace(_BREAK, "\n").strip()


def _is_bold_line(children: "Sequence[Token]", text: str) -> bool:
    """Recognize a paragraph that is bold as a whole: a heading, unless it is a sentence of some length."""
    shown = [child.type for child in children if child.type != "text" or child.content.strip()]
    is_bold = shown[:1] == ["strong_open"] and shown[-1:] == ["strong_close"] and shown.count("strong_open") == 1
    is_sentence = text.endswith((".", "!")) and len(text.split()) > _MAX_BOLD_SENTENCE_WORDS
    return is_bold and "\n" not in text and not is_sentence
