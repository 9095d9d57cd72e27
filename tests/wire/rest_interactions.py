"""Requests on interactions: the acknowledgement, the original reply, and follow-ups."""

from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.wire.component_rules import check_modal
from tests.wire.handshakes import AUTOCOMPLETE, COMPONENT, MODAL, MOST_FOLLOW_UPS, Handshake
from tests.wire.message_rules import EPHEMERAL, LOADING, check_message
from tests.wire.refusals import Form, Refused
from tests.wire.replies import INTERACTION_REPLY, MENU_REPLY, Files, read_body, shown

if TYPE_CHECKING:
    from tests.wire.server import Server

# discord.com/developers/docs/interactions/receiving-and-responding, "Interaction callback type".
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, SHOW_MODAL = 4, 5, 6, 7, 8, 9
MOST_CHOICES = 25


def add_routes(server: "Server", app: web.Application) -> None:
    """Adds the requests of this module."""
    requests = Interactions(server)
    hook = "/api/v10/webhooks/{application}/{token}"
    app.router.add_post("/api/v10/interactions/{interaction}/{token}/callback", requests.callback)
    app.router.add_post(hook, requests.follow_up)
    app.router.add_get(f"{hook}/messages/{{message}}", requests.get)
    app.router.add_patch(f"{hook}/messages/{{message}}", requests.edit)
    app.router.add_delete(f"{hook}/messages/{{message}}", requests.delete)


class Interactions:
    """What the bot replies to interactions."""

    def __init__(self, server: "Server") -> None:
        self._server = server

    async def callback(self, request: web.Request) -> web.Response:
        shake = self._server.shakes.find(request.match_info["token"], int(request.match_info["interaction"]))
        payload, files = await read_body(request)
        self._refusable(shake, lambda: shake.check_new(self._server.clock.now()))
        kind, data = payload.get("type"), payload.get("data") or {}
        self._check_kind(shake, kind)
        if kind in (MESSAGE, DEFERRED):
            self._first_reply(shake, kind, data, files)
        elif kind == UPDATE:
            assert shake.message is not None
            shake.original = self._server.replies.change(shake.channel, shake.message, data, files)
        elif kind == DEFERRED_UPDATE:
            shake.original = shake.message
        elif kind == CHOICES:
            shake.answer = _checked_choices(data)
        else:
            form = Form()
            check_modal(form, data)
            form.check()
            shake.answer = data
        shake.reply_kind = kind
        self._server.notice()
        if request.query.get("with_response") not in ("1", "true"):
            return web.Response(status=204)
        return self._server.reply(_callback_payload(shake, kind))

    async def follow_up(self, request: web.Request) -> web.Response:
        shake = self._open(request)
        payload, files = await read_body(request)
        original = shake.original
        if shake.reply_kind == DEFERRED and original is not None and original["flags"] & LOADING:
            # The first follow-up to a deferred reply is the reply.
            check_message(payload, set(files))
            return self._server.reply(shown(self._server.replies.change(shake.channel, original, payload, files)))
        if shake.is_capped and len(shake.follow_ups) >= MOST_FOLLOW_UPS:
            raise Refused(40094)
        only = shake.user.id if int(payload.get("flags") or 0) & EPHEMERAL else None
        message = self._create(shake, payload, files, only)
        shake.follow_ups.append(message)
        return self._server.reply(shown(message))

    async def get(self, request: web.Request) -> web.Response:
        return self._server.reply(shown(self._message(request)[1]))

    async def edit(self, request: web.Request) -> web.Response:
        shake, message = self._message(request)
        payload, files = await read_body(request)
        changed = self._server.replies.change(shake.channel, message, payload, files)
        return self._server.reply(shown(changed))

    async def delete(self, request: web.Request) -> web.Response:
        shake, message = self._message(request)
        self._server.replies.delete(shake.channel, message)
        return web.Response(status=204)

    def _first_reply(self, shake: Handshake, kind: int, data: dict[str, Any], files: Files) -> None:
        only = shake.user.id if int(data.get("flags") or 0) & EPHEMERAL else None
        if kind == MESSAGE:
            shake.original = self._create(shake, data, files, only)
            return
        self._server.replies.reopen(shake.channel)
        flags = LOADING | (EPHEMERAL if only else 0)
        shake.original = self._server.world.new_message(
            shake.channel, self._server.world.bot, flags=flags, type=_reply_type(shake), _for=only
        )
        shake.original["_shake"] = shake
        self._server.replies.announce("MESSAGE_CREATE", shake.original, shake.channel)

    def _create(self, shake: Handshake, payload: dict[str, Any], files: Files, only: int | None) -> dict[str, Any]:
        facts = {"type": _reply_type(shake), "_for": only, "_shake": shake}
        return self._server.replies.create(shake.channel, self._server.world.bot, payload, files, **facts)

    def _open(self, request: web.Request) -> Handshake:
        shake = self._server.shakes.find(request.match_info["token"])
        if request.match_info["application"] != str(self._server.world.application_id):
            raise Refused(10015)
        self._refusable(shake, lambda: shake.check_open(self._server.clock.now()))
        return shake

    def _message(self, request: web.Request) -> tuple[Handshake, dict[str, Any]]:
        shake, number = self._open(request), request.match_info["message"]
        known = [each for each in (shake.original, *shake.follow_ups) if each is not None]
        known = known[:1] if number == "@original" else [each for each in known if each["id"] == number]
        if not known or int(known[0]["id"]) not in shake.channel.messages:
            raise Refused(10008)
        return shake, known[0]

    def _refusable(self, shake: Handshake, check: Any) -> None:
        try:
            check()
        except Refused as refused:
            shake.refusals.append(refused.code)
            raise

    def _check_kind(self, shake: Handshake, kind: object) -> None:
        allowed = {MESSAGE, DEFERRED}
        if shake.kind == AUTOCOMPLETE:
            allowed = {CHOICES}
        elif shake.kind != MODAL:
            allowed |= {SHOW_MODAL}
        if shake.kind in (COMPONENT, MODAL) and shake.message is not None:
            allowed |= {DEFERRED_UPDATE, UPDATE}
        if kind not in allowed:
            form = Form()
            form.error(("type",), "BASE_TYPE_CHOICES", f'Value of field "type" must be one of {sorted(allowed)}.')
            form.check()


def _reply_type(shake: Handshake) -> int:
    return MENU_REPLY if (shake.payload.get("data") or {}).get("target_id") else INTERACTION_REPLY


def _checked_choices(data: dict[str, Any]) -> dict[str, Any]:
    form = Form()
    for place, choice in enumerate(form.count(("data", "choices"), data.get("choices"), MOST_CHOICES)):
        form.length(("data", "choices", place, "name"), choice.get("name"), 100, 1)
        if isinstance(choice.get("value"), str):
            form.length(("data", "choices", place, "value"), choice["value"], 100)
    form.check()
    return data


def _callback_payload(shake: Handshake, kind: int) -> dict[str, Any]:
    about: dict[str, Any] = {"id": str(shake.id), "type": shake.kind}
    resource: dict[str, Any] = {"type": kind}
    if shake.original is not None:
        about |= {
            "response_message_id": shake.original["id"],
            "response_message_loading": bool(shake.original["flags"] & LOADING),
            "response_message_ephemeral": bool(shake.original["flags"] & EPHEMERAL),
        }
        if kind in (MESSAGE, UPDATE):
            resource["message"] = shown(shake.original)
    return {"interaction": about, "resource": resource}
