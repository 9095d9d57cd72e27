"""The message that a server gets once it has added the bot."""

from collections.abc import Callable
from typing import Any

import discord
from simcord.builders import GuildHandle
from simcord.env import Env

from bot.discord.bot import AttacheBot
from tests.discord.screen import button_id, text_of


async def join_again(env: Env, guild: GuildHandle, **places: int) -> discord.Guild:
    """The bot was removed from the server and joins it anew, which now names channels for messages to it."""
    env.backend.edit_guild(guild.id, places)
    await env.settle()
    found = env.bot.get_guild(guild.id)
    assert found is not None
    await happens(env, "on_guild_remove", found)
    await happens(env, "on_guild_join", found)
    return found


async def happens(env: Env, event: str, guild: discord.Guild) -> None:
    """Every part of the bot that listens hears of it."""
    for cog in env.bot.cogs.values():
        for name, listener in cog.get_listeners():
            if name == event:
                await listener(guild)
    await env.settle()


def greetings(channel: Any) -> list[str]:
    return [text for text in map(text_of, channel.history()) if "I answer questions from news articles" in text]


async def test_a_new_server_is_greeted_once_in_the_channel_that_it_names(
    simcord_env: Env, fresh_bot: Callable[[], AttacheBot]
):
    guild = simcord_env.create_guild("new")
    hall = guild.create_text_channel("hall")
    found = await join_again(simcord_env, guild, system_channel_id=hall.id)
    [told] = greetings(hall)
    for command in ("/ask", "/search", "/help", "/corpus add", "/corpus feed add", "/news set"):
        assert f"<{command}:" in told
    await happens(simcord_env, "on_guild_join", found)
    await happens(simcord_env, "on_guild_available", found)
    await simcord_env.restart_bot(fresh_bot())
    found = simcord_env.bot.get_guild(guild.id)
    assert found is not None
    await happens(simcord_env, "on_guild_join", found)
    [message] = hall.history()
    member = guild.add_member(simcord_env.create_user("bob"))
    pressed = await member.click(message, custom_id=button_id(message, "greeting"))
    assert pressed.ephemeral
    assert "How to ask me" in text_of(pressed.response)
    await join_again(simcord_env, guild, system_channel_id=hall.id)
    assert len(greetings(hall)) == 2


async def test_a_greeting_that_was_cut_off_is_finished_and_never_doubled(
    simcord_env: Env, fresh_bot: Callable[[], AttacheBot]
):
    guild = simcord_env.create_guild("new")
    hall = guild.create_text_channel("hall")
    await join_again(simcord_env, guild, system_channel_id=hall.id)
    for is_sent in (True, False):
        if not is_sent:
            simcord_env.backend.messages[hall.id].clear()
        await simcord_env.bot.records.run(
            lambda db: db.execute("UPDATE servers SET is_greeted = 0, greeting_nonce = 5, greeting_after = 1")
        )
        await simcord_env.restart_bot(fresh_bot())
        await simcord_env.settle()
        assert len(greetings(hall)) == 1


async def test_without_a_system_channel_the_updates_channel_or_the_inviter_is_told_in_the_servers_language(
    simcord_env: Env,
):
    guild = simcord_env.create_guild("new", preferred_locale="de")
    staff = guild.create_text_channel("staff")
    await join_again(simcord_env, guild, system_channel_id=None, public_updates_channel_id=staff.id)
    assert "Hallo! Ich beantworte Fragen" in text_of(staff.last_message)
    inviter = simcord_env.create_user("inviter")
    guild.add_member(inviter)
    simcord_env.backend.record_audit_log(
        guild.id, discord.AuditLogAction.bot_add.value, target_id=simcord_env.bot.user.id, user_id=inviter.id
    )
    await join_again(simcord_env, guild, public_updates_channel_id=None)
    assert "Hallo! Ich beantworte Fragen" in text_of(inviter.dm_channel.last_message)
