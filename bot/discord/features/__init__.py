"""What people can do in Discord, one feature a module."""

from discord.ext import commands

from bot.discord.features.answering import Answering
from bot.discord.features.answers import Answers

FEATURES: tuple[type[commands.Cog], ...] = (Answering, Answers)
