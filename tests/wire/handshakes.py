"""Interactions that are open: how old they are, whether they were acknowledged, and what was replied."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.wire.clock import Clock
from tests.wire.refusals import Refused
from tests.wire.world import Channel, Guild, User

# discord.com/developers/docs/interactions/receiving-and-responding
ACKNOWLEDGE_S = 3.0
TOKEN_S = 15 * 60.0
# For applications that a user has installed and the server has not.
MOST_FOLLOW_UPS = 5
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5


@dataclass
class Handshake:
    """One interaction, from the press to the last follow-up."""

    id: int
    token: str
    kind: int
    user: User
    channel: Channel
    guild: Guild | None
    born: float
    payload: dict[str, Any]
    message: dict[str, Any] | None = None
    reply_kind: int | None = None
    original: dict[str, Any] | None = None
    # What was replied and no message: choices, or a modal.
    answer: dict[str, Any] | None = None
    follow_ups: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)

    @property
    def is_capped(self) -> bool:
        return self.guild is not None and not self.guild.has_commands

    def check_new(self, now: float) -> None:
        """Whether it can be acknowledged now."""
        if self.reply_kind is not None:
            raise Refused(40060)
        if now - self.born > ACKNOWLEDGE_S:
            raise Refused(10062)

    def check_open(self, now: float) -> None:
        """Whether its token is still good."""
        if now - self.born > TOKEN_S:
            raise Refused(50027)
        if self.reply_kind is None:
            raise Refused(10015)


class Handshakes:
    """All of them, by id and by token."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_token: dict[str, Handshake] = {}

    def open(self, number: int, kind: int, user: User, channel: Channel, payload: dict[str, Any]) -> Handshake:
        token = secrets.token_urlsafe(40)
        shake = Handshake(number, token, kind, user, channel, channel.guild, self._clock.now(), payload)
        self._by_token[token] = shake
        return shake

    def find(self, token: str, number: int | None = None) -> Handshake:
        """The interaction of a token.

        Raises:
            Refused: there is none; with a number, as the callback says it.
        """
        shake = self._by_token.get(token)
        if shake is None or number not in (None, shake.id):
            raise Refused(10015 if number is None else 10062)
        return shake

    def forget_old(self) -> None:
        """Drops those whose tokens are long over; a long load would keep them all."""
        limit = self._clock.now() - 2 * TOKEN_S
        self._by_token = {token: each for token, each in self._by_token.items() if each.born > limit}
