"""Tell links from paths, and fetch their articles within the limits of the settings."""

import re
from collections.abc import Callable, Sequence

from bot.settings import Settings
from corpus.article import Rejection, SourceItem
from corpus.fetch.options import MAX_PAGE_BYTES, AllowedHosts, FetchOptions

_LINK = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def is_link(text: str) -> bool:
    """Return whether a text is a link, of whatever scheme, rather than a path."""
    return bool(_LINK.match(text))


def display_link(text: str) -> str:
    """Return a link for display: printable, without a password, not too long."""
    from corpus.fetch import link_check  # noqa: PLC0415 - httpx takes 200 ms to import

    return link_check.display_link(text)


def fetch_options(settings: Settings) -> FetchOptions:
    """Return the limits for fetching that the settings allow."""
    return FetchOptions(
        allowed=AllowedHosts.parse(settings.allowed_hosts),
        max_bytes=min(MAX_PAGE_BYTES, settings.max_article_mb * 1024 * 1024),
    )


def fetch_links(
    settings: Settings, links: Sequence[str], on_progress: Callable[[int], None]
) -> list[SourceItem | Rejection]:
    """Fetch the articles of links one after the other, without storing them."""
    if not links:
        return []
    from corpus.fetch.fetch_article import fetch_articles  # noqa: PLC0415 - httpx takes 200 ms to import

    return list(fetch_articles(links, fetch_options(settings), on_progress))
