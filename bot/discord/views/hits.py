"""Passages and articles as pages of a list."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.answer import Evidence
from bot.answering.citation import cite
from bot.answering.copy_groups import Found
from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import LONGEST_CONTENT, Page
from bot.discord.views.buttons import Press
from bot.discord.views.escape import (
    brief,
    day,
    escape,
    linked_title,
    marked_publisher,
    quote_block,
    safe_url,
    shortened,
    source_line,
    visible,
)
from bot.discord.views.lists import in_pages
from corpus.article import ArticleFacts
from index.search.retriever import Hit

HITS_ON_A_PAGE = 4
QUOTES_ON_A_PAGE = 3
SOURCES_ON_A_PAGE = 6
# Characters of blocks on a page; a title and a line below find room beside them.
ROOM = 1600
# Characters of a passage in a list; the whole stands in the article.
LONGEST_EXCERPT = 320
# Characters of a passage with its source. Four of them, a title and a foot fit a message in components (4,000), and in
# plain text (2,000).
LONGEST_HIT = 800
LONGEST_PLAIN_HIT = 330
SHORTEST_EXCERPT = 100
# Copies that are named, and characters of their publishers' names.
COPIES_NAMED = 5
LONGEST_COPIER = 40


def hits_page(
    title: str, found: Found, page: int, pages: int, turn: tuple[str, str], foot: str, phrases: Phrases
) -> Page:
    """One page of passages.

    Args:
        title: what was searched for, escaped.
        found: the hits of this page, with the copies of their articles.
        page: this page's number, from 0.
        pages: how many there are.
        turn: verb and argument of the buttons that turn pages.
        foot: what was searched, escaped.
        phrases: the interface's words.
    """
    rich, plain = (
        [
            block
            for block in (f"### {title}", *(_hit_block(hit, found, room, phrases) for hit in found.hits), foot)
            if block
        ]
        for room in (LONGEST_HIT, LONGEST_PLAIN_HIT)
    )
    # Whole passages only, where titles are so full of signs that even the short ones don't all fit.
    shown = in_pages(plain, LONGEST_CONTENT - 2 * len(plain), most=len(plain))[0]
    return Page(rich, page_buttons(page, pages, *turn, phrases), plain="\n\n".join(shown))


def copies_line(copies: Sequence[ArticleFacts], room: int, phrases: Phrases) -> str:
    """`Valley Times (1 May 2024), Harbour Herald (3 May 2024) and 3 more`: who else printed it, as many as find room.

    The names are links where the articles state one and the room allows it.
    """
    for count in range(min(len(copies), COPIES_NAMED), 0, -1):
        for linked in (True, False):
            named = ", ".join(_copier(each, phrases, linked=linked) for each in copies[:count])
            rest = phrases.say("copies-more", count=len(copies) - count) if len(copies) > count else ""
            if len(line := f"{named} {rest}".rstrip()) <= room:
                return line
    return ""


def _copier(facts: ArticleFacts, phrases: Phrases, *, linked: bool) -> str:
    name = escape(brief(facts.publisher or "", LONGEST_COPIER)) or phrases.say("publisher-unknown")
    url = safe_url(facts.url) if linked else ""
    return f"{f'[{name}](<{url}>)' if url else name} ({day(facts.published_at, phrases)})"


def _hit_block(hit: Hit, found: Found, room: int, phrases: Phrases) -> str:
    """A passage with its source in so many characters: a long link gives way, then copies, then the passage's end."""
    citation = cite(hit.article, hit.passage.text)
    number = phrases.say("article-number", number=str(hit.article.id))
    foot = f"\n-# {source_line(citation, phrases)} · {number}"
    if len(foot) > room - SHORTEST_EXCERPT:
        foot = f"\n-# {source_line(replace(citation, url=None), phrases)} · {number}"
    if copies := found.copies.get(hit.article.id):
        also = copies_line(copies, room // 4, phrases)
        also = f"\n-# {phrases.say('also-in', copies=also)}" if also else ""
        foot += also if len(foot) + len(also) <= room - SHORTEST_EXCERPT else ""
    text, left = visible(hit.passage.text), room - len(foot)
    # Escaping makes it longer, at most twice as long.
    excerpts = (escape(shortened(text, min(LONGEST_EXCERPT, longest))) for longest in (left, left // 2))
    return next((excerpt for excerpt in excerpts if len(excerpt) <= left), "…") + foot


def quotes_page(evidence: Sequence[Evidence], page: int, turn: tuple[str, str], gone: int, phrases: Phrases) -> Page:
    """Every quote of an answer, a few a page; `gone` is how many can't be shown any more."""
    packed = in_pages([_whole_quote(each, phrases) for each in evidence], ROOM, QUOTES_ON_A_PAGE)
    page = min(page, len(packed) - 1)
    return Page(
        [f"### {phrases.say('quotes-title')}", *packed[page], *_gone(gone, phrases)],
        page_buttons(page, len(packed), *turn, phrases),
    )


def sources_page(evidence: Sequence[Evidence], page: int, turn: tuple[str, str], gone: int, phrases: Phrases) -> Page:
    """The articles that an answer quotes: title with link, publisher, date, number."""
    lines: dict[int, str] = {}
    for each in evidence:
        citation = each.citation
        author = f" · {escape(brief(citation.author, 60))}" if citation.author else ""
        number = phrases.say("article-number", number=str(each.quote.article_id))
        lines.setdefault(
            each.quote.article_id,
            f"**{linked_title(citation, phrases)}**\n-# {marked_publisher(citation, phrases)}{author} · "
            f"{day(citation.published_at, phrases)} · {number}",
        )
    packed = in_pages(list(lines.values()), ROOM, SOURCES_ON_A_PAGE)
    page = min(page, len(packed) - 1)
    return Page(
        [f"### {phrases.say('sources-title')}", *packed[page], *_gone(gone, phrases)],
        page_buttons(page, len(packed), *turn, phrases),
    )


def _whole_quote(evidence: Evidence, phrases: Phrases) -> str:
    """A quote with its source; of one that no message holds, its source alone, for a quote is never cut."""
    block = quote_block(evidence, phrases)
    if len(block) <= ROOM:
        return block
    return f"> {phrases.say('quote-too-long')}\n-# {source_line(evidence.citation, phrases)}"


def _gone(count: int, phrases: Phrases) -> list[str]:
    return [f"-# {phrases.say('quotes-gone', count=count)}"] if count else []


def page_buttons(page: int, pages: int, verb: str, argument: str, phrases: Phrases) -> list[Press]:
    """Buttons to the pages before and after; none where there is one page only."""
    if pages <= 1:
        return []
    return [
        Press.make(verb, argument, max(0, page - 1), label=phrases.say("button-before"), disabled=page == 0),
        Press.make(
            verb,
            argument,
            page + 1,
            label=phrases.say("button-after", page=page + 1, pages=pages),
            disabled=page + 1 >= pages,
        ),
    ]
