"""Sessions of the gateway: what each shard was sent, for a resume, and what its intents let it see."""

import asyncio
import contextlib
import json
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import zstandard
from aiohttp import web

# discord.com/developers/docs/events/gateway, "List of intents".
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 0, 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = (1 << 1) | (1 << 8) | MESSAGE_CONTENT
KNOWN_INTENTS = ((1 << 17) - 1) | (0b11 << 20) | (0b11 << 24)
NEEDED = {"GUILD": GUILDS, "THREAD": GUILDS, "CHANNEL": GUILDS}
BLANKED = {"content": "", "embeds": [], "attachments": [], "components": []}
# Events that a session can be told again; Discord keeps them for a few minutes.
MOST_KEPT = 20_000


def compressor(name: str | None) -> Callable[[bytes], bytes] | None:
    """What compresses one stream, message by message, in the way that a client asked for; None for no such way."""
    if name == "zlib-stream":
        deflate = zlib.compressobj()
        return lambda data: deflate.compress(data) + deflate.flush(zlib.Z_SYNC_FLUSH)
    if name == "zstd-stream":
        zstd = zstandard.ZstdCompressor().compressobj()
        return lambda data: zstd.compress(data) + zstd.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    return None


class Link:
    """One connection: frames go out in order, compressed as one stream where the client asked for that."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self._transport = request.transport
        self._compress = compressor(request.query.get("compress"))
        self._waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())
        self.is_closing = False
        # A connection that nothing comes through any more, though it stands.
        self.is_dead = False
        # When this side asked for a heartbeat, which a client sends at once if its loop is free.
        self.asked_at: float | None = None
        # Looks at this connection since the last heartbeat.
        self.looks = 0

    def send(self, op: int, data: object = None, *, name: str | None = None, seq: int | None = None) -> None:
        if self.is_dead:
            return
        self._waiting.put_nowait({"op": op, "d": data, "s": seq, "t": name})

    async def spoil(self) -> None:
        """Sends what no stream can be unpacked from."""
        # Its first block is of the type that deflate (RFC 1951, 3.2.3) and Zstandard (RFC 8878, 3.1.1.2) both reserve.
        await self.socket.send_bytes(b"\x06\x02\x03 no compressed stream \x00\x00\xff\xff")

    async def close(self, code: int) -> None:
        """Says what was still to be said, then goodbye."""
        self.is_closing = True
        while not self._waiting.empty() and not self._writer.done():
            await asyncio.sleep(0)
        await self.socket.close(code=code)
        self._writer.cancel()

    def cut(self) -> None:
        """Ends the connection without a word."""
        self._writer.cancel()
        if self._transport is not None:
            # Before Python 3.11.4 asyncio fails to abort what has lost its TLS connection already.
            with contextlib.suppress(AttributeError):
                self._transport.abort()

    async def _write(self) -> None:
        while True:
            text = json.dumps(await self._waiting.get())
            try:
                if self._compress is None:
                    await self.socket.send_str(text)
                else:
                    await self.socket.send_bytes(self._compress(text.encode()))
            except (ConnectionError, RuntimeError):
                return


@dataclass
class Session:
    """What one shard is told, connected or not."""

    id: str
    shard: int
    count: int
    intents: int
    bot_id: int
    seq: int = 0
    kept: deque[tuple[int, str, dict[str, Any]]] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))
    link: Link | None = None
    is_over: bool = False

    def tell(self, name: str, data: dict[str, Any]) -> None:
        """Sends an event, or keeps it for the resume, if the intents let it through."""
        seen = self._seen(name, data)
        if self.is_over or seen is None:
            return
        self.seq += 1
        self.kept.append((self.seq, name, seen))
        if self.link is not None:
            self.link.send(0, seen, name=name, seq=self.seq)

    def replay(self, link: Link, after: int) -> int:
        """Sends again what came after a sequence number; returns how much that was."""
        missed = [each for each in self.kept if each[0] > after and each[1] not in ("READY", "RESUMED")]
        for seq, name, data in missed:
            link.send(0, data, name=name, seq=seq)
        self.link = link
        self.tell("RESUMED", {})
        return len(missed)

    def repeat(self, name: str) -> None:
        """Sends the last event of a kind once more, as if it were new."""
        data = next(data for _seq, each, data in reversed(self.kept) if each == name)
        self.tell(name, data)

    def _seen(self, name: str, data: dict[str, Any]) -> dict[str, Any] | None:
        if not name.startswith("MESSAGE_"):
            needed = next((intent for start, intent in NEEDED.items() if name.startswith(start)), 0)
            return data if self.intents & needed == needed else None
        if not self.intents & (GUILD_MESSAGES if "guild_id" in data else DIRECT_MESSAGES):
            return None
        if name == "MESSAGE_DELETE" or self.intents & MESSAGE_CONTENT or "guild_id" not in data:
            return data
        # Without the privileged intent: own messages and those that mention the bot keep their content.
        is_own = data["author"]["id"] == str(self.bot_id)
        is_named = any(user["id"] == str(self.bot_id) for user in data["mentions"])
        return data if is_own or is_named else data | BLANKED
