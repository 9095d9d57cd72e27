"""The frame of every private reply: acknowledgement, error reports, the server's style."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import discord

from bot.discord.bot import AttacheBot
from bot.discord.errors import report_errors
from bot.discord.scope import Scope
from bot.discord.transport.page import InteractionDelivery, Page, text_page
from bot.discord.transport.retry import acknowledge


@dataclass(frozen=True, slots=True)
class PrivateReply:
    """A reply that only the asker sees, with the asker's scope."""

    scope: Scope
    delivery: InteractionDelivery
    is_plain: bool

    async def show(self, page: Page) -> None:
        """Show a page, in plain text if the server has chosen that."""
        await self.delivery.show(replace(page, is_plain=self.is_plain))

    async def say(self, key: str, **values: str | int) -> None:
        """Show one phrase."""
        await self.show(text_page(self.scope.phrases.say(key, **values)))


@asynccontextmanager
async def private_reply(bot: AttacheBot, interaction: discord.Interaction[AttacheBot]) -> AsyncIterator[PrivateReply]:
    """Acknowledge a command with a private reply, and report errors in the block there."""
    await acknowledge(interaction, ephemeral=True, thinking=True)
    scope = await bot.scope_of(interaction, private=True)
    delivery = InteractionDelivery(interaction)
    async with bot.answer_queue.hold_open(), report_errors(lambda text: delivery.show(text_page(text)), scope.phrases):
        yield PrivateReply(scope, delivery, scope.settings.answer_style == "plain")


async def reply_in_place(bot: AttacheBot, interaction: discord.Interaction[AttacheBot]) -> PrivateReply:
    """Acknowledge a button whose page replaces the one it was pressed on; `AttacheBot.handle` reports errors."""
    await acknowledge(interaction)
    scope = await bot.scope_of(interaction, private=True)
    # Discord takes no plain text into a message in components v2.
    is_layout = interaction.message is not None and interaction.message.flags.components_v2
    is_plain = scope.settings.answer_style == "plain" and not is_layout
    return PrivateReply(scope, InteractionDelivery(interaction), is_plain)
