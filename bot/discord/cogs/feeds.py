"""`/corpus feed`: admins list the feeds of their server; and the polling of all feeds while the bot runs."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.discord.bot import AttacheBot, completions
from bot.discord.cogs._admin import Admin, administering, note_act
from bot.discord.cogs._autocomplete import LONGEST_CHOICE, MOST_CHOICES
from bot.discord.cogs._private_reply import page_turned
from bot.discord.scope import LONGEST_PUBLISHER, server_collection
from bot.discord.views.escape import brief, escape, shortened, visible
from bot.discord.views.feeds import checked_page, feeds_page
from bot.service.feeds import add_feed, check_feed, list_feeds, pause_feed, remove_feed
from bot.service.poll import Polling, Round
from bot.worker_thread import Worker
from corpus.article import SHARED_COLLECTION
from corpus.errors import AttacheError, BadInput
from corpus.feeds.feed import Feed
from corpus.fetch.target import shown_link

log = structlog.get_logger(__name__)

T = TypeVar("T")

LONGEST_LINK = 2000
LONGEST_TITLE = 100
# Seconds before polling is begun again after it failed as a whole, such as on a full disk.
AGAIN_S = 300.0


class FeedCommands(app_commands.Group):
    """The commands, which are part of `/corpus`."""

    def __init__(self, bot: AttacheBot) -> None:
        super().__init__(name="feed", description="Manage the feeds that this server's articles come from")
        self.bot = bot
        # Looking at a feed takes seconds, and must wait neither for the polling nor for long work.
        self._thread = Worker("feed commands")
        bot.presses |= {"feed-list": self.turn_list}

    @app_commands.command(description="Add a feed whose articles go into this server's collection")
    @app_commands.describe(
        link="Address of an RSS, Atom or JSON feed, of a sitemap, or of a page that names its feed",
        publisher="Publisher of articles that state none",
    )
    async def add(
        self,
        interaction: discord.Interaction[AttacheBot],
        link: app_commands.Range[str, 1, LONGEST_LINK],
        publisher: app_commands.Range[str, 1, LONGEST_PUBLISHER] | None = None,
    ) -> None:
        """Looks at a feed and adds it."""
        async with administering(self.bot, interaction) as admin:
            settings, collection = self.bot.settings, server_collection(admin.server_id)
            self._check_room(admin, await self._feeds(admin.server_id), link)
            checked = await self._run(lambda: check_feed(settings, link))
            name = (visible(publisher) or None) if publisher else None
            feed = await self._run(
                lambda: add_feed(
                    settings, checked, collection=collection, publisher=name, most=settings.feeds_per_server
                )
            )
            await note_act(admin, "corpus feed add", shown_link(feed.url))
            await admin.say("feed-added", name=_shown(feed), count=len(checked.listing.entries))

    def _check_room(self, admin: Admin, known: list[Feed], link: str) -> None:
        most = self.bot.settings.feeds_per_server
        if len(known) >= most and link not in {feed.url for feed in known}:
            raise BadInput(admin.scope.phrases.say("feed-too-many", most=most))

    @app_commands.command(name="list", description="List this server's feeds and how they are")
    async def show_list(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Shows the first page of the server's feeds."""
        async with administering(self.bot, interaction) as admin:
            found = await self._feeds(admin.server_id)
            await admin.show(feeds_page(found, 0, self.bot.settings.feeds_per_server, admin.scope.phrases))

    async def turn_list(self, interaction: discord.Interaction[AttacheBot], _argument: str, page: int) -> None:
        """Turns to another page of the list."""
        scope, server_id = await self.bot.admin_scope(interaction)
        visit = await page_turned(self.bot, interaction)
        found = await self._feeds(server_id)
        await visit.show(feeds_page(found, page, self.bot.settings.feeds_per_server, scope.phrases))

    @app_commands.command(description="Remove one of this server's feeds; its articles stay")
    @app_commands.describe(feed="Title or address, then choose from the list")
    async def remove(self, interaction: discord.Interaction[AttacheBot], feed: app_commands.Range[str, 1, 100]) -> None:
        """Removes a feed of the server."""
        async with administering(self.bot, interaction) as admin:
            found = await self._own(admin, feed)
            settings, within = self.bot.settings, server_collection(admin.server_id)
            await self._run(lambda: remove_feed(settings, found.id, within))
            await note_act(admin, "corpus feed remove", shown_link(found.url))
            await admin.say("feed-removed", name=_shown(found))

    @app_commands.command(description="Stop getting articles from a feed, or go on")
    @app_commands.describe(feed="Title or address, then choose from the list", resume="Go on with a paused feed")
    async def pause(
        self,
        interaction: discord.Interaction[AttacheBot],
        feed: app_commands.Range[str, 1, 100],
        resume: bool = False,
    ) -> None:
        """Pauses a feed of the server, or resumes it."""
        async with administering(self.bot, interaction) as admin:
            found = await self._own(admin, feed)
            settings, within = self.bot.settings, server_collection(admin.server_id)
            await self._run(lambda: pause_feed(settings, found.id, within, resume=resume))
            await note_act(admin, "corpus feed pause", f"{shown_link(found.url)}{' (resumed)' if resume else ''}")
            await admin.say("feed-resumed" if resume else "feed-paused", name=_shown(found))

    @app_commands.command(description="Look at a feed and show what it lists; nothing is stored")
    @app_commands.describe(feed="Title or address, then choose from the list")
    async def check(self, interaction: discord.Interaction[AttacheBot], feed: app_commands.Range[str, 1, 100]) -> None:
        """Looks at a feed of the server."""
        async with administering(self.bot, interaction) as admin:
            found, settings = await self._own(admin, feed), self.bot.settings
            checked = await self._run(lambda: check_feed(settings, found.url))
            await admin.show(checked_page(found, checked.listing, admin.scope.phrases))

    @remove.autocomplete("feed")
    @pause.autocomplete("feed")
    @check.autocomplete("feed")
    async def complete_feed(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """The server's own feeds whose title or address holds what is typed."""

        async def choices() -> list[app_commands.Choice[str]]:
            _scope, server_id = await self.bot.admin_scope(interaction)
            wanted = typed.casefold().strip()
            found = [each for each in await self._feeds(server_id) if wanted in f"{each.title} {each.url}".casefold()]
            return [
                app_commands.Choice(name=shortened(visible(each.name) or "?", LONGEST_CHOICE), value=str(each.id))
                for each in found[:MOST_CHOICES]
            ]

        return await completions(choices())

    def close(self) -> None:
        """Takes no more work; what is under way ends with the process."""
        self._thread.shutdown(wait=False)

    async def _feeds(self, server_id: int) -> list[Feed]:
        settings = self.bot.settings
        return await self._run(lambda: list_feeds(settings, server_collection(server_id)))

    async def _own(self, admin: Admin, text: str) -> Feed:
        """The server's feed with a number, title or address; of others not even that they exist is told."""
        wanted = text.strip().casefold()
        for feed in await self._feeds(admin.server_id):
            if wanted in {str(feed.id), feed.title.casefold(), feed.url.casefold()}:
                return feed
        raise BadInput(admin.scope.phrases.say("feed-unknown"))

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


class Feeds(commands.Cog):
    """Polls the feeds that are due while the bot runs, in a thread of its own; questions are answered meanwhile."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        self._commands = FeedCommands(bot)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        # What the thread may look at: the collections of servers that the bot is in.
        self._present: frozenset[str] = frozenset()

    async def cog_load(self) -> None:
        """Puts the commands under `/corpus`."""
        corpus = self.bot.tree.get_command("corpus")
        assert isinstance(corpus, app_commands.Group)
        corpus.add_command(self._commands, override=True)

    async def cog_unload(self) -> None:
        """Stops polling; the article that is being fetched may end with the process, and nothing is lost by that."""
        self._stop.set()
        self._commands.close()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Begins to poll, once the servers are known."""
        self._note_servers()
        # Discord says that the bot is ready at every new session.
        if self._thread is None:
            self._thread = threading.Thread(target=self._poll, name="polling", daemon=True)
            self._thread.start()

    @commands.Cog.listener()
    async def on_guild_join(self, _guild: discord.Guild) -> None:
        """Feeds of a server that is back are polled again."""
        self._note_servers()

    @commands.Cog.listener()
    async def on_guild_remove(self, _guild: discord.Guild) -> None:
        """Feeds of a server that removed the bot are polled no more."""
        self._note_servers()

    def _note_servers(self) -> None:
        self._present = frozenset(server_collection(guild.id) for guild in self.bot.guilds)

    def _is_wanted(self, feed: Feed) -> bool:
        return is_read_by_somebody(feed, self._present)

    def _poll(self) -> None:
        polling = Polling(self.bot.settings, self.bot.jobs.embedder, self._stop)
        while not self._stop.is_set():
            try:
                polling.watch(self._note_round, self._is_wanted)
            except AttacheError as error:
                log.warning("polling put off", reason=error.message)
            except Exception:
                log.exception("polling failed")
            self._stop.wait(AGAIN_S)

    def _note_round(self, done: Round) -> None:
        failed = sum(bool(each.error) for each in done.polls)
        self.bot.metrics.polled(len(done.polls) - failed, failed, done.changes)
        log.info("feeds polled", feeds=len(done.polls), changes=done.changes, failed=failed)


def is_read_by_somebody(feed: Feed, present: frozenset[str]) -> bool:
    """Whether somebody reads what a feed brings: nobody does where the bot was removed.

    Args:
        feed: any feed.
        present: the collections of the servers that the bot is in.
    """
    of_servers = feed.collection.startswith(server_collection(0)[:-1])
    return not of_servers or feed.collection == SHARED_COLLECTION or feed.collection in present


def _shown(feed: Feed) -> str:
    return escape(brief(feed.name, LONGEST_TITLE))
