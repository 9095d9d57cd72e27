"""What the bot notes of its own connection, shard by shard."""

from discord.ext import commands

from bot.discord.bot import AttacheBot


class Watching(commands.Cog):
    """Listens to the shards, for metrics and health."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        self._lost: set[int] = set()
        self._begun: set[int] = set()

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """A session was begun anew; its servers are still to come."""
        self._back(shard_id)
        self._begun.add(shard_id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """All shards know their servers. Of shards that begin anew together, the library tells it of the last alone."""
        for shard_id in self._begun:
            self.bot.health.shard_is_ready(shard_id, self.bot.shard_count)

    @commands.Cog.listener()
    async def on_shard_ready(self, shard_id: int) -> None:
        """All servers of a new session are known."""
        self.bot.health.shard_is_ready(shard_id, self.bot.shard_count)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        """A session goes on, with all that happened meanwhile."""
        self.bot.metrics.resumes.inc()
        self._back(shard_id)
        self.bot.health.shard_is_ready(shard_id, self.bot.shard_count)

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        """A connection was lost, or an attempt to get it back failed."""
        self.bot.health.shard_is_lost(shard_id)
        self._begun.discard(shard_id)
        if shard_id not in self._lost:
            self._lost.add(shard_id)
            self.bot.metrics.disconnects.inc()

    def _back(self, shard_id: int) -> None:
        if shard_id in self._lost:
            self._lost.discard(shard_id)
            self.bot.metrics.reconnects.inc()
