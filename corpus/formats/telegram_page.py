"""Reads Telegram's posts from HTML: its exports (messages.html), and saved pages of public channels (t.me/s/…)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from lxml import etree, html

from corpus.article import SourceItem
from corpus.dates import parse_published
from corpus.errors import UnreadableSource
from corpus.formats.crowded_tags import has_crowded_tag
from corpus.formats.html_text import decode_markup, extract_text, parse_html
from corpus.formats.telegram_post import Post

# The list of messages in an export, and a message of a public channel.
_EXPORT = re.compile(rb"\bclass=[\"'][^\"'<>]{0,100}\bchat_page\b")
_PREVIEW = re.compile(rb"\bclass=[\"'][^\"'<>]{0,100}\btgme_widget_message\b[^<>]{0,500}\bdata-post=")
# An export has 1,000 messages a file, each with some thirty tags.
_MAX_TAGS = 200_000
_MAX_POSTS = 20_000
# The clock of who made the export, in newer ones with its offset: `09.09.2024 08:30:00 UTC+03:00`.
_CLOCK = re.compile(r"(\d\d)\.(\d\d)\.(\d{4}) (\d\d:\d\d:\d\d)(?: UTC([+-]\d\d:\d\d))?")
_NUMBER = re.compile(r"message(\d{1,20})")
_POST = re.compile(r"\w{1,64}/\d{1,20}")


def is_telegram(raw: bytes) -> bool:
    """Return whether a page holds posts of Telegram."""
    # Most pages have neither word, which is faster to tell.
    is_export = b"chat_page" in raw and _EXPORT.search(raw) is not None
    return is_export or (b"tgme_widget" in raw and _PREVIEW.search(raw) is not None)


def read_posts(raw: bytes, origin: str) -> Iterator[SourceItem]:
    """Yield the posts with text.

    Raises:
        UnreadableSource: it has too much markup, or no post has text.
    """
    markup = decode_markup(raw)
    if markup.count("<") > _MAX_TAGS or has_crowded_tag(markup):
        raise UnreadableSource("The page has too much markup.", "Export the channel again, as JSON.")
    tree = parse_html(markup)
    found = _exported(tree) if _EXPORT.search(raw) else _previewed(tree)
    posts = [post for post in islice(found, _MAX_POSTS) if post.body]
    if not posts:
        raise UnreadableSource("No post in this page has text.", "Export the channel again, from its beginning.")
    for number, post in enumerate(posts, start=1):
        yield post.item(f"{origin}:{number}")


def _exported(tree: html.HtmlElement) -> Iterator[Post]:
    chat = _line(_first(tree, "page_header", "text"))
    sender = source = None
    history = _first(tree, "history")
    for message in history if history is not None else ():
        classes = (message.get("class") or "").split()
        body = _child(message, "body") if "message" in classes else None
        if "service" in classes or body is None:
            sender = source = None
            continue
        # Of posts in a row by one sender, or from one source, only the first names it.
        sender = _line(_child(body, "from_name")) or sender
        forwarded = _child(body, "forwarded")
        source = (_source(forwarded) or source) if forwarded is not None else None
        dates = [_first(each, "date") for each in (forwarded, body) if each is not None]
        number = _NUMBER.fullmatch(message.get("id") or "")
        yield Post(
            _body(_child(body if forwarded is None else forwarded, "text")),
            chat=chat,
            number=number[1] if number else None,
            date=next((moment for each in dates if (moment := _clock(each))), None),
            sender=sender,
            signature=_line(_child(body, "signature")),
            source=source,
        )


def _previewed(tree: html.HtmlElement) -> Iterator[Post]:
    # Each by itself: posts within posts would be searched again and again.
    for message in tree.xpath("//div[@data-post][not(ancestor::div[@data-post])]"):
        name = message.get("data-post") or ""
        if not _POST.fullmatch(name):
            continue
        shown = _first(message, "tgme_widget_message_date")
        time = shown.find(".//time[@datetime]") if shown is not None else None
        post = Post(
            _body(_first(message, "js-message_text")),
            chat=_line(_first(message, "tgme_widget_message_owner_name")),
            key=name.partition("/")[0],
            number=name.partition("/")[2],
            date=parse_published(time.get("datetime")) if time is not None else None,
            signature=_line(_first(message, "tgme_widget_message_from_author")),
            url=f"https://t.me/{name}",
        )
        forwarded = _first(message, "tgme_widget_message_forwarded_from_name")
        if forwarded is not None:
            # A channel's name links to the post there; a person's doesn't.
            link = re.fullmatch(rf"https://t\.me/({_POST.pattern})", forwarded.get("href") or "")
            post = replace(post, source=_line(forwarded), url=link[0] if link else post.url)
        yield post


def _source(forwarded: html.HtmlElement) -> str | None:
    """Return the name above a forwarded post, without the time that stands in it."""
    name = _child(forwarded, "from_name")
    return " ".join((name.text or "").split()) or None if name is not None else None


def _clock(date: html.HtmlElement | None) -> str | None:
    match = _CLOCK.fullmatch((date.get("title") or "").strip()) if date is not None else None
    if match is None:
        return None
    day, month, year, clock, offset = match.groups()
    return parse_published(f"{year}-{month}-{day}T{clock}{offset or ''}")


def _body(element: html.HtmlElement | None) -> str:
    if element is None:
        return ""
    element.tail = None
    return extract_text(etree.tostring(element, encoding="unicode"))[1]


def _child(element: html.HtmlElement, name: str) -> html.HtmlElement | None:
    return next((each for each in element if name in (each.get("class") or "").split()), None)


def _first(element: html.HtmlElement, *names: str) -> html.HtmlElement | None:
    """Return the first element of the first class, in it that of the second, and so on."""
    for name in names:
        inside = element.iterdescendants(etree.Element)
        found = next((each for each in inside if name in (each.get("class") or "").split()), None)
        if found is None:
            return None
        element = found
    return element


def _line(element: html.HtmlElement | None) -> str | None:
    return " ".join(str(element.text_content()).split()) or None if element is not None else None
