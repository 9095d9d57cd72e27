"""Stories, coverage, timelines and pages about names: what members see, and that no server sees another's part."""

import re
from contextlib import closing

import pytest
from simcord.env import Env

from bot.discord.cogs.housekeeper import Housekeeper
from bot.discord.views.page_links import PageLinks
from bot.service.attache import Attache
from corpus.database import open_database
from index.schema import migrations as index_migrations
from tests.discord.admins import make_server
from tests.discord.places import QUESTION, Place, button_id_after
from tests.discord.screen import button_id, parts, text_of

# The first picture imports matplotlib, and the first search a model.
pytestmark = pytest.mark.simcord(settle_timeout=60)

ROCKETS = {
    "title": "Diplomats say Arland sent rockets to Borduria",
    "url": "https://valley.example/rockets",
    "publisher": "Valley Times",
    "published_at": "2024-03-04",
    "body": "Unnamed diplomats said on 3 March that Arland had sent rockets to Borduria. Arland's defence ministry "
    "did not answer. Borduria's army had said that the rockets were in use.",
}
COPY = {
    **ROCKETS,
    "title": "Arland sent rockets, diplomats say",
    "url": "https://tass.com/rockets",
    "publisher": "TASS",
}
QUARRY = {
    "title": "Quarry of Stonefield sells granite",
    "url": "https://quarry.example/1",
    "publisher": "Quarry Post",
    "published_at": "2024-03-05",
    "body": "The quarry of Stonefield sold four blocks of granite to a mason. It will close for the winter.",
}
SECRET = {
    **ROCKETS,
    "title": "Secret memo: Arland sent rockets",
    "url": "https://s.example/1",
    "publisher": "Guild Gazette",
}


def batched_words() -> list[list[str]]:
    """Words for sentences that are not alike."""
    every = """harbour mason violin granite orchard lantern glacier copper ferry meadow saddle anchor thunder pepper
    candle walnut marble saffron barley compass feather kettle ladder mirror needle oyster parsley quiver ribbon sable
    timber umber velvet willow yarrow zephyr acorn basalt cedar dune ember flint gravel hazel indigo juniper kelp linen
    """.split()
    return [every[first : first + 4] for first in range(0, 48, 4)]


def number_in(text: str) -> str:
    found = re.search(r"no\. (\d+)", text)
    assert found
    return found[1]


async def test_a_story_is_listed_opened_and_counts_only_what_may_be_read(here: Place, there: Place, add_articles):
    add_articles(ROCKETS, COPY, QUARRY)
    listed = await here.slash("story")
    assert listed.ephemeral
    assert "3 articles, 2 independent publishers" in text_of(listed.response)
    assert "granite" not in text_of(listed.response)
    opened = await here.member.click(listed.response, custom_id=button_id(listed.response, "story"))
    assert "The Example Courier" in text_of(opened.response)
    number = number_in(text_of(listed.response))
    assert "copy of no. " in await here.read("story", about=number)
    assert "Valley Times" in await here.read("story", about="rockets for Borduria")
    assert "no story for that" in await here.read("story", about="99999")
    before = await there.read("story")
    add_articles(SECRET, collection=here.collection)
    assert "4 articles" in await here.read("story")
    assert await there.read("story") == before
    assert "Guild" not in await there.read("coverage", about=number)
    assert "Guild Gazette" in await here.read("coverage", about=number)


