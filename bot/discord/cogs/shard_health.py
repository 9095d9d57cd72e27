"""Tracks the connection of every shard for metrics and health."""

from discord.ext import commands

from bot.discord.bot import AttacheBot


class ShardHealth(commands.Cog):
    """Listens to the events of shards."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        self._lost: set[int] = set()
        self._starting: set[int] = set()

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """Note a new session, whose servers are still loading."""
        self._count_reconnect(shard_id)
        self._starting.add(shard_id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Mark all starting shards as ready: of several, discord.py fires `shard_ready` only for the last."""
        for shard_id in self._starting:
            self.bot.health.shard_ready(shard_id, self.bot.shard_count)

    @commands.Cog.listener()
    async def on_shard_ready(self, shard_id: int) -> None:
        """Mark a shard as ready once its servers are loaded."""
        self.bot.health.shard_ready(shard_id, self.bot.shard_count)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        """Mark a shard as ready after its session resumed."""
        self.bot.metrics.resumes.inc()
        self._count_reconnect(shard_id)
        self.bot.health.shard_ready(shard_id, self.bot.shard_count)

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Mark a shard as lost; also fired when a reconnect fails."""
        self.bot.health.shard_lost(shard_id)
        self._starting.discard(shard_id)
        if shard_id not in self._lost:
            self._lost.add(shard_id)
            self.bot.metrics.disconnects.inc()

    def _count_reconnect(self, shard_id: int) -> None:
        if shard_id in self._lost:
            self._lost.discard(shard_id)
            self.bot.metrics.reconnects.inc()
