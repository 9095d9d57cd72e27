"""New articles that are posted to channels: which, where, how many, once, and what admins are told."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from simcord.env import Env

from bot.discord.bot import AttacheBot
from bot.discord.cogs.news import NewsCommands
from tests.discord.admins import Server, lines, make_server
from tests.discord.places import several
from tests.discord.screen import button_id, labels_of, text_of

AddArticles = Callable[..., None]


async def post(env: Env) -> None:
    """Has the bot look for new articles, as it does four times a minute."""
    cog = env.bot.get_cog("News")
    assert isinstance(cog, NewsCommands)
    await cog.desk.post_all()


def posted(channel: Any) -> list[str]:
    """What stands in a channel, oldest first."""
    return [text_of(message) for message in channel.history() if message.author.bot]


async def set_news(server: Server, channel: Any, source: str = "own", **options: Any) -> str:
    return await server.run("news set", channel=channel, source=source, **options)


async def test_new_articles_of_a_server_are_posted_once_with_headline_publisher_and_link(
    simcord_env: Env, add_articles: AddArticles
):
    server = make_server(simcord_env)
    news = server.guild.create_text_channel("news")
    await server.add(lines("Ferry sails"), "ferry.jsonl")
    assert "New articles are posted from now on" in await set_news(server, news)
    await post(simcord_env)
    assert posted(news) == []
    await server.add(lines("Ferry sails", "Bridge opens"), "more.jsonl")
    await post(simcord_env)
    await post(simcord_env)
    [message] = posted(news)
    assert message.startswith("**[Bridge opens](<https://news.example/1>)**\n-# ")
    assert "Harbour Herald" in message


async def test_articles_of_another_server_and_of_a_hidden_collection_are_not_posted(
    simcord_env: Env, add_articles: AddArticles
):
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    ours, shared = (one.guild.create_text_channel(name) for name in ("ours", "shared"))
    await set_news(one, ours)
    await set_news(one, shared, "shared")
    add_articles(*several(1), collection=f"discord-{two.guild.id}")
    add_articles(*several(1, publisher="Granite News"))
    await post(simcord_env)
    assert posted(ours) == []
    assert ["Granite News" in text for text in posted(shared)] == [True]
    await one.run("settings set", setting="hidden_collections", value="shared")
    add_articles({"title": "Late news", "body": "The quarry of Stonefield closed for good on Monday, it said."})
    await post(simcord_env)
    assert len(posted(shared)) == 1
    assert "no such feed" in await set_news(one, ours, "shared")
    assert await two.alice.autocomplete(two.channel, "news stop", "rule", "") == []
    for number in ("1", "9" * 20):
        assert "nothing like that" in await two.run("news stop", rule=number)


async def test_the_settings_of_a_channel_hold_for_what_is_posted_there(simcord_env: Env, add_articles: AddArticles):
    server = make_server(simcord_env)
    news = server.guild.create_text_channel("news")
    await set_news(server, news, "shared")
    for setting, value in (("language", "de"), ("publishers", "Granite News")):
        await server.run("settings set", setting=setting, value=value, channel=news)
    chalk = {"title": "Chalk is sold out", "body": "The shop of Erem sold its last chalk on Monday, it said."}
    add_articles(*several(1, publisher="Granite News"), {**chalk, "publisher": "Chalk News"})
    await post(simcord_env)
    [message] = [each for each in news.history() if each.author.bot]
    assert "Granite News" in text_of(message)
    assert "Zu diesem Artikel" in labels_of(message)


async def test_words_choose_and_a_role_is_notified_and_nobody_else(simcord_env: Env):
    server = make_server(simcord_env)
    news, role = server.guild.create_text_channel("news"), server.guild.create_role("readers", mentionable=True)
    told = await set_news(server, news, role=role, words="ferr, sanction ,", most=3)
    assert "at most 3 messages an hour · mentions" in told
    assert "only with: ferr, sanction" in told
    await server.add(lines("Ferry @everyone sails", "Bridge opens", text="It is open."), "more.jsonl")
    await post(simcord_env)
    [message] = [each for each in news.history() if each.author.bot]
    assert "Ferry" in text_of(message)
    [sent] = [
        each.json for each in simcord_env.http_requests if each.path.endswith(f"{news.id}/messages") and each.json
    ]
    assert sent["allowed_mentions"] == {"parse": [], "roles": [role.id]}
    assert sent["enforce_nonce"]
    assert "don't mention everyone" in await set_news(server, news, role=server.guild.default_role)


async def test_what_is_more_than_the_rate_comes_as_a_digest_and_nothing_is_lost(simcord_env: Env):
    server = make_server(simcord_env)
    news = server.guild.create_text_channel("news")
    await set_news(server, news, most=3)
    titles = [f"Barge number {number} sails" for number in range(40)]
    await server.add(lines(*titles), "many.jsonl")
    seen: list[int] = []
    for _hour in range(6):
        await post(simcord_env)
        await post(simcord_env)
        seen.append(len(posted(news)))
        await simcord_env.bot.records.run(
            lambda db: db.execute("UPDATE news_posts SET planned_at = '2020-01-01T00:00:00Z'")
        )
    assert seen[0] == 3
    assert all(later - before <= 3 for before, later in itertools.pairwise(seen))
    text = "\n".join(posted(news))
    assert [text.count(f"[{title}]") for title in titles] == [1] * 40
    assert "12 new articles" in text
    assert all(len(each) <= 4000 for each in posted(news))


async def test_an_announcement_is_published_only_if_the_admin_says_so(simcord_env: Env):
    server = make_server(simcord_env)
    plain, quiet, loud = (
        server.guild.create_text_channel("plain"), *map(server.guild.create_news_channel, ("quiet", "loud")),
    )  # fmt: skip
    assert "Only messages in an announcement channel" in await set_news(server, plain, publish=True)
    await set_news(server, quiet)
    assert "published to channels that follow" in await set_news(server, loud, publish=True)
    await server.add(lines("Ferry sails"), "ferry.jsonl")
    await post(simcord_env)
    await simcord_env.settle()
    await post(simcord_env)
    await simcord_env.settle()
    published = [each.path for each in simcord_env.http_requests if each.path.endswith("crosspost")]
    assert published == [f"/channels/{loud.id}/messages/{loud.last_message.id}/crosspost"]
    assert len(posted(quiet)) == 1


async def test_a_deleted_or_forbidden_channel_is_told_once_and_what_waits_comes_later(simcord_env: Env):
    server = make_server(simcord_env)
    log, gone, closed = (server.guild.create_text_channel(name) for name in ("log", "gone", "closed"))
    await server.run("settings set", setting="log_channel", value=f"<#{log.id}>")
    await set_news(server, gone)
    await set_news(server, closed)
    before = len(posted(log))
    simcord_env.backend.delete_channel(gone.id)
    simcord_env.inject_error("POST", f"/channels/{closed.id}/messages", status=403, code=50013, times=None)
    await server.add(lines("Ferry sails"), "ferry.jsonl")
    for _ in range(3):
        await post(simcord_env)
        await simcord_env.bot.records.run(lambda db: db.execute("UPDATE news_rules SET retry_at = ''"))
    told = [text for text in posted(log)[before:] if "can't post new articles" in text]
    assert len(told) == 2
    assert any("it was deleted" in text for text in told)
    assert any("I may not write there" in text for text in told)
    assert "⚠️ I may not write there." in await server.run("news list")
    simcord_env.backend.faults.clear()
    await post(simcord_env)
    assert ["Ferry sails" in text for text in posted(closed)] == [True]
    assert "I may not write there" not in await server.run("news list")


async def test_after_a_failure_a_rule_waits_longer_each_time(simcord_env: Env):
    server = make_server(simcord_env)
    news = server.guild.create_text_channel("news")
    await set_news(server, news)
    simcord_env.inject_error("POST", f"/channels/{news.id}/messages", status=403, code=50013, times=None)
    await server.add(lines("Ferry sails"), "ferry.jsonl")
    for _ in range(3):
        await post(simcord_env)
    requests = [each for each in simcord_env.http_requests if each.path.endswith(f"{news.id}/messages")]
    assert len([each for each in requests if each.method == "POST"]) == 1


async def test_a_message_whose_sending_was_cut_off_is_found_and_not_sent_again(
    simcord_env: Env, fresh_bot: Callable[[], AttacheBot]
):
    server = make_server(simcord_env)
    news = server.guild.create_text_channel("news")
    await set_news(server, news)
    await server.add(lines("Ferry sails", "Bridge opens"), "more.jsonl")
    await post(simcord_env)
    assert len(posted(news)) == 2
    await simcord_env.bot.records.run(lambda db: db.execute("UPDATE news_posts SET message_id = NULL"))
    await simcord_env.restart_bot(fresh_bot())
    await post(simcord_env)
    await post(simcord_env)
    assert len(posted(news)) == 2
    left = await simcord_env.bot.records.read(
        lambda db: db.execute("SELECT count(*) FROM news_posts WHERE message_id IS NULL").fetchone()[0]
    )
    assert left == 0


async def test_an_article_that_was_removed_meanwhile_is_not_posted(simcord_env: Env):
    server = make_server(simcord_env)
    news = server.guild.create_text_channel("news")
    await set_news(server, news, most=1)
    await server.add(lines("Ferry sails"), "ferry.jsonl")
    await post(simcord_env)
    await server.add(lines("Ferry sails", "Bridge opens"), "more.jsonl")
    await post(simcord_env)
    assert "one article waits" in await server.run("news list")
    await server.confirm("corpus undo", "undo-addition")
    await simcord_env.bot.records.run(
        lambda db: db.execute("UPDATE news_posts SET planned_at = '2020-01-01T00:00:00Z'")
    )
    await post(simcord_env)
    assert len(posted(news)) == 1


async def test_the_button_tells_those_who_may_read_it_about_the_article(simcord_env: Env):
    server = make_server(simcord_env)
    news = server.guild.create_text_channel("news")
    await set_news(server, news)
    await server.add(lines("Ferry sails"), "ferry.jsonl")
    await post(simcord_env)
    [message] = [each for each in news.history() if each.author.bot]
    pressed = await server.bob.click(message, custom_id=button_id(message, "news"))
    assert "Ferry sails" in text_of(pressed.response)
    assert "one passage" in text_of(pressed.response)
    await server.run("settings set", setting="hidden_publishers", value="Harbour Herald")
    pressed = await server.bob.click(message, custom_id=button_id(message, "news"))
    assert "Ferry sails" not in text_of(pressed.response)


async def test_rules_are_listed_changed_and_stopped(simcord_env: Env):
    server = make_server(simcord_env)
    news = server.guild.create_text_channel("news")
    assert "Nothing is posted yet" in await server.run("news list")
    await set_news(server, news, words="ferry")
    told = await set_news(server, news, most=2)
    assert "Changed." in told
    assert "-# Before: at most 6 messages an hour · only with: ferry" in told
    told = await server.run("news list")
    assert f"<#{news.id}> ← all articles of this server" in told
    assert "at most 2 messages an hour" in told
    assert "1 of at most 20" in told
    [choice] = await server.alice.autocomplete(server.channel, "news stop", "rule", "news")
    assert choice["name"] == "#news ← all articles of this server"
    assert "Stopped" in await server.run("news stop", rule=choice["value"])
    await server.add(lines("Ferry sails"), "ferry.jsonl")
    await post(simcord_env)
    assert posted(news) == []
    names = [each["value"] for each in await server.alice.autocomplete(server.channel, "news set", "source", "")]
    assert names == ["own", "shared"]


async def test_words_in_quotation_marks_are_searched_without_them_and_no_words_are_refused(simcord_env: Env):
    server = make_server(simcord_env)
    news = server.guild.create_text_channel("news")
    assert "There is no word" in await set_news(server, news, words='" , "')
    assert "Nothing is posted yet" in await server.run("news list")
    assert "only with: bridge opens, quay" in await set_news(server, news, words='"Bridge opens", „Quay“')
    await server.add(lines("Ferry sails", "Bridge opens"), "more.jsonl")
    await post(simcord_env)
    assert ["Bridge opens" in text for text in posted(news)] == [True]


async def test_a_rule_whose_articles_the_settings_leave_out_says_so(simcord_env: Env):
    server = make_server(simcord_env)
    news = server.guild.create_text_channel("news")
    await server.run("settings set", setting="collection", value="shared", channel=news)
    assert "⚠️ Nothing of it is posted" in await set_news(server, news)
    assert "⚠️" not in await set_news(server, server.channel)
    assert (await server.run("news list")).count("⚠️ Nothing of it is posted") == 1


@pytest.mark.usefixtures("in_german")
async def test_in_a_german_server_new_articles_are_told_in_german(simcord_env: Env):
    server = make_server(simcord_env)
    news = server.guild.create_text_channel("news")
    assert "Neue Artikel werden ab jetzt gemeldet" in await set_news(server, news, most=1)
    await server.run("settings set", setting="language", value="de")
    await server.add(lines("Ferry sails", "Bridge opens"), "more.jsonl")
    await post(simcord_env)
    [message] = [each for each in news.history() if each.author.bot]
    assert "2 neue Artikel" in text_of(message)
