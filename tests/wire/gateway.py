"""The gateway: who may connect, hello, heartbeats, identify, resume, and what ends a connection."""

import asyncio
import contextlib
import json
import secrets
from collections import deque
from typing import Any

from aiohttp import WSMsgType, web

from tests.wire.sessions import KNOWN_INTENTS, PRIVILEGED, Link, Session
from tests.wire.world import Guild, World

# discord.com/developers/docs/topics/opcodes-and-status-codes, "Gateway".
DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 3, 6, 7, 9, 10, 11
UNKNOWN_ERROR, UNKNOWN_OPCODE, NOT_AUTHENTICATED, BAD_TOKEN, TIMED_OUT = 4000, 4001, 4003, 4004, 4009
BAD_SHARD, NEEDS_SHARDS, BAD_VERSION, BAD_INTENTS, FORBIDDEN_INTENTS = 4010, 4011, 4012, 4013, 4014
IDENTIFIES_A_DAY = 1000
IDENTIFY_EVERY_S = 5.0
GUILDS_A_SHARD = 2500
RESUME_URL = "wss://gateway-loop.discord.gg"


class Gateway:
    """Takes connections, and tells every shard what happens in its servers.

    Args:
        world: what there is.
        token: the bot's.
    """

    def __init__(self, world: World, token: str) -> None:
        self._world = world
        self._token = token
        self.heartbeat_s = 41.25
        self.max_concurrency = 1
        self.shards = 1
        self.allowed_privileged = 0
        self.sessions: dict[str, Session] = {}
        self.identified: deque[tuple[float, int]] = deque(maxlen=IDENTIFIES_A_DAY + 10)
        self.replayed = 0
        self.resumes = 0
        self.closed: list[int] = []
        self.is_down = False
        # What handshakes are answered with while it is down.
        self.down_status = 503
        self.turned_away = 0
        # Seconds from a heartbeat that was asked for to its coming: the way there and back, and the client's loop.
        self.lags: list[float] = []
        # Events before the point of a resume that are told once more, as Discord may.
        self.overlap = 0
        # Connections that are still to be cut as soon as they stand.
        self.cuts_before_hello = 0

    def live(self, shard: int | None = None) -> list[Session]:
        """Sessions that are not over, of a shard or of all."""
        return [each for each in self.sessions.values() if not each.is_over and shard in (None, each.shard)]

    def tell(self, name: str, data: dict[str, Any], guild: Guild | None) -> None:
        """An event, to the shard of its server; what happens outside of servers goes to the first."""
        for session in self.live():
            if session.shard == (guild.shard_of(session.count) if guild else 0):
                session.tell(name, data)

    @property
    def remaining(self) -> int:
        """Identifies that are left today."""
        return IDENTIFIES_A_DAY - sum(when > self._world.clock.now() - 86_400 for when, _ in self.identified)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        if self.is_down:
            self.turned_away += 1
            return web.Response(status=self.down_status)
        socket = web.WebSocketResponse(compress=False, max_msg_size=0, timeout=0.2)
        await socket.prepare(request)
        if self.cuts_before_hello:
            self.cuts_before_hello -= 1
            return self._aborted(request, socket)
        link = Link(socket, request)
        link.send(HELLO, {"heartbeat_interval": round(self.heartbeat_s * 1000), "_trace": []})
        watching = asyncio.create_task(self._watch(link))
        session: Session | None = None
        try:
            if request.query.get("v") != "10" or request.query.get("encoding") != "json":
                await self._close(link, BAD_VERSION)
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    session = await self._take(link, session, json.loads(frame.data))
        finally:
            watching.cancel()
            link.cut()
            if session is not None and session.link is link:
                session.link = None
                # A client that closes with 1000 or 1001 ends its session.
                session.is_over = session.is_over or (not link.is_closing and socket.close_code in (1000, 1001))
        return socket

    def _aborted(self, request: web.Request, socket: web.WebSocketResponse) -> web.WebSocketResponse:
        if request.transport is not None:
            request.transport.abort()
        return socket

    async def _take(self, link: Link, session: Session | None, frame: dict[str, Any]) -> Session | None:
        op, data = frame.get("op"), frame.get("d")
        if op == HEARTBEAT:
            link.looks = 0
            if link.asked_at is not None:
                self.lags.append(asyncio.get_running_loop().time() - link.asked_at)
                link.asked_at = None
            link.send(ACK)
        elif op == IDENTIFY and session is None:
            return await self._identify(link, data)
        elif op == RESUME and session is None:
            return await self._resume(link, data)
        elif op != PRESENCE:
            await self._close(link, UNKNOWN_OPCODE if session else NOT_AUTHENTICATED)
        return session

    async def _identify(self, link: Link, given: Any) -> Session | None:
        shard, count = given.get("shard", (0, 1))
        wrong = self._refusal(given, shard, count)
        if wrong:
            await self._close(link, wrong)
            return None
        now, key = self._world.clock.now(), shard % self.max_concurrency
        if any(each == key and now - when < IDENTIFY_EVERY_S for when, each in self.identified):
            link.send(INVALID, data=False)
            return None
        self.identified.append((now, key))
        for former in self.live(shard):
            former.is_over = True
        session = Session(secrets.token_hex(16), shard, count, given["intents"], self._world.bot.id, link=link)
        self.sessions[session.id] = session
        self._welcome(session)
        return session

    def _refusal(self, given: Any, shard: int, count: int) -> int:
        intents = given.get("intents")
        if given.get("token") != self._token or self.remaining <= 0:
            return BAD_TOKEN
        if not 0 <= shard < count:
            return BAD_SHARD
        if not isinstance(intents, int) or intents & ~KNOWN_INTENTS:
            return BAD_INTENTS
        if intents & PRIVILEGED & ~self.allowed_privileged:
            return FORBIDDEN_INTENTS
        mine = [each for each in self._world.guilds.values() if each.has_bot and each.shard_of(count) == shard]
        return NEEDS_SHARDS if len(mine) > GUILDS_A_SHARD else 0

    def _welcome(self, session: Session) -> None:
        mine = [
            each
            for each in self._world.guilds.values()
            if each.has_bot and each.shard_of(session.count) == session.shard
        ]
        ready = {
            "v": 10,
            "user": self._world.bot.payload() | {"email": None, "verified": True, "mfa_enabled": False, "flags": 0},
            "guilds": [{"id": str(each.id), "unavailable": True} for each in mine],
            "session_id": session.id,
            "resume_gateway_url": RESUME_URL,
            "shard": [session.shard, session.count],
            "application": {"id": str(self._world.application_id), "flags": 0},
        }
        session.tell("READY", ready)
        for guild in mine:
            if guild.is_available:
                session.tell("GUILD_CREATE", guild.payload(self._world.bot.id))

    async def _resume(self, link: Link, given: Any) -> Session | None:
        session = self.sessions.get(given.get("session_id"))
        if given.get("token") != self._token:
            await self._close(link, BAD_TOKEN)
            return None
        if session is None or session.is_over or not 0 <= (given.get("seq") or 0) <= session.seq:
            link.send(INVALID, data=False)
            return None
        if session.link is not None:
            session.link.cut()
        self.resumes += 1
        self.replayed += session.replay(link, (given.get("seq") or 0) - self.overlap)
        return session

    async def _watch(self, link: Link) -> None:
        """Ends a connection whose heartbeats stay away for two of them; a process that stands still is not late."""
        while link.looks < 8:
            await asyncio.sleep(self.heartbeat_s / 4)
            link.looks += 1
        await self._close(link, TIMED_OUT)

    async def _close(self, link: Link, code: int) -> None:
        self.closed.append(code)
        await link.close(code)

    # What tests do to connections.

    def cut(self, shard: int | None = None) -> None:
        """Ends connections without a word; the sessions can be resumed."""
        for session in self.live(shard):
            if session.link is not None:
                session.link.cut()
                session.link = None

    async def close(self, code: int, shard: int | None = None) -> None:
        """Ends connections with a code."""
        for session in self.live(shard):
            if session.link is not None:
                with contextlib.suppress(ConnectionError):
                    await self._close(session.link, code)

    def fall_silent(self) -> None:
        """Connections stand, but nothing comes through them any more."""
        for session in self.live():
            if session.link is not None:
                session.link.is_dead = True

    def ask_to_reconnect(self, shard: int | None = None) -> None:
        """Opcode 7."""
        for session in self.live(shard):
            if session.link is not None:
                session.link.send(RECONNECT)

    def ask_for_heartbeats(self) -> None:
        """Opcode 1 to every shard."""
        for session in self.live():
            if session.link is not None and session.link.asked_at is None:
                session.link.asked_at = asyncio.get_running_loop().time()
                session.link.send(HEARTBEAT)

    def invalidate(self, *, resumable: bool, shard: int | None = None) -> None:
        """Opcode 9; what is not resumable is over."""
        for session in self.live(shard):
            session.is_over = not resumable
            if session.link is not None:
                session.link.send(INVALID, data=resumable)
