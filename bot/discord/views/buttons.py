"""Buttons that outlive restarts: everything they need stands in their id."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, Self, cast

import discord
from discord import ui

from bot.discord.errors import Gone

# What a button does: the interaction, the argument that stands in its id, and a page's number.
Handler = Callable[[discord.Interaction[Any], str, int], Awaitable[None]]
# discord.com/developers/docs/components/reference: 100 characters of custom_id, 80 of label.
LONGEST_ARGUMENT = 70


class HandlesPresses(Protocol):
    """The client, as buttons know it."""

    presses: Mapping[str, Handler]

    async def handle(self, interaction: discord.Interaction[Any], handler: Handler, argument: str, page: int) -> None:
        """Runs a handler; what fails is told in a sentence."""


class Press(
    ui.DynamicItem[ui.Button[Any]], template=r"attache:(?P<verb>[a-z-]+):(?P<page>\d{1,6}):(?P<argument>.{0,70})"
):
    """A button of any message of this bot, old or new."""

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
        """A button that has the handler of this verb called with an argument and a page's number."""
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
        """The button that was pressed, from its id alone."""
        return cls(cast("ui.Button[Any]", item), match["verb"], match["argument"], int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Does what the button says."""
        client = cast("HandlesPresses", interaction.client)
        await client.handle(interaction, client.presses.get(self.verb, _gone), self.argument, self.page)


async def _gone(_interaction: discord.Interaction[Any], _argument: str, _page: int) -> None:
    raise Gone("That button belongs to an older version of me.", "Ask again.")
