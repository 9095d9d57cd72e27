"""Finds what a saved page holds: an article, or posts of Telegram."""

from collections.abc import Iterable
from functools import partial

from corpus.article import SourceItem
from corpus.formats.telegram_page import is_telegram, read_posts
from corpus.formats.web_page import parse_page


def page_items(raw: bytes, origin: str) -> Iterable[SourceItem]:
    """Return the articles of a page.

    Raises:
        UnreadableSource: it is of Telegram, and has no post with a text, or too much markup.
    """
    return read_posts(raw, origin) if is_telegram(raw) else [SourceItem(origin, raw, partial(parse_page, raw))]
