"""What people can do in Discord, one feature a module."""

from discord.ext import commands

from bot.discord.cogs.about import About
from bot.discord.cogs.answer_buttons import Answers
from bot.discord.cogs.corpus import Corpus
from bot.discord.cogs.feeds import Feeds
from bot.discord.cogs.housekeeper import Housekeeping
from bot.discord.cogs.insights import InsightsFeature
from bot.discord.cogs.lookup import LookingUp
from bot.discord.cogs.missed_messages import CatchingUp
from bot.discord.cogs.publishers import PublishersFeature
from bot.discord.cogs.questions import Answering
from bot.discord.cogs.server_settings import ServerSettingsFeature
from bot.discord.cogs.shard_health import Watching

FEATURES: tuple[type[commands.Cog], ...] = (
    Answering,
    Answers,
    LookingUp,
    About,
    Corpus,
    # After the corpus, whose commands these add to.
    Feeds,
    PublishersFeature,
    ServerSettingsFeature,
    InsightsFeature,
    Housekeeping,
    Watching,
    CatchingUp,
)
