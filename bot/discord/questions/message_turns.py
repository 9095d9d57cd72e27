"""One reply at a time to each message: an edit waits for the first answer, a deletion stops it or takes it along."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.discord.transport.page import MessageDelivery

# Replies that are known by heart: small talk, notices and errors have no record. After a restart these stay.
MAX_REPLIES = 1_000


@dataclass(slots=True)
class Turn:
    """The turn of one reply; `delivery` is stopped if the message is deleted."""

    delivery: MessageDelivery | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


class MessageTurns:
    """The replies that are being worked on, by the message that asks."""

    def __init__(self) -> None:
        self._turns: dict[int, Turn] = {}
        self._replies: OrderedDict[int, tuple[int, int]] = OrderedDict()

    @asynccontextmanager
    async def hold(self, message_id: int) -> AsyncIterator[Turn]:
        """Wait for replies to this message that began earlier; the block then has it alone."""
        turn = self._turns.setdefault(message_id, Turn())
        turn.users += 1
        try:
            async with turn.lock:
                turn.delivery = None
                yield turn
        finally:
            if turn.delivery is not None and (reply := turn.delivery.reply) is not None:
                self._replies[message_id] = reply
                if len(self._replies) > MAX_REPLIES:
                    self._replies.popitem(last=False)
            turn.users -= 1
            if not turn.users:
                del self._turns[message_id]

    async def withdraw(self, message_ids: Collection[int]) -> None:
        """Stop the replies to messages that were deleted, and wait for their ends."""
        held = [message_id for message_id in message_ids if message_id in self._turns]
        for message_id in held:
            if delivery := self._turns[message_id].delivery:
                delivery.withdraw()
        for message_id in held:
            async with self.hold(message_id):
                pass

    def take_reply(self, message_id: int) -> tuple[int, int] | None:
        """Return channel and message of the reply to a message, and forget it; None if it isn't known any more."""
        return self._replies.pop(message_id, None)
