"""Messages as people write them: what the bot does with each, and that none gets a verdict that it did not ask for."""

import json
from pathlib import Path
from typing import Any

import pytest
from simcord.env import Env

from tests.discord.news import attache, news_folder
from tests.discord.places import Place
from tests.discord.screen import text_of

__all__ = ["attache", "news_folder"]
pytestmark = pytest.mark.simcord(settle_timeout=60)

ROWS = [
    json.loads(line) for line in Path(__file__).with_name("messages.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_there_are_ninety_messages_of_every_kind():
    assert len(ROWS) >= 90
    assert {row["how"] for row in ROWS} == {"mention", "reply", "dm", "dm-after", "ask", "claim", "forward"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['how']}: {row['said'][:40]}")
async def test_a_message_gets_what_it_asks_for(here: Place, simcord_env: Env, row: dict[str, Any]):
    shown = await reply_to(here, simcord_env, row)
    assert [each for each in row["shows"] if each not in shown] == []
    assert [each for each in row["without"] if each in shown] == []


async def reply_to(here: Place, env: Env, row: dict[str, Any]) -> str:
    """What a member sees after a message, reactions included."""
    member, said = here.member, row["said"]
    match row["how"]:
        case "ask":
            return text_of((await member.slash(here.channel, "ask", question=said)).response)
        case "claim" | "forward":
            message = await member.send(here.channel, said)
            if row["how"] == "forward":
                message = await member.forward(message, here.channel)
            return text_of((await member.context_menu(here.channel, "Check this claim", message)).response)
        case "dm" | "dm-after":
            if row["after"]:
                await member.send_dm(row["after"])
            before = len(env.http_requests)
            await member.send_dm(said)
            return "\n".join(map(str, env.http_requests[before:]))
        case _:
            mention = f"<@{env.bot.user.id}> "
            given = {}
            if row["after"]:
                await member.send(here.channel, mention + row["after"])
                given = {"reply_to": here.channel.last_message}
            message = await member.send(here.channel, mention + said, **given)
            reactions = env.backend.get_message(here.channel.id, message.id).reactions
            return "\n".join([text_of(here.channel.last_message), *(each.emoji for each in reactions)])
