"""What admins do with their server's articles, and what nobody else can."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simcord.env import Env

from bot.discord.failures import NotAllowed
from bot.discord.features.corpus import LONGEST_WORDS
from bot.discord.phrases import phrases_in
from bot.discord.scope import server_collection
from bot.discord.views.corpus import ARTICLES_ON_A_PAGE, added_page, list_page
from bot.records import audit
from corpus.article import ArticleFacts, Rejection
from corpus.articles import Articles
from corpus.catalog import list_articles
from corpus.ingest import IngestReport
from tests.discord.admins import MINE, QUESTION, Server, begin, make_server
from tests.discord.seen import button_id, labels_of, text_of
from tests.web import Site, page, response

COMMANDS = ("corpus add", "corpus remove", "corpus list", "corpus reindex", "corpus status", "corpus undo")


async def own_articles(server: Server) -> list[str | None]:
    """The titles of a server's own articles, as they are stored."""
    within = (server_collection(server.guild.id),)
    shelves = server.env.bot.shelves

    def read(db):
        return [each.title for each in Articles(db).facts(list_articles(db, within)).values()]

    return await shelves.run(read)


def lines(*titles: str, text: str = "The ferry sails at noon on weekdays, the harbour office said.") -> bytes:
    """A JSONL file with one article a title, each with an address of its own."""
    records = [
        {
            "title": title,
            "url": f"https://news.example/{place}",
            "publisher": "Harbour Herald",
            "body": f"{title}. {text}",
        }
        for place, title in enumerate(titles)
    ]
    return "\n".join(map(json.dumps, records)).encode()


async def test_an_added_file_is_told_and_answers_questions(simcord_env: Env):
    server = make_server(simcord_env)
    told = await server.add()
    assert "One article added, 0 updated, 0 unchanged." in told
    assert "Velden bridge closes on" in await server.run("ask", question=QUESTION)
    assert await server.acts() == [("corpus add", "bridge.md: 1 added, 0 updated, 0 unchanged, 0 rejected")]


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
    assert "has no such article" in await two.run("corpus remove", article=number)
    assert "**This server's articles:** 0 in 0 passages" in await two.run("corpus status")
    assert await two.alice.autocomplete(two.channel, "ask", "publisher", "Valley") == []
    assert await own_articles(one) == ["Velden bridge closes for repairs"]


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
    assert text_of(result.response) == "You may not do that here."
    assert await server.acts() == []
    assert await own_articles(server) == []
    assert all(isinstance(error.original, NotAllowed) for error in simcord_env.errors)


