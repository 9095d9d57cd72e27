"""What holds for every look-up: nothing that may not be read here, nothing that pings, in the reader's language."""

import re

import pytest
from simcord.env import Env

from bot.discord.transport.page import LONGEST_LAYOUT
from tests.discord.places import QUESTION, Place, several
from tests.discord.screen import text_of

SECRET = {
    "title": "Secret memo on the harbour wall",
    "url": "https://secret.example/memo",
    "publisher": "Guild Gazette",
    "published_at": "2031-07-09",
    "body": "The harbour wall memo says that Arland's masons will mend the harbour wall in July. "
    "Rockets are not mentioned in the harbour wall memo.",
}
HOSTILE = {
    "title": "@everyone **free** [click](https://evil.example) <@123456789012345678> \u202egnp \u200b# <t:1:R> `x`",
    "url": "https://odd.example/a(b)c?d=<e>",
    "publisher": "# ~~Odd~~ @here || Press",
    "author": "*Nobody* " * 400,
    "published_at": "2024-02-02",
    "body": "Zebras of Quand crossed the @everyone river on **Monday**. They came back on Tuesday with ~~gifts~~.",
}


async def test_a_private_article_shows_in_its_own_server_and_nowhere_else(here: Place, there: Place, add_articles):
    elsewhere = {name: await there.read(name) for name in ("sources", "about")}
    counted = without_times(await there.read("status"))
    add_articles(SECRET, collection=here.collection)
    number = re.search(r"no\. (\d+)", await here.read("article", title="secret memo"))[1]
    assert "Guild Gazette" in await here.read("sources")
    assert "2 articles from 2 publishers" in await here.read("status")
    assert "harbour wall" in await here.read("search", query="harbour wall memo")
    assert any("Secret memo" in title for title in await here.titles("secret"))

    dm = here.member.user
    direct = [text_of((await dm.slash(name, **options)).response) for name, options in look_ups(number)]
    other = [await there.read(name, **options) for name, options in look_ups(number)]
    for text in (*direct, *other):
        assert "harbour wall" not in text.replace("harbour wall memo”", "")
        assert "Guild Gazette" not in text.replace("only Guild Gazette", "")
        assert "2031" not in text
        assert "secret.example" not in text
    assert {name: await there.read(name) for name in elsewhere} == elsewhere
    assert without_times(await there.read("status")) == counted
    assert "One article from one publisher" in text_of((await dm.slash("status")).response)
    assert await there.titles("secret") == await there.titles("harbour") == []
    assert await dm.autocomplete("article", "title", "secret") == []
    assert await there.member.autocomplete(there.channel, "search", "publisher", "Guild") == []


WIRE = "Masons of Stonefield found a chest of copper coins below the old quarry wall on Sunday morning. " + " ".join(
    f"Coin number {number} bears the head of king {name} and weighs {number} grams, the masons' guild said."
    for number, name in enumerate(("Odo", "Berengar", "Lothar", "Wido", "Arnulf"), 3)
)


async def test_copies_are_shown_once_with_those_who_print_them_and_only_those_that_may_be_read(
    here: Place, there: Place, add_articles
):
    def copy(paper: str, lead: str = "") -> dict[str, str]:
        name = {"url": f"https://{paper.lower()}.example/coins", "publisher": f"{paper} Post"}
        return {"title": f"Copper coins in {paper}", "published_at": "2024-02-01", "body": lead + WIRE, **name}

    add_articles(copy("Alder"), copy("Birch", "Our reporters write. "))
    add_articles(copy("Cedar"), collection=there.collection)
    text = await here.read("search", query="chest of copper coins at Stonefield")
    assert text.count("Masons of Stonefield found a chest") == 1
    assert re.search(r"Also in: \[(Alder|Birch) Post\]\(<https://(alder|birch).example/coins>\) \(<t:\d+:D>\)", text)
    assert "Cedar" not in text
    article = await here.read("article", title="coins in Alder")
    assert "One copy: [Birch Post](<https://birch.example/coins>) (<t:" in article
    assert "Cedar" not in article
    assert "2 copies: " in await there.read("article", title="coins in Alder")
    assert "[Cedar Post](<https://cedar.example/coins>)" in await there.read("article", title="coins in Alder")


