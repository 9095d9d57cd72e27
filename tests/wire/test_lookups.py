"""What members look up over the wire: passages, articles with their edits, publishers, counts, and the bot itself."""

import json

import pytest

from bot.discord.i18n.phrases import phrases_in
from tests.wire.live_bot import ANSWER, QUESTION
from tests.wire.script import Person, Place, buttons_of, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAY = phrases_in("en").say
PRIVATE = 1 << 6


def ferry(text: str) -> tuple[str, bytes]:
    """A file with one article, always the same one."""
    article = {"url": "https://ferry.example/1", "title": "The ferry of Rell", "publisher": "Rell Post", "body": text}
    return "ferry.jsonl", json.dumps(article).encode()


async def adds(admin: Person, file: tuple[str, bytes], told: str = "added") -> None:
    admin.runs("corpus add", file=file)
    await admin.sees(told)


async def test_a_search_is_private_until_somebody_wants_it_otherwise(one: Place):
    one.bob.runs("search", query="harbour ferries")
    assert (await one.bob.sees("Harbour Herald"))["flags"] & PRIVATE
    one.bob.runs("search", query="harbour ferries", private=False)
    assert await one.alice.sees("Harbour Herald")


async def test_the_pages_of_a_search_are_turned_there_and_back(one: Place):
    one.bob.runs("search", query="harbour ferries")
    first = await one.bob.sees("Harbour Herald")
    before = text_of(first)
    one.bob.turns("search")
    assert text_of(await one.bob.sees("Harbour Herald")) != before
    one.bob.turns("search", back=True)
    assert await one.bob.sees("Harbour Herald") is first
    assert text_of(first) == before


async def test_a_search_keeps_to_its_filters(one: Place):
    assert await one.bob.completes("search", "publisher", "harb", query="x") == ["Harbour Herald"]
    one.bob.runs("search", query="harbour", publisher="Harbour Herald", since="2024-02-02", until="2 Feb 2024")
    assert "One passage." in text_of(await one.bob.sees("News from Marn"))
    one.bob.runs("search", query="harbour", since="2024-04-01")
    await one.bob.sees(SAY("search-nothing"))


async def test_an_article_is_chosen_while_it_is_typed_and_tells_what_answers_cited(one: Place):
    one.bob.runs("ask", question=QUESTION)
    await one.bob.sees(ANSWER)
    (number,) = await one.bob.completes("article", "title", "arland")
    one.bob.runs("article", title=number)
    assert ANSWER in text_of(await one.bob.sees("cited in one answer"))
    one.bob.runs("article", title="the denial of Arland")
    await one.bob.sees("This article is the closest")


async def test_the_edits_of_an_article_are_turned_and_lead_back_to_it(one: Place):
    await adds(one.alice, ferry("The ferry sails at noon. Bo will cut it."))
    await adds(one.alice, ferry("The ferry sails at noon. Bo may cut it."), "1 updated")
    await adds(one.alice, ferry("The ferry sails at noon. Bo may cut it. Nobody ever spoke again."), "1 updated")
    one.bob.runs("article", title="ferry of Rell")
    await one.bob.sees("2 earlier versions")
    one.bob.presses("2 edits")
    await one.bob.sees("Nobody ever spoke again")
    one.bob.turns("edits")
    await one.bob.sees("“will” became “may”")
    one.bob.presses("Back to the article")
    await one.bob.sees("2 earlier versions")


async def test_the_cited_passages_of_an_article_are_turned(one: Place):
    names = ("Anton", "Berta", "Carl", "Dora", "Emil")
    told = [f"Captain {name} denied that the ferry {name} Star had lost its licence in {name}ville." for name in names]
    await adds(one.alice, ferry(" ".join(f"{each} {'The weather stayed as it was. ' * 30}" for each in told)))
    for name in names:
        one.bob.runs("ask", question=f"Did Captain {name} deny that the ferry {name} Star lost its licence?")
        await one.bob.sees(f"Captain {name} denied")
    one.bob.runs("article", title="ferry of Rell")
    first = text_of(await one.bob.sees("cited in"))
    one.bob.turns("article")
    assert text_of(await one.bob.sees("cited in")) != first


async def test_many_publishers_fill_pages(one: Place):
    one.bob.runs("sources")
    assert "Harbour Herald" in text_of(await one.bob.sees("The Example Courier"))
    paper = {"title": "Tides", "body": "The tide came in at noon and went out again at six, as it had the day before."}
    lines = [json.dumps(paper | {"publisher": f"Paper {n}", "url": f"https://paper.example/{n}"}) for n in range(30)]
    await adds(one.alice, ("papers.jsonl", "\n".join(lines).encode()))
    one.bob.runs("sources")
    first = text_of(await one.bob.sees("Harbour Herald"))
    one.bob.turns("publishers")
    assert text_of(await one.bob.sees("Paper")) != first


async def test_the_status_counts_what_is_read_here(one: Place, two: Place):
    await adds(one.alice, ferry("The ferry sails at noon, its captain said on Monday."))
    one.bob.runs("status")
    assert "11 articles from 3 publishers" in text_of(await one.bob.sees(SAY("status-title")))
    two.bob.runs("status")
    assert "10 articles from 2 publishers" in text_of(await two.bob.sees(SAY("status-title")))


async def test_help_names_the_commands_of_admins_to_admins_only(one: Place):
    for person, has_more in ((one.bob, False), (one.alice, True)):
        person.runs("help")
        pages = [text_of(await person.sees(SAY("help-title")))]
        while any(each.endswith("▶") and f"{len(pages)} of {len(pages)} " not in each for each in buttons(person)):
            person.turns("help")
            pages.append(text_of(await person.sees()))
        told = "\n".join(pages)
        assert f"<@{one.server.world.bot.id}>" in told
        assert "`/my-data delete`" in told
        assert ("`/corpus add`" in told) == has_more


async def test_the_bot_says_what_it_is(one: Place):
    one.bob.runs("about")
    assert "10 articles" in text_of(await one.bob.sees(SAY("about-title")))


def buttons(person: Person) -> list[str]:
    """What stands on the buttons of the latest message."""
    return list(buttons_of(person.visible()[-1]))