async def test_a_member_whom_the_server_lets_through_is_offered_nothing(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add()
    for command in ("corpus", "settings"):
        server.override(command, server.bob)
    assert await server.bob.autocomplete(server.channel, "corpus remove", "article", "") == []
    assert await server.bob.autocomplete(server.channel, "settings set", "setting", "") == []
    assert await server.bob.autocomplete(server.channel, "settings set", "value", "", setting="language") == []


async def test_a_member_can_not_turn_the_pages_of_an_admins_list(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add(lines(*(f"Ferry news {number}" for number in range(8))), "ferry.jsonl")
    shown = (await server.alice.slash(server.channel, "corpus list")).response
    handler = simcord_env.bot.presses["corpus-list"]
    assert "corpus-list" in button_id(shown, "corpus-list")

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
    assert choice["name"] == "Velden bridge closes for repairs · Valley Times · 2024-04-10"
    assert await server.alice.autocomplete(server.channel, "corpus remove", "article", "", shared=True) == []
    assert "has no such article" in await server.run("corpus remove", article="1")
    assert "You may not" in await server.run("corpus remove", article="1", shared=True)
    assert "Removed: Velden bridge" in await server.run("corpus remove", article=choice["value"])
    assert "Velden bridge closes on" not in await server.run("ask", question=QUESTION)
    assert (await server.acts())[-1] == ("corpus remove", "no. 2, Velden bridge closes for repairs")
    assert "rockets" in await server.run("ask", question="Did Arland deny sending rockets to Borduria?")


async def test_only_operators_change_the_shared_collection(simcord_env: Env):
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    assert "You may not" in await one.add(shared=True)
    one.make_operator(one.alice)
    assert "One article added" in await one.add(shared=True)
    assert "Velden bridge closes on" in await two.run("ask", question=QUESTION)
    assert "You may not" in await two.run("corpus undo", shared=True)
    assert "no addition" in await one.run("corpus undo")
    assert "no addition" in await two.run("corpus undo")
    assert "one article removed" in await one.run("corpus undo", shared=True)
    assert "Velden bridge closes on" not in await two.run("ask", question=QUESTION)


async def test_an_operator_who_may_not_manage_the_server_is_refused(simcord_env: Env):
    server = make_server(simcord_env)
    server.make_operator(server.bob)
    server.override("corpus", server.bob)
    result = await server.bob.slash(server.channel, "corpus add", file=("a.md", MINE), shared=True)
    assert text_of(result.response) == "You may not do that here."
    assert simcord_env.errors


async def test_undo_takes_back_what_was_added_then_what_was_updated(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add(lines("Ferry sails"), "ferry.jsonl")
    await server.add(
        lines("Ferry sails", "Bridge opens", text="It sails at midnight only, the office corrected."), "f2.jsonl"
    )
    assert sorted(await own_articles(server)) == ["Bridge opens", "Ferry sails"]
    assert "at midnight" in await server.run("ask", question="When does the ferry sail?")
    told = await server.run("corpus undo")
    assert "one article removed, 1 with the former text again" in told
    answer = await server.run("ask", question="When does the ferry sail?")
    assert "at noon" in answer
    assert "midnight" not in answer
    assert "one article removed, 0 with" in await server.run("corpus undo")
    assert await own_articles(server) == []
    assert "no addition" in await server.run("corpus undo")
    assert [act for act, _ in await server.acts()] == ["corpus add"] * 2 + ["corpus undo"] * 2


async def test_undo_of_one_server_leaves_the_others_alone(simcord_env: Env):
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    await one.add()
    assert "no addition" in await two.run("corpus undo")
    assert await own_articles(one)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.md", b"", "The file is empty"),
        ("blank.md", b" \n\n ", "It is empty."),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "Nothing was taken in"),
        ("program.exe", b"MZ", "ends in .md, .txt, .html, .jsonl"),
        ("articles.jsonl.gz", b"\x1f\x8b", "ends in .md, .txt, .html, .jsonl"),
        ("noname", b"text", "ends in .md, .txt, .html, .jsonl"),
        ("broken.jsonl", b'{"title": "x"\n[1, 2]\n', "2 were rejected"),
        ("huge.txt", b"a" * (1024 * 1024 + 1), "at most 1 MB"),
    ],
)
async def test_hostile_files_are_refused_in_a_sentence(simcord_env: Env, name: str, content: bytes, told: str):
    server = make_server(simcord_env)
    bot = simcord_env.bot
    bot.settings = bot.settings.model_copy(update={"max_article_mb": 1})
    seen = await server.add(content, name)
    assert told in seen
    assert len(seen) <= 2000
    assert await own_articles(server) == []


async def test_a_file_in_another_encoding_is_read(simcord_env: Env):
    server = make_server(simcord_env)
    text = "title\n\nDie Brücke über die Förde wird am Montag für sechs Wochen gesperrt, sagte der Minister. " * 5
    assert "One article added" in await server.add(text.encode("cp1252"), "brücke ../..\\x.txt")


async def test_many_rejections_stay_within_the_limits_and_are_escaped(simcord_env: Env):
    server = make_server(simcord_env)
    told = await server.add(b'{"body": "@everyone **x**", "title": 5}\n' * 300, "@everyone [x](http:__a).jsonl")
    assert "300 were rejected" in told
    assert "and 294 more" in told
    assert "@everyone" not in told
    assert len(told) <= 2000


@given(st.lists(st.text(max_size=3000), min_size=1, max_size=12))
def test_whatever_a_file_says_every_page_fits_a_message(texts: list[str]):
    hostile = [text + "*" * 2000 for text in texts]
    told = [Rejection(text, text, text) for text in hostile]
    facts = [
        ArticleFacts(
            10**9, "c", f"https://n.example/{'(' * 190}", None, text, text, text, "2024-09-09", text, "", "", text
        )
        for text in hostile[:ARTICLES_ON_A_PAGE]
    ]
    for language in ("en", "de"):
        phrases = phrases_in(language)
        for made in (
            added_page(IngestReport(10**6, 10**6, 10**6, 0, told, told), phrases),
            list_page(facts, "*" * LONGEST_WORDS, 3, 10**6, "corpus-list", phrases),
        ):
            assert len("\n\n".join(made.blocks)) <= 2000
            assert made.layout().content_length() <= 4000


