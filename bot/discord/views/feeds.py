"""Pages for `/corpus feed`: the list of feeds, and the entries of one feed."""

from collections.abc import Sequence

from bot.discord.i18n.phrases import Phrases
from bot.discord.i18n.reason_texts import explain
from bot.discord.transport.page import Page
from bot.discord.views.buttons import PersistentButton
from bot.discord.views.corpus import arrival_lines, rejection_list
from bot.discord.views.escape import brief, day, escape
from bot.discord.views.hits import page_buttons
from bot.service.arrivals import FeedArrivals
from corpus.article import Rejection
from corpus.feeds.feed import Feed, Listing
from corpus.publishers.directory import Publishers

FEEDS_ON_A_PAGE = 8
_MAX_ENTRIES = 8
_LONGEST_NAME = 60
_LONGEST_ERROR = 100
_CAME_ROOM = 900


def feeds_page(feeds: Sequence[Feed], page: int, most: int, phrases: Phrases) -> Page:
    """Return one page of a server's feeds; `most` is the number that it may have."""
    pages = max(1, -(-len(feeds) // FEEDS_ON_A_PAGE))
    page = max(0, min(page, pages - 1))
    first = page * FEEDS_ON_A_PAGE
    lines = [_feed_lines(each, phrases) for each in feeds[first : first + FEEDS_ON_A_PAGE]]
    count = phrases.say("feeds-count", count=len(feeds), most=most) if feeds else phrases.say("feeds-none")
    buttons = page_buttons(page, pages, "feed-list", "", phrases)
    return Page([f"### {phrases.say('feeds-title')}", *lines, f"-# {count}"], buttons)


def checked_page(feed: Feed, listing: Listing, phrases: Phrases) -> Page:
    """Return the entries that a feed lists now."""
    title = escape(brief(listing.title or feed.name, _LONGEST_NAME))
    count = phrases.say("feed-entries", count=len(listing.entries))
    buttons = [_came_button(feed, phrases)]
    return Page([f"### {title}", *_entry_block(listing, phrases), f"-# {count} {_state(feed, phrases)}"], buttons)


def added_page(feed: Feed, said: str, listing: Listing, phrases: Phrases) -> Page:
    """Return what an added feed lists (`said` above it), with a button to what has come in."""
    return Page([said, *_entry_block(listing, phrases)], [_came_button(feed, phrases)])


def came_page(feed: Feed, came: FeedArrivals, publishers: Publishers, phrases: Phrases) -> Page:
    """Return what a feed has brought so far, as it was stored, and what could not be read."""
    counts = phrases.say("feed-came", count=came.articles, waiting=came.waiting)
    failed = [Rejection(key, reason) for key, reason in came.failures]
    blocks = [f"### {escape(brief(feed.name, _LONGEST_NAME))}", counts]
    blocks += ["\n".join(lines)] if (lines := arrival_lines(came.newest, _CAME_ROOM, phrases, publishers)) else []
    blocks += [rejection_list("feed-not-read", failed, phrases)] if failed else []
    return Page([*blocks, f"-# {_state(feed, phrases)}"], [_came_button(feed, phrases)])


def _came_button(feed: Feed, phrases: Phrases) -> PersistentButton:
    return PersistentButton.make("feed-came", str(feed.id), label=phrases.say("button-feed-came"))


def _entry_block(listing: Listing, phrases: Phrases) -> list[str]:
    lines = [
        f"- {escape(brief(entry.title or entry.url, _LONGEST_NAME))} · {day(entry.published_at or None, phrases)}"
        for entry in listing.entries[:_MAX_ENTRIES]
    ]
    return ["\n".join(lines)] if lines else []


def _feed_lines(feed: Feed, phrases: Phrases) -> str:
    every = phrases.say("feed-every", minutes=feed.interval_s // 60)
    return f"**{escape(brief(feed.name, _LONGEST_NAME))}**\n-# {_state(feed, phrases)} {every}"


def _state(feed: Feed, phrases: Phrases) -> str:
    state = phrases.say(f"feed-state-{feed.state.replace(' ', '-')}")
    return f"{state} {escape(brief(explain(feed.last_error, phrases), _LONGEST_ERROR))}" if feed.last_error else state
