"""The button that jumps to a page of a long list."""

from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot.discord.bot import AttacheBot
from bot.discord.errors import Expired
from bot.discord.i18n.phrases import Phrases, phrases_for
from bot.discord.transport.retry import open_modal


class PageJump(commands.Cog):
    """Asks for a page of a list, and shows it in place of the one that is shown."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        bot.button_handlers |= {"jump": self.jump}

    async def jump(self, interaction: discord.Interaction[AttacheBot], argument: str, pages: int) -> None:
        """Ask for the page; `argument` is the verb that turns the list's pages, a dot, and that verb's argument."""
        verb, _, rest = argument.partition(".")
        if verb == "jump" or verb not in self.bot.button_handlers:
            raise Expired("That button belongs to an older version of me.", "Ask again.")
        await open_modal(interaction, PageModal(self.bot, verb, rest, pages, phrases_for(interaction.locale)))


class PageModal(ui.Modal):
    """Asks for the number of a page."""

    def __init__(self, bot: AttacheBot, verb: str, argument: str, pages: int, phrases: Phrases) -> None:
        super().__init__(title=phrases.say("page-title"), timeout=900)
        self._bot = bot
        self._verb = verb
        self._argument = argument
        self._pages = pages
        self._phrases = phrases
        self.number: ui.TextInput[PageModal] = ui.TextInput(min_length=1, max_length=6)
        self.add_item(ui.Label(text=phrases.say("page-label", pages=pages), component=self.number))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Show the page, as the buttons that turn pages do."""
        typed = self.number.value.strip()
        page = int(typed) if typed.isascii() and typed.isdigit() else 0
        if 1 <= page <= self._pages:
            await self._bot.handle(interaction, self._bot.button_handlers[self._verb], self._argument, page - 1)
        else:
            text = self._phrases.say("page-unknown", pages=self._pages)
            await self._bot.reply_privately(interaction, text)
