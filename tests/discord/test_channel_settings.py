"""What admins choose for a channel: shown, changed and set back by command, and obeyed there alone."""

from collections.abc import Callable

import pytest
from simcord.env import Env

from bot.discord.i18n.phrases import phrases_in
from bot.discord.views.server_settings import channel_settings_page, setting_key
from bot.records.channel_settings import ChannelSettings
from tests.discord.admins import QUESTION as OWN_QUESTION
from tests.discord.admins import Server, make_server
from tests.discord.places import QUESTION
from tests.discord.screen import labels_of, text_of

pytestmark = pytest.mark.simcord(settle_timeout=120)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_setting_of_a_channel_is_explained_and_the_longest_fit_a_message(language: str):
    phrases = phrases_in(language)
    for name in ChannelSettings.model_fields:
        assert phrases.has(setting_key(name, ChannelSettings))
    longest = ChannelSettings(publishers=tuple(f"*{number}* {'x' * 180}" for number in range(100)))
    assert len("\n\n".join(channel_settings_page(longest, 10**18, phrases).blocks)) <= 2000


async def test_settings_of_a_channel_are_shown_changed_and_set_back(simcord_env: Env):
    server = make_server(simcord_env)
    other = server.guild.create_text_channel("other")
    before = await server.run("settings show", channel=other)
    assert all(f"`{name}`" in before for name in ChannelSettings.model_fields)
    for setting, value in (("answers", "quiet"), ("collection", "own"), ("language", "de"), ("quotes", "2"),
                           ("publishers", "The Example Courier")):  # fmt: skip
        told = await server.run("settings set", setting=setting, value=value, channel=other)
        assert told == f"`{setting}` is now {value} in <#{other.id}>."
    shown = await server.run("settings show", channel=other)
    assert shown.count("**") == 10
    assert f"<#{other.id}>" in await server.run("settings show")
    assert "**" not in await server.run("settings show", channel=server.channel)
    for setting in ChannelSettings.model_fields:
        await server.run("settings reset", setting=setting, channel=other)
    assert await server.run("settings show", channel=other) == before
    acts = await server.acts()
    assert acts[0] == ("settings set", f"answers = quiet (channel {other.id})")
    assert acts[-1] == ("settings reset", f"quotes = automatic (channel {other.id})")


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("answers", "questions", "Discord shows me only messages that mention me"),
        ("quotes", "9", "Write a number from 1 to 5"),
        ("collection", "theirs", "can't be"),
        ("keep days", "7", "`keep_days` is a setting of the whole server: leave the option `channel` out."),
        ("colour", "7", "The settings are `answers`, `collection`, `publishers`, `language`, `quotes`."),
    ],
)
async def test_what_can_not_be_set_for_a_channel_is_explained(simcord_env: Env, setting: str, value: str, told: str):
    server = make_server(simcord_env)
    assert told in await server.run("settings set", setting=setting, value=value, channel=server.channel)
    assert await server.acts() == []


