"""Pages for `/corpus feed`: the list of feeds, and the entries of one feed."""

from collections.abc import Sequence

from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.escape import brief, day, escape
from bot.discord.views.hits import page_buttons
from corpus.feeds.feed import Feed, Listing

FEEDS_ON_A_PAGE = 8
_MAX_ENTRIES = 8
_LONGEST_NAME = 60
_LONGEST_ERROR = 80


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
    lines = [
        f"- {escape(brief(entry.title or entry.url, _LONGEST_NAME))} · {day(entry.published_at or None, phrases)}"
        for entry in listing.entries[:_MAX_ENTRIES]
    ]
    count = phrases.say("feed-entries", count=len(listing.entries))
    return Page([f"### {title}", *(["\n".join(lines)] if lines else []), f"-# {count} {_state(feed, phrases)}"])


def _feed_lines(feed: Feed, phrases: Phrases) -> str:
    every = phrases.say("feed-every", minutes=feed.interval_s // 60)
    return f"**{escape(brief(feed.name, _LONGEST_NAME))}**\n-# {_state(feed, phrases)} {every}"


def _state(feed: Feed, phrases: Phrases) -> str:
    state = phrases.say(f"feed-state-{feed.state.replace(' ', '-')}")
    return f"{state} {escape(brief(feed.last_error, _LONGEST_ERROR))}" if feed.last_error else state
