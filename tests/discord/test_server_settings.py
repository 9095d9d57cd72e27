"""What admins choose for their server."""

import discord
import pytest
from simcord.env import Env

from bot.discord.i18n.phrases import phrases_in
from bot.discord.views.server_settings import setting_description, setting_key, settings_page
from bot.records.server_settings import ServerSettings
from tests.discord.admins import QUESTION, make_server
from tests.discord.places import several

ENGLISH = phrases_in("en")


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_setting_is_explained_in_every_language(language: str):
    for name in ServerSettings.model_fields:
        assert phrases_in(language).has(setting_key(name))


def test_what_a_setting_does_names_commands_as_people_see_them():
    told = [setting_description("count_unanswered", phrases_in(language)) for language in ("en", "de")]
    assert ["/insights" in told[0], "/einblicke" in told[1]] == [True, True]


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_longest_settings_fit_a_message(language: str):
    channels = tuple(range(10**18, 10**18 + 100))
    longest = ServerSettings(
        channels=channels,
        thread_channels=channels,
        hidden_publishers=tuple(f"*{number}* {'x' * 180}" for number in range(100)),
        hidden_collections=("shared",),
        log_channel=10**18,
    )
    text = "\n\n".join(settings_page(longest, channels, phrases_in(language)).blocks)
    assert len(text) <= 2000


async def test_settings_are_shown_changed_and_set_back(simcord_env: Env):
    server = make_server(simcord_env)
    shown = await server.run("settings show")
    assert all(name in shown for name in ServerSettings.model_fields)
    assert "`keep_days`: 30" in shown
    assert await server.run("settings set", setting="keep days", value="7") == "`keep_days` is now 7."
    assert "`keep_days`: **7**" in await server.run("settings show")
    assert await server.run("settings reset", setting="keep_days") == "`keep_days` is now 30."
    assert await server.acts() == [("settings set", "keep_days = 7"), ("settings reset", "keep_days = 30")]


# A value other than the default; those of channels are put in where they are.
VALUES = {
    "language": "de",
    "answer_style": "plain",
    "private_by_default": "on",
    "channels": "<#{}>",
    "thread_channels": "<#{}>",
    "hidden_publishers": "Harbour Herald",
    "hidden_collections": "shared",
    "questions_per_minute_member": "30",
    "questions_per_minute_server": "300",
    "keep_days": "7",
    "count_unanswered": "off",
    "written_answers": "off",
    "log_channel": "<#{}>",
    "time_zone": "Europe/Berlin",
}


async def test_every_setting_is_changed_shown_and_set_back(simcord_env: Env):
    assert set(VALUES) == set(ServerSettings.model_fields)
    server = make_server(simcord_env)
    before = await server.run("settings show")
    for setting, value in VALUES.items():
        told = await server.run("settings set", setting=setting, value=value.format(server.channel.id))
        assert f"`{setting}` is now" in told
    assert (await server.run("settings show")).count("**") == 2 * len(VALUES)
    for setting in VALUES:
        assert f"`{setting}` is now" in await server.run("settings reset", setting=setting)
    assert await server.run("settings show") == before


async def test_a_setting_works_at_once_and_only_in_its_server(simcord_env: Env):
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    await one.run("settings set", setting="private_by_default", value="on")
    assert (await one.alice.slash(one.channel, "ask", question=QUESTION)).ephemeral
    assert not (await two.alice.slash(two.channel, "ask", question=QUESTION)).ephemeral


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("keep_days", "9999", "Write a number from 1 to 365"),
        ("keep_dayz", "7", "Did you mean `keep_days`?"),
        ("hidden_collections", "discord-1", "Only the shared collection can be hidden"),
        ("hidden_collections", "shared, discord-1", "Only the shared collection can be hidden"),
        ("log_channel", "<#1234567890123456>", "can't see such a channel"),
        ("log_channel", "@everyone", "Type # and choose the channel"),
        ("language", "@everyone **x**", "Write one of `auto`, `en`, `de`, or default."),
        ("private_by_default", "maybe", "Write on or off."),
        ("channels", "general", "choose at most 100 channels"),
        ("hidden_publishers", "x" * 201, "names of up to 200 characters"),
        ("time_zone", "Mars", "Europe/Berlin"),
        ("quotes", "2", "`quotes` is a setting of single channels: choose one with the option `channel`."),
        ("hidden_publisher", "none", "Did you mean `hidden_publishers`?"),
    ],
)
async def test_what_can_not_be_set_is_explained(simcord_env: Env, setting: str, value: str, told: str):
    server = make_server(simcord_env)
    seen = await server.run("settings set", setting=setting, value=value)
    assert told in seen
    assert "@everyone" not in seen
    assert await server.acts() == []


