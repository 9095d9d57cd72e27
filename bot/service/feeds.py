"""The list of feeds: what is on it, what comes onto it, and what leaves it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.service.links import fetch_options
from bot.service.sessions import reading, writing
from bot.settings import Settings
from corpus.article import SHARED_COLLECTION
from corpus.database import DATABASE_NAME
from corpus.errors import AddressRefused, BadInput
from corpus.feeds.feed import Feed, Listing
from corpus.feeds.feed_store import Feeds
from corpus.feeds.schedule import Clock
from corpus.formats.urls import canonical_url

# Seconds to wait for another writer.
WAIT_S = 30.0


@dataclass(frozen=True, slots=True)
class Checked:
    """What lies at a feed's address now."""

    url: str
    listing: Listing


def list_feeds(settings: Settings, collection: str | None = None) -> list[Feed]:
    """The feeds, or those of a collection; none where there is no corpus yet.

    Raises:
        StorageFailure: the corpus can't be read.
    """
    if not (settings.data_dir / DATABASE_NAME).is_file():
        return []
    with reading(settings.data_dir) as db:
        return Feeds(db).all(collection)


def check_feed(settings: Settings, url: str, clock: Clock | None = None) -> Checked:
    """Looks at a feed, or at the one that a page names; nothing is stored. Takes seconds: run it in a thread.

    Raises:
        AddressRefused: it may not be read.
        FetchFailed: it could not be got.
        UnreadableSource: there is no feed.
    """
    # PLC0415: httpx takes 200 ms to import
    from corpus.feeds.fetch_feed import find_feed  # noqa: PLC0415 - see above
    from corpus.feeds.polite_client import Web  # noqa: PLC0415 - see above

    clock = clock or Clock()
    web = Web(fetch_options(settings), clock, settings.feed_delay_s)
    found, listing = find_feed(web, clock, checked_address(settings, url))
    return Checked(found, listing)


def checked_address(settings: Settings, url: str) -> str:
    """The one spelling of an address that may be asked, as far as its text can tell.

    Raises:
        AddressRefused: it may not.
    """
    from corpus.fetch.target import target  # noqa: PLC0415 - httpx takes 200 ms to import

    target(url, fetch_options(settings).allowed)
    found = canonical_url(url)
    if found is None:
        raise AddressRefused("This is no address that can be read.", "Give the feed's address with https://.")
    return found


def add_feed(
    settings: Settings,
    checked: Checked,
    *,
    collection: str = SHARED_COLLECTION,
    publisher: str | None = None,
    most: int | None = None,
) -> Feed:
    """Adds a feed that was looked at; it is polled at the next opportunity.

    Args:
        settings: the data folder.
        checked: the feed.
        collection: where its articles go.
        publisher: the publisher of articles that state none.
        most: how many feeds the collection may have; None for any number.

    Raises:
        BadInput: the collection has that many.
        CorpusBusy: somebody else is writing.
        StorageFailure: the data folder can't be written.
    """
    listing = checked.listing
    with writing(settings, "adding a feed", wait_s=WAIT_S) as db, db.atomic():
        feeds = Feeds(db)
        known = {feed.url for feed in feeds.all(collection)}
        if most is not None and checked.url not in known and len(known) >= most:
            raise BadInput(f"There are {len(known)} feeds already, which is the most.", "Remove one first.")
        return feeds.add(
            checked.url, collection, Clock().text(), title=listing.title, kind=listing.kind, publisher=publisher
        )


def import_feeds(settings: Settings, found: Sequence[tuple[str, str]], collection: str) -> tuple[int, list[str]]:
    """Adds feeds (address, title) unseen; returns how many are new, and the addresses that can't be feeds.

    Raises:
        CorpusBusy: somebody else is writing.
        StorageFailure: the data folder can't be written.
    """
    added, refused = 0, []
    with writing(settings, "importing feeds", wait_s=WAIT_S) as db, db.atomic():
        feeds = Feeds(db)
        before = feeds.count(collection)
        for url, title in found:
            try:
                feeds.add(checked_address(settings, url), collection, Clock().text(), title=title)
            except AddressRefused:
                refused.append(url)
        added = feeds.count(collection) - before
    return added, refused


def remove_feed(settings: Settings, feed_id: int, within: str | None = None) -> Feed:
    """Removes a feed, which must be of the collection `within` if one is given; its articles stay.

    Raises:
        BadInput: there is none.
        CorpusBusy: somebody else is writing.
    """
    with writing(settings, "removing a feed", wait_s=WAIT_S) as db, db.atomic():
        feed = Feeds(db).get(feed_id, within)
        Feeds(db).remove(feed_id)
    return feed


def pause_feed(settings: Settings, feed_id: int, within: str | None = None, *, resume: bool = False) -> Feed:
    """Pauses a feed, or has it polled again at once.

    Raises:
        BadInput: there is none.
        CorpusBusy: somebody else is writing.
    """
    with writing(settings, "pausing a feed", wait_s=WAIT_S) as db, db.atomic():
        feeds = Feeds(db)
        feeds.get(feed_id, within)
        if resume:
            feeds.resume(feed_id, Clock().text())
        else:
            feeds.pause(feed_id)
        return feeds.get(feed_id)
