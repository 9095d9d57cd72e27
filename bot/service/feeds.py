"""Manage the list of feeds: check, add, import, export, pause and remove."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.service.links import fetch_options
from bot.service.sessions import has_database, reading, writing
from bot.settings import Settings
from corpus.article import SHARED_COLLECTION
from corpus.collection_names import check_collection
from corpus.errors import AddressRefused, AttacheError, BadInput
from corpus.faults import as_failure
from corpus.feeds.feed import Feed, Listing
from corpus.feeds.feed_store import FeedStore
from corpus.feeds.opml import read_opml, write_opml
from corpus.feeds.schedule import Clock
from corpus.urls import canonical_url

# Seconds to wait for another writer.
WAIT_S = 30.0
MAX_OPML_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CheckedFeed:
    """A feed's address, and what it lists now."""

    url: str
    listing: Listing


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many feeds a list had and how many were new; `refused` are addresses that can't be feeds."""

    listed: int
    added: int
    refused: list[str]


def list_feeds(settings: Settings, collection: str | None = None) -> list[Feed]:
    """Return all feeds, or those of a collection; none where there is no corpus yet.

    Raises:
        StorageFailure: the corpus can't be read.
    """
    if not has_database(settings.data_dir):
        return []
    with reading(settings.data_dir) as db:
        return FeedStore(db).all(collection)


def get_feed(settings: Settings, feed_id: int) -> Feed:
    """Return a feed.

    Raises:
        BadInput: there is no such feed.
        StorageFailure: the corpus can't be read.
    """
    found = next((feed for feed in list_feeds(settings) if feed.id == feed_id), None)
    if found is None:
        raise BadInput(f"There is no feed {feed_id}.", "`attache feeds list` shows the numbers.")
    return found


def check_feed(settings: Settings, url: str, clock: Clock | None = None) -> CheckedFeed:
    """Read a feed, or the one that a page names, without storing anything. Takes seconds: run it in a thread.

    Raises:
        AddressRefused: the address may not be read.
        FetchFailed: the feed can't be fetched.
        UnreadableSource: there is no feed.
    """
    from corpus.feeds.fetch_feed import discover_feed  # noqa: PLC0415 - httpx takes 200 ms to import
    from corpus.feeds.polite_client import PoliteClient  # noqa: PLC0415 - httpx takes 200 ms to import

    clock = clock or Clock()
    client = PoliteClient(fetch_options(settings), clock, settings.feed_delay_s)
    address = check_address(settings, url)
    try:
        return CheckedFeed(*discover_feed(client, clock, address))
    except AttacheError:
        raise
    except BaseException as error:
        raise as_failure(error, "The feed") from error


def check_address(settings: Settings, url: str) -> str:
    """Return the canonical spelling of an address, checking only its text.

    Raises:
        AddressRefused: the address may not be read.
    """
    from corpus.fetch.link_check import parse_link  # noqa: PLC0415 - httpx takes 200 ms to import

    parse_link(url, fetch_options(settings).allowed)
    found = canonical_url(url)
    if found is None:
        raise AddressRefused("This address can't be read.", "Give the feed's address with https://.")
    return found


def add_feed(
    settings: Settings,
    checked: CheckedFeed,
    *,
    collection: str = SHARED_COLLECTION,
    publisher: str | None = None,
    max_feeds: int | None = None,
) -> Feed:
    """Add a checked feed, due at once.

    `publisher` is for articles that state none; `max_feeds` limits the feeds of the collection.

    Raises:
        BadInput: the collection already has `max_feeds` feeds.
        CorpusBusy: another program is writing.
        StorageFailure: the data folder can't be written.
    """
    listing = checked.listing
    with writing(settings, "adding a feed", wait_s=WAIT_S) as db, db.atomic():
        feeds = FeedStore(db)
        known = {feed.url for feed in feeds.all(collection)}
        if max_feeds is not None and checked.url not in known and len(known) >= max_feeds:
            raise BadInput(f"There are {len(known)} feeds already, which is the limit.", "Remove one first.")
        return feeds.add(
            checked.url, collection, Clock().timestamp(), title=listing.title, kind=listing.kind, publisher=publisher
        )


def import_opml(settings: Settings, path: Path, collection: str) -> ImportReport:
    """Add the feeds of an OPML file without reading them.

    Raises:
        BadInput: the file can't be read, is too large, or is not OPML.
        CorpusBusy: another program is writing.
        StorageFailure: the data folder can't be written.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_OPML_BYTES + 1)
    except OSError as error:
        raise BadInput(f"The file {path} can't be read ({error.strerror}).", "Check the path.") from error
    if len(raw) > MAX_OPML_BYTES:
        raise BadInput(f"The file {path} is too large for a list of feeds.", "Split it.")
    outlines = [(each.url, each.title) for each in read_opml(raw)]
    return ImportReport(len(outlines), *import_feeds(settings, outlines, collection))


def import_feeds(settings: Settings, feeds: Sequence[tuple[str, str]], collection: str) -> tuple[int, list[str]]:
    """Add feeds (address, title) without reading them; return how many are new, and the refused addresses.

    Raises:
        BadInput: the collection can't have this name.
        CorpusBusy: another program is writing.
        StorageFailure: the data folder can't be written.
    """
    check_collection(collection)
    refused = []
    with writing(settings, "importing feeds", wait_s=WAIT_S) as db, db.atomic():
        store = FeedStore(db)
        before = store.count(collection)
        for url, title in feeds:
            try:
                store.add(check_address(settings, url), collection, Clock().timestamp(), title=title)
            except BaseException as error:  # noqa: BLE001 - one address of a list
                as_failure(error, "An address")
                refused.append(url)
        return store.count(collection) - before, refused


def export_opml(settings: Settings) -> str:
    """Return all feeds as an OPML document.

    Raises:
        StorageFailure: the corpus can't be read.
    """
    return write_opml(list_feeds(settings))


def remove_feed(settings: Settings, feed_id: int, collection: str | None = None) -> Feed:
    """Remove a feed, but not its articles; with `collection`, only a feed of that collection.

    Raises:
        BadInput: there is no such feed.
        CorpusBusy: another program is writing.
    """
    with writing(settings, "removing a feed", wait_s=WAIT_S) as db, db.atomic():
        feed = FeedStore(db).get(feed_id, collection)
        FeedStore(db).remove(feed_id)
    return feed


def pause_feed(settings: Settings, feed_id: int, collection: str | None = None) -> Feed:
    """Stop polling a feed; with `collection`, only a feed of that collection.

    Raises:
        BadInput: there is no such feed.
        CorpusBusy: another program is writing.
    """
    with writing(settings, "pausing a feed", wait_s=WAIT_S) as db, db.atomic():
        FeedStore(db).get(feed_id, collection)
        FeedStore(db).pause(feed_id)
        return FeedStore(db).get(feed_id)


def resume_feed(settings: Settings, feed_id: int, collection: str | None = None) -> Feed:
    """Make a paused or failing feed due at once; with `collection`, only a feed of that collection.

    Raises:
        BadInput: there is no such feed.
        CorpusBusy: another program is writing.
    """
    with writing(settings, "resuming a feed", wait_s=WAIT_S) as db, db.atomic():
        FeedStore(db).get(feed_id, collection)
        FeedStore(db).resume(feed_id, Clock().timestamp())
        return FeedStore(db).get(feed_id)
