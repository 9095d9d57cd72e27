"""`/corpus feed`: manage a server's feeds; and the thread that polls all feeds while the bot runs."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Mapping
from typing import TypeVar

import discord
import structlog
from discord import app_commands
from discord.ext import commands
from sqlite_utils import Database

from bot.discord.bot import AttacheBot, safe_choices
from bot.discord.cogs._admin import Admin, admin_command, record_action
from bot.discord.cogs._autocomplete import matching_choices
from bot.discord.cogs._notices import tell_admins
from bot.discord.cogs._private_reply import reply_in_place
from bot.discord.errors import Refused
from bot.discord.scope import LONGEST_PUBLISHER, SERVER_PREFIX, server_collection
from bot.discord.views.corpus import near_text
from bot.discord.views.escape import brief, escape, visible
from bot.discord.views.feeds import added_page, came_page, checked_page, feeds_page
from bot.records.greetings import note_quota
from bot.service.arrivals import feed_arrivals
from bot.service.feeds import add_feed, check_feed, list_feeds, pause_feed, remove_feed, resume_feed
from bot.service.links import display_link
from bot.service.poll import PollLoop, PollRound
from bot.service.quotas import QuotaUse
from bot.worker_thread import Worker
from corpus.errors import AttacheError
from corpus.feeds.feed import Feed
from corpus.publishers.directory import Publishers
from corpus.timestamps import utc_now

log = structlog.get_logger(__name__)

T = TypeVar("T")

LONGEST_LINK = 2000
LONGEST_TITLE = 100
# Articles and failures of a feed that are shown; there is room for fewer.
MAX_CAME = 10
# Seconds before polling restarts after it failed as a whole, such as on a full disk.
RESTART_DELAY_S = 300.0


class FeedCommands(app_commands.Group):
    """The commands of `/corpus feed`."""

    def __init__(self, bot: AttacheBot) -> None:
        super().__init__(name="feed", description="Manage the feeds that this server's articles come from")
        self.bot = bot
        # A thread of its own: fetching a feed takes seconds, and must not wait for polling or jobs.
        self._thread = Worker("feed commands")
        bot.button_handlers |= {"feed-list": self.turn_list, "feed-came": self.show_came}

    @app_commands.command(description="Add a feed whose articles go into this server's collection")
    @app_commands.describe(
        link="Address of an RSS, Atom or JSON feed, of a sitemap, or of a page that names its feed",
        publisher="Publisher of articles that don't state one",
    )
    async def add(
        self,
        interaction: discord.Interaction[AttacheBot],
        link: app_commands.Range[str, 1, LONGEST_LINK],
        publisher: app_commands.Range[str, 1, LONGEST_PUBLISHER] | None = None,
    ) -> None:
        """Fetch a feed and add it."""
        async with admin_command(self.bot, interaction) as admin:
            settings, collection = self.bot.settings, server_collection(admin.server_id)
            before = await self._feeds(admin.server_id)
            self._check_limit(admin, before, link)
            checked = await self._run(lambda: check_feed(settings, link))
            name = (visible(publisher) or None) if publisher else None
            feed = await self._run(
                lambda: add_feed(
                    settings, checked, collection=collection, publisher=name, max_feeds=settings.feeds_per_server
                )
            )
            phrases = admin.scope.phrases
            if feed.id in {each.id for each in before}:
                said = phrases.say("feed-known", name=_shown(feed))
            else:
                await record_action(admin, "corpus feed add", display_link(feed.url))
                said = phrases.say("feed-added", name=_shown(feed), count=len(checked.listing.entries))
            await admin.show(added_page(feed, said, checked.listing, phrases))

    def _check_limit(self, admin: Admin, known: list[Feed], link: str) -> None:
        most = self.bot.settings.feeds_per_server
        if len(known) >= most and link not in {feed.url for feed in known}:
            raise Refused(admin.scope.phrases.say("feed-too-many", most=most))

    @app_commands.command(name="list", description="List this server's feeds and their state")
    async def show_list(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Show the first page of the server's feeds."""
        async with admin_command(self.bot, interaction) as admin:
            found = await self._feeds(admin.server_id)
            await admin.show(feeds_page(found, 0, self.bot.settings.feeds_per_server, admin.scope.phrases))

    async def turn_list(self, interaction: discord.Interaction[AttacheBot], _argument: str, page: int) -> None:
        """Show another page of the list."""
        scope, server_id = await self.bot.admin_scope(interaction)
        reply = await reply_in_place(self.bot, interaction)
        found = await self._feeds(server_id)
        await reply.show(feeds_page(found, page, self.bot.settings.feeds_per_server, scope.phrases))

    @app_commands.command(description="Remove one of this server's feeds; its articles stay")
    @app_commands.describe(feed="Title or address, then choose from the list")
    async def remove(self, interaction: discord.Interaction[AttacheBot], feed: app_commands.Range[str, 1, 100]) -> None:
        """Remove a feed."""
        async with admin_command(self.bot, interaction) as admin:
            found = await self._own(admin, feed)
            settings, within = self.bot.settings, server_collection(admin.server_id)
            await self._run(lambda: remove_feed(settings, found.id, within))
            await record_action(admin, "corpus feed remove", display_link(found.url))
            await admin.say("feed-removed", name=_shown(found))

    @app_commands.command(description="Pause a feed, or resume it")
    @app_commands.describe(feed="Title or address, then choose from the list", resume="Resume a paused feed")
    async def pause(
        self, interaction: discord.Interaction[AttacheBot], feed: app_commands.Range[str, 1, 100], resume: bool = False
    ) -> None:
        """Pause a feed, or resume it."""
        async with admin_command(self.bot, interaction) as admin:
            found = await self._own(admin, feed)
            settings, within = self.bot.settings, server_collection(admin.server_id)
            await self._run(lambda: (resume_feed if resume else pause_feed)(settings, found.id, within))
            details = f"{display_link(found.url)}{' (resumed)' if resume else ''}"
            await record_action(admin, "corpus feed pause", details)
            await admin.say("feed-resumed" if resume else "feed-paused", name=_shown(found))

    @app_commands.command(description="Fetch a feed and show what it lists; nothing is stored")
    @app_commands.describe(feed="Title or address, then choose from the list")
    async def check(self, interaction: discord.Interaction[AttacheBot], feed: app_commands.Range[str, 1, 100]) -> None:
        """Fetch a feed and show what it lists."""
        async with admin_command(self.bot, interaction) as admin:
            found, settings = await self._own(admin, feed), self.bot.settings
            checked = await self._run(lambda: check_feed(settings, found.url))
            await admin.show(checked_page(found, checked.listing, admin.scope.phrases))

    async def show_came(self, interaction: discord.Interaction[AttacheBot], argument: str, _page: int) -> None:
        """Show what a feed has brought so far, and what could not be read."""
        async with admin_command(self.bot, interaction, in_place=True) as admin:
            found = await self._own(admin, argument)
            came, publishers = await self.bot.corpus_reader.run(
                lambda db: (feed_arrivals(db, found, MAX_CAME), Publishers(db))
            )
            await admin.show(came_page(found, came, publishers, admin.scope.phrases))

    @remove.autocomplete("feed")
    @pause.autocomplete("feed")
    @check.autocomplete("feed")
    async def complete_feed(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the server's feeds whose title or address contains the typed text."""

        async def choices() -> list[app_commands.Choice[str]]:
            _scope, server_id = await self.bot.admin_scope(interaction)
            wanted = typed.casefold().strip()
            found = [each for each in await self._feeds(server_id) if wanted in f"{each.title} {each.url}".casefold()]
            # They were found by their addresses, too.
            return matching_choices(((str(each.id), visible(each.name) or "?") for each in found), "")

        return await safe_choices(choices())

    def close(self) -> None:
        """Accept no more work; a request in progress ends with the process."""
        self._thread.shutdown(wait=False)

    async def _feeds(self, server_id: int) -> list[Feed]:
        settings = self.bot.settings
        return await self._run(lambda: list_feeds(settings, server_collection(server_id)))

    async def _own(self, admin: Admin, text: str) -> Feed:
        """Return the server's feed with this number, title or address; never one of another server."""
        wanted = text.strip().casefold()
        for feed in await self._feeds(admin.server_id):
            if wanted in {str(feed.id), feed.title.casefold(), feed.url.casefold()}:
                return feed
        raise Refused(admin.scope.phrases.say("feed-unknown"))

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


class Feeds(commands.Cog):
    """Polls the feeds in a thread while the bot runs."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        self._commands = FeedCommands(bot)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        # The collections of the servers that the bot is in; replaced as a whole, since the thread reads it.
        self._present: frozenset[str] = frozenset()
        self._notes: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        """Add the commands to `/corpus`."""
        corpus = self.bot.tree.get_command("corpus")
        assert isinstance(corpus, app_commands.Group)
        corpus.add_command(self._commands, override=True)

    async def cog_unload(self) -> None:
        """Stop polling; a fetch in progress ends with the process, and the article is fetched again later."""
        self._stop.set()
        self._commands.close()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Start polling once the servers are known."""
        self._update_present()
        # Fired at every new session.
        if self._thread is None:
            self._thread = threading.Thread(target=self._poll, name="polling", daemon=True)
            self._thread.start()

    @commands.Cog.listener()
    async def on_guild_join(self, _guild: discord.Guild) -> None:
        """Poll the feeds of a server that added the bot again."""
        self._update_present()

    @commands.Cog.listener()
    async def on_guild_remove(self, _guild: discord.Guild) -> None:
        """Stop polling the feeds of a server that removed the bot."""
        self._update_present()

    def _update_present(self) -> None:
        self._present = frozenset(server_collection(guild.id) for guild in self.bot.guilds)

    def _is_wanted(self, feed: Feed) -> bool:
        return is_read_by_somebody(feed, self._present)

    def _poll(self) -> None:
        polling = PollLoop(self.bot.settings, self.bot.jobs.embedder, self._stop)
        while not self._stop.is_set():
            try:
                polling.watch(self._count_round, self._is_wanted)
            except AttacheError as error:
                log.warning("polling postponed", reason=error.message)
            except Exception:
                log.exception("polling failed")
            self._stop.wait(RESTART_DELAY_S)

    def _count_round(self, done: PollRound) -> None:
        failed = sum(bool(each.error) for each in done.polls)
        self.bot.metrics.count_polls(len(done.polls) - failed, failed, done.changes)
        log.info("feeds polled", feeds=len(done.polls), changes=done.changes, failed=failed)
        # Called in the polling thread, which may outlive the bot's event loop.
        with contextlib.suppress(RuntimeError):
            self.bot.loop.call_soon_threadsafe(lambda: self._note_later(done.uses))

    def _note_later(self, uses: Mapping[str, QuotaUse]) -> None:
        self._notes = asyncio.create_task(self._note_quotas(uses))

    async def _note_quotas(self, uses: Mapping[str, QuotaUse]) -> None:
        """Tell the admins of servers once whose collections are nearly full."""
        for collection, use in uses.items():
            guild = self.bot.get_guild(int(collection.removeprefix(SERVER_PREFIX)))
            if guild is None:
                continue
            try:
                is_new = await self.bot.records.run(_noting(guild.id, is_near=use.is_near))
                if is_new:
                    scope = await self.bot.scope_in(guild)
                    await tell_admins(self.bot, scope, near_text(use, scope.phrases))
            except AttacheError as failure:
                log.warning("quota not told", failure=type(failure).__name__)
            except Exception:
                log.exception("quota not told")


def _noting(server_id: int, *, is_near: bool) -> Callable[[Database], bool]:
    now = utc_now()
    return lambda db: note_quota(db, server_id, now, is_near=is_near)


def is_read_by_somebody(feed: Feed, present: frozenset[str]) -> bool:
    """Return whether anybody reads a feed's articles: not if its server has removed the bot.

    Args:
        feed: any feed.
        present: the collections of the servers that the bot is in.
    """
    return not feed.collection.startswith(SERVER_PREFIX) or feed.collection in present


def _shown(feed: Feed) -> str:
    return escape(brief(feed.name, LONGEST_TITLE))
