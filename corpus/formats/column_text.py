"""Turns HTML in the text fields of tables and JSON into the text that a reader sees; plain text stays as it is."""

import re
from html import unescape

from corpus.errors import UnreadableSource
from corpus.formats.html_text import extract_text
from corpus.formats.web_page import parse_page

_BLOCK = r"p|div|br|li|ul|ol|h[1-6]|blockquote|tr|td|section|article|figure|table|pre"
_INLINE = r"a|abbr|b|cite|code|del|em|font|i|img|ins|mark|q|s|small|span|strike|strong|su[bp]|u"
# Complete tags only: "a <b and c> d" and "<name@herald.example>" are text.
_ATTRIBUTES = r"(?:\s[^<>]{0,2000})?"
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCK}){_ATTRIBUTES}/?>", re.IGNORECASE)
_INLINE_TAG = re.compile(rf"<(?:/(?:{_INLINE})\s*|(?:a|img|font|span)\s[^<>]{{0,2000}})>", re.IGNORECASE)
_PAGE = re.compile(r"\s{0,100}(?:<\?xml[^<>]{0,200}>\s{0,100})?(?:<!doctype html|<html\b)", re.IGNORECASE)
_ESCAPED_TAG = re.compile(rf"&(?:amp;)?lt;/?(?:{_BLOCK}|{_INLINE})(?:\s[^<>&]{{0,500}})?/?&(?:amp;)?gt;", re.IGNORECASE)
# What weblogs put between the paragraphs: captions of pictures, and the marks of galleries and layouts.
_SHORTCODE = re.compile(
    r"\[caption\b[^\]]{0,500}\].{0,2000}?\[/caption\]"
    r"|\[/?(?:gallery|embed|audio|video|playlist|vc_|et_pb_|su_)\w{0,40}\b[^\]]{0,500}\]"
)
# What is left of feeds and of editors' marks for blocks.
_CDATA = re.compile(r"\s{0,100}<!\[CDATA\[(.*)\]\]>\s{0,100}", re.DOTALL)
_COMMENT = re.compile(r"<!--[^<>]{0,2000}?-->")
# Line breaks that were escaped twice; a path has a letter on both sides: "C:\news".
_ESCAPED_BREAK = re.compile(r"(?:\\r)?\\n(?=\\[rn]|[\W\d_A-Z]|$)")
# Marks of Markdown within a line; a line that is bold as a whole is a heading, which `outline` reads.
_MARKED = (
    (re.compile(r"(?<![~\w])~~(?=[^\s~])[^~\n]{1,300}~~(?![~\w])[ ]?"), ""),
    (re.compile(r"!\[[^\[\]\n]{0,300}\]\([^\s()]{1,2000}\)"), ""),
    (re.compile(r"\[([^\[\]\n]{1,300})\]\((?:https?://|/)[^\s()]{1,2000}(?:\s\"[^\"\n]{0,300}\")?\)"), r"\1"),
    (re.compile(r"(?<=[^\n*\w])\*\*([^\s*](?:[^*\n]{0,300}[^\s*])?)\*\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w*])\*\*([^\s*](?:[^*\n]{0,300}[^\s*])?)\*\*(?=[^\n*\w])"), r"\1"),
)  # fmt: skip
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
# Stands for a line break while text passes through HTML, where line breaks mean nothing.
_BREAK = "\ue000"


def column_text(text: str) -> str:
    """Return the text of a field, paragraph by paragraph; "" for markup without text.

    A whole page is read as one, without its menus.

    Raises:
        UnreadableSource: too much markup.
    """
    if "<" in text or "&" in text:
        text = _COMMENT.sub("", _without_cdata(_unescaped(text)))
    if "\n" not in text and "\\n" in text:
        text = _ESCAPED_BREAK.sub("\n", text)
    if _PAGE.match(text):
        try:
            return parse_page(text.encode("utf-8", "replace")).body
        except UnreadableSource:
            # All of a short page is better than nothing.
            return extract_text(text)[1]
    if "[" in text:
        text = _SHORTCODE.sub("", text)
    has_blocks = _BLOCK_TAG.search(text) is not None
    if not has_blocks and not _INLINE_TAG.search(text):
        for mark, shown in _MARKED if "](" in text or "**" in text or "~~" in text else ():
            text = mark.sub(shown, text)
        return text
    text = text.replace("\r\n", "\n")
    if not has_blocks:
        text = text.replace("\n", _BREAK)
    elif not re.search(r"<(?:p|div|br)\b", text, re.IGNORECASE):
        # As weblogs store articles: paragraphs as blank lines, and tags for headings, lists and quotations.
        text = _BLANK_LINE.sub("<br>", text)
    return extract_text(f"<div>{text}</div>")[1].replace(_BREAK, "\n")


def _without_cdata(text: str) -> str:
    found = _CDATA.fullmatch(text) if "<![CDATA[" in text[:200] else None
    return found[1] if found else text


def column_line(text: str | None) -> str | None:
    """Return a title or name without markup, on one line."""
    if not text or ("<" not in text and "&" not in text):
        return text
    return " ".join(column_text(text).split()) or None


def _unescaped(text: str) -> str:
    """Undo the escaping of markup that feeds and exports escape once or twice."""
    for _ in range(2):
        if not _ESCAPED_TAG.search(text) or _BLOCK_TAG.search(text):
            break
        text = unescape(text)
    return text
