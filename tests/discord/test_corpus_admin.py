"""What admins do with their server's articles, and what nobody else can."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import discord
import pytest
from simcord.env import Env

from bot.discord.errors import NotAllowed
from bot.discord.i18n.phrases import phrases_in
from bot.discord.scope import server_collection
from tests.discord.admins import MINE, QUESTION, begin, lines, make_server
from tests.discord.screen import button_id, labels_of, text_of


async def test_all_answers_are_for_the_admin_alone(simcord_env: Env):
    server = make_server(simcord_env)
    for command in ("corpus list", "corpus status", "corpus undo", "corpus reindex", "settings show", "insights"):
        assert (await server.alice.slash(server.channel, command)).ephemeral


async def test_another_server_never_sees_the_article(simcord_env: Env):
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    await one.add()
    number = (await one.alice.autocomplete(one.channel, "corpus remove", "article", "Velden"))[0]["value"]
    assert "Velden" not in await two.run("ask", question=QUESTION)
    assert "no articles of its own" in await two.run("corpus list")
    assert await two.alice.autocomplete(two.channel, "corpus remove", "article", "Velden") == []
    assert "has no such article" in await two.confirm("corpus remove", "remove-article", article=number)
    assert "**This server's articles:** 0 in 0 passages" in await two.run("corpus status")
    assert await two.alice.autocomplete(two.channel, "ask", "publisher", "Valley") == []
    assert await one.own_articles() == ["Velden bridge closes for repairs"]


async def test_a_member_sees_no_admin_command(simcord_env: Env):
    server = make_server(simcord_env)
    offered = server.bob.available_commands(server.channel)
    assert not [name for name in offered if name.split()[0] in {"corpus", "settings", "insights"}]


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("corpus add", {"file": ("bridge.md", MINE)}),
        ("corpus remove", {"article": "1"}),
        ("corpus list", {}),
        ("corpus reindex", {"full": True}),
        ("corpus status", {}),
        ("corpus undo", {}),
        ("settings show", {}),
        ("settings set", {"setting": "language", "value": "de"}),
        ("settings reset", {"setting": "language"}),
        ("insights", {}),
    ],
)
async def test_a_member_whom_the_server_lets_through_is_refused(simcord_env: Env, command: str, options: dict):
    server = make_server(simcord_env)
    server.override(command.split(maxsplit=1)[0], server.bob)
    result = await server.bob.slash(server.channel, command, **options)
    assert result.ephemeral
    assert text_of(result.response) == "Only people with the permission Manage Server can do that."
    assert await server.acts() == []
    assert await server.own_articles() == []
    assert all(isinstance(error.original, NotAllowed) for error in simcord_env.errors)


async def test_a_member_whom_the_server_lets_through_is_offered_nothing(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add()
    for command in ("corpus", "settings"):
        server.override(command, server.bob)
    assert await server.bob.autocomplete(server.channel, "corpus remove", "article", "") == []
    assert await server.bob.autocomplete(server.channel, "settings set", "setting", "") == []
    assert await server.bob.autocomplete(server.channel, "settings set", "value", "", setting="language") == []


async def test_the_list_marks_state_controlled_publishers(simcord_env: Env, add_articles):
    server = make_server(simcord_env)
    article = {
        "title": "Ferry news",
        "url": "https://tass.com/1",
        "publisher": "TASS",
        "body": "The ferry sails again.",
    }
    add_articles(article, collection=server_collection(server.guild.id))
    assert "-# TASS (state-controlled) · " in await server.run("corpus list")


async def test_a_member_can_not_turn_the_pages_of_an_admins_list(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add(lines(*(f"Ferry news {number}" for number in range(8))), "ferry.jsonl")
    shown = (await server.alice.slash(server.channel, "corpus list")).response
    handler = simcord_env.bot.button_handlers[button_id(shown, "corpus-list").split(":")[1]]
    pressed = SimpleNamespace(
        guild_id=server.guild.id,
        user=server.bob,
        client=simcord_env.bot,
        permissions=discord.Permissions(send_messages=True),
        is_guild_integration=lambda: True,
    )
    with pytest.raises(NotAllowed):
        await handler(pressed, "", 1)


async def test_pages_of_the_list_turn_after_a_restart(simcord_env: Env, fresh_bot):
    server = make_server(simcord_env)
    await server.add(lines(*(f"Ferry news {number}" for number in range(8)), "Bridge"), "ferry.jsonl")
    shown = (await server.alice.slash(server.channel, "corpus list", words="ferry news")).response
    assert "8 articles. With “ferry news” in title or publisher." in text_of(shown)
    await simcord_env.restart_bot(fresh_bot())
    turned = await server.alice.click(shown, label="1 of 2 ▶")
    assert "Ferry news 1" in text_of(turned.response)
    assert "2 of 2 ▶" in labels_of(turned.response)


async def test_an_admin_removes_an_own_article_but_no_shared_one(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add()
    [choice] = await server.alice.autocomplete(server.channel, "corpus remove", "article", "bridge")
    assert choice["name"] == "Velden bridge closes for repairs · says it is from Valley Times · 2024-04-10"
    assert await server.alice.autocomplete(server.channel, "corpus remove", "article", "", shared=True) == []
    assert "has no such article" in await server.confirm("corpus remove", "remove-article", article="1")
    assert "Only the people who run me" in await server.confirm(
        "corpus remove", "remove-article", article="1", shared=True
    )
    assert "Removed: Velden bridge" in await server.confirm("corpus remove", "remove-article", article=choice["value"])
    assert "Velden bridge closes on" not in await server.run("ask", question=QUESTION)
    assert (await server.acts())[-1] == ("corpus remove", "no. 2, Velden bridge closes for repairs")
    assert "rockets" in await server.run("ask", question="Did Arland deny sending rockets to Borduria?")


async def test_only_operators_change_the_shared_collection(simcord_env: Env):
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    assert "Only the people who run me" in await one.add(shared=True)
    one.make_operator(one.alice)
    assert "One article added" in await one.add(shared=True)
    assert "Velden bridge closes on" in await two.run("ask", question=QUESTION)
    assert "Only the people who run me" in await two.confirm("corpus undo", "undo-addition", shared=True)
    assert "no addition" in await one.confirm("corpus undo", "undo-addition")
    assert "no addition" in await two.confirm("corpus undo", "undo-addition")
    assert "one article removed" in await one.confirm("corpus undo", "undo-addition", shared=True)
    assert "Velden bridge closes on" not in await two.run("ask", question=QUESTION)


async def test_an_operator_who_may_not_manage_the_server_is_refused(simcord_env: Env):
    server = make_server(simcord_env)
    server.make_operator(server.bob)
    server.override("corpus", server.bob)
    result = await server.bob.slash(server.channel, "corpus add", file=("a.md", MINE), shared=True)
    assert text_of(result.response) == "Only people with the permission Manage Server can do that."
    assert simcord_env.errors


async def test_a_second_admin_is_told_who_runs_what_and_how_far(simcord_env: Env, monkeypatch: pytest.MonkeyPatch):
    # Nobody may wait, as where enough others do already.
    monkeypatch.setattr("bot.discord.workers.jobs.MAX_WAITING", 0)
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    begin(one)
    here = await one.add()
    assert f"<@{one.alice.id}>" in here
    assert "Updating the index, 25% done" in here
    elsewhere = await two.add()
    assert elsewhere == "A job for another server is running, 25% done. Please try again when it is finished."
    status = await two.run("corpus status")
    assert "another server" in status
    assert str(one.alice.id) not in elsewhere + status
    assert "started by" in await one.run("corpus status")
    simcord_env.bot.jobs.current = None
    assert await one.own_articles() == []


async def test_a_full_reindex_is_possible_once_an_hour(simcord_env: Env):
    server = make_server(simcord_env)
    assert "up to date" in await server.run("corpus reindex", full=True)
    assert "once an hour. Please try again in" in await server.run("corpus reindex", full=True)
    assert "already up to date" in await server.run("corpus reindex")
    earlier = (datetime.now(UTC) - timedelta(minutes=61)).strftime("%Y-%m-%dT%H:%M:%SZ")
    await simcord_env.bot.records.run(lambda db: db.execute("UPDATE acts SET at = ?", (earlier,)) and None)
    assert "The index is up to date." in await server.run("corpus reindex", full=True)


async def test_acts_are_told_in_the_log_channel_without_a_ping(simcord_env: Env):
    server = make_server(simcord_env)
    log = server.guild.create_text_channel("log")
    assert "is now" in await server.run("settings set", setting="log_channel", value=f"<#{log.id}>")
    await server.add(name="@everyone.md")
    told = log.last_message.content
    assert told.startswith(f"<@{server.alice.id}> · `/corpus add` · ")
    assert "1 added" in told
    assert "@everyone" not in told
    assert log.last_message.mention_everyone is False
    simcord_env.inject_error("POST", f"/channels/{log.id}/messages", status=403, code=50013)
    assert "one article removed" in await server.confirm("corpus undo", "undo-addition")
    assert [act for act, _ in await server.acts()] == ["settings set", "corpus add", "corpus undo"]


async def test_status_tells_counts_and_the_state_of_the_index(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add()
    status = await server.run("corpus status")
    assert "**This server's articles:** 1 in 1 passages. Newest: <t:1712750400:D>." in status
    assert "**Shared articles:** 1 in" in status
    assert "The search index is up to date." in status
    assert "hashing@1" in status


@pytest.mark.usefixtures("in_german")
async def test_admins_who_read_german_are_told_in_german(simcord_env: Env):
    server, german = make_server(simcord_env), phrases_in("de")
    for command, options, told in (
        ("corpus add", {"file": ("bridge.md", MINE)}, "Ein Artikel neu"),
        ("corpus status", {}, "Artikel dieses Servers"),
        ("corpus undo", {}, "Das letzte Hinzufügen rückgängig machen?"),
        ("corpus list", {}, "Velden bridge"),
        ("corpus feed list", {}, german.say("feeds-none")),
        ("settings show", {}, german.say("settings-title")),
        ("settings set", {"setting": "keep_days", "value": "7"}, "jetzt 7"),
        ("insights", {}, german.say("insights-title")),
        ("corpus publisher", {"name": "TASS"}, german.say("failure-not-operator")),
    ):
        assert told in await server.run(command, **options), command


async def test_before_an_article_is_removed_it_is_named_and_can_be_kept(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add()
    [choice] = await server.alice.autocomplete(server.channel, "corpus remove", "article", "bridge")
    asked = (await server.alice.slash(server.channel, "corpus remove", article=choice["value"])).response
    assert "Remove this article for good?" in text_of(asked)
    assert "**Velden bridge closes for repairs**" in text_of(asked)
    assert "says it is from Valley Times · <t:1712750400:D>" in text_of(asked)
    kept = await server.alice.click(asked, custom_id=button_id(asked, "keep-articles"))
    assert text_of(kept.response) == "Nothing was removed."
    assert await server.own_articles() == ["Velden bridge closes for repairs"]


async def test_an_article_to_remove_may_be_named_by_its_title(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add()
    asked = (await server.alice.slash(server.channel, "corpus remove", article="velden bridge closes")).response
    assert "**Velden bridge closes for repairs**" in text_of(asked)
    assert "no such article" in await server.run("corpus remove", article="rockets")


async def test_how_much_of_the_quota_is_used_is_told_before_it_is_reached(simcord_env: Env):
    server = make_server(simcord_env)
    bot = simcord_env.bot
    bot.settings = bot.settings.model_copy(update={"articles_per_server": 10})
    assert "quota" not in await server.add()
    told = await server.add(lines(*(f"Ferry news {number}" for number in range(7))), "ferry.jsonl")
    full = "When it is full, nothing new comes in: remove articles, or ask my operator for more room."
    assert f"⚠️ Of its quota this server uses 8 of 10 articles and 0 of 4,000 MB. {full}" in told
    assert "⚠️ Of its quota this server uses 8 of 10 articles" in await server.run("corpus status")
    assert "it may have at most 10" in await server.add(lines("One", "Two", "Three"), "three.jsonl")
