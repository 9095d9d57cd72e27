"""What people can do in Discord, one feature a module."""

from discord.ext import commands

from bot.discord.features.about import About
from bot.discord.features.answering import Answering
from bot.discord.features.answers import Answers
from bot.discord.features.catching_up import CatchingUp
from bot.discord.features.corpus import Corpus
from bot.discord.features.feeds import Feeds
from bot.discord.features.housekeeping import Housekeeping
from bot.discord.features.insights import InsightsFeature
from bot.discord.features.looking_up import LookingUp
from bot.discord.features.publishers import PublishersFeature
from bot.discord.features.server_settings import ServerSettingsFeature
from bot.discord.features.watching import Watching

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
