"""Finds the story that a number or words on the command line mean; apart, since it imports everything that searches."""

from bot.cli.context import Context
from bot.service.attache import Attache
from bot.service.stories import StoryCard, find_story, group_now, read_card
from index.filters import Filters


def find_card(shared: Context, text: str, filters: Filters) -> StoryCard | None:
    """Return the story with this number, else that of the passage that matches the words best; None if there is none.

    Raises:
        BadInput: there are no words to search for.
    """
    with Attache(shared.settings, notify=shared.notify) as attache:
        attache.open()
        group_now(shared.settings, attache.embedder)
        story_id = find_story(attache, text, filters)
    return read_card(shared.settings, filters, story_id) if story_id is not None else None