@pytest.mark.usefixtures("in_german")
async def test_what_can_not_be_set_is_explained_in_german(simcord_env: Env):
    server = make_server(simcord_env)
    assert "Schreib eine Zahl von 1 bis 365" in await server.run("settings set", setting="keep_days", value="9999")
    assert "Schreib eines von `auto`" in await server.run("settings set", setting="language", value="xx")
    assert "gilt für einzelne Kanäle" in await server.run("settings reset", setting="answers")


async def test_a_hidden_publisher_that_no_article_has_is_told(simcord_env: Env, add_articles):
    server = make_server(simcord_env)
    add_articles(*several(1, publisher="Granite Post"), collection=f"discord-{server.guild.id}")
    told = await server.run("settings set", setting="hidden_publishers", value="granite post, Grannite **Post**")
    assert "no articles here that are known to be from Grannite \\*\\*Post\\*\\*." in told
    assert "⚠️" not in await server.run("settings set", setting="hidden_publishers", value="granite post")


async def test_the_shared_collection_can_be_hidden(simcord_env: Env):
    server = make_server(simcord_env)
    question = "Did Arland deny sending rockets to Borduria?"
    assert "sent rockets" in await server.run("ask", question=question)
    assert "is now shared" in await server.run("settings set", setting="hidden_collections", value="Shared")
    assert "denied on 5 March" not in await server.run("ask", question=question)
    assert "is now none" in await server.run("settings set", setting="hidden_collections", value="none")


async def test_the_log_channel_is_one_of_this_server_that_the_bot_may_write_to(simcord_env: Env):
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    foreign = f"<#{two.channel.id}>"
    assert "can't see such a channel" in await one.run("settings set", setting="log_channel", value=foreign)
    # Even one that got into the records otherwise is not written to.
    await simcord_env.bot.settings_cache.set(one.guild.id, "log_channel", foreign)
    await one.run("settings set", setting="keep_days", value="7")
    assert two.channel.last_message is None
    silent = {one.guild.me: discord.PermissionOverwrite(send_messages=False)}
    locked = one.guild.create_text_channel("locked", overwrites=silent)
    refused = await one.run("settings set", setting="log_channel", value=f"<#{locked.id}>")
    assert "can't write in that channel" in refused


async def test_whoever_turns_the_log_off_is_told_of_in_it(simcord_env: Env):
    server = make_server(simcord_env)
    log = server.guild.create_text_channel("log")
    await server.run("settings set", setting="log_channel", value=f"<#{log.id}>")
    await server.run("settings set", setting="log_channel", value="none")
    assert "log\\_channel = none" in log.last_message.content
    await server.run("settings set", setting="keep_days", value="7")
    assert "keep" not in log.last_message.content


async def test_names_and_values_are_offered(simcord_env: Env):
    server = make_server(simcord_env)

    async def offered(option: str, typed: str, **filled: str) -> list[str]:
        choices = await server.alice.autocomplete(server.channel, "settings set", option, typed, **filled)
        return [choice["value"] for choice in choices]

    assert set(await offered("setting", "")) == set(ServerSettings.model_fields)
    assert await offered("setting", "log") == ["log_channel"]
    assert await offered("value", "", setting="language") == ["auto", "en", "de"]
    assert await offered("value", "", setting="private_by_default") == ["on", "off"]
    assert await offered("value", "gen", setting="log_channel") == [f"<#{server.channel.id}>"]
    assert await offered("value", "courier", setting="hidden_publishers") == ["The Example Courier"]
    assert await offered("value", "", setting="no such setting") == []


async def test_publishers_of_another_server_are_not_offered(simcord_env: Env):
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    await one.add()
    choices = await two.alice.autocomplete(two.channel, "settings set", "value", "valley", setting="hidden_publishers")
    assert choices == []
