"""Buttons that survive restarts: their custom_id holds everything they need."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, Self, cast

import discord
from discord import ui

from bot.discord.errors import Expired

# Called with the interaction, the argument from the custom_id, and a page number.
ButtonHandler = Callable[[discord.Interaction[Any], str, int], Awaitable[None]]
# discord.com/developers/docs/components/reference: 100 characters of custom_id, 80 of label.
LONGEST_ARGUMENT = 70
# SQLite's numbers have no more digits.
_NUMBER = re.compile(r"[0-9]{1,18}")


class ButtonClient(Protocol):
    """The part of the client that buttons use."""

    button_handlers: Mapping[str, ButtonHandler]

    async def handle(
        self, interaction: discord.Interaction[Any], handler: ButtonHandler, argument: str, page: int
    ) -> None:
        """Run a handler and report its failure in one sentence."""


class PersistentButton(
    ui.DynamicItem[ui.Button[Any]], template=r"attache:(?P<verb>[a-z-]+):(?P<page>\d{1,6}):(?P<argument>.{0,70})"
):
    """A button under any message of this bot, old or new."""

    def __init__(self, item: ui.Button[Any], verb: str, argument: str, page: int) -> None:
        super().__init__(item)
        self.verb = verb
        self.argument = argument
        self.page = page

    @classmethod
    def make(
        cls,
        verb: str,
        argument: str = "",
        page: int = 0,
        *,
        label: str | None = None,
        emoji: str | None = None,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
    ) -> Self:
        """Return a button that calls the handler of this verb with an argument and a page number."""
        button: ui.Button[Any] = ui.Button(
            label=label[:80] if label else None,
            emoji=emoji,
            style=style,
            disabled=disabled,
            custom_id=f"attache:{verb}:{page}:{argument[:LONGEST_ARGUMENT]}",
        )
        return cls(button, verb, argument, page)

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Restore the button that was pressed."""
        return cls(cast("ui.Button[Any]", item), match["verb"], match["argument"], int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Call the handler of this button's verb."""
        client = cast("ButtonClient", interaction.client)
        await client.handle(interaction, client.button_handlers.get(self.verb, _expired), self.argument, self.page)


def remove_buttons(token: str, *, private: bool) -> list[PersistentButton]:
    """Return the button that deletes a message with its stored answer or search; Discord dismisses private ones."""
    return [PersistentButton.make("remove", token, emoji="🗑️")] if token and not private else []


def article_number(argument: str) -> int:
    """Return the article number that a button's argument states.

    Raises:
        Expired: it states none, so that this is no button of ours: the id was forged.
    """
    if not _NUMBER.fullmatch(argument):
        raise Expired("That button names no article.", "Ask again.")
    return int(argument)


async def _expired(_interaction: discord.Interaction[Any], _argument: str, _page: int) -> None:
    raise Expired("That button belongs to an older version of me.", "Ask again.")