async def test_a_copy_of_a_state_controlled_publisher_is_marked(here: Place, add_articles):
    fields = {"published_at": "2024-02-01", "body": WIRE}
    add_articles(
        {**fields, "title": "Copper coins in Alder", "publisher": "Alder Post", "url": "https://alder.example/coins"},
        {**fields, "title": "Chest of coins", "publisher": "TASS", "url": "https://tass.com/coins"},
    )
    article = await here.read("article", title="coins in Alder")
    assert "One copy: [TASS](<https://tass.com/coins>) (state-controlled) (<t:" in article


async def test_a_hidden_publisher_is_hidden_everywhere(here: Place, there: Place, simcord_env: Env, add_articles):
    add_articles(*several(1))
    await here.slash("ask", question=QUESTION)
    number = re.search(r"no\. (\d+)", await here.read("article", title="arland rockets"))[1]
    await simcord_env.bot.settings_cache.set(here.guild.id, "hidden_publishers", "the example COURIER")
    for name, options in (
        ("ask", {"question": QUESTION, "private": True}),
        ("search", {"query": "rockets for Borduria"}),
        ("article", {"title": "arland rockets"}),
        ("article", {"title": number}),
        ("sources", {}),
    ):
        text = await here.read(name, **options)
        assert "Example Courier" not in text
        assert "news.example" not in text
    assert "One article from one publisher" in await here.read("status")
    assert await here.titles("arland") == []
    assert await here.member.autocomplete(here.channel, "search", "publisher", "courier") == []
    assert "Example Courier" in await there.read("sources")


async def test_hiding_many_newest_articles_leaves_the_others_to_choose_from(
    here: Place, simcord_env: Env, add_articles
):
    add_articles(*several(60, published_at="2025-01-01"))
    await simcord_env.bot.settings_cache.set(here.guild.id, "hidden_publishers", "Quarry Post")
    assert [title.split(" · ")[0] for title in await here.titles("")] == ["Arland denies sending rockets to Borduria"]
    assert "arland-rockets" in await here.read("article", title="r")


async def test_a_server_without_articles_is_told_so(here: Place, simcord_env: Env):
    await simcord_env.bot.settings_cache.set(here.guild.id, "hidden_collections", "shared")
    assert "No articles yet" in await here.read("status")
    assert "no articles here" in await here.read("sources")
    assert "I have no article" in await here.read("article", title="arland")
    assert "No passages found" in await here.read("search", query="rockets")


async def test_hostile_titles_and_publishers_ping_nobody_and_format_nothing(here: Place, add_articles):
    add_articles(HOSTILE)
    shown = [
        await here.read("article", title="everyone free click"),
        await here.read("search", query="zebras of Quand"),
        await here.read("sources"),
    ]
    for text in shown:
        assert not re.search(r"@(everyone|here)", text)
        assert "\u202e" not in text
        assert "<@123" not in text.replace("\\<@", "")
        assert "](https://evil" not in text.replace("\\]", "")
        assert "~~" not in re.sub(r"\(<[^>]*>\)", "", text).replace("\\~", "")
        assert len(text) <= LONGEST_LAYOUT
    assert "https://odd.example/a%28b%29c?d=%3Ce%3E" in shown[0]
    assert "Zebras of Quand crossed" in shown[1]
    assert "Odd" in shown[2]


@pytest.mark.usefixtures("in_german")
async def test_who_reads_german_is_told_in_german(here: Place):
    assert "Die Artikel, die ich habe" in await here.read("status")
    assert "ein Artikel" in await here.read("sources")
    assert "Noch zitiert ihn hier keine" in await here.read("article", title="arland rockets")
    assert "</suche:" in await here.read("article", title="zebra crossing")
    assert "Eine Textstelle" in await here.read("search", query="rockets")


def look_ups(number: str) -> list[tuple[str, dict[str, str]]]:
    return [
        ("search", {"query": "harbour wall memo"}),
        ("search", {"query": "masons July", "publisher": "Guild Gazette"}),
        ("search", {"query": "masons July", "since": "2031"}),
        ("article", {"title": "secret memo"}),
        ("article", {"title": number}),
        ("sources", {}),
        ("status", {}),
        ("about", {}),
    ]


def without_times(text: str) -> str:
    """The status without the age of the index, which other servers' additions change."""
    return "\n".join(line for line in text.splitlines() if "Index built" not in line)
