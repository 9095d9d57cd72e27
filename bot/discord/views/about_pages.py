"""The page about a country, a group or a person."""

from dataclasses import replace

from bot.answering.answer import Evidence
from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.buttons import PersistentButton
from bot.discord.views.escape import brief, escape, quote_block, shown_length, too_long_block
from bot.discord.views.lists import paginate
from bot.discord.views.page_links import NO_LINKS, PageLinks
from bot.discord.views.story_lines import story_line, story_title
from bot.render.formatters import country_name
from bot.service.about_page import AboutPage

# Characters of the stories, and of each part with quotes: with head and foot they fit a message (4,000).
_ROOM = 800
_QUOTES_ROOM = 1300
# Characters of a quote that people see.
_LONGEST_QUOTE = 500
_MOST_QUOTES = 3
_LONGEST_NAME = 60


def about_name_page(page: AboutPage, phrases: Phrases, links: PageLinks = NO_LINKS) -> Page:
    """Return the latest stories about a name, who says what, what is denied, and who reports."""
    name = escape(country_name(page.code, phrases.language) or brief(page.name, _LONGEST_NAME))
    link = links.about(page.name, page.collections, phrases)
    blocks = [f"### {name}\n-# {phrases.say('about-name-articles', count=page.articles)}{link}"]
    stories = page.stories[:5]
    if stories:
        lines = [
            f"**{at} · {story_title(each, phrases)}**\n-# {story_line(each, phrases)}"
            for at, each in enumerate(stories, start=1)
        ]
        blocks.append("\n".join([f"**{phrases.say('about-name-stories')}**", *paginate(lines, _ROOM)[0]]))
    for key, quotes in (("about-name-said", page.statements), ("about-name-denied", page.denials)):
        if quotes:
            shown = paginate([_quote(each, phrases) for each in quotes], _QUOTES_ROOM, _MOST_QUOTES)[0]
            blocks.append("\n".join([f"**{phrases.say(key)}**", "\n\n".join(shown)]))
    if page.publishers:
        named = ", ".join(f"{escape(brief(each, _LONGEST_NAME))} ({count})" for each, count in page.publishers)
        blocks.append(f"-# {phrases.say('about-name-publishers', publishers=named)}")
    buttons = [PersistentButton.make("story", str(each.id), label=str(at)) for at, each in enumerate(stories, start=1)]
    return Page(blocks, buttons)


def _quote(evidence: Evidence, phrases: Phrases) -> str:
    # To the article as a whole, or to nothing: the address of a passage is longer than most quotes.
    citation = evidence.citation
    for link in (citation.url, None):
        linked = replace(evidence, citation=replace(citation, link=link, url=link))
        block = quote_block(linked, phrases)
        if shown_length(block) <= _LONGEST_QUOTE and len(block) <= _QUOTES_ROOM:
            return block
    return too_long_block(replace(evidence, citation=replace(citation, link=None, url=None)), phrases)
