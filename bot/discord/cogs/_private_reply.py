"""The frame around what only one person sees: acknowledged first, failures in a sentence, the style of the server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import discord

from bot.discord.bot import AttacheBot
from bot.discord.errors import reporting
from bot.discord.scope import Scope
from bot.discord.transport.page import InteractionDelivery, Page, text_page
from bot.discord.transport.retry import acknowledge


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks and where, and the place of the reply."""

    scope: Scope
    delivery: InteractionDelivery
    is_plain: bool

    async def show(self, page: Page) -> None:
        """Shows a page; in plain text where the server has chosen that."""
        await self.delivery.show(replace(page, is_plain=self.is_plain))

    async def say(self, key: str, **values: str | int) -> None:
        """Shows one phrase."""
        await self.show(text_page(self.scope.phrases.say(key, **values)))


@asynccontextmanager
async def private_visit(bot: AttacheBot, interaction: discord.Interaction[AttacheBot]) -> AsyncIterator[Visit]:
    """Acknowledges a command that only its user sees the reply to; what fails inside ends in a sentence."""
    await acknowledge(interaction, ephemeral=True, thinking=True)
    scope = await bot.scope_of(interaction, private=True)
    delivery = InteractionDelivery(interaction)
    async with bot.desk.visit(), reporting(lambda told: delivery.show(text_page(told)), scope.phrases):
        yield Visit(scope, delivery, scope.settings.answer_style == "plain")


async def page_turned(bot: AttacheBot, interaction: discord.Interaction[AttacheBot]) -> Visit:
    """Acknowledges a button whose page takes the place of the one it was pressed on; `Press` tells what fails."""
    await acknowledge(interaction)
    scope = await bot.scope_of(interaction, private=True)
    # A message in components stays one: Discord takes no plain content into it.
    is_layout = interaction.message is not None and interaction.message.flags.components_v2
    return Visit(scope, InteractionDelivery(interaction), scope.settings.answer_style == "plain" and not is_layout)
