"""The base of cogs that do some work again and again while the bot is connected."""

from collections.abc import Awaitable, Callable

import structlog
from discord.ext import commands, tasks

from corpus.errors import AttacheError

log = structlog.get_logger(__name__)


class RoundsCog(commands.Cog):
    """A cog whose work begins with the first session; a round that fails is logged, and the next may succeed.

    Args:
        work: one round.
        every_s: seconds between the end of a round and the next.
    """

    def __init__(self, work: Callable[[], Awaitable[None]], every_s: float) -> None:
        self._work = work
        self._rounds = tasks.loop(seconds=every_s)(self._round)

    async def cog_unload(self) -> None:
        """Stop the rounds; what is on its way is found again after the next start."""
        self._rounds.cancel()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Start the rounds once the servers are known."""
        # Fired at every new session.
        if not self._rounds.is_running():
            self._rounds.start()

    async def _round(self) -> None:
        try:
            await self._work()
        except AttacheError as failure:
            log.warning("round put off", work=self.qualified_name, failure=type(failure).__name__)
        except Exception:
            log.exception("round failed", work=self.qualified_name)
