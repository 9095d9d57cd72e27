"""What the bot says about itself and about what it keeps: `/help`, `/about`, `/privacy`, `/my-data`."""

import gzip
import json
import re
from datetime import UTC, datetime
from importlib import metadata

import discord
import pytest
import simcord.actors
from discord import app_commands
from simcord.env import Env

from bot.discord.cogs.about import export_file
from bot.discord.i18n.phrases import phrases_in
from bot.discord.scope import Scope
from bot.discord.transport.page import LONGEST_CONTENT
from bot.discord.views.guide import CommandEntry, Guide, about_page, help_page, privacy_page
from bot.records.audit import Act, record
from bot.records.members import export
from bot.records.retention import AUDIT_DAYS, DIRECT_MESSAGE_DAYS, REMOVED_SERVER_DAYS, UNANSWERED_DAYS
from bot.records.server_settings import ServerSettings
from bot.service.lookups import CorpusCounts
from bot.service.self_facts import distribution
from tests.discord.screen import button_id, labels_of, parts, text_of

QUESTION = "Did Arland deny sending rockets to Borduria?"
ENGLISH = phrases_in("en")


class Place:
    """A server with one channel, a member, and somebody who may manage it."""

    def __init__(self, env: Env) -> None:
        self.guild = env.create_guild()
        self.channel = self.guild.create_text_channel("general")
        self.alice = self.guild.add_member(env.create_user("alice"))
        managing = self.guild.create_role("managing", permissions=discord.Permissions(manage_guild=True))
        self.admin = self.guild.add_member(env.create_user("admin"), roles=[managing])

    async def read(self, name: str, member=None) -> str:
        """What a command shows, which must be for the member's eyes only."""
        result = await (member or self.alice).slash(self.channel, name)
        assert result.ephemeral
        return text_of(result.response)


@pytest.fixture
def here(simcord_env: Env) -> Place:
    return Place(simcord_env)


async def stored_about(env: Env, user_id: int) -> dict:
    return await env.bot.records.run(lambda db: export(db, user_id))


async def data_of(message) -> dict:
    """The file that an export carries, read as its reader would."""
    [attachment] = message.attachments
    return json.loads(await attachment.read())


async def test_help_names_every_command_of_members_once_with_its_description(here: Place, simcord_env: Env):
    text = await all_help(here, here.alice)
    for command in leaves(simcord_env.bot.tree):
        root = command.root_parent or command
        if root.default_permissions is None:
            assert text.count(f"</{command.qualified_name}:") == 1
            assert command.description in text.replace("\\", "")
    assert simcord_env.bot.user.mention in text
    assert "Check this claim" in text


async def test_commands_of_admins_are_shown_to_those_who_may_use_them_and_only_there(here: Place, simcord_env: Env):
    @app_commands.command(description="Sweeps the archive.")
    @app_commands.default_permissions(manage_guild=True)
    async def sweep(interaction: discord.Interaction) -> None: ...

    simcord_env.bot.tree.add_command(sweep)
    assert "sweep" not in await all_help(here, here.alice)
    assert "sweep" in await all_help(here, here.admin)
    assert "sweep" not in text_of((await here.admin.user.slash("help")).response)


async def test_the_pages_of_help_are_turned_and_a_member_gets_no_page_of_admins(
    here: Place, simcord_env: Env, fresh_bot
):
    @app_commands.command(description="Sweeps the archive.")
    @app_commands.default_permissions(manage_guild=True)
    async def sweep(interaction: discord.Interaction) -> None: ...

    bot = fresh_bot()
    simcord_env.bot.tree.add_command(sweep)
    shown = (await here.admin.slash(here.channel, "help")).response
    await simcord_env.restart_bot(bot)
    bot.tree.add_command(sweep)
    assert "sweep" not in text_of(shown)
    assert "sweep" in await read_on(here.admin, shown)
    again = (await here.admin.slash(here.channel, "help")).response
    result = await press(here.alice, again, buttons(again)[1]["custom_id"])
    assert result.acknowledged
    assert "sweep" not in text_of(again)


async def test_help_in_a_direct_message_and_where_the_bot_hears_nothing(here: Place):
    assert "direct message" in text_of((await here.alice.user.slash("help")).response)
    silent = help_page(Guide([CommandEntry("ask", "Ask.")], [], [], ""), 0, "help", ENGLISH)
    assert "Mention me" not in "\n".join(silent.blocks)


async def test_about_tells_version_corpus_and_model(here: Place):
    text = await here.read("about")
    assert metadata.version("attache") in text
    assert "One article from one publisher" in text
    assert "all-MiniLM-L6-v2" in text


def test_about_links_to_the_documentation_where_the_program_states_an_address():
    nothing = CorpusCounts(0, 0, 0, 0, None, None)
    with_link = about_page("1.0", "https://docs.example/attache", nothing, "m", ENGLISH)
    assert "](<https://docs.example/attache>)" in "\n".join(with_link.blocks)
    without = about_page("1.0", "javascript:alert(1)", nothing, "m", ENGLISH)
    assert "](" not in "\n".join(without.blocks)


