"""Tells links from paths, says how far fetching may go, and gets the articles of links."""

import re
from collections.abc import Callable, Sequence

from bot.settings import Settings
from corpus.article import Rejection, SourceItem
from corpus.fetch.options import MOST_PAGE_BYTES, AllowedHosts, FetchOptions

_LINK = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def is_link(text: str) -> bool:
    """Tell a link, of whatever scheme, from the path of a file."""
    return bool(_LINK.match(text))


def fetch_options(settings: Settings) -> FetchOptions:
    """How far fetching may go by the settings."""
    return FetchOptions(
        allowed=AllowedHosts.parse(settings.allowed_hosts),
        max_bytes=min(MOST_PAGE_BYTES, settings.max_article_mb * 1024 * 1024),
    )


def fetch_links(
    settings: Settings, links: Sequence[str], on_progress: Callable[[int], None]
) -> list[SourceItem | Rejection]:
    """Gets the articles of links, one after the other; nothing is stored yet."""
    if not links:
        return []
    from corpus.fetch.fetch_article import fetch_all  # noqa: PLC0415 - httpx takes 200 ms to import

    return list(fetch_all(links, fetch_options(settings), on_progress))
