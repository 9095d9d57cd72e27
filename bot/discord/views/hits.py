"""Passages and articles as pages of a list."""

from collections.abc import Sequence

from bot.answering.answer import Evidence
from bot.answering.citing import cite
from bot.discord.buttons import Press
from bot.discord.page import Page
from bot.discord.phrases import Phrases
from bot.discord.text import day, escape, linked_title, publisher_name, quote_block, shortened, source_line, visible
from index.retriever import Hit

HITS_ON_A_PAGE = 4
QUOTES_ON_A_PAGE = 3
# Characters of a passage in a list; the whole stands in the article.
LONGEST_EXCERPT = 320


def hits_page(
    title: str, hits: Sequence[Hit], page: int, pages: int, turn: tuple[str, str], foot: str, phrases: Phrases
) -> Page:
    """One page of passages.

    Args:
        title: what was searched for, escaped.
        hits: those of this page.
        page: this page's number, from 0.
        pages: how many there are.
        turn: verb and argument of the buttons that turn pages.
        foot: what was searched, escaped.
        phrases: the interface's words.
    """
    blocks = [f"### {title}", *(_hit_block(hit, phrases) for hit in hits), foot]
    return Page([block for block in blocks if block], page_buttons(page, pages, *turn, phrases))


def _hit_block(hit: Hit, phrases: Phrases) -> str:
    citation = cite(hit.article, hit.passage.text)
    excerpt = escape(shortened(visible(hit.passage.text), LONGEST_EXCERPT))
    number = phrases.say("article-number", number=str(hit.article.id))
    return f"{excerpt}\n-# {source_line(citation, phrases)} · {number}"


def quotes_page(evidence: Sequence[Evidence], page: int, turn: tuple[str, str], gone: int, phrases: Phrases) -> Page:
    """Every quote of an answer, a few a page; `gone` is how many can't be shown any more."""
    pages = max(1, -(-len(evidence) // QUOTES_ON_A_PAGE))
    page = min(page, pages - 1)
    chosen = evidence[page * QUOTES_ON_A_PAGE : (page + 1) * QUOTES_ON_A_PAGE]
    blocks = [f"### {phrases.say('quotes-title')}", *(quote_block(each, phrases) for each in chosen)]
    if gone:
        blocks.append(f"-# {phrases.say('quotes-gone', count=gone)}")
    return Page(blocks, page_buttons(page, pages, *turn, phrases))


def sources_page(evidence: Sequence[Evidence], gone: int, phrases: Phrases) -> Page:
    """The articles that an answer quotes: title with link, publisher, date, number."""
    lines: dict[int, str] = {}
    for each in evidence:
        citation = each.citation
        author = f" · {escape(shortened(visible(citation.author), 60))}" if citation.author else ""
        number = phrases.say("article-number", number=str(each.quote.article_id))
        lines.setdefault(
            each.quote.article_id,
            f"**{linked_title(citation, phrases)}**\n-# {publisher_name(citation, phrases)}{author} · "
            f"{day(citation.published_at, phrases)} · {number}",
        )
    blocks = [f"### {phrases.say('sources-title')}", *lines.values()]
    if gone:
        blocks.append(f"-# {phrases.say('quotes-gone', count=gone)}")
    return Page(blocks)


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
