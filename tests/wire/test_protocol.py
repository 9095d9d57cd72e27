"""The server itself, asked by a bare client: what ends a connection, what a session sees, which requests it refuses."""

import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.wire.gateway import IDENTIFIES_A_DAY, IDENTIFY_EVERY_S
from tests.wire.script import make_place
from tests.wire.server import TOKEN, Server
from tests.wire.sessions import DIRECT_MESSAGES, GUILD_MESSAGES, GUILDS

INTENTS = GUILDS | GUILD_MESSAGES | DIRECT_MESSAGES
GATEWAY = "wss://gateway.discord.gg/?v=10&encoding=json&compress=zlib-stream"


class Client:
    """One connection to the gateway."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._inflate = zlib.decompressobj()

    async def send(self, op: int, data: Any) -> None:
        await self._socket.send_str(json.dumps({"op": op, "d": data}))

    async def identify(self, **more: Any) -> None:
        await self.send(2, {"token": TOKEN, "intents": INTENTS, "properties": {}, "shard": [0, 1]} | more)

    async def next(self, name: str | None = None) -> dict[str, Any]:
        """The next frame, or the next event of a name."""
        while True:
            frame = await self._socket.receive(timeout=5)
            assert frame.type is aiohttp.WSMsgType.BINARY, frame
            data = json.loads(self._inflate.decompress(frame.data))
            if name in (None, data["t"]):
                return data

    async def closed(self) -> int:
        """The code that ends the connection."""
        while (await self._socket.receive(timeout=5)).type is aiohttp.WSMsgType.BINARY:
            pass
        assert self._socket.close_code is not None
        return self._socket.close_code


@pytest.fixture
async def http(server: Server) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=server.connector()) as session:
        yield session


@pytest.fixture
async def client(http: aiohttp.ClientSession) -> AsyncIterator[Client]:
    async with http.ws_connect(GATEWAY) as socket:
        made = Client(socket)
        assert (await made.next())["op"] == 10
        yield made


@pytest.mark.parametrize(
    ("identify", "code"),
    [
        ({"token": "a.b.c"}, 4004),
        ({"shard": [1, 1]}, 4010),
        ({"intents": 1 << 30}, 4013),
        ({"intents": INTENTS | 1 << 15}, 4014),
    ],
)
async def test_a_wrong_identify_ends_the_connection(client: Client, identify: dict[str, Any], code: int):
    await client.identify(**identify)
    assert await client.closed() == code


async def test_too_many_servers_need_shards(server: Server, client: Client):
    owner = server.world.new_user("owner")
    for number in range(2501):
        server.world.new_guild(str(number), owner)
    await client.identify()
    assert await client.closed() == 4011


async def test_events_before_an_identify_and_unknown_ones_end_the_connection(http: aiohttp.ClientSession):
    for has_identified, code in ((False, 4003), (True, 4001)):
        async with http.ws_connect(GATEWAY) as socket:
            client = Client(socket)
            await client.next()
            if has_identified:
                await client.identify()
            await client.send(33, {})
            assert await client.closed() == code


async def test_who_sends_no_heartbeats_is_let_go(server: Server, http: aiohttp.ClientSession):
    server.gateway.heartbeat_s = 0.1
    async with http.ws_connect(GATEWAY) as socket:
        assert await Client(socket).closed() == 4009


async def test_identifies_are_limited_by_time_and_by_day(server: Server, http: aiohttp.ClientSession):
    server.clock.stand_still()
    outcomes = []
    for wait_s in (0.0, 0.0, IDENTIFY_EVERY_S):
        server.clock.advance(wait_s)
        async with http.ws_connect(GATEWAY) as socket:
            client = Client(socket)
            await client.next()
            await client.identify()
            outcomes.append((await client.next())["op"])
    assert outcomes == [0, 9, 0]
    server.gateway.identified.extend([(server.clock.now(), 9)] * IDENTIFIES_A_DAY)
    async with http.ws_connect(GATEWAY) as socket:
        client = Client(socket)
        await client.identify()
        assert await client.closed() == 4004


async def test_a_resume_tells_what_was_missed_and_nothing_else(
    server: Server, http: aiohttp.ClientSession, client: Client
):
    place = make_place(server)
    await client.identify()
    session = (await client.next("READY"))["d"]["session_id"]
    seq = (await client.next("GUILD_CREATE"))["s"]
    server.gateway.cut()
    place.bob.writes("one"), place.bob.asks("two")
    async with http.ws_connect(GATEWAY) as socket:
        again = Client(socket)
        await again.next()
        await again.send(6, {"token": TOKEN, "session_id": session, "seq": seq})
        told = [await again.next() for _ in range(3)]
    assert [frame["t"] for frame in told] == ["MESSAGE_CREATE", "MESSAGE_CREATE", "RESUMED"]
    # Without the intent for content only the mention keeps its words.
    assert [frame["d"].get("content", "") != "" for frame in told[:2]] == [False, True]


async def test_a_resume_of_no_session_is_invalid(client: Client):
    await client.send(6, {"token": TOKEN, "session_id": "0" * 32, "seq": 1})
    frame = await client.next()
    assert (frame["op"], frame["d"]) == (9, False)


async def test_a_bucket_tells_what_is_left_and_refuses_the_rest(server: Server, http: aiohttp.ClientSession):
    server.clock.stand_still()
    place = make_place(server)
    url = f"https://discord.com/api/v10/channels/{place.channel.id}/messages"
    left = []
    for _ in range(6):
        async with http.post(url, json={"content": "a"}, headers={"Authorization": f"Bot {TOKEN}"}) as response:
            left.append((response.status, response.headers.get("X-RateLimit-Remaining")))
            assert response.headers["Content-Type"] == "application/json"
    assert left == [(200, "4"), (200, "3"), (200, "2"), (200, "1"), (200, "0"), (429, "0")]
    assert response.headers["Via"]
    assert float(response.headers["Retry-After"]) > 0
    server.clock.advance(6)
    async with http.post(url, json={"content": "a"}, headers={"Authorization": f"Bot {TOKEN}"}) as response:
        assert response.status == 200


async def test_what_is_wrong_is_named_with_its_path(server: Server, http: aiohttp.ClientSession):
    place = make_place(server)
    server.expected.add(50035)
    url = f"https://discord.com/api/v10/channels/{place.channel.id}/messages"
    payload = {"content": "a" * 2001, "components": [{"type": 1, "components": [{"type": 2, "style": 1}]}]}
    async with http.post(url, json=payload, headers={"Authorization": f"Bot {TOKEN}"}) as response:
        errors = (await response.json())["errors"]
    assert errors["content"]["_errors"][0]["code"] == "BASE_TYPE_BAD_LENGTH"
    assert errors["components"]["0"]["components"]["0"]["custom_id"]["_errors"]


async def test_an_unknown_route_and_a_wrong_token_are_noticed(server: Server, http: aiohttp.ClientSession):
    async with http.get("https://discord.com/api/v10/guilds/1/moon") as response:
        assert response.status == 404
    assert server.problems == ["unknown route: GET /api/v10/guilds/1/moon"]
    server.problems.clear()
    async with http.get("https://discord.com/api/v10/users/@me") as response:
        assert response.status == 401
