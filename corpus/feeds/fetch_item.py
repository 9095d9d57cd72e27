"""Fetches the article of a feed entry: from its page, or else the feed's excerpt of it."""

from dataclasses import dataclass, replace

from corpus.article import Draft, SourceItem
from corpus.errors import AddressRefused, AttacheError, BadStatus, FetchFailed, UnreadableSource
from corpus.faults import InputFault, as_failure
from corpus.feeds.feed import Entry, Feed
from corpus.feeds.polite_client import PoliteClient
from corpus.feeds.rate_limit import HostPaused
from corpus.fetch.fetch_article import to_source_item
from corpus.publishers.publisher import is_one_site, site_of
from corpus.word_count import count_words

# Fewer words are a headline, of which nothing can be quoted.
MIN_WORDS = 8
# Statuses that another try would not change.
_FINAL_STATUSES = frozenset({400, 401, 402, 403, 404, 405, 406, 410, 451})


@dataclass(frozen=True, slots=True)
class FetchedItem:
    """An entry's article or None, and the reason if it is not the whole article.

    `is_final` if another try would change nothing. `pause_s` is how many seconds its site asks to be left alone.
    """

    item: SourceItem | None
    reason: str = ""
    is_final: bool = True
    pause_s: float = 0.0


def fetch_item(client: PoliteClient, feed: Feed, entry: Entry) -> FetchedItem:
    """Fetch the article of an entry."""
    if not entry.url:
        return FetchedItem(_excerpt(feed, entry), "The feed gives no link to it.")
    try:
        draft = client.get_article(entry.url).parse()
    except HostPaused as error:
        return FetchedItem(None, error.message, is_final=False, pause_s=error.seconds)
    except BaseException as error:  # noqa: BLE001 - one entry's failure
        failure = as_failure(error, "The page")
        return FetchedItem(_excerpt(feed, entry), failure.message, is_final=_is_final(failure))
    return FetchedItem(to_source_item(_fill_from_entry(draft, feed, entry), draft.url or entry.url))


def _excerpt(feed: Feed, entry: Entry) -> SourceItem | None:
    """Return the feed's excerpt of an article; None if that is no more than a headline."""
    if count_words(entry.text) < MIN_WORDS:
        return None
    draft = Draft(
        body=entry.text,
        url=entry.url or None,
        external_id=None if entry.url else entry.key,
        is_excerpt=True,
        served_by=entry.served_by or site_of(feed.url) or None,
    )
    return to_source_item(_fill_from_entry(draft, feed, entry), entry.url or feed.url)


def _fill_from_entry(draft: Draft, feed: Feed, entry: Entry) -> Draft:
    """Fill the draft's missing fields from the entry and the feed.

    What an entry says of its source, or a feed of another site's page, is said at second hand.
    """
    name = draft.publisher or feed.publisher or entry.publisher or feed.title or None
    is_own_feed = is_one_site(draft.served_by, entry.served_by or site_of(feed.url))
    is_from_entry = not feed.publisher and bool(entry.publisher)
    return replace(
        draft,
        title=draft.title or entry.title or None,
        author=draft.author or entry.author or None,
        publisher=name,
        is_second_hand=not draft.publisher and (is_from_entry or not is_own_feed),
        published_at=draft.published_at or entry.published_at or None,
    )


def _is_final(error: AttacheError) -> bool:
    if isinstance(error, BadStatus):
        return error.status in _FINAL_STATUSES
    return isinstance(error, UnreadableSource | AddressRefused) or not isinstance(error, FetchFailed | InputFault)