async def test_stories_are_offered_by_title_and_date_and_only_those_that_may_be_read(
    here: Place, there: Place, add_articles
):
    add_articles(ROCKETS, COPY, QUARRY)
    add_articles(
        *({**QUARRY, "title": f"Quarry memo {each}", "url": f"https://s.example/{each}"} for each in "ab"),
        collection=here.collection,
    )
    for command in ("story", "coverage"):
        [offered] = await there.member.autocomplete(there.channel, command, "about", "rockets arland")
        assert offered["name"].endswith(" · 2024-03-05")
        assert number_in(await there.read("story", about="rockets")) == offered["value"]
        assert [each["value"] for each in await there.member.autocomplete(there.channel, command, "about", "")] == [
            offered["value"]
        ]
        mine = await here.member.autocomplete(here.channel, command, "about", "memo")
        assert "Quarry" in mine[0]["name"]
        for typed in ("memo", mine[0]["value"], "x" * 6000):
            assert await there.member.autocomplete(there.channel, command, "about", typed) == []
        assert (await here.member.autocomplete(here.channel, command, "about", f"no. {offered['value']}"))[0] == offered


async def test_answers_and_searches_name_the_story(here: Place, add_articles):
    add_articles(ROCKETS, QUARRY)
    assert "Story no. " in await here.read("search", query="rockets for Borduria")
    shown = text_of((await here.slash("ask", question="Which quarry sold granite to a mason?")).response)
    assert "Story" not in shown


async def test_coverage_tells_who_reports_who_copied_and_who_is_silent(here: Place, add_articles):
    pytest.importorskip("matplotlib")
    add_articles(ROCKETS, COPY, QUARRY)
    shown = (await here.slash("coverage", about="rockets Borduria")).response
    text = text_of(shown)
    by_states = text.index("state-controlled publishers")
    assert text.index("The Example Courier") < by_states < text.index("TASS")
    assert "only copies of Valley Times" in text
    assert "not on it**\nQuarry Post" in text
    pictures = [part for part in parts(shown) if part["type"] == 12]
    assert "3 publishers reported, from 4 Mar 2024 to 5 Mar 2024" in pictures[0]["items"][0]["description"]
    back = await here.member.click(shown, custom_id=button_id(shown, "story"))
    assert "Who reports it" in str([part.get("label") for part in parts(back.response)])
    again = await here.member.click(back.response, custom_id=button_id(back.response, "coverage"))
    assert "Quarry Post" in text_of(again.response)


async def test_a_timeline_dates_statements_and_marks_what_is_new_since_the_last_visit(
    here: Place, simcord_env: Env, add_articles
):
    first = text_of((await here.slash("timeline", question=QUESTION)).response)
    assert "denied" in first
    assert "since your last visit" not in first
    await simcord_env.bot.records.run(lambda db: db.execute("UPDATE asked SET asked_at = '2024-03-06T00:00:00Z'"))
    add_articles(
        {
            **ROCKETS,
            "title": "Arland again denies sending rockets",
            "url": "https://valley.example/again",
            "published_at": "2024-03-09",
            "body": "Arland denied on 8 March that it had sent rockets to Borduria. It called that an invention.",
        }
    )
    second = text_of((await here.slash("timeline", question=QUESTION)).response)
    assert "new to you" in second
    assert "since your last visit on <t:" in second
    assert "Tells of 8 Mar 2024 (“8 March”)" in second
    assert second.index("5 March 2024") < second.index("8 March that")
    assert "nothing to put in order" in await here.read("timeline", question="Who won the chess cup of Quellia?")
    assert "day" in await here.read("timeline", question=QUESTION, since="no such day")


async def test_the_button_under_an_answer_shows_its_timeline_to_whoever_presses_it(
    here: Place, there: Place, add_articles
):
    add_articles(
        *(
            {
                **ROCKETS,
                "title": f"Arland denial number {number}",
                "url": f"https://valley.example/{number}",
                "publisher": f"Paper {number}",
                "published_at": f"2024-03-{number:02}",
                "body": f"Arland denied sending rockets to Borduria, {', '.join(words)} told {words[0]} reporters.",
            }
            for number, words in enumerate(batched_words(), start=10)
        )
    )
    answer = (await here.slash("ask", question=QUESTION)).response
    pressed = await here.member.click(answer, custom_id=button_id(answer, "timeline"))
    assert pressed.ephemeral
    assert "What was said, and when" in text_of(pressed.response)
    first = text_of(pressed.response)
    turned = await here.member.click(pressed.response, custom_id=button_id_after(pressed.response, "timeline-page"))
    assert text_of(turned.response) != first


