"""Pages of stories: the list, one story with its articles, and its coverage."""

from collections.abc import Sequence

from bot.answering.citation import cite
from bot.answering.story_facts import StoryFacts
from bot.discord.i18n.command_names import format_command
from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.buttons import PersistentButton
from bot.discord.views.escape import (
    brief,
    claimed_name,
    day,
    escape,
    link,
    publisher_facts,
    publisher_with_facts,
    stated_day,
)
from bot.discord.views.hits import page_buttons
from bot.discord.views.lists import paginate
from bot.discord.views.page_links import NO_LINKS, PageLinks
from bot.discord.views.story_lines import plain_day, story_line, story_title
from bot.render.chart_rows import ChartWords
from bot.render.formatters import country_name, shown_title
from bot.service.coverage import Coverage, SilentPublisher, Voice, by_country, by_kind
from bot.service.stories import StoryArticle, StoryCard
from bot.service.timeline import StatementKind
from corpus.publishers.directory import Publishers

_STORIES_ON_A_PAGE = 5
_ARTICLES_ON_A_PAGE = 6
_ROOM = 1500
_LONGEST_NAME = 60
_MAX_VOICES = 12
_MAX_SILENT = 8
_MAX_COUNTRIES = 6


def stories_page(stories: Sequence[StoryFacts], page: int, phrases: Phrases) -> Page:
    """Return one page of the list of stories, with a button for each."""
    title = f"### {phrases.say('stories-title')}"
    if not stories:
        return Page([title, phrases.say("stories-none")])
    pages = -(-len(stories) // _STORIES_ON_A_PAGE)
    page = min(page, pages - 1)
    shown = stories[page * _STORIES_ON_A_PAGE : (page + 1) * _STORIES_ON_A_PAGE]
    lines = [
        f"**{story_title(each, phrases)}**\n-# {_number(each, phrases)} · {story_line(each, phrases)}" for each in shown
    ]
    opened = [PersistentButton.make("story", str(each.id), label=_number(each, phrases)) for each in shown]
    return Page([title, "\n".join(lines)], [*opened, *page_buttons(page, pages, "stories", "", phrases)])


def story_page(
    card: StoryCard, publishers: Publishers, page: int, phrases: Phrases, links: PageLinks = NO_LINKS
) -> Page:
    """Return one page of a story's articles, earliest first."""
    lines = [_article_line(each, publishers, phrases) for each in card.articles]
    pages = paginate(lines, _ROOM, _ARTICLES_ON_A_PAGE)
    page = min(page, len(pages) - 1)
    facts = card.facts
    head = f"### {story_title(facts, phrases)}\n-# {story_line(facts, phrases)} · {_number(facts, phrases)}"
    head += links.story(facts.id, {each.facts.collection for each in card.articles}, phrases)
    if card.merged_from is not None:
        head += f"\n-# {phrases.say('story-merged-from', number=str(card.merged_from))}"
    number = str(facts.id)
    buttons = [
        PersistentButton.make("coverage", number, label=phrases.say("button-coverage")),
        *page_buttons(page, len(pages), "story", number, phrases),
    ]
    return Page([head, "\n".join(pages[page])], buttons)


def coverage_page(coverage: Coverage, phrases: Phrases, links: PageLinks = NO_LINKS) -> Page:
    """Return who reports a story and who does not; the picture is added where there is one."""
    free, states = ([each for each in coverage.voices if each.is_state is is_state] for is_state in (False, True))
    head = f"### {story_title(coverage.story, phrases)}\n-# {story_line(coverage.story, phrases)}"
    collections = {article.collection for voice in coverage.voices for article in voice.articles}
    head += links.story(coverage.story.id, collections, phrases, "/coverage")
    first = escape(brief(coverage.first, _LONGEST_NAME)) if coverage.first else ""
    blocks = [
        f"{head}\n{phrases.say('coverage-first', publisher=first) if first else phrases.say('coverage-no-first')}"
    ]
    for key, voices in (("coverage-by", free), ("coverage-by-states", states)):
        if voices:
            lines = [_voice_line(each, phrases) for each in voices[:_MAX_VOICES]]
            rest = len(voices) - len(lines)
            lines += [phrases.say("copies-more", count=rest)] if rest else []
            blocks.append("\n".join([f"**{phrases.say(key)}**", *paginate(lines, 1200, _MAX_VOICES + 1)[0]]))
    if coverage.silent:
        names = [_publisher(each, phrases) for each in coverage.silent[:_MAX_SILENT]]
        rest = len(coverage.silent) - len(names)
        names += [phrases.say("copies-more", count=rest)] if rest else []
        blocks.append(f"**{phrases.say('coverage-silent')}**\n{', '.join(names)}")
    if shares := _shares(coverage.voices, phrases):
        blocks.append(f"-# {shares}")
    back = PersistentButton.make("story", str(coverage.story.id), label=phrases.say("button-story"))
    return Page(blocks, [back])


def coverage_alt(coverage: Coverage, phrases: Phrases) -> str:
    """Return the alt text of the picture."""
    story = coverage.story
    return phrases.say(
        "coverage-alt",
        publishers=len(coverage.voices),
        first=plain_day(story.first_day, phrases) if story.first_day else phrases.say("date-unknown"),
        last=plain_day(story.last_day, phrases) if story.last_day else phrases.say("date-unknown"),
    )


def chart_words(phrases: Phrases) -> ChartWords:
    """Return the words of charts in the reader's language."""
    legend = {str(kind): phrases.say(f"statement-{kind}") for kind in StatementKind}
    legend |= {"copied": phrases.say("chart-copied"), "new": phrases.say("chart-new")}
    state, silent = phrases.say("chart-states"), phrases.say("chart-silent")
    return ChartWords(legend, state, silent, phrases.say("chart-unknown"))


def no_story(phrases: Phrases) -> str:
    """Return that no story was found, and what to try."""
    return phrases.say("story-none", story=format_command("story", phrases))


def _number(story: StoryFacts, phrases: Phrases) -> str:
    return phrases.say("story-number", number=str(story.id))


def _article_line(article: StoryArticle, publishers: Publishers, phrases: Phrases) -> str:
    facts = article.facts
    known = publisher_with_facts(cite(facts, "", publishers), phrases)
    title = link(shown_title(facts.title, facts.origin), facts.url, phrases)
    number = phrases.say("article-number", number=str(facts.id))
    line = f"{title}\n-# {known} · {stated_day(facts, phrases)} · {number}"
    if article.copy_of is not None:
        line += f" · {phrases.say('story-copy-of', number=str(article.copy_of.id))}"
    return line


def _voice_line(voice: Voice, phrases: Phrases) -> str:
    name = _publisher(voice, phrases)
    days = [each.published_at for each in voice.articles if each.published_at]
    parts = [phrases.say("publisher-articles", count=len(voice.articles)), *([day(min(days), phrases)] if days else [])]
    if voice.copies:
        copied = ", ".join(escape(brief(each, _LONGEST_NAME)) for each in sorted(set(voice.copies.values())))
        key = "coverage-copies" if voice.is_copy_only else "coverage-some-copies"
        parts.append(phrases.say(key, publishers=copied, count=len(voice.copies)))
    return f"{name} · {' · '.join(parts)}"


def _publisher(publisher: Voice | SilentPublisher, phrases: Phrases) -> str:
    name = escape(brief(publisher.name, _LONGEST_NAME))
    if isinstance(publisher, Voice) and publisher.is_claim:
        return claimed_name(name, publisher.articles[0], phrases)
    facts = publisher_facts(publisher.country, publisher.kind, phrases, is_state=publisher.is_state)
    return f"{name} ({facts})" if facts else name


def _shares(voices: Sequence[Voice], phrases: Phrases) -> str:
    """Return how many of the publishers are of each country and kind, states apart; empty where nothing is known."""
    countries = list(by_country(voices).items())[:_MAX_COUNTRIES]
    if all(code is None for code, _ in countries) and not any(each.is_state for each in voices):
        return ""
    unknown = phrases.say("chart-unknown")
    told = ", ".join(f"{country_name(code, phrases.language) or unknown} {len(names)}" for code, names in countries)
    kinds = ", ".join(
        f"{phrases.say(f'kind-{kind}') if kind else unknown} {count}" for kind, count in by_kind(voices).items()
    )
    states = sum(each.is_state for each in voices)
    apart = phrases.say("coverage-states", count=states) if states else ""
    return " · ".join(filter(None, (told, kinds, apart)))
