"""Requests that Discord answers in a documented way; each can be put to any server that speaks for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

import discord
from discord.ext import commands
from discord.http import Route
from discord.webhook.async_ import async_context

LAYOUT = 1 << 15
TEXT = {"type": 10, "content": "a"}


class Ground(Protocol):
    """A server with a bot in it, for the time of a comparison."""

    bot: commands.Bot
    channel_id: int
    # Where the bot sees but may not write, and where it does not even see.
    mute_id: int
    hidden_id: int
    # A message that a member wrote.
    message_id: int

    async def interaction(self, *, is_capped: bool = False) -> discord.Interaction:
        """A fresh interaction that nobody has acknowledged; capped: in a server that has not the application."""

    async def advance(self, seconds: float) -> None:
        """Moves the clock."""


@dataclass(frozen=True)
class Probe:
    """One request, what documents say of it, and where: a page under discord.com/developers/docs."""

    name: str
    expected: str
    page: str
    put: Callable[[Ground], Awaitable[str]]


async def outcome(request: Awaitable[Any]) -> str:
    """`ok`, or the code of the refusal."""
    try:
        await request
    except discord.HTTPException as refused:
        return str(refused.code)
    return "ok"


def call(ground: Ground, method: str, path: str, payload: Any = None) -> Awaitable[Any]:
    """A request with the bot's token."""
    return ground.bot.http.request(Route(method, path), json=payload)


def hook(shake: discord.Interaction, method: str, path: str, payload: Any = None) -> Awaitable[Any]:
    """A request with the token of an interaction."""
    places = {"webhook_id": shake.application_id, "webhook_token": shake.token}
    route = Route(method, f"/webhooks/{{webhook_id}}/{{webhook_token}}{path}", **places)
    return async_context.get().request(route, session=shake._session, payload=payload, params={"wait": 1})


def callback(shake: discord.Interaction, payload: Any) -> Awaitable[Any]:
    """An acknowledgement."""
    route = Route(
        "POST", "/interactions/{webhook_id}/{webhook_token}/callback", webhook_id=shake.id, webhook_token=shake.token
    )
    return async_context.get().request(route, session=shake._session, payload=payload)


def sent(**payload: Any) -> Callable[[Ground], Awaitable[str]]:
    """A message with this payload."""
    return lambda ground: outcome(call(ground, "POST", f"/channels/{ground.channel_id}/messages", payload))


