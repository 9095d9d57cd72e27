"""The cogs: commands, menus, buttons and event listeners, one feature a module."""

from discord.ext import commands

from bot.discord.cogs.about import About
from bot.discord.cogs.answer_buttons import AnswerButtons
from bot.discord.cogs.briefs import BriefCommands
from bot.discord.cogs.corpus import Corpus
from bot.discord.cogs.feeds import Feeds
from bot.discord.cogs.greeter import Greeter
from bot.discord.cogs.housekeeper import Housekeeper
from bot.discord.cogs.insights import InsightsCommand
from bot.discord.cogs.lookup import Lookup
from bot.discord.cogs.missed_messages import MissedMessages
from bot.discord.cogs.news import NewsCommands
from bot.discord.cogs.overviews import Overviews
from bot.discord.cogs.page_jump import PageJump
from bot.discord.cogs.publishers import PublisherCommands
from bot.discord.cogs.question_changes import QuestionChanges
from bot.discord.cogs.question_messages import QuestionMessages
from bot.discord.cogs.questions import Questions
from bot.discord.cogs.server_settings import SettingsCommands
from bot.discord.cogs.shard_health import ShardHealth
from bot.discord.cogs.story_admin import StoryAdmin
from bot.discord.cogs.watch import WatchCommands

COGS: tuple[type[commands.Cog], ...] = (
    Questions,
    QuestionMessages,
    QuestionChanges,
    AnswerButtons,
    Lookup,
    Overviews,
    WatchCommands,
    BriefCommands,
    PageJump,
    About,
    Corpus,
    # These two add to the commands of `Corpus`.
    Feeds,
    PublisherCommands,
    NewsCommands,
    StoryAdmin,
    SettingsCommands,
    InsightsCommand,
    Greeter,
    Housekeeper,
    ShardHealth,
    MissedMessages,
)
