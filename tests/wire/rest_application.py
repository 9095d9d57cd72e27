"""Requests on the application itself (who it is, its gateway, its commands), and on members of its servers."""

from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.wire.command_rules import check_commands
from tests.wire.refusals import Refused
from tests.wire.replies import read_json

if TYPE_CHECKING:
    from tests.wire.server import Server

GATEWAY = "wss://gateway.discord.gg"
EVERYWHERE = 0


def add_routes(server: "Server", app: web.Application) -> None:
    """Adds the requests of this module."""
    requests = Application(server)
    commands = "/api/v10/applications/{application}/commands"
    in_guild = "/api/v10/applications/{application}/guilds/{guild}/commands"
    app.router.add_get("/api/v10/users/@me", requests.me)
    app.router.add_get("/api/v10/oauth2/applications/@me", requests.about)
    app.router.add_get("/api/v10/gateway", requests.gateway)
    app.router.add_get("/api/v10/gateway/bot", requests.gateway)
    app.router.add_get("/api/v10/guilds/{guild}/members/{user}", requests.member)
    for path in (commands, in_guild):
        app.router.add_get(path, requests.list_commands)
        app.router.add_put(path, requests.overwrite_commands)


class Application:
    """What the bot asks about itself."""

    def __init__(self, server: "Server") -> None:
        self._server = server

    async def me(self, _request: web.Request) -> web.Response:
        return self._server.reply(
            self._server.world.bot.payload() | {"verified": True, "mfa_enabled": False, "flags": 0}
        )

    async def about(self, _request: web.Request) -> web.Response:
        world = self._server.world
        owner = next((each for each in world.users.values() if not each.is_bot), world.bot)
        about = {
            "id": str(world.application_id),
            "name": world.bot.name,
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "owner": owner.payload(),
            "team": None,
            "rpc_origins": [],
            "integration_types_config": {"0": {}, "1": {}},
        }
        return self._server.reply(about)

    async def gateway(self, _request: web.Request) -> web.Response:
        gateway = self._server.gateway
        limit = {
            "total": 1000,
            "remaining": gateway.remaining,
            "reset_after": 14_400_000,
            "max_concurrency": gateway.max_concurrency,
        }
        return self._server.reply({"url": GATEWAY, "shards": gateway.shards, "session_start_limit": limit})

    async def member(self, request: web.Request) -> web.Response:
        guild = self._server.world.guilds.get(int(request.match_info["guild"]))
        if guild is None or not guild.has_bot:
            raise Refused(10004)
        found = guild.members.get(int(request.match_info["user"]))
        if found is None:
            raise Refused(10007)
        return self._server.reply(found.payload())

    async def list_commands(self, request: web.Request) -> web.Response:
        return self._server.reply(self._server.commands.get(self._place(request), []))

    async def overwrite_commands(self, request: web.Request) -> web.Response:
        place, commands = self._place(request), await read_json(request)
        check_commands(commands)
        self._server.commands[place] = [self._stored(each) for each in commands]
        return self._server.reply(self._server.commands[place])

    def _stored(self, command: dict[str, Any]) -> dict[str, Any]:
        ids, application = self._server.world.ids, self._server.world.application_id
        defaults = {"type": 1, "description": "", "nsfw": False, "default_member_permissions": None}
        return (
            defaults | command | {"id": str(ids.new()), "application_id": str(application), "version": str(ids.new())}
        )

    def _place(self, request: web.Request) -> int:
        if request.match_info["application"] != str(self._server.world.application_id):
            raise Refused(50001)
        place = int(request.match_info.get("guild", EVERYWHERE))
        if place and place not in self._server.world.guilds:
            raise Refused(10004)
        return place
