"""What nobody asks for: servers that come and go, and the deleting of what has been kept long enough."""

import time

import structlog
from discord import Guild
from discord.ext import commands, tasks
from sqlite_utils import Database

from bot.discord.bot import AttacheBot
from bot.discord.scope import server_collection
from bot.discord.workers.jobs import Job
from bot.records import retention
from bot.service.ingest import remove_collection
from corpus.errors import AttacheError, StorageFailure
from corpus.timestamps import utc_now

log = structlog.get_logger(__name__)

ROUND_HOURS = 6
# While another program writes, the articles wait for the next round: a shutdown would have to wait for this.
WAIT_S = 2.0
# Seconds that the computer's clock may drift against the time that passed from one round to the next.
DRIFT_S = 3600.0


class Housekeeping(commands.Cog):
    """Notes which servers the bot is in, and deletes what is old."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        self._clocks = time.time(), time.monotonic()

    async def cog_unload(self) -> None:
        """Stops the rounds."""
        self.rounds.cancel()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Notes the servers that the bot is in, and those that removed it while it was away; begins the rounds."""
        try:
            await self.reconcile()
        except StorageFailure as failure:
            log.warning("servers could not be noted", reason=failure.message)
        # Discord says that the bot is ready at every new session.
        if not self.rounds.is_running():
            self.rounds.start()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: Guild) -> None:
        """Notes a server that added the bot, perhaps again."""
        now = utc_now()
        await self.bot.records.run(lambda db: retention.seen_server(db, guild.id, now))

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: Guild) -> None:
        """Notes a server that removed the bot; one that is only unavailable is none."""
        now = utc_now()
        self.bot.book.forget(guild.id)
        job = self.bot.jobs.current
        if job is not None and job.server_id == guild.id and not job.is_shared:
            # What it added so far is taken back; nobody there could undo it any more, as operators can elsewhere.
            job.cancel()
        await self.bot.records.run(lambda db: retention.left_server(db, guild.id, now))

    @tasks.loop(hours=ROUND_HOURS)
    async def rounds(self) -> None:
        """One round after the other."""
        await self.round()

    async def round(self) -> None:
        """One round; what fails is tried again at the next, and nothing is deleted by a clock that jumped."""
        try:
            # Again, since an event may have been missed: nothing of a server that is back may be deleted.
            await self.reconcile()
            if self._is_clock_steady():
                await self.tidy(utc_now())
        except AttacheError as failure:
            log.warning("housekeeping put off", failure=type(failure).__name__)

    def _is_clock_steady(self) -> bool:
        """Whether the clock went on as time did since the last round; a jump may be set right until the next one."""
        before, self._clocks = self._clocks, (time.time(), time.monotonic())
        (wall, passed), (wall_before, passed_before) = self._clocks, before
        drift_s = wall - wall_before - (passed - passed_before)
        if abs(drift_s) > DRIFT_S:
            log.warning("the clock jumped; nothing is deleted in this round", seconds=round(drift_s))
        return abs(drift_s) <= DRIFT_S

    async def reconcile(self) -> None:
        """Compares the servers that are known with those that the bot is in, the unavailable ones included.

        One that has only the commands is none of them: whatever is kept of it goes as if the bot had been removed.
        """
        now, present = utc_now(), {guild.id for guild in self.bot.guilds}

        def note(db: Database) -> int:
            gone = (retention.servers(db) | retention.strays(db)) - present
            for server_id in gone:
                retention.left_server(db, server_id, now)
            for server_id in present:
                retention.seen_server(db, server_id, now)
            return len(gone)

        log.info("servers noted", present=len(present), gone=await self.bot.records.run(note))

    async def tidy(self, now: str) -> retention.Purged:
        """Deletes what has been kept long enough; of servers that left long ago everything, their articles too.

        Args:
            now: `2024-09-09T12:30:00Z`.

        Raises:
            AttacheError: a file can't be written, or other work is under way; the next round does the rest.
        """
        purged = await retention.purge(self.bot.records, now)
        for server_id in purged.servers:
            await self._forget(server_id)
        log.info("tidied", answers=purged.asked, votes=purged.feedback, servers=len(purged.servers))
        return purged

    async def _forget(self, server_id: int) -> None:
        settings, embedder, collection = self.bot.settings, self.bot.jobs.embedder, server_collection(server_id)
        job = Job("cleanup", user_id=0, server_id=0, can_cancel=False)
        await self.bot.jobs.run(job, lambda _job: remove_collection(settings, embedder, collection, wait_s=WAIT_S))
        self.bot.book.forget(server_id)
        await self.bot.records.run(lambda db: retention.forget_server(db, server_id))
