"""Messages as requests make them: validated, stored with their files, told to the gateway."""

import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.wire.message_rules import EPHEMERAL, LAYOUT, LOADING, check_message
from tests.wire.refusals import Form, Refused
from tests.wire.world import Channel, User, World

CDN = "https://cdn.discordapp.com"
# Flags that a sender may set: no embeds, only for one, no notification, components v2.
SETTABLE = (1 << 2) | EPHEMERAL | (1 << 12) | LAYOUT
REPLY, INTERACTION_REPLY, MENU_REPLY = 19, 20, 23
Files = dict[str, bytes]


def shown(message: dict[str, Any]) -> dict[str, Any]:
    """A message without what only the server knows of it."""
    return {name: value for name, value in message.items() if not name.startswith("_")}


async def read_body(request: web.Request) -> tuple[dict[str, Any], Files]:
    """The JSON of a request, and the files that came with it."""
    if not request.content_type.startswith("multipart/"):
        return await read_json(request), {}
    payload: dict[str, Any] = {}
    files: Files = {}
    async for part in await request.multipart():
        content = await part.read(decode=True)
        if part.name == "payload_json":
            payload = json.loads(content)
        elif part.filename:
            files[part.filename] = bytes(content)
    return payload, files


async def read_json(request: web.Request) -> Any:
    """The JSON of a request."""
    text = await request.text()
    try:
        return json.loads(text) if text else {}
    except json.JSONDecodeError:
        raise Refused(50109) from None


class Replies:
    """Stores what is sent and changed.

    Args:
        world: where it is stored.
        tell: takes events: name, data and channel.
    """

    def __init__(self, world: World, tell: Callable[[str, dict[str, Any], Channel], None]) -> None:
        self._world = world
        self._tell = tell

    def create(
        self, channel: Channel, author: User, payload: dict[str, Any], files: Files, **facts: Any
    ) -> dict[str, Any]:
        """A new message.

        Raises:
            Refused: it is none that Discord takes.
        """
        check_message(payload, set(files))
        self.reopen(channel)
        flags = int(payload.get("flags") or 0) & SETTABLE | facts.pop("flags", 0)
        facts |= self._reference(channel, payload)
        message = self._world.new_message(
            channel,
            author,
            content=payload.get("content") or "",
            embeds=payload.get("embeds") or [],
            components=payload.get("components") or [],
            attachments=self._keep(channel, files),
            flags=flags,
            nonce=payload.get("nonce"),
            **facts,
        )
        self._limit_mentions(message, payload)
        self.announce("MESSAGE_CREATE", message, channel)
        return message

    def change(
        self, channel: Channel, message: dict[str, Any], payload: dict[str, Any], files: Files
    ) -> dict[str, Any]:
        """Changes a message; what the payload does not name stays.

        Raises:
            Refused: it is none that Discord takes.
        """
        if channel.is_archived:
            raise Refused(50083)
        stays = _staying(message, payload)
        names = {each["filename"] for each in stays} | set(files)
        was_layout = bool(message["flags"] & LAYOUT)
        becomes_layout = was_layout or bool(int(payload.get("flags") or 0) & LAYOUT)
        judged = payload
        if becomes_layout:
            judged = {"content": message["content"], "embeds": message["embeds"]} | payload
        check_message(judged, names, was_layout=was_layout, is_edit=True)
        for name, empty in (("content", ""), ("embeds", []), ("components", [])):
            if name in payload:
                message[name] = payload[name] or empty
        message["flags"] = message["flags"] & ~LOADING | int(payload.get("flags") or 0) & LAYOUT
        message["attachments"] = stays + self._keep(channel, files)
        message["edited_timestamp"] = self._world.clock.iso()
        message["_edits"] = message.get("_edits", 0) + 1
        self._limit_mentions(message, payload)
        self.announce("MESSAGE_UPDATE", message, channel)
        return message

    def rewrite(self, channel: Channel, message: dict[str, Any], text: str) -> None:
        """Changes what a person wrote."""
        message["content"] = text
        message["mentions"] = self._world.mentioned(text)
        message["edited_timestamp"] = self._world.clock.iso()
        self.announce("MESSAGE_UPDATE", message, channel)

    def delete(self, channel: Channel, message: dict[str, Any]) -> None:
        """Takes a message away."""
        del channel.messages[int(message["id"])]
        self.announce("MESSAGE_DELETE", {"id": message["id"], "_for": message.get("_for")}, channel)

    def reopen(self, channel: Channel) -> None:
        """Opens an archived thread, as every message in it does.

        Raises:
            Refused: it is locked.
        """
        if channel.is_archived and channel.is_locked:
            raise Refused(50083)
        if channel.is_archived:
            channel.is_archived = False
            self._tell("THREAD_UPDATE", channel.payload(), channel)

    def announce(self, name: str, message: dict[str, Any], channel: Channel) -> None:
        """Tells of a message that not only one person sees."""
        data = shown(message) | {"channel_id": str(channel.id)}
        guild = channel.guild
        if guild is not None:
            data["guild_id"] = str(guild.id)
            author = guild.members.get(int(message["author"]["id"])) if "author" in message else None
            if author is not None:
                data["member"] = {key: value for key, value in author.payload().items() if key != "user"}
        self._tell(name if message.get("_for") is None else "", data, channel)

    def _reference(self, channel: Channel, payload: dict[str, Any]) -> dict[str, Any]:
        reference = payload.get("message_reference")
        if not reference:
            return {}
        found = channel.messages.get(int(reference.get("message_id") or 0))
        if found is None or found.get("_for"):
            if not reference.get("fail_if_not_exists", True):
                return {}
            form = Form()
            form.error(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            form.check()
        assert found is not None
        place = {"message_id": found["id"], "channel_id": str(channel.id), "type": 0}
        return {"type": REPLY, "message_reference": place, "referenced_message": shown(found)}

    def _keep(self, channel: Channel, files: Files) -> list[dict[str, Any]]:
        return [self.keep_file(channel.id, name, content) for name, content in files.items()]

    def keep_file(self, channel_id: int, name: str, content: bytes) -> dict[str, Any]:
        """A file as an attachment, to be fetched from the CDN."""
        number = self._world.ids.new()
        path = f"/attachments/{channel_id}/{number}/{name}"
        self._world.uploads[path] = content
        url = f"{CDN}{path}"
        return {
            "id": str(number),
            "filename": name,
            "size": len(content),
            "url": url,
            "proxy_url": url,
            "content_type": "text/plain",
        }

    def _limit_mentions(self, message: dict[str, Any], payload: dict[str, Any]) -> None:
        """Takes out whom the sender does not let a message ping."""
        allowed = payload.get("allowed_mentions")
        if allowed is None:
            return
        parse, listed = allowed.get("parse") or [], set(map(str, allowed.get("users") or []))
        if "users" not in parse:
            message["mentions"] = [each for each in message["mentions"] if each["id"] in listed]
        message["mention_everyone"] = "everyone" in parse and "@everyone" in message["content"]


def _staying(message: dict[str, Any], payload: dict[str, Any]) -> list[dict[str, Any]]:
    """The attachments of a message that an edit leaves."""
    if payload.get("attachments") is None:
        return list(message["attachments"])
    ids = {str(each.get("id")) for each in payload["attachments"]}
    return [each for each in message["attachments"] if each["id"] in ids]
