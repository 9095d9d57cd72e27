"""What admins see of feeds: a list with their states, and what one lists now."""

from collections.abc import Sequence

from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.escape import brief, day, escape
from bot.discord.views.hits import page_buttons
from corpus.feeds.feed import Feed, Listing

FEEDS_ON_A_PAGE = 8
ENTRIES_SHOWN = 8
LONGEST_NAME = 60
LONGEST_REASON = 80


def feeds_page(feeds: Sequence[Feed], page: int, most: int, phrases: Phrases) -> Page:
    """One page of a server's feeds, of which it may have `most`."""
    pages = max(1, -(-len(feeds) // FEEDS_ON_A_PAGE))
    page = max(0, min(page, pages - 1))
    first = page * FEEDS_ON_A_PAGE
    lines = [_feed_lines(each, phrases) for each in feeds[first : first + FEEDS_ON_A_PAGE]]
    count = phrases.say("feeds-count", count=len(feeds), most=most) if feeds else phrases.say("feeds-none")
    buttons = page_buttons(page, pages, "feed-list", "", phrases)
    return Page([f"### {phrases.say('feeds-title')}", *lines, f"-# {count}"], buttons)


def checked_page(feed: Feed, listing: Listing, phrases: Phrases) -> Page:
    """What a feed lists now."""
    title = escape(brief(listing.title or feed.name, LONGEST_NAME))
    lines = [
        f"- {escape(brief(entry.title or entry.url, LONGEST_NAME))} · {day(entry.published_at or None, phrases)}"
        for entry in listing.entries[:ENTRIES_SHOWN]
    ]
    count = phrases.say("feed-entries", count=len(listing.entries))
    return Page([f"### {title}", *(["\n".join(lines)] if lines else []), f"-# {count} {_state(feed, phrases)}"])


def _feed_lines(feed: Feed, phrases: Phrases) -> str:
    every = phrases.say("feed-every", minutes=feed.interval_s // 60)
    return f"**{escape(brief(feed.name, LONGEST_NAME))}**\n-# {_state(feed, phrases)} {every}"


def _state(feed: Feed, phrases: Phrases) -> str:
    state = phrases.say(f"feed-state-{feed.state.replace(' ', '-')}")
    return f"{state} {escape(brief(feed.last_error, LONGEST_REASON))}" if feed.last_error else state
