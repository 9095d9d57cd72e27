"""`/insights`: how a server uses the bot, without names."""

from datetime import UTC, datetime

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.bot import AttacheBot
from bot.discord.cogs._admin import admin_command
from bot.discord.views.insights import first_day, insights_page
from bot.records.insights import insights
from bot.records.retention import AUDIT_DAYS


class InsightsCommand(commands.Cog, name="Insights"):
    """The command with a server's usage figures."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot

    @app_commands.command(description="Show how this server uses me, without names")
    @app_commands.describe(days="How many days back; 30 by default")
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.default_permissions(manage_guild=True)
    async def insights(
        self, interaction: discord.Interaction[AttacheBot], days: app_commands.Range[int, 1, AUDIT_DAYS] = 30
    ) -> None:
        """Show questions per day, refusals, votes with reasons, and unanswered questions."""
        async with admin_command(self.bot, interaction) as admin:
            last = datetime.now(UTC).date()
            first = first_day(last, days)
            found = await self.bot.records.read(lambda db: insights(db, admin.server_id, first.isoformat()))
            await admin.show(insights_page(found, first, last, admin.scope.phrases))
