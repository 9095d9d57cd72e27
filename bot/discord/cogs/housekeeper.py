"""Records which servers the bot is in, and in rounds deletes expired data, groups what waits and frees memory."""

import asyncio
import time

import structlog
from discord import Guild
from discord.ext import commands, tasks
from sqlite_utils import Database

from bot.discord.bot import AttacheBot
from bot.discord.scope import server_collection
from bot.discord.workers.jobs import Job
from bot.records import retention
from bot.service.process_memory import return_freed_memory
from bot.service.steps import remove_collection_in_steps
from bot.service.stories import group_in_steps, is_waiting
from corpus.errors import AttacheError, StorageFailure
from corpus.timestamps import utc_now

log = structlog.get_logger(__name__)

ROUND_HOURS = 6
# What answers freed is in the way of other programs for so long; to give it back takes some ten milliseconds.
FREEING_MINUTES = 1
# If another program writes for longer, deletion waits for the next round; a shutdown would have to wait for it.
WAIT_S = 2.0
# Seconds that the system clock may deviate from the monotonic clock between two rounds.
DRIFT_S = 3600.0


class Housekeeper(commands.Cog):
    """Records the bot's servers, and deletes expired data."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        self._clocks = time.time(), time.monotonic()

    async def cog_unload(self) -> None:
        """Stop the rounds."""
        self.round.cancel()
        self.free_memory.cancel()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Record the present servers and those that removed the bot while it was offline, then start the rounds."""
        try:
            await self.reconcile()
        except StorageFailure as failure:
            log.warning("could not record servers", reason=failure.message)
        # Fired at every new session.
        for rounds in (self.round, self.free_memory):
            if not rounds.is_running():
                rounds.start()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: Guild) -> None:
        """Record a server that added the bot, perhaps again."""
        now = utc_now()
        await self.bot.records.run(lambda db: retention.mark_present(db, guild.id, now))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: Guild) -> None:
        """Record a server that removed the bot; not fired for one that is only unavailable."""
        now = utc_now()
        self.bot.settings_cache.discard(guild.id)
        for job in self.bot.jobs.all:
            if job.server_id == guild.id and not job.is_shared:
                # Nobody could undo it later. Shared jobs go on: operators can undo those elsewhere.
                job.cancel()
        await self.bot.records.run(lambda db: retention.mark_removed(db, guild.id, now))

    @tasks.loop(hours=ROUND_HOURS)
    async def round(self) -> None:
        """Run one round; a failure is retried at the next, and nothing is deleted if the clock jumped."""
        try:
            # Events may have been missed, and data of a server that is back must not be deleted.
            await self.reconcile()
            if self._is_clock_steady():
                await self.purge(utc_now())
            await self.group_stories()
        except AttacheError as failure:
            log.warning("housekeeping put off", failure=type(failure).__name__)

    @tasks.loop(minutes=FREEING_MINUTES)
    async def free_memory(self) -> None:
        """Give memory that was freed back to the system."""
        await asyncio.to_thread(return_freed_memory)

    def _is_clock_steady(self) -> bool:
        """Return whether the system clock kept up with the monotonic clock; a wrong jump may be fixed by next round."""
        before, self._clocks = self._clocks, (time.time(), time.monotonic())
        (wall, monotonic), (wall_before, monotonic_before) = self._clocks, before
        drift_s = wall - wall_before - (monotonic - monotonic_before)
        if abs(drift_s) > DRIFT_S:
            log.warning("the clock jumped; nothing is deleted in this round", seconds=round(drift_s))
        return abs(drift_s) <= DRIFT_S

    async def reconcile(self) -> None:
        """Compare the recorded servers with those that the bot is in, including unavailable ones.

        A server that has only the commands is not among them: its data is deleted as if it had removed the bot.
        """
        now, present = utc_now(), {guild.id for guild in self.bot.guilds}

        def update(db: Database) -> int:
            gone = (retention.servers(db) | retention.unrecorded_servers(db)) - present
            for server_id in gone:
                retention.mark_removed(db, server_id, now)
            for server_id in present:
                retention.mark_present(db, server_id, now)
            return len(gone)

        log.info("servers recorded", present=len(present), gone=await self.bot.records.run(update))

    async def purge(self, now: str) -> retention.Purged:
        """Delete expired data, and everything, articles included, of servers that left long ago.

        Args:
            now: `2024-09-09T12:30:00Z`.

        Raises:
            AttacheError: a file can't be written, or a job is running; the next round does the rest.
        """
        purged = await retention.purge(self.bot.records, now)
        for server_id in purged.servers:
            await self._delete_server(server_id)
        log.info("expired data deleted", answers=purged.asked, votes=purged.feedback, servers=len(purged.servers))
        return purged

    async def group_stories(self) -> None:
        """Group articles that an upgrade left without a story; new ones are grouped when they come in.

        Raises:
            AttacheError: the corpus can't be written, or a job is running; the next round does it.
        """
        settings, embedder = self.bot.settings, self.bot.jobs.embedder
        if await asyncio.to_thread(is_waiting, settings):
            job = Job("cleanup", user_id=0, server_id=0, can_cancel=False)
            done = await self.bot.jobs.run_steps(job, lambda _job: group_in_steps(settings, embedder, wait_s=WAIT_S))
            log.info("articles grouped into stories", articles=done)

    async def _delete_server(self, server_id: int) -> None:
        settings, embedder, collection = self.bot.settings, self.bot.jobs.embedder, server_collection(server_id)
        job = Job("cleanup", user_id=0, server_id=0, can_cancel=False)
        await self.bot.jobs.run_steps(
            job, lambda _job: remove_collection_in_steps(settings, embedder, collection, wait_s=WAIT_S)
        )
        self.bot.settings_cache.discard(server_id)
        await self.bot.records.run(lambda db: retention.forget_server(db, server_id))