def rows(*components: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": 1, "components": list(components)}]


def button(**facts: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "a", "custom_id": "a"} | facts


def commands_of(*given: dict[str, Any]) -> Callable[[Ground], Awaitable[str]]:
    """A bulk overwrite of a guild's commands, which disturbs no global one."""

    async def put(ground: Ground) -> str:
        guild = ground.bot.guilds[0].id
        path = f"/applications/{ground.bot.application_id}/guilds/{guild}/commands"
        return await outcome(call(ground, "PUT", path, list(given)))

    return put


async def same_nonce(ground: Ground) -> str:
    path, payload = f"/channels/{ground.channel_id}/messages", {"content": "a", "nonce": "77", "enforce_nonce": True}
    first, second = [await call(ground, "POST", path, payload) for _ in range(2)]
    return "one message" if first["id"] == second["id"] else "two messages"


async def foreign_edit(ground: Ground) -> str:
    path = f"/channels/{ground.channel_id}/messages/{ground.message_id}"
    return await outcome(call(ground, "PATCH", path, {"content": "a"}))


async def long_thread(ground: Ground) -> str:
    path = f"/channels/{ground.channel_id}/messages/{ground.message_id}/threads"
    return await outcome(call(ground, "POST", path, {"name": "a" * 101}))


async def second_thread(ground: Ground) -> str:
    path = f"/channels/{ground.channel_id}/messages/{ground.message_id}/threads"
    await call(ground, "POST", path, {"name": "a"})
    return await outcome(call(ground, "POST", path, {"name": "a"}))


async def legacy_edit(ground: Ground) -> str:
    path = f"/channels/{ground.channel_id}/messages"
    made = await call(ground, "POST", path, {"flags": LAYOUT, "components": [TEXT]})
    return await outcome(call(ground, "PATCH", f"{path}/{made['id']}", {"content": "a"}))


def at(place: str) -> Callable[[Ground], Awaitable[str]]:
    return lambda ground: outcome(
        call(ground, "POST", f"/channels/{getattr(ground, place)}/messages", {"content": "a"})
    )


async def twice(ground: Ground) -> str:
    shake = await ground.interaction()
    await callback(shake, {"type": 5})
    return await outcome(callback(shake, {"type": 5}))


async def late(ground: Ground) -> str:
    shake = await ground.interaction()
    await ground.advance(4)
    return await outcome(callback(shake, {"type": 5}))


async def expired(ground: Ground) -> str:
    shake = await ground.interaction()
    await callback(shake, {"type": 5})
    await ground.advance(16 * 60)
    return await outcome(hook(shake, "PATCH", "/messages/@original", {"content": "a"}))


async def filled_in(ground: Ground) -> str:
    shake = await ground.interaction()
    await callback(shake, {"type": 5})
    follow_up = await hook(shake, "POST", "", {"content": "a"})
    original = await hook(shake, "GET", "/messages/@original")
    return "the reply" if follow_up["id"] == original["id"] else "another message"


async def capped(ground: Ground) -> str:
    shake = await ground.interaction(is_capped=True)
    await callback(shake, {"type": 4, "data": {"content": "a"}})
    results = [await outcome(hook(shake, "POST", "", {"content": "a"})) for _ in range(6)]
    return results[-1] if set(results[:-1]) == {"ok"} else str(results)


def replied(payload: dict[str, Any]) -> Callable[[Ground], Awaitable[str]]:
    async def put(ground: Ground) -> str:
        return await outcome(callback(await ground.interaction(), payload))

    return put


def _command(**facts: Any) -> dict[str, Any]:
    return {"name": "a", "description": "a", "type": 1} | facts


def _option(name: str, **facts: Any) -> dict[str, Any]:
    return {"name": name, "description": "a", "type": 3} | facts


MESSAGE, COMPONENTS, REPLIES = "resources/message", "components/reference", "interactions/receiving-and-responding"
COMMANDS, CODES = "interactions/application-commands", "topics/opcodes-and-status-codes"
_EMBED = {"description": "a" * 3001}
_MODAL = {
    "custom_id": "a",
    "components": [{"type": 18, "label": "a", "component": {"type": 4, "style": 1, "custom_id": "a"}}],
}

PROBES = (
    Probe("2,001 characters", "50035", MESSAGE, sent(content="a" * 2001)),
    Probe("an empty message", "50006", CODES, sent(content="")),
    Probe("6,002 characters in embeds", "50035", MESSAGE, sent(embeds=[_EMBED, _EMBED])),
    Probe("11 embeds", "50035", MESSAGE, sent(embeds=[{"title": "a"}] * 11)),
    Probe("a nonce of 26 characters", "50035", MESSAGE, sent(content="a", nonce="1" * 26)),
    Probe("an enforced nonce twice", "one message", MESSAGE, same_nonce),
    Probe(
        "mentions parsed and listed",
        "50035",
        MESSAGE,
        sent(content="a", allowed_mentions={"parse": ["users"], "users": ["1"]}),
    ),
    Probe("a reply to an unknown message", "50035", MESSAGE, sent(content="a", message_reference={"message_id": "1"})),
    Probe("an edit of another's message", "50005", CODES, foreign_edit),
    Probe("a message where the bot may not write", "50013", CODES, at("mute_id")),
    Probe("a message where the bot does not see", "50001", CODES, at("hidden_id")),
    Probe("a thread's name of 101 characters", "50035", "resources/channel", long_thread),
    Probe("a second thread of a message", "160004", CODES, second_thread),
    Probe(
        "6 buttons in a row",
        "50035",
        COMPONENTS,
        sent(content="a", components=rows(*(button(custom_id=str(n)) for n in range(6)))),
    ),
    Probe("a label of 81 characters", "50035", COMPONENTS, sent(content="a", components=rows(button(label="a" * 81)))),
    Probe(
        "a custom id of 101 characters",
        "50035",
        COMPONENTS,
        sent(content="a", components=rows(button(custom_id="a" * 101))),
    ),
    Probe("a custom id twice", "50035", COMPONENTS, sent(content="a", components=rows(button(), button()))),
    Probe(
        "a link with a custom id",
        "50035",
        COMPONENTS,
        sent(content="a", components=rows(button(style=5, url="https://a.example"))),
    ),
    Probe("a text component without the flag", "50035", COMPONENTS, sent(content="a", components=[TEXT])),
    Probe("content with the flag", "50035", COMPONENTS, sent(content="a", flags=LAYOUT, components=[TEXT])),
    Probe("content into a layout", "50035", COMPONENTS, legacy_edit),
    Probe("41 components", "50035", COMPONENTS, sent(flags=LAYOUT, components=[TEXT] * 41)),
    Probe(
        "40 components, one nested",
        "50035",
        COMPONENTS,
        sent(flags=LAYOUT, components=[{"type": 17, "components": [TEXT] * 40}]),
    ),
    Probe(
        "4,001 characters in a layout",
        "50035",
        COMPONENTS,
        sent(flags=LAYOUT, components=[TEXT | {"content": "a" * 2001}, TEXT | {"content": "a" * 2000}]),
    ),
    Probe(
        "a file that is not there",
        "50035",
        COMPONENTS,
        sent(flags=LAYOUT, components=[{"type": 13, "file": {"url": "attachment://a.txt"}}]),
    ),
    Probe("a second acknowledgement", "40060", CODES, twice),
    Probe("an acknowledgement after 3 s", "10062", REPLIES, late),
    Probe("an edit after 15 minutes", "50027", REPLIES, expired),
    Probe("the first follow-up to a deferral", "the reply", REPLIES, filled_in),
    Probe("a 6th follow-up of a user install", "40094", REPLIES, capped),
    Probe("choices for a command", "50035", REPLIES, replied({"type": 8, "data": {"choices": []}})),
    Probe("a deferred update for a command", "50035", REPLIES, replied({"type": 6})),
    Probe(
        "a modal's title of 46 characters", "50035", REPLIES, replied({"type": 9, "data": _MODAL | {"title": "a" * 46}})
    ),
    Probe("a command's description of 101", "50035", COMMANDS, commands_of(_command(description="a" * 101))),
    Probe("a command's name in capitals", "50035", COMMANDS, commands_of(_command(name="Ask"))),
    Probe("26 options", "50035", COMMANDS, commands_of(_command(options=[_option(f"o{n}") for n in range(26)]))),
    Probe(
        "a required option after others",
        "50035",
        COMMANDS,
        commands_of(_command(options=[_option("a"), _option("b", required=True)])),
    ),
    Probe(
        "a command of 8,001 characters",
        "50035",
        COMMANDS,
        commands_of(
            _command(
                options=[
                    _option(f"o{n}", choices=[{"name": f"{c}" * 60, "value": f"{c}"} for c in "abcdefg"])
                    for n in range(20)
                ]
            )
        ),
    ),
)
