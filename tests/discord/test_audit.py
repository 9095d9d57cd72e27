"""What admins do is recorded, even where nobody can be shown that it was done."""

import json

from simcord.env import Env

from bot.discord.scope import server_collection
from bot.service.feeds import list_feeds
from tests.discord.admins import Server, make_server
from tests.discord.screen import button_id
from tests.feeds import newspaper


async def unshown(server: Server, command: str, **options: object) -> str:
    """Runs a command whose reply was dismissed; the act that was recorded last."""
    server.env.inject_error("PATCH", "/webhooks/*/messages/@original", status=404, code=10008, times=None)
    await server.alice.slash(server.channel, command, **options)
    server.env.backend.faults.clear()
    return (await server.acts())[-1][0]


async def unshown_after(server: Server, command: str, verb: str, **options: object) -> str:
    """Runs a command that asks first, and answers when its message is gone; the act that was recorded last."""
    asked = (await server.alice.slash(server.channel, command, **options)).response
    server.env.inject_error("PATCH", "/webhooks/*/messages/@original", status=404, code=10008, times=None)
    await server.alice.click(asked, custom_id=button_id(asked, verb))
    server.env.backend.faults.clear()
    return (await server.acts())[-1][0]


async def test_acts_on_articles_and_settings_are_recorded_although_the_reply_is_gone(simcord_env: Env):
    server = make_server(simcord_env)
    server.make_operator(server.alice)
    for act, options in (
        ("corpus add", {"file": ("one.jsonl", json.dumps({"title": "Ferry", "body": "It sails at noon."}).encode())}),
        ("settings set", {"setting": "answer_style", "value": "plain"}),
        ("settings reset", {"setting": "answer_style"}),
        ("corpus publisher", {"name": "The Example Courier", "kind": "newspaper"}),
    ):
        assert await unshown(server, act, **options) == act
    await server.add()
    number = (await server.alice.autocomplete(server.channel, "corpus remove", "article", "Velden"))[0]["value"]
    assert await unshown_after(server, "corpus remove", "remove-article", article=number) == "corpus remove"
    await server.add()
    assert await unshown_after(server, "corpus undo", "undo-addition") == "corpus undo"


async def test_acts_on_feeds_are_recorded_although_the_reply_is_gone(simcord_env: Env):
    server, bot = make_server(simcord_env), simcord_env.bot
    with newspaper() as paper:
        address = f"127.0.0.1:{paper.site.port}"
        paper.url = lambda path="/feed": f"http://{address}{path}"  # type: ignore[method-assign]
        bot.settings = bot.settings.model_copy(update={"allowed_hosts": address, "feed_delay_s": 0.0})
        assert await unshown(server, "corpus feed add", link=paper.url()) == "corpus feed add"
        (feed,) = list_feeds(bot.settings, server_collection(server.guild.id))
        assert await unshown(server, "corpus feed pause", feed=str(feed.id)) == "corpus feed pause"
        assert await unshown(server, "corpus feed remove", feed=str(feed.id)) == "corpus feed remove"