async def test_neither_link_nor_file_and_both_are_explained(simcord_env: Env):
    server = make_server(simcord_env)
    assert await server.run("corpus add") == "Give either a link or a file."
    assert "either" in await server.run("corpus add", link="https://example.org", file=("a.md", MINE))
    assert await server.acts() == []


async def test_a_link_is_fetched_and_told_and_its_password_is_not_recorded(simcord_env: Env):
    server = make_server(simcord_env)
    with Site().running() as site:
        site.serve("/story", response(page()))
        bot = simcord_env.bot
        bot.settings = bot.settings.model_copy(update={"allowed_hosts": f"127.0.0.1:{site.port}"})
        link = f"http://127.0.0.1:{site.port}/story"
        assert "One article added" in await server.run("corpus add", link=link)
        assert "0 articles added, 0 updated, 1 unchanged" in await server.run("corpus add", link=link)
        secret = await server.run("corpus add", link=f"http://me:hunter2@127.0.0.1:{site.port}/story")
        missing = await server.run("corpus add", link=f"http://127.0.0.1:{site.port}/missing")
    assert await own_articles(server) == ["Ferry line to Marn Island reopens"]
    assert "One was rejected" in secret
    assert "Nothing was taken in" in missing
    assert "hunter2" not in secret + str(await server.acts())
    assert "one article removed" in await server.run("corpus undo")


@pytest.mark.parametrize(
    "link",
    ["http://127.0.0.1/x", "http://169.254.169.254/latest", "file:///etc/passwd", "ftp://x.example/", "just words"],
)
async def test_links_into_the_machine_are_refused(simcord_env: Env, link: str):
    server = make_server(simcord_env)
    told = await server.run("corpus add", link=link)
    assert "One was rejected" in told or "no file or folder" in told
    assert "root:" not in told
    assert await own_articles(server) == []


async def test_a_path_is_never_taken_for_a_link(simcord_env: Env, tmp_path: Path):
    server = make_server(simcord_env)
    (tmp_path / "secret.md").write_text("The operator's secret plan is to move to the Marn valley in June.", "utf-8")
    for path in (str(tmp_path / "secret.md"), "secret.md", f"file://{tmp_path}/secret.md"):
        told = await server.run("corpus add", link=path)
        assert "rejected" in told
    assert await own_articles(server) == []


async def test_a_second_admin_is_told_who_runs_what_and_how_far(simcord_env: Env):
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    begin(one)
    here = await one.add()
    assert f"<@{one.alice.id}>" in here
    assert "Bringing the index up to date, 25% done" in here
    elsewhere = await two.add()
    assert elsewhere == "Work for another server is under way, 25% done. Please try again when it is over."
    status = await two.run("corpus status")
    assert "another server" in status
    assert str(one.alice.id) not in elsewhere + status
    assert "begun by" in await one.run("corpus status")
    simcord_env.bot.jobs.current = None
    assert await own_articles(one) == []


async def test_a_full_reindex_is_possible_once_an_hour(simcord_env: Env):
    server = make_server(simcord_env)
    assert "up to date" in await server.run("corpus reindex", full=True)
    assert "once an hour; please try again in" in await server.run("corpus reindex", full=True)
    assert "up to date already" in await server.run("corpus reindex")
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
    assert not log.last_message.mentions or not log.last_message.mention_everyone
    simcord_env.inject_error("POST", f"/channels/{log.id}/messages", status=403, code=50013)
    assert "one article removed" in await server.run("corpus undo")
    assert [act for act, _ in await server.acts()] == ["settings set", "corpus add", "corpus undo"]


async def test_status_tells_counts_and_the_state_of_the_index(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add()
    status = await server.run("corpus status")
    assert "**This server's articles:** 1 in 1 passages. The newest is of <t:1712750400:D>." in status
    assert "**Shared articles:** 1 in" in status
    assert "The search index is up to date." in status
    assert "hashing@1" in status


async def test_the_last_addition_is_recorded_for_its_server(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add()
    last = await simcord_env.bot.records.run(lambda db: audit.last_addition(db, server.guild.id))
    assert last is not None
    assert (len(last.added), last.updated, last.user_id) == (1, (), server.alice.id)
