"""A story in one line, and days in words."""

from datetime import date

from babel.dates import format_date

from bot.answering.story_facts import StoryFacts
from bot.discord.i18n.phrases import Phrases
from bot.discord.views.escape import brief, day, escape

_LONGEST_TITLE = 110


def story_line(story: StoryFacts, phrases: Phrases) -> str:
    """Return `11 articles, 6 independent publishers, since 3 June 2022`."""
    counted = phrases.say("story-counts", articles=story.articles, publishers=story.independent)
    if story.first_day is None:
        return counted
    key = "story-of-day" if story.first_day == story.last_day else "story-since"
    return phrases.say(key, counts=counted, day=day(story.first_day, phrases))


def story_title(story: StoryFacts, phrases: Phrases) -> str:
    """Return the escaped headline, or that there is none."""
    return escape(brief(story.title or "", _LONGEST_TITLE)) or phrases.say("untitled")


def plain_day(iso: str | date, phrases: Phrases) -> str:
    """Return `9 Sep 2024` in the reader's language, for pictures and their descriptions."""
    when = date.fromisoformat(iso[:10]) if isinstance(iso, str) else iso
    return str(format_date(when, "d MMM y", locale=phrases.language))
