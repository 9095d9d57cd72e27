"""Stories in English words, for the terminal, and as JSON."""

from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from bot.answering.story_facts import StoryFacts
from bot.render.envelope import Shape, shape
from bot.render.formatters import UNKNOWN_PUBLISHER, long_date, plural, publisher_words, shown_title, stated_date
from bot.render.numbered_list import numbered_list, two_lines
from bot.service.stories import StoryArticle, StoryCard

UNTITLED_STORY = "(no headline)"


def story_line(story: StoryFacts) -> str:
    """Return `11 articles, 6 independent publishers, since 3 June 2022`."""
    parts = [plural(story.articles, "article"), plural(story.independent, "independent publisher")]
    if story.first_day:
        is_one_day = story.first_day == story.last_day
        parts.append(f"{'of' if is_one_day else 'since'} {long_date(story.first_day)}")
    return ", ".join(parts)


def show_stories(console: Console, stories: list[StoryFacts]) -> None:
    """Print a list of stories with their numbers."""
    if not stories:
        console.print("No two articles tell of one event yet.")
        return
    console.print(
        numbered_list((each.id, two_lines(each.title or UNTITLED_STORY, story_line(each))) for each in stories)
    )


def show_story(console: Console, card: StoryCard) -> None:
    """Print a story with its articles."""
    console.print(Text(card.facts.title or UNTITLED_STORY, style="bold"))
    console.print(Text(f"Story {card.facts.id} · {story_line(card.facts)}", style="dim"))
    if card.merged_from is not None:
        console.print(Text(f"Story {card.merged_from} was merged into it.", style="yellow"))
    console.print()
    for each in card.articles:
        facts = each.facts
        source = f"{stated_date(facts)} · {publisher_words(facts) or UNKNOWN_PUBLISHER} · article {facts.id}"
        console.print(Text(source, style="dim"))
        console.print(Text(f"  {shown_title(facts.title, facts.origin)}"))
        if each.copy_of is not None:
            console.print(Text(f"  copy of article {each.copy_of.id}", style="yellow"))


def stories_shape(stories: list[StoryFacts]) -> Shape:
    """Return a list of stories."""
    return shape("stories", {"stories": [asdict(each) for each in stories]})


def story_shape(card: StoryCard) -> Shape:
    """Return a story with its articles."""
    articles = [_article(each) for each in card.articles]
    return shape("story", {**asdict(card.facts), "merged_from": card.merged_from, "articles": articles})


def _article(article: StoryArticle) -> Shape:
    names = ("id", "collection", "title", "publisher", "is_claimed", "published_at", "url")
    copied = article.copy_of.id if article.copy_of else None
    return {**{name: getattr(article.facts, name) for name in names}, "copy_of": copied}
