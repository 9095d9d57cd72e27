"""Makes an article of an item: the text of its page, else what the feed carries of it, marked as an excerpt."""

from dataclasses import dataclass, replace

from corpus.article import Draft, SourceItem
from corpus.errors import AddressRefused, AttacheError, BadStatus, FetchFailed, UnreadableSource
from corpus.feeds.feed import Entry, Feed
from corpus.feeds.polite_client import Web
from corpus.feeds.rate_limit import HostHeld
from corpus.fetch.fetch_article import as_item
from corpus.fetch.stubs import count_words

# Fewer words are a headline, of which nothing can be quoted.
FEWEST_WORDS = 8
# Statuses that another try changes nothing about.
_FINAL = frozenset({400, 401, 402, 403, 404, 405, 406, 410, 451})


@dataclass(frozen=True, slots=True)
class Taken:
    """What was got for an item: an article or None, and why it is not the whole one; empty where it is.

    `is_final` where another try would change nothing. `held_s` are seconds that its site wants to be left alone.
    """

    item: SourceItem | None
    reason: str = ""
    is_final: bool = True
    held_s: float = 0.0


def take(web: Web, feed: Feed, entry: Entry) -> Taken:
    """Gets the article of an entry."""
    if not entry.url:
        return Taken(excerpt(feed, entry), "The feed gives no address of it.")
    try:
        draft = web.article(entry.url).parse()
    except HostHeld as held:
        return Taken(None, held.message, is_final=False, held_s=held.seconds)
    except AttacheError as error:
        return Taken(excerpt(feed, entry), error.message, is_final=_is_final(error))
    return Taken(as_item(_completed(draft, feed, entry), draft.url or entry.url))


def excerpt(feed: Feed, entry: Entry) -> SourceItem | None:
    """What the feed carries of an article; None where that is no more than a headline."""
    if count_words(entry.text) < FEWEST_WORDS:
        return None
    draft = Draft(
        body=entry.text,
        url=entry.url or None,
        external_id=None if entry.url else entry.key,
        is_excerpt=True,
    )
    return as_item(_completed(draft, feed, entry), entry.url or feed.url)


def _completed(draft: Draft, feed: Feed, entry: Entry) -> Draft:
    """The draft, with what it does not state taken from the entry."""
    return replace(
        draft,
        title=draft.title or entry.title or None,
        author=draft.author or entry.author or None,
        publisher=draft.publisher or feed.publisher or entry.publisher or feed.title or None,
        published_at=draft.published_at or entry.published_at or None,
    )


def _is_final(error: AttacheError) -> bool:
    if isinstance(error, BadStatus):
        return error.status in _FINAL
    return isinstance(error, UnreadableSource | AddressRefused) or not isinstance(error, FetchFailed)
