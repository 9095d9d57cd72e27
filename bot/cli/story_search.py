"""Finds the story that a number or words on the command line mean; apart, since it imports everything that searches."""

from bot.cli.context import Context
from bot.service.attache import Attache
from bot.service.stories import StoryCard, find_story, group_now, read_card
from index.filters import Filters


def find_card(shared: Context, text: str, filters: Filters, *, as_json: bool) -> StoryCard:
    """Return the story with this number, else that of the passage that matches the words best.

    Raises:
        BadInput: there are no words to search for.
        typer.Exit: there is none.
    """
    with Attache(shared.settings, notify=shared.notify) as attache:
        attache.open()
        group_now(shared.settings, attache.embedder)
        story_id = find_story(attache, text, filters)
    card = read_card(shared.settings, filters, story_id) if story_id is not None else None
    if card is None:
        hint = "Try other words; `attache stories list` lists the latest."
        shared.nothing_found("No story found.", hint, as_json=as_json)
    return card
