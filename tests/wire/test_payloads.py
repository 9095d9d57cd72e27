"""Every command that needs no options, in both languages: what it shows is within Discord's limits."""

from collections.abc import Iterator

import pytest

from bot.settings import Settings
from tests.wire.live_bot import ANSWER, QUESTION, connected
from tests.wire.script import make_place
from tests.wire.server import Server


def bare_commands(server: Server) -> Iterator[str]:
    """Names of commands that can be run as they are."""
    waiting = [(each["name"], each) for each in server.commands[0] if each["type"] == 1]
    while waiting:
        name, command = waiting.pop()
        inner = command.get("options") or []
        if any(each["type"] in (1, 2) for each in inner):
            waiting += [(f"{name} {each['name']}", each) for each in inner if each["type"] in (1, 2)]
        elif not any(each.get("required") for each in inner):
            yield name


@pytest.mark.parametrize("locale", ["en-US", "de"])
async def test_every_bare_command_shows_something_that_discord_takes(server: Server, settings: Settings, locale: str):
    place = make_place(server)
    place.alice.user.locale = locale
    async with connected(server, settings):
        names = sorted(bare_commands(server))
        assert {"help", "privacy", "settings show", "corpus status", "corpus feed list", "my-data delete"} <= set(names)
        for name in names:
            place.alice.runs(name)
            assert await place.alice.sees(), name
        # What fell back to plain text because a layout was refused would have been noticed as 50035.
        assert not [call for call in server.calls if call.status >= 400]


async def test_a_file_comes_with_its_message(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        place.bob.in_dms().runs("ask", question=QUESTION)
        await place.bob.in_dms().sees(ANSWER)
        place.bob.runs("my-data export")
        (attachment,) = (await place.bob.sees())["attachments"]
        path = attachment["url"].removeprefix("https://cdn.discordapp.com")
        assert QUESTION.encode() in server.world.uploads[path]
