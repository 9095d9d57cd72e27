"""Requests on channels: messages, typing, threads, direct messages, and what was attached."""

from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.wire.message_rules import CROSSPOSTED, HAS_THREAD
from tests.wire.refusals import Form, Refused
from tests.wire.replies import read_body, read_json, shown
from tests.wire.world import (
    ADD_REACTIONS,
    ATTACH,
    GROUP,
    HISTORY,
    MANAGE_MESSAGES,
    NEWS,
    PUBLIC_THREADS,
    SEND,
    SEND_IN_THREADS,
    VIEW,
    Channel,
)

if TYPE_CHECKING:
    from tests.wire.server import Server

# Messages whose number is remembered, so that one that is sent twice is stored once; Discord does so for minutes.
NONCES = 500


def add_routes(server: "Server", app: web.Application) -> "Channels":
    """Adds the requests of this module."""
    requests = Channels(server)
    channel = "/api/v10/channels/{channel}"
    message = f"{channel}/messages/{{message}}"
    app.router.add_get(channel, requests.get_channel)
    app.router.add_get(f"{channel}/messages", requests.history)
    app.router.add_post(f"{channel}/messages", requests.create)
    app.router.add_get(message, requests.get)
    app.router.add_patch(message, requests.edit)
    app.router.add_delete(message, requests.delete)
    app.router.add_post(f"{message}/crosspost", requests.publish)
    app.router.add_post(f"{channel}/typing", requests.typing)
    app.router.add_post(f"{message}/threads", requests.thread)
    app.router.add_put(f"{message}/reactions/{{emoji}}/@me", requests.react)
    app.router.add_post("/api/v10/users/@me/channels", requests.direct)
    app.router.add_get("/attachments/{channel}/{number}/{name}", requests.attachment)
    return requests


class Channels:
    """What the bot may do in channels that it sees."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._nonces: dict[tuple[int, str], dict[str, Any]] = {}

    def forget_nonces(self) -> None:
        """As Discord does after a few minutes: a message that is sent again is there twice."""
        self._nonces.clear()

    async def get_channel(self, request: web.Request) -> web.Response:
        return self._server.reply(self._channel(request).payload())

    async def history(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        before, after = (int(request.query.get(*each)) for each in (("before", 1 << 63), ("after", 0)))
        found = [each for number, each in channel.messages.items() if after < number < before and not each.get("_for")]
        limit = int(request.query.get("limit", 50))
        found = found[:limit] if after else found[-limit:]
        return self._server.reply([shown(each) for each in found[::-1]])

    async def create(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        payload, files = await read_body(request)
        self._need(channel, SEND_IN_THREADS if channel.is_thread else SEND)
        if files:
            self._need(channel, ATTACH)
        if channel.guild is None and not all(each.takes_dms for each in channel.people):
            raise Refused(50007)
        nonce = (channel.id, str(payload.get("nonce")))
        if payload.get("enforce_nonce") and nonce in self._nonces:
            return self._server.reply(shown(self._nonces[nonce]))
        message = self._server.replies.create(channel, self._server.world.bot, payload, files)
        self._nonces[nonce] = message
        while len(self._nonces) > NONCES:
            del self._nonces[next(iter(self._nonces))]
        return self._server.reply(shown(message))

    async def get(self, request: web.Request) -> web.Response:
        return self._server.reply(shown(self._message(request)[1]))

    async def edit(self, request: web.Request) -> web.Response:
        channel, message = self._message(request)
        if message["author"]["id"] != str(self._server.world.bot.id):
            raise Refused(50005)
        payload, files = await read_body(request)
        return self._server.reply(shown(self._server.replies.change(channel, message, payload, files)))

    async def delete(self, request: web.Request) -> web.Response:
        channel, message = self._message(request)
        if message["author"]["id"] != str(self._server.world.bot.id):
            self._need(channel, MANAGE_MESSAGES)
        self._server.replies.delete(channel, message)
        return web.Response(status=204)

    async def publish(self, request: web.Request) -> web.Response:
        channel, message = self._message(request)
        self._need(channel, SEND)
        if channel.kind != NEWS:
            raise Refused(50024)
        if message["flags"] & CROSSPOSTED:
            raise Refused(40033)
        message["flags"] |= CROSSPOSTED
        return self._server.reply(shown(message))

    async def typing(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        self._need(channel, SEND_IN_THREADS if channel.is_thread else SEND)
        return web.Response(status=204)

    async def thread(self, request: web.Request) -> web.Response:
        channel, message = self._message(request)
        payload = await read_json(request)
        self._need(channel, PUBLIC_THREADS)
        form = Form()
        form.length(("name",), payload.get("name"), 100, 1)
        if payload.get("auto_archive_duration") not in (None, 60, 1440, 4320, 10080):
            form.error(("auto_archive_duration",), "BASE_TYPE_CHOICES", "must be one of (60, 1440, 4320, 10080)")
        form.check()
        if int(message["id"]) in self._server.world.channels:
            raise Refused(160004)
        world = self._server.world
        made = world.new_thread(channel, message, payload["name"], world.bot)
        message["flags"] |= HAS_THREAD
        self._server.tell("THREAD_CREATE", made.payload() | {"newly_created": True}, made)
        return self._server.reply(made.payload(), status=201)

    async def react(self, request: web.Request) -> web.Response:
        channel, message = self._message(request)
        self._need(channel, ADD_REACTIONS)
        self._need(channel, HISTORY)
        emoji = request.match_info["emoji"]
        if emoji.isascii():
            raise Refused(10014)
        message.setdefault("_reactions", []).append(emoji)
        return web.Response(status=204)

    async def direct(self, request: web.Request) -> web.Response:
        user = self._server.world.users.get(int((await read_json(request)).get("recipient_id", 0)))
        if user is None:
            raise Refused(10013)
        return self._server.reply(self._server.world.dm_with(user).payload())

    async def attachment(self, request: web.Request) -> web.Response:
        content = self._server.world.uploads.get(request.path)
        return web.Response(status=404) if content is None else web.Response(body=content)

    def _channel(self, request: web.Request) -> Channel:
        """A channel that the bot sees."""
        channel = self._server.world.channels.get(int(request.match_info["channel"]))
        if channel is None:
            raise Refused(10003)
        if not self._may(channel, VIEW) or channel.kind == GROUP:
            raise Refused(50001)
        return channel

    def _message(self, request: web.Request) -> tuple[Channel, dict[str, Any]]:
        channel = self._channel(request)
        message = channel.messages.get(int(request.match_info["message"]))
        if message is None or message.get("_for"):
            raise Refused(10008)
        return channel, message

    def _may(self, channel: Channel, right: int) -> bool:
        guild = channel.guild
        return guild is None or bool(guild.permissions(self._server.world.bot.id, channel) & right)

    def _need(self, channel: Channel, right: int) -> None:
        if not self._may(channel, right):
            raise Refused(50013)
