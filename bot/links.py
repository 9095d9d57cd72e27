"""Takes the articles of links in: one that a person gives, or those among what a command was given."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.settings import Settings
from bot.writing import writing
from corpus.article import ArticleFacts, Rejection, SourceItem
from corpus.articles import Articles, Outcome
from corpus.errors import UnreadableSource
from corpus.fetching.options import MOST_PAGE_BYTES, AllowedHosts, FetchOptions
from corpus.ingest import IngestOptions, IngestReport, ingest_paths
from index.embedder import Embedder
from index.generations import Generations
from index.maintenance import RefreshReport, refresh

_LINK = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LinkReport:
    """The article that a link gave as it is stored now, what storing it did, and what became of the index."""

    article: ArticleFacts
    outcome: Outcome
    index: RefreshReport


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
    from corpus.fetching.article import fetch_all  # noqa: PLC0415 - httpx takes 200 ms to import

    return list(fetch_all(links, fetch_options(settings), on_progress))


def add_link(
    settings: Settings, embedder: Embedder, link: str, options: IngestOptions, *, wait_s: float = 30.0
) -> LinkReport:
    """Takes the article of one link in and makes it searchable. Takes seconds: run it in a thread.

    Args:
        settings: the data folder, and which hosts are allowed.
        embedder: the model for its passages.
        link: as a person gave it.
        options: the collection it goes into.
        wait_s: seconds to wait for another writer, after the page was fetched.

    Raises:
        AddressRefused: the link may not be followed.
        FetchFailed: the page could not be got.
        UnreadableSource: the page is no article, or only the beginning of one.
        CorpusBusy: somebody else is writing, and `wait_s` seconds did not help.
        StorageFailure: the data folder can't be written.
    """
    from corpus.fetching.article import fetch_article  # noqa: PLC0415 - httpx takes 200 ms to import

    item = fetch_article(link, fetch_options(settings))
    url = item.parse().url
    with writing(settings, "adding a link", wait_s=wait_s) as db:
        taken = ingest_paths(db, (), options, fetched=(item,))
        article = Articles(db).by_url(options.collection, url) if url else None
        if article is None or taken.rejected:
            raise _rejected(taken)
        index = refresh(db, Generations(settings.data_dir), embedder)
    outcome = Outcome.ADDED if taken.added else Outcome.UPDATED if taken.updated else Outcome.UNCHANGED
    return LinkReport(article, outcome, index)


def _rejected(taken: IngestReport) -> UnreadableSource:
    first = next(iter(taken.rejected), Rejection("", "The page holds no article.", "Save its text as a file."))
    return UnreadableSource(first.reason, first.hint)
