"""One article: what it states about itself, and its passages that answers here cited."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.answer import Evidence
from bot.answering.citation import cite
from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import LONGEST_CONTENT, Page
from bot.discord.views.buttons import Press
from bot.discord.views.escape import brief, day, escape, link, publisher_name, safe_url
from bot.discord.views.hits import copies_line, page_buttons
from bot.discord.views.lists import in_pages
from bot.discord.workers.lookups import ArticleCard
from bot.render.formatters import JUDGED_LANGUAGE, language_name

# Characters of cited passages on a page, beside the facts above them.
ROOM = 900
LONGEST_AUTHOR = 80
# Characters for the names of those who print copies, and for what stands around them.
COPIES_ROOM = 500
_AROUND_COPIES = 40


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A passage that still stands in the article as it was cited, and how many answers cite it."""

    evidence: Evidence
    answers: int


def article_page(
    card: ArticleCard, cited: Sequence[CitedPassage], page: int, verb: str, note: str, phrases: Phrases
) -> Page:
    """One article; its cited passages fill pages that `verb` turns. `note` stands above, escaped; it may be empty."""
    pages = in_pages([_cited_block(each, phrases) for each in cited], ROOM, most=3)
    page = min(page, len(pages) - 1)
    facts = card.facts
    rest = [_facts_text(card, phrases)]
    if cited:
        rest += [f"**{phrases.say('article-cited')}**", *pages[page]]
    else:
        rest.append(f"-# {phrases.say('article-not-cited')}")
    above = f"-# {note}\n### " if note else "### "
    linked, bare = (f"{above}{link(facts.title, url, phrases)}" for url in (facts.url, None))
    # A passage is worth more than a link that leaves no room for it.
    head = linked if len("\n\n".join([linked, *rest])) <= LONGEST_CONTENT else bare
    if card.copies:
        left = LONGEST_CONTENT - _AROUND_COPIES - len("\n\n".join([head, *rest]))
        if copies := copies_line(card.copies, min(left, COPIES_ROOM), phrases):
            rest.insert(1, phrases.say("article-copies", count=len(card.copies), copies=copies))
    buttons = page_buttons(page, len(pages), verb, str(facts.id), phrases)
    if card.versions:
        buttons.append(Press.make("edits", str(facts.id), label=phrases.say("button-edits", count=card.versions)))
    return Page([head, *rest], buttons)


def _facts_text(card: ArticleCard, phrases: Phrases) -> str:
    facts = card.facts
    lines = [f"{publisher_name(cite(facts, ''), phrases)} · {day(facts.published_at, phrases)}"]
    if facts.author:
        author = escape(brief(facts.author, LONGEST_AUTHOR))
        lines.append(phrases.say("article-author", author=author))
    if facts.language:
        name = escape(brief(language_name(facts.language, phrases.language), 24))
        is_judged = facts.language[:2].lower() == JUDGED_LANGUAGE
        lines.append(phrases.say("article-language" if is_judged else "article-language-not-judged", language=name))
    lines.append(phrases.say("article-passages", count=card.passages))
    if card.versions:
        lines.append(phrases.say("article-versions", count=card.versions))
    if not safe_url(facts.url):
        lines.append(phrases.say("article-no-link"))
    lines.append(phrases.say("article-number", number=str(facts.id)))
    return "\n".join(lines)


def _cited_block(cited: CitedPassage, phrases: Phrases) -> str:
    """A whole passage or none: one that no page can hold is only pointed to."""
    citation = cited.evidence.citation
    there = safe_url(citation.link) if citation.url else ""
    bare = phrases.say("article-answers", count=cited.answers)
    linked = f"{bare} · [{phrases.say('article-open-there')}](<{there}>)" if there else bare
    quote = f"> “{escape(cited.evidence.quote.text)}”"
    for block in (f"{quote}\n-# {linked}", f"{quote}\n-# {bare}"):
        if len(block) <= ROOM:
            return block
    return f"{phrases.say('article-long-passage')}\n-# {linked}"