async def test_a_channels_publisher_that_no_article_is_surely_from_is_told(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add()
    for name in ("Valley Times", "Valley Tmes"):
        told = await server.run("settings set", setting="publishers", value=name, channel=server.channel)
        assert f"no articles here that are known to be from {name}." in told


async def test_names_and_values_are_offered_for_a_channel(simcord_env: Env):
    server = make_server(simcord_env)

    async def offered(option: str, typed: str, **filled: object) -> list[str]:
        choices = await server.alice.autocomplete(
            server.channel, "settings set", option, typed, channel=server.channel, **filled
        )
        return [choice["value"] for choice in choices]

    assert set(await offered("setting", "")) == set(ChannelSettings.model_fields)
    assert await offered("value", "", setting="answers") == ["mentions", "quiet", "questions"]
    assert await offered("value", "courier", setting="publishers") == ["The Example Courier"]


def mention(server: Server, text: str) -> str:
    return f"<@{server.env.bot.user.id}> {text}"


async def choose(server: Server, name: str, value: str) -> None:
    await server.env.bot.settings_cache.set_in(server.guild.id, server.channel.id, name, value)


def own(channel) -> list[str]:
    return [text_of(each) for each in channel.history() if each.author.bot]


async def test_in_a_quiet_channel_only_commands_are_answered(simcord_env: Env):
    server = make_server(simcord_env)
    await choose(server, "answers", "quiet")
    await server.bob.send(server.channel, mention(server, QUESTION))
    await server.bob.send(server.channel, mention(server, "hello"))
    assert own(server.channel) == []
    assert "denied" in await server.run("ask", question=QUESTION)
    other = server.guild.create_text_channel("other")
    await server.bob.send(other, mention(server, QUESTION))
    assert len(own(other)) == 1


async def test_a_channel_searches_the_articles_that_were_chosen_for_it(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add()
    assert "The Velden bridge closes" in await server.run("ask", question=OWN_QUESTION)
    await choose(server, "collection", "shared")
    assert "The Velden bridge closes" not in await server.run("ask", question=OWN_QUESTION)
    await choose(server, "collection", "own")
    assert "The Velden bridge closes" in await server.run("ask", question=OWN_QUESTION)
    assert "denied on 5 March" not in await server.run("ask", question=QUESTION)


async def test_a_channel_quotes_only_its_publishers(simcord_env: Env, add_articles: Callable[..., None]):
    server = make_server(simcord_env)
    body = "The Velden bridge closes on Monday for repairs, transport minister Oskar Brandt said on Tuesday."
    bridge = {
        "title": "Velden bridge closes for repairs",
        "url": "https://valley.example/1",
        "publisher": "Valley Times",
    }
    add_articles(bridge | {"published_at": "2024-04-10", "body": body})
    await choose(server, "publishers", "Valley Times")
    assert "denied on 5 March" not in await server.run("ask", question=QUESTION)
    assert "The Velden bridge closes" in await server.run("ask", question=OWN_QUESTION)
    told = await server.run("ask", question=QUESTION, publisher="The Example Courier")
    assert "In this channel I only quote Valley Times" in told
    choices = await server.bob.autocomplete(server.channel, "ask", "publisher", "", question="x")
    assert [each["value"] for each in choices] == ["Valley Times"]


async def test_publishers_that_a_state_controls_are_marked_in_settings_and_where_another_is_refused(
    simcord_env: Env, add_articles: Callable[..., None]
):
    server = make_server(simcord_env)
    tass = {"title": "The Velden bridge closes", "url": "https://tass.com/1", "publisher": "TASS"}
    add_articles(tass | {"published_at": "2024-04-10", "body": "The Velden bridge closes on Monday, Olt said."})
    here = {"channel": server.channel}
    assert "TASS (state-controlled)" in await server.run("settings set", setting="publishers", value="TASS", **here)
    assert "**TASS (state-controlled)**" in await server.run("settings show", **here)
    told = await server.run("ask", question=QUESTION, publisher="The Example Courier")
    assert "In this channel I only quote TASS (state-controlled)." in told
    assert "TASS (state-controlled)" in await server.run("settings set", setting="hidden_publishers", value="TASS")
    assert "**TASS (state-controlled)**" in await server.run("settings show")


async def test_a_channel_speaks_its_language_and_its_threads_do_too(simcord_env: Env):
    server = make_server(simcord_env)
    await choose(server, "language", "de")
    await server.bob.send(server.channel, mention(server, "hello"))
    assert "Hallo!" in own(server.channel)[-1]
    thread = simcord_env.backend.create_thread(server.channel.id, "talk", server.bob.id)
    await simcord_env.settle()
    inside = next(each for each in server.channel.threads if each.id == thread.id)
    await server.bob.send(inside, mention(server, "hello"))
    assert "Hallo!" in own(inside)[-1]


@pytest.mark.parametrize("count", [1, 4])
async def test_a_channel_shows_as_many_quotes_as_were_chosen(
    simcord_env: Env, add_articles: Callable[..., None], count: int
):
    server = make_server(simcord_env)
    ministers = ("Anna Berg", "Boris Holt", "Clara Voss", "David Lund", "Erika Sand")
    add_articles(
        *(
            {
                "title": f"{name} on the dam",
                "url": f"https://dam.example/{name.split()[0]}",
                "publisher": f"Paper {name.split()[0]}",
                "body": f"The dam of Tolm holds, minister {name} of province {place} said in {name[:3]}stadt.",
            }
            for place, name in enumerate(ministers)
        )
    )
    await choose(server, "quotes", str(count))
    assert (await server.run("ask", question="Does the dam of Tolm hold?")).count("> “") == count


async def test_where_no_answers_are_allowed_ask_is_private_and_has_no_button_to_share(simcord_env: Env):
    server = make_server(simcord_env)
    other = server.guild.create_text_channel("other")
    await simcord_env.bot.settings_cache.set(server.guild.id, "channels", f"<#{other.id}>")
    refused = await server.bob.slash(server.channel, "ask", question=QUESTION)
    assert refused.ephemeral
    assert "denied" in text_of(refused.response)
    assert "Share" not in labels_of(refused.response)
    allowed = await server.bob.slash(other, "ask", question=QUESTION, private=True)
    assert "Share" in labels_of(allowed.response)
    # Forbidden after the answer came: the button says so, and posts nothing.
    await simcord_env.bot.settings_cache.set(server.guild.id, "channels", f"<#{server.channel.id}>")
    pressed = await server.bob.click(allowed.response, label="Share")
    assert "doesn't allow answers in this channel" in text_of(pressed.response)
    assert pressed.followups == []


async def test_the_settings_of_a_deleted_channel_are_deleted(simcord_env: Env):
    server = make_server(simcord_env)
    await choose(server, "answers", "quiet")
    simcord_env.backend.delete_channel(server.channel.id)
    await simcord_env.settle()
    left = await simcord_env.bot.records.run(lambda db: db.execute("SELECT count(*) FROM channel_settings").fetchone())
    assert left == (0,)