async def test_a_page_about_a_name_shows_stories_speakers_and_denials(here: Place, add_articles):
    add_articles(ROCKETS)
    text = await here.read("about-country", name="Borduria")
    assert "Latest stories" in text
    assert "2 articles, 2 independent publishers" in text
    assert "**Borduria's army**" in text
    assert "Arland's defence ministry denied" in await here.read("about-country", name="Arland")
    assert "No article that I read here names" in await here.read("about-country", name="Quellia")


async def test_an_admin_moves_articles_of_the_own_server_only(simcord_env: Env, add_articles):
    server = make_server(simcord_env)
    add_articles(ROCKETS)
    add_articles(SECRET, QUARRY, collection=f"discord-{server.guild.id}")
    shown = await server.run("story", about="rockets")
    number = number_in(shown)
    ids = re.findall(r"Secret memo.*?no\. (\d+)", shown.replace("\n", " "))
    assert "apart from story" in await server.run("stories split", number=int(number), articles=ids[0])
    assert "Secret memo" not in await server.run("story", about=number)
    created = number_in(await server.run("story", about="Secret memo"))
    assert created != number
    assert "part of story" in await server.run("stories merge", number=int(created), into=int(number))
    assert "was merged into this story" in await server.run("story", about=created)
    quarry = number_in(await server.run("story", about="granite"))
    shared_only = await server.run("stories split", number=int(number), articles="1")
    assert "is not in story" in shared_only
    offered = await server.alice.autocomplete(server.channel, "stories merge", "number", "", into=1)
    assert int(quarry) in {each["value"] for each in offered}
    other = make_server(simcord_env, "two")
    assert await other.alice.autocomplete(other.channel, "stories split", "number", "", articles="1") == []
    seen = await other.alice.autocomplete(other.channel, "stories merge", "into", "", number=1)
    assert {"granite" in each["name"] for each in seen} == {False}
    assert "There is no story" in await other.run("stories merge", number=int(quarry), into=int(number))
    assert "is this server's own" in await other.run("stories split", number=int(number), articles="1")


async def test_articles_of_an_older_release_are_grouped_by_the_bot_itself(
    here: Place, simcord_env: Env, attache: Attache, add_articles
):
    add_articles(ROCKETS)
    with closing(open_database(attache.settings.data_dir, (index_migrations,))) as db, db.atomic():
        db.execute("DELETE FROM story_articles")
        db.execute("INSERT INTO story_queue SELECT id FROM articles")
    assert "No two articles" in await here.read("story")
    housekeeper = simcord_env.bot.get_cog("Housekeeper")
    assert isinstance(housekeeper, Housekeeper)
    await housekeeper.group_stories()
    assert "2 articles" in await here.read("story")


async def test_articles_and_stories_lead_to_the_web_page_where_there_is_one(
    here: Place, simcord_env: Env, add_articles
):
    add_articles(ROCKETS)
    add_articles(SECRET, collection=here.collection)
    opened = "open on the page"
    assert opened not in await here.read("article", title="1") + await here.read("story", about="rockets for Borduria")
    simcord_env.bot.page_links = PageLinks("https://news.example")
    article = await here.read("article", title="Diplomats say Arland sent rockets")
    number = number_in(article)
    assert f"no. {number} · [{opened}](<https://news.example/article/{number}>)" in article
    story = await here.read("story", about="rockets for Borduria")
    assert re.search(rf"\[{opened}\]\(<https://news.example/story/\d+>\)", story)
    # On the page it would not be found.
    assert opened not in await here.read("article", title="Secret memo")
    answered = (await here.slash("ask", question=QUESTION)).response
    sources = await here.member.click(answered, custom_id=button_id(answered, "sources"))
    assert "(<https://news.example/article/" in text_of(sources.response)