def test_a_program_that_is_not_installed_still_has_a_version(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.service.self_facts.DISTRIBUTION", "no-such-distribution")
    assert distribution() == ("0", "")


async def test_privacy_tells_the_days_that_hold_here(here: Place, simcord_env: Env):
    await simcord_env.bot.settings_cache.set(here.guild.id, "keep_days", "7")
    text = await here.read("privacy")
    assert "votes on them: 7 days" in text
    assert f"direct messages: {DIRECT_MESSAGE_DAYS} days" in text
    assert f"without who asked: {UNANSWERED_DAYS} days" in text
    assert f"What admins did here: {AUDIT_DAYS} days" in text
    assert f"{REMOVED_SERVER_DAYS} days later" in text
    assert "also read every message" not in text


async def test_privacy_follows_what_admins_chose(here: Place, simcord_env: Env):
    await simcord_env.bot.settings_cache.set(here.guild.id, "count_unanswered", "off")
    await simcord_env.bot.settings_cache.set_in(here.guild.id, here.channel.id, "answers", "questions")
    text = await here.read("privacy")
    assert "not listed here" in text
    assert f"In <#{here.channel.id}> I also read every message" in text


async def test_privacy_in_a_direct_message_tells_of_nothing_else(here: Place):
    text = text_of((await here.alice.user.slash("privacy")).response)
    assert f"direct messages: {DIRECT_MESSAGE_DAYS} days" in text
    assert "in this server" not in text


async def test_an_export_holds_what_was_asked_and_only_that_of_the_asker(here: Place):
    await here.alice.slash(here.channel, "ask", question=QUESTION)
    await here.admin.slash(here.channel, "ask", question="Who sells granite?")
    result = await here.alice.slash(here.channel, "my-data export")
    assert result.ephemeral
    assert "One record about you" in text_of(result.response)
    stored = await data_of(result.response)
    assert [each["original"] for each in stored["asked"]] == [QUESTION]
    assert stored["user_id"] == str(here.alice.id)
    # In components v2 a file that no component names is not shown at all.
    assert any(part["type"] == 13 for part in parts(result.response))


async def test_an_export_of_nothing_says_so(here: Place):
    result = await here.alice.slash(here.channel, "my-data export")
    assert "I keep nothing about you" in text_of(result.response)
    assert (await data_of(result.response))["asked"] == []


async def test_an_export_reaches_those_who_want_plain_text(here: Place, simcord_env: Env):
    await simcord_env.bot.settings_cache.set(here.guild.id, "answer_style", "plain")
    result = await here.alice.slash(here.channel, "my-data export")
    assert "I keep nothing" in result.response.content
    assert (await data_of(result.response))["asked"] == []


def test_an_export_too_large_for_discord_is_packed():
    stored = {"asked": [{"original": "x" * 1000}] * 100}
    whole = export_file(stored, 10**6)
    assert (whole.filename, json.loads(whole.fp.read())) == ("my-data.json", stored)
    packed = export_file(stored, 10**4)
    assert packed.filename == "my-data.json.gz"
    assert json.loads(gzip.decompress(packed.fp.read())) == stored


async def test_delete_asks_first_then_deletes_and_says_what_stays(here: Place, simcord_env: Env):
    answer = (await here.alice.slash(here.channel, "ask", question=QUESTION)).response
    await here.admin.slash(here.channel, "ask", question=QUESTION)
    await here.alice.click(answer, custom_id=button_id(answer, "up"))
    act = Act(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", here.guild.id, here.alice.id, "corpus add", "granite.md")
    await simcord_env.bot.records.run(lambda db: record(db, act))

    shown = (await here.alice.slash(here.channel, "my-data delete")).response
    assert "Delete what I keep about you?" in text_of(shown)
    assert len((await stored_about(simcord_env, here.alice.id))["asked"]) == 1

    await here.alice.click(shown, label="Delete it all")
    text = text_of(shown)
    assert "Deleted: 2 records." in text
    assert f"One record of what you did as an admin stays with the server until {AUDIT_DAYS} days" in text
    assert labels_of(shown) == []
    left = await stored_about(simcord_env, here.alice.id)
    assert (left["asked"], left["feedback"], len(left["acts"])) == ([], [], 1)
    assert len((await stored_about(simcord_env, here.admin.id))["asked"]) == 1
    gone = await here.alice.click(answer, custom_id=button_id(answer, "quotes"))
    assert "no longer kept" in text_of(gone.response)


async def test_the_confirmation_works_after_a_restart(here: Place, simcord_env: Env, fresh_bot):
    await here.alice.slash(here.channel, "ask", question=QUESTION)
    shown = (await here.alice.slash(here.channel, "my-data delete")).response
    await simcord_env.restart_bot(fresh_bot())
    await here.alice.click(shown, label="Delete it all")
    assert "Deleted: one record." in text_of(shown)
    assert (await stored_about(simcord_env, here.alice.id))["asked"] == []


async def test_nothing_is_deleted_when_it_was_not_meant(here: Place, simcord_env: Env):
    await here.alice.slash(here.channel, "ask", question=QUESTION)
    shown = (await here.alice.slash(here.channel, "my-data delete")).response
    await here.alice.click(shown, label="Keep it")
    assert "Nothing was deleted" in text_of(shown)
    assert labels_of(shown) == []
    assert len((await stored_about(simcord_env, here.alice.id))["asked"]) == 1


@pytest.mark.parametrize("verb", ["forget-me", "forget-not"])
async def test_nobody_else_can_confirm(here: Place, simcord_env: Env, verb: str):
    for member in (here.alice, here.admin):
        await member.slash(here.channel, "ask", question=QUESTION)
    shown = (await here.alice.slash(here.channel, "my-data delete")).response
    result = await press(here.admin, shown, button_id(shown, verb))
    assert result.ephemeral
    assert "only do that with your own data" in text_of(result.response)
    assert "Delete what I keep about you?" in text_of(shown)
    for member in (here.alice, here.admin):
        assert len((await stored_about(simcord_env, member.id))["asked"]) == 1


async def test_data_is_handed_out_and_deleted_in_direct_messages_too(here: Place, simcord_env: Env):
    await here.alice.user.send_dm(QUESTION)
    result = await here.alice.user.slash("my-data export")
    assert [each["original"] for each in (await data_of(result.response))["asked"]] == [QUESTION]
    shown = (await here.alice.user.slash("my-data delete")).response
    await here.alice.user.click(shown, label="Delete it all")
    assert "Deleted: one record." in text_of(shown)
    assert (await stored_about(simcord_env, here.alice.id))["asked"] == []


@pytest.mark.usefixtures("in_german")
async def test_who_reads_german_is_told_in_german_with_the_names_they_see(here: Place):
    text = await here.read("help")
    assert "</suche:" in text
    assert "`/meine-daten löschen`" in text
    assert "Behauptung prüfen" in text
    assert "/search" not in text
    assert "</hilfe:" in await here.read("about")
    assert "30 Tage" in await here.read("privacy")
    shown = (await here.alice.slash(here.channel, "my-data delete")).response
    await here.alice.click(shown, label="Alles löschen")
    assert "Es gab nichts zu löschen" in text_of(shown)


async def test_every_name_has_a_translation_that_discord_takes(simcord_env: Env):
    german = phrases_in("de")
    for command in leaves(simcord_env.bot.tree):
        if type(command.binding).__name__ not in {"Lookup", "About"}:
            continue
        slug = command.qualified_name.replace(" ", "-")
        names = [f"command-{slug}", *(f"option-{slug}-{each.name}" for each in command.parameters)]
        for name in names:
            assert re.fullmatch(r"[-_\w]{1,32}", german.say(name)), name
            assert german.say(name) == german.say(name).lower()
            assert 1 <= len(german.say(f"{name}-description")) <= 100
            assert german.has(name)
            assert german.has(f"{name}-description")


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_page_is_longer_than_a_message(language: str):
    phrases = phrases_in(language)
    entries = [CommandEntry(f"command-{number}", "d" * 100) for number in range(60)]
    settings, channels = ServerSettings(), range(10**18, 10**18 + 100)
    guide = Guide(entries, ["Check this claim"] * 5, entries, "<@123456789012345678>")
    pages = [help_page(guide, page, "help", phrases) for page in range(20)]
    for page in (
        *pages,
        privacy_page(Scope(1, 2, 3, settings, phrases), channels),
        privacy_page(Scope(1, None, 3, settings, phrases)),
    ):
        assert len("\n\n".join(page.blocks)) <= LONGEST_CONTENT
    shown = "\n".join("\n".join(page.blocks) for page in pages)
    assert all(f"`/command-{number}`" in shown for number in range(60))


def leaves(tree: app_commands.CommandTree) -> list[app_commands.Command]:
    return [
        each
        for each in tree.walk_commands(type=discord.AppCommandType.chat_input)
        if isinstance(each, app_commands.Command)
    ]


async def all_help(place: Place, member) -> str:
    """Every page of the help."""
    return await read_on(member, (await member.slash(place.channel, "help")).response)


async def read_on(member, shown) -> str:
    """What a message shows, on this page and all that come after."""
    seen = text_of(shown)
    while (following := buttons(shown)[1:]) and not following[0].get("disabled"):
        await member.click(shown, custom_id=following[0]["custom_id"])
        seen += text_of(shown)
    return seen


def buttons(message) -> list[dict]:
    return [part for part in parts(message) if part["type"] == 2]


async def press(member, message, custom_id: str):
    """Presses a button whether or not this member's Discord shows it: what a hostile client can send."""
    stored = member._env.backend.get_message(message.channel_id, message.id)
    return await simcord.actors._component_interaction(member, stored, {"custom_id": custom_id, "component_type": 2})
