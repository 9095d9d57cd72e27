"""Pages of search hits, quotes and sources, and the buttons that turn pages."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answering.answer import Evidence
from bot.answering.citation import cite
from bot.answering.copy_groups import CollapsedHits
from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import LONGEST_CONTENT, Page
from bot.discord.views.buttons import LONGEST_ARGUMENT, PersistentButton
from bot.discord.views.escape import (
    brief,
    claimed_name,
    escape,
    linked_title,
    quote_block,
    safe_url,
    source_facts,
    source_line,
    state_mark,
    stated_day,
    too_long_block,
    truncate,
    unknown_publishers,
    visible,
)
from bot.discord.views.lists import paginate
from bot.discord.views.page_links import NO_LINKS, PageLinks
from bot.discord.views.story_lines import story_line
from corpus.article import ArticleFacts
from corpus.publishers.directory import Publishers

if TYPE_CHECKING:
    from index.search.retriever import Hit

HITS_ON_A_PAGE = 4
# A list of more pages has a button that jumps to one.
MANY_PAGES = 3
_QUOTES_ON_A_PAGE = 3
_SOURCES_ON_A_PAGE = 6
# Characters of blocks on a page, beside a title and a foot.
_ROOM = 1600
# The same with links, whose targets Discord counts and nobody sees, in a message of components.
_LINKED_ROOM = 3400
# Characters of a passage in a list.
_LONGEST_EXCERPT = 320
_SHORTEST_EXCERPT = 100
# Characters of a passage with its source: a page of them fits a message of components (4,000) or plain text (2,000).
_LONGEST_HIT = 800
_LONGEST_PLAIN_HIT = 330
_MAX_COPIES = 5
_LONGEST_PUBLISHER = 40


def hits_page(
    title: str,
    found: CollapsedHits,
    page: int,
    pages: int,
    turn: tuple[str, str],
    foot: str,
    phrases: Phrases,
    publishers: Publishers,
) -> Page:
    """Return one page of passages.

    Args:
        title: the query, escaped.
        found: the hits of this page, with the copies of their articles, and what was searched for if it was corrected.
        page: the number of this page, from 0.
        pages: the number of pages.
        turn: verb and argument of the buttons that turn pages.
        foot: the count and the filters, escaped.
        phrases: the texts.
        publishers: what is known of publishers, to mark them.
    """
    shown_articles = {hit.article.id: hit.article.publisher for hit in found.hits}
    below = "\n".join(filter(None, (*(f"-# {line}" for line in unknown_publishers(shown_articles, phrases)), foot)))
    head = f"### {title}"
    if found.corrected is not None:
        understood = phrases.say("understood-as", question=escape(brief(found.corrected, 200)))
        head = f"-# {understood}\n{head}"
    rich, plain = (
        [
            block
            for block in (head, *(_hit_block(hit, found, room, phrases, publishers) for hit in found.hits), below)
            if block
        ]
        for room in (_LONGEST_HIT, _LONGEST_PLAIN_HIT)
    )
    # Escaping can make titles so long that not even the short blocks all fit; drop whole ones.
    shown = paginate(plain, LONGEST_CONTENT - 2 * len(plain), most=len(plain))[0]
    return Page(rich, page_buttons(page, pages, *turn, phrases), plain="\n\n".join(shown))


def copies_line(copies: Sequence[ArticleFacts], room: int, phrases: Phrases, publishers: Publishers) -> str:
    """Return `Valley Times (1 May 2024), Harbour Herald (3 May 2024) and 3 more`; empty where not one name fits.

    Names are linked where all the links fit.
    """
    for count in range(min(len(copies), _MAX_COPIES), 0, -1):
        for linked in (True, False):
            named = ", ".join(_copy_name(each, phrases, publishers, linked=linked) for each in copies[:count])
            rest = phrases.say("copies-more", count=len(copies) - count) if len(copies) > count else ""
            if len(line := f"{named} {rest}".rstrip()) <= room:
                return line
    return ""


def _copy_name(facts: ArticleFacts, phrases: Phrases, publishers: Publishers, *, linked: bool) -> str:
    name = claimed_name(escape(brief(facts.publisher or "", _LONGEST_PUBLISHER)), facts, phrases)
    url = safe_url(facts.url) if linked else ""
    marked = state_mark(f"[{name}](<{url}>)" if url else name, cite(facts, "", publishers), phrases)
    return f"{marked} ({stated_day(facts, phrases)})"


def _hit_block(hit: "Hit", found: CollapsedHits, room: int, phrases: Phrases, publishers: Publishers) -> str:
    """Return a passage with its source in `room` characters; drops a long link, then copies, then text."""
    citation = cite(hit.article, hit.passage.text, publishers)
    number = phrases.say("article-number", number=str(hit.article.id))
    foot = f"\n-# {source_line(citation, phrases)} · {number}"
    if len(foot) > room - _SHORTEST_EXCERPT:
        foot = f"\n-# {source_line(replace(citation, url=None), phrases)} · {number}"
    if copies := found.copies.get(hit.article.id):
        also = copies_line(copies, room // 4, phrases, publishers)
        also = f"\n-# {phrases.say('also-in', copies=also)}" if also else ""
        foot += also if len(foot) + len(also) <= room - _SHORTEST_EXCERPT else ""
    if (story := found.stories.get(hit.article.id)) and story.articles > 1 + len(found.copies.get(hit.article.id, ())):
        told = f"\n-# {phrases.say('story-of-hit', story=story_line(story, phrases), number=str(story.id))}"
        foot += told if len(foot) + len(told) <= room - _SHORTEST_EXCERPT else ""
    text, left = visible(hit.passage.text), room - len(foot)
    # Escaping at most doubles the length.
    excerpts = (escape(truncate(text, min(_LONGEST_EXCERPT, longest))) for longest in (left, left // 2))
    return next((excerpt for excerpt in excerpts if len(excerpt) <= left), "…") + foot


def quotes_page(evidence: Sequence[Evidence], page: int, turn: tuple[str, str], gone: int, phrases: Phrases) -> Page:
    """Return one page of an answer's quotes; `gone` counts those that can no longer be shown."""
    entries = [(_whole_quote(each, phrases), _whole_quote(_without_link(each), phrases)) for each in evidence]
    return _evidence_page(
        "quotes-title", entries, _QUOTES_ON_A_PAGE, page, turn, _foot(evidence, gone, phrases), phrases
    )


