"""Addresses that a page may link to."""

from urllib.parse import urldefrag

from bot.answering.citation import text_fragment


def web_link(url: str | None) -> str:
    """Return an address of the web as it is; empty for any other, such as `javascript:` or a file."""
    return url if url and url.lower().startswith(("http://", "https://")) and url.isprintable() else ""


def quote_link(url: str | None, quote: str) -> str:
    """Return an address of the web that opens at a quote; empty for any other."""
    link = web_link(url)
    return urldefrag(link).url + text_fragment(quote) if link else ""
