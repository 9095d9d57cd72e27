"""What admins do with the feeds of their server, what nobody else can, and the polling while the bot runs."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from simcord.env import Env

from bot.discord.cogs.feeds import Feeds
from bot.discord.cogs.news import NewsCommands
from bot.discord.i18n.phrases import phrases_in
from bot.discord.scope import server_collection
from bot.discord.views.feeds import FEEDS_ON_A_PAGE, feeds_page
from bot.service.feeds import import_feeds, list_feeds
from tests.discord.admins import Server, make_server
from tests.discord.screen import button_id, text_of
from tests.feeds import Paper, newspaper, story
from tests.web import page, response

QUESTION = "Who denied that it had asked for mooring posts?"


@pytest.fixture
def paper(simcord_env: Env) -> Iterator[Paper]:
    with newspaper() as running:
        running.stories += [story(number) for number in range(2)]
        running.url = lambda path="/feed": f"http://127.0.0.1:{running.site.port}{path}"  # type: ignore[method-assign]
        bot = simcord_env.bot
        changed = {"allowed_hosts": f"127.0.0.1:{running.site.port}", "feed_delay_s": 0.0, "feeds_per_server": 3}
        bot.settings = bot.settings.model_copy(update=changed)
        yield running


def feeds_of(server: Server) -> list[str]:
    return [feed.url for feed in list_feeds(server.env.bot.settings, server_collection(server.guild.id))]


async def begin_polling(env: Env) -> None:
    """Has the bot begin to poll as it does once it is ready, with the settings and feeds of now."""
    cog = env.bot.get_cog("Feeds")
    assert isinstance(cog, Feeds)
    cog._stop.set()
    if cog._thread is not None:
        await asyncio.to_thread(cog._thread.join, 10)
    cog._stop, cog._thread = threading.Event(), None
    await cog.on_ready()


async def poll(env: Env) -> None:
    """Has the bot poll until every feed was."""
    await begin_polling(env)
    while True:
        await asyncio.sleep(0.05)
        found = await asyncio.to_thread(list_feeds, env.bot.settings)
        if found and all(feed.polled_at or feed.failures or feed.is_paused for feed in found):
            return


async def test_an_added_feed_is_polled_and_answers_questions(simcord_env: Env, paper: Paper):
    server = make_server(simcord_env)
    told = await server.run("corpus feed add", link=paper.url(), publisher="Velden Times")
    assert told.startswith("Added: Harbour Herald. It lists 2 entries; their articles arrive within minutes.")
    assert "- Council votes on item 1 · " in told
    assert await server.acts() == [("corpus feed add", paper.url())]
    await poll(simcord_env)
    for _ in range(100):
        answer = await server.run("ask", question=QUESTION)
        if "Blue Heron Lines" in answer:
            break
        await asyncio.sleep(0.1)
    assert "Blue Heron Lines" in answer
    assert "Working. Checked about every 15 minutes." in await server.run("corpus feed list")


async def test_another_server_sees_neither_feed_nor_articles(simcord_env: Env, paper: Paper):
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    await one.run("corpus feed add", link=paper.url())
    await poll(simcord_env)
    number = (await one.alice.autocomplete(one.channel, "corpus feed remove", "feed", "herald"))[0]["value"]
    assert "has no feeds yet" in await two.run("corpus feed list")
    for command in ("corpus feed remove", "corpus feed pause", "corpus feed check"):
        assert await two.alice.autocomplete(two.channel, command, "feed", "") == []
        assert "has no such feed" in await two.run(command, feed=number)
    assert "Blue Heron Lines" not in await two.run("ask", question=QUESTION)
    assert feeds_of(one) == [paper.url()]


async def test_a_feed_is_checked_paused_resumed_and_removed(simcord_env: Env, paper: Paper):
    server = make_server(simcord_env)
    await server.run("corpus feed add", link=paper.url())
    again = await server.run("corpus feed add", link=paper.url())
    assert again.startswith("This server has this feed already, and it stays as it is: Harbour Herald.")
    checked = await server.run("corpus feed check", feed="Harbour Herald")
    assert "Council votes on item 1" in checked
    assert "2 entries. Not read yet." in checked
    assert "Paused: Harbour Herald." in await server.run("corpus feed pause", feed=paper.url())
    assert "Paused." in await server.run("corpus feed list")
    assert "Resumed: " in await server.run("corpus feed pause", feed=paper.url(), resume=True)
    assert "⚠️" not in await server.run("news set", channel=server.channel, source="Harbour Herald")
    assert "Its articles stay" in await server.run("corpus feed remove", feed=paper.url())
    assert "⚠️ Nothing more comes." in await server.run("news list")
    assert feeds_of(server) == []
    assert [act for act, _ in await server.acts()] == [
        "corpus feed add", "corpus feed pause", "corpus feed pause", "news set", "corpus feed remove",
    ]  # fmt: skip


async def test_a_server_has_only_so_many_feeds(simcord_env: Env, paper: Paper):
    server = make_server(simcord_env)
    for number in range(3):
        paper.site.serve(f"/feed-{number}", response(paper.rss()))
        assert "Added" in await server.run("corpus feed add", link=paper.url(f"/feed-{number}"))
    paper.asked()
    assert "already has 3 feeds" in await server.run("corpus feed add", link=paper.url())
    assert paper.asked() == {}
    assert len(feeds_of(server)) == 3


@pytest.mark.parametrize("link", ["http://10.0.0.1/feed", "file:///etc/passwd", "http://127.0.0.1:9/feed"])
async def test_what_may_not_be_read_is_refused_with_a_sentence(simcord_env: Env, paper: Paper, link: str):
    server = make_server(simcord_env)
    told = await server.run("corpus feed add", link=link)
    assert told.endswith(".")
    assert feeds_of(server) == []


async def test_a_page_that_is_no_feed_is_told(simcord_env: Env, paper: Paper):
    server = make_server(simcord_env)
    paper.site.serve("/page", response(page()))
    assert "This is a web page, not a feed." in await server.run("corpus feed add", link=paper.url("/page"))


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("corpus feed add", {"link": "https://news.example/feed"}),
        ("corpus feed list", {}),
        ("corpus feed remove", {"feed": "1"}),
        ("corpus feed pause", {"feed": "1"}),
        ("corpus feed check", {"feed": "1"}),
    ],
)
async def test_a_member_whom_the_server_lets_through_is_refused(
    simcord_env: Env, paper: Paper, command: str, options: dict
):
    server = make_server(simcord_env)
    await server.run("corpus feed add", link=paper.url())
    server.override("corpus", server.bob)
    result = await server.bob.slash(server.channel, command, **options)
    assert result.ephemeral
    assert text_of(result.response) == "Only people with the permission Manage Server can do that."
    assert feeds_of(server) == [paper.url()]
    assert await server.bob.autocomplete(server.channel, "corpus feed remove", "feed", "") == []
    simcord_env.errors.clear()


async def test_pages_of_the_list_turn(simcord_env: Env, paper: Paper):
    server = make_server(simcord_env)
    many = [(f"https://news.example/feed-{number}", f"Feed {number} of many") for number in range(FEEDS_ON_A_PAGE + 1)]
    import_feeds(simcord_env.bot.settings, many, server_collection(server.guild.id))
    shown = (await server.alice.slash(server.channel, "corpus feed list")).response
    assert "Feed 0 of many" in text_of(shown)
    assert "attache:feed-list:" in str(shown.components)
    turned = await server.alice.click(shown, label="1 of 2 ▶")
    assert "Feed 8 of many" in text_of(turned.response)
    assert "Feed 0 of many" not in text_of(turned.response)


async def test_titles_of_feeds_ping_nobody_and_break_nothing(simcord_env: Env, paper: Paper):
    server = make_server(simcord_env)
    hostile = "@everyone [click](http://evil.example) " + "**x" * 400
    paper.site.serve("/feed", response(paper.rss().replace("<title>Harbour Herald", f"<title>{hostile}")))
    told = await server.run("corpus feed add", link=paper.url())
    listed = await server.run("corpus feed list")
    for text in (told, listed):
        assert "@everyone" not in text
        assert "[click](http" not in text
        assert len(text) < 2000
    found = list_feeds(simcord_env.bot.settings) * 20
    assert sum(map(len, feeds_page(found, 0, 20, phrases_in("de")).blocks)) < 2000


async def test_feeds_of_a_server_that_left_are_not_polled(simcord_env: Env, paper: Paper):
    server = make_server(simcord_env)
    await server.run("corpus feed add", link=paper.url())
    import_feeds(simcord_env.bot.settings, [(paper.url("/old"), "")], "discord-424242")
    cog = simcord_env.bot.get_cog("Feeds")
    assert isinstance(cog, Feeds)
    await cog.on_ready()
    assert [cog._is_wanted(feed) for feed in list_feeds(simcord_env.bot.settings)] == [True, False]


async def test_questions_are_answered_while_a_site_is_slow(simcord_env: Env, paper: Paper):
    server = make_server(simcord_env)
    await server.run("corpus feed add", link=paper.url())
    asked, answered = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def slow(_request: object, send: object) -> None:
        loop.call_soon_threadsafe(asked.set)
        answered.wait()
        send(response(paper.rss()))  # type: ignore[operator]

    paper.site.serve("/feed", slow)
    await begin_polling(simcord_env)
    await asked.wait()
    assert "Borduria" in await server.run("ask", question="Did Arland send rockets to Borduria?")
    answered.set()


async def test_what_a_feed_brought_is_shown_with_what_could_not_be_read(simcord_env: Env, paper: Paper):
    server = make_server(simcord_env)
    paper.stories.append(story(2))
    paper.site.serve("/story-2.html", response(b"", "404 Not Found"))
    added = (await server.alice.slash(server.channel, "corpus feed add", link=paper.url())).response
    await poll(simcord_env)
    for _ in range(100):
        shown = await server.alice.click(added, custom_id=button_id(added, "feed-came"))
        told = text_of(shown.response)
        if "3 articles have come in" in told and "Could not be read" in told:
            break
        await asyncio.sleep(0.1)
    # Of the page that is not there, the feed's own excerpt is kept.
    assert "3 articles have come in" in told
    assert "Council votes on item 1**" in told
    assert "one passage" in told
    assert "**Could not be read**" in told
    assert "story-2.html" in told


async def test_articles_of_a_feed_are_posted_even_if_another_feed_brought_them_first(simcord_env: Env, paper: Paper):
    server = make_server(simcord_env)
    news = server.guild.create_text_channel("news")
    paper.site.serve("/other", response(paper.rss()))
    await server.run("corpus feed add", link=paper.url())
    await poll(simcord_env)
    await server.run("corpus feed add", link=paper.url("/other"))
    other = (await server.alice.autocomplete(server.channel, "news set", "source", ""))[-1]["value"]
    assert "Harbour Herald" in await server.run("news set", channel=news, source=other)
    await poll(simcord_env)
    cog = simcord_env.bot.get_cog("News")
    assert isinstance(cog, NewsCommands)
    for _ in range(100):
        await cog.desk.post_all()
        if len(news.history()) == 2:
            break
        await asyncio.sleep(0.1)
    await cog.desk.post_all()
    assert sorted(text_of(each).splitlines()[0][3:26] for each in news.history()) == [
        "Council votes on item 0", "Council votes on item 1",
    ]  # fmt: skip


async def test_admins_are_told_once_before_feeds_fill_the_quota(simcord_env: Env, paper: Paper):
    bot = simcord_env.bot
    bot.settings = bot.settings.model_copy(update={"articles_per_server": 3})
    server = make_server(simcord_env)
    log = server.guild.create_text_channel("log")
    await server.run("settings set", setting="log_channel", value=f"<#{log.id}>")
    paper.stories.append(story(2))
    await server.run("corpus feed add", link=paper.url())
    await poll(simcord_env)
    for _ in range(2):
        await asyncio.sleep(0.3)
        await server.run("corpus feed pause", feed=paper.url(), resume=True)
        await begin_polling(simcord_env)
        for _ in range(100):
            told = [each for each in map(text_of, log.history()) if "quota" in each]
            if told:
                break
            await asyncio.sleep(0.1)
    assert len(told) == 1
    assert "use 100% of their quota: 3 of 3 articles" in told[0]