def sources_page(
    evidence: Sequence[Evidence],
    page: int,
    turn: tuple[str, str],
    gone: int,
    phrases: Phrases,
    links: PageLinks = NO_LINKS,
) -> Page:
    """Return one page of the articles that an answer quotes: linked title, publisher, author, date and number."""
    entries: dict[int, tuple[str, str]] = {}
    for each in evidence:
        opened = links.article(each.quote.article_id, each.citation.collection, phrases)
        forms = (f"{_source_entry(each, phrases)}{opened}", _source_entry(_without_link(each), phrases))
        entries.setdefault(each.quote.article_id, forms)
    foot = _foot(evidence, gone, phrases)
    return _evidence_page("sources-title", list(entries.values()), _SOURCES_ON_A_PAGE, page, turn, foot, phrases)


def _source_entry(evidence: Evidence, phrases: Phrases) -> str:
    citation = evidence.citation
    author = [escape(brief(citation.author, 60))] if citation.author else []
    *known, date = source_facts(citation, phrases)
    number = phrases.say("article-number", number=str(evidence.quote.article_id))
    return f"**{linked_title(citation, phrases)}**\n-# {' · '.join([*known, *author, date, number])}"


def _without_link(evidence: Evidence) -> Evidence:
    return replace(evidence, citation=replace(evidence.citation, url=None))


def _foot(evidence: Sequence[Evidence], gone: int, phrases: Phrases) -> list[str]:
    lines = unknown_publishers({each.quote.article_id: each.citation.publisher for each in evidence}, phrases)
    lines += [phrases.say("quotes-gone", count=gone)] if gone else []
    return [f"-# {line}" for line in lines]


def _whole_quote(evidence: Evidence, phrases: Phrases) -> str:
    """Return a quote with its source, or only the source where no message holds the quote: quotes are never cut."""
    block = quote_block(evidence, phrases)
    return block if len(block) <= _ROOM else too_long_block(evidence, phrases)


def _evidence_page(
    title: str,
    entries: Sequence[tuple[str, str]],
    most: int,
    page: int,
    turn: tuple[str, str],
    foot: Sequence[str],
    phrases: Phrases,
) -> Page:
    """Return one page of entries, each with its link and without: people see neither the links' length nor a gap.

    In plain text, which holds half as much, the links give way where they don't fit.
    """
    pages = _linked_pages(entries, most)
    page = min(page, len(pages) - 1)
    head = f"### {phrases.say(title)}"
    linked, bare = ([head, *(forms[at] for forms in pages[page]), *foot] for at in (0, 1))
    plain = next((text for each in (linked, bare) if len(text := "\n\n".join(each)) <= LONGEST_CONTENT), "")
    return Page(linked, page_buttons(page, len(pages), *turn, phrases), plain=plain)


def _linked_pages(entries: Sequence[tuple[str, str]], most: int) -> list[list[tuple[str, str]]]:
    """Split entries into pages of at most `most` that have room both as layout and, without links, as plain text."""
    pages: list[list[tuple[str, str]]] = [[]]
    for entry in entries:
        grown = [*pages[-1], entry]
        linked, bare = (sum(len(forms[at]) + 2 for forms in grown) for at in (0, 1))
        if pages[-1] and (len(grown) > most or bare > _ROOM or linked > _LINKED_ROOM):
            pages.append([entry])
        else:
            pages[-1] = grown
    return pages


def page_buttons(page: int, pages: int, verb: str, argument: str, phrases: Phrases) -> list[PersistentButton]:
    """Return buttons to the previous and next page; none for a single page."""
    if pages <= 1:
        return []
    before, after = phrases.say("button-before"), phrases.say("button-after", page=page + 1, pages=pages)
    buttons = [
        PersistentButton.make(verb, argument, max(0, page - 1), label=before, disabled=page == 0),
        PersistentButton.make(verb, argument, page + 1, label=after, disabled=page + 1 >= pages),
    ]
    jump = f"{verb}.{argument}"
    if pages > MANY_PAGES and len(jump) <= LONGEST_ARGUMENT:
        buttons.append(PersistentButton.make("jump", jump, pages, label=phrases.say("button-page")))
    return buttons
