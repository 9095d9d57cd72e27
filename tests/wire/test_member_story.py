"""One member's story over the wire, with every command, menu and button of members; tests/discord has the details."""

import json

import pytest

from bot.discord.i18n.phrases import phrases_in
from tests.wire.live_bot import ANSWER, QUESTION, SETTLED_QUESTION
from tests.wire.script import Person, Place, buttons_of, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAY = phrases_in("en").say
UNKNOWN = "Who won the chess championship of Quellia?"
REFUSAL = "I found nothing"
PRIVATE = 1 << 6


def ferry(text: str) -> tuple[str, bytes]:
    """A file with one article, always the same one."""
    article = {"url": "https://ferry.example/1", "title": "The ferry of Rell", "publisher": "Rell Post", "body": text}
    return "ferry.jsonl", json.dumps(article).encode()


async def adds(admin: Person, file: tuple[str, bytes], done: str = "added") -> None:
    admin.runs("corpus add", file=file)
    await admin.sees(done)


async def test_a_member_asks_in_every_way(one: Place):
    """By mention, reply, thread, direct message and command."""
    asked = one.bob.asks(QUESTION)
    answer = await one.bob.sees(ANSWER)
    assert one.bob.replies_to(asked) == [answer]
    assert not answer["mention_everyone"]
    assert not answer["mentions"]
    one.bob.asks("when?", reply_to=answer)
    await one.bob.sees("Understood as")
    channel = one.new_channel("questions")
    one.alice.runs("settings set", setting="thread_channels", value=f"<#{channel.id}>")
    await one.alice.sees("thread_channels")
    inside = one.bob.at(await one.thread_of(one.bob.at(channel).asks(QUESTION)))
    await inside.sees(ANSWER)
    inside.asks("when?")
    await inside.sees("Understood as")
    alice = one.alice.in_dms()
    alice.writes(QUESTION)
    await alice.sees(ANSWER)
    alice.writes("when?")
    await alice.sees("Understood as")
    alice.runs("ask", question=QUESTION)
    await alice.sees(ANSWER)


async def test_a_member_asks_with_filters_and_without_them(one: Place):
    bob = one.bob
    assert await bob.completes("ask", "publisher", "exam", question="x") == ["The Example Courier"]
    bob.runs("ask", question=QUESTION, publisher="The Example Courier", since="March 2024", until="2024-03-31")
    await bob.sees(ANSWER)
    bob.runs("ask", question=QUESTION, since="2024-04-01")
    refusal = await bob.sees(REFUSAL)
    assert "Source" not in "".join(buttons_of(refusal))
    bob.presses("Without filters", refusal)
    assert (await bob.sees(ANSWER))["id"] == refusal["id"]
    bob.runs("ask", question=UNKNOWN)
    await bob.sees(REFUSAL)


async def test_a_member_searches_for_what_found_no_answer(one: Place):
    one.bob.runs("ask", question="Which ferries of Velden will the harbour of Marn sell to Quist in autumn?")
    await one.bob.sees("closest articles")
    one.bob.presses("Search for this")
    assert "near" in text_of(await one.bob.sees("News from"))


async def test_a_member_who_gives_thanks_gets_a_reaction_and_no_answer(one: Place):
    one.bob.asks(QUESTION)
    answer = await one.bob.sees(ANSWER)
    thanks = one.bob.asks("thanks!", reply_to=answer)
    await one.server.until(lambda: thanks.get("_reactions"), "a reaction")
    assert not one.bob.replies_to(thanks)
    alice = one.alice.in_dms()
    alice.writes("hello")
    await alice.sees(SAY("talk-greeting"))
    alice.writes("🙂🙂")
    await alice.sees(SAY("talk-emoji"))
    alice.writes("what can you do?")
    await alice.sees(SAY("help-title"))


async def test_a_member_presses_every_button_of_an_answer(one: Place):
    one.bob.runs("ask", question=SETTLED_QUESTION, private=True)
    private = await one.bob.sees(ANSWER)
    assert private not in one.alice.visible()
    one.bob.presses("Share", private)
    await one.bob.sees(SAY("shared"))
    answer = await one.alice.sees(ANSWER)
    one.bob.presses("Share", private)
    await one.bob.sees(SAY("shared-already"))
    one.alice.presses("uote", answer)
    quotes = await one.alice.sees(ANSWER)
    one.alice.presses("Source", answer)
    sources = await one.alice.sees("news.example")
    one.alice.presses("More like this", answer)
    similar = await one.alice.sees(SAY("nothing-similar"))
    assert not [each for each in (quotes, sources, similar) if each in one.bob.visible()]
    one.alice.presses("👍", answer)
    await one.alice.sees(SAY("thanks"))
    one.alice.presses("👎", answer)
    await one.alice.fills_in(**{SAY("reason-label"): "It is old."})
    await one.alice.sees(SAY("thanks-reason"))


async def test_a_member_checks_a_message_and_finds_its_sources(one: Place):
    claim = one.alice.writes("Arland sent rockets to Borduria")
    one.bob.picks("Check this claim", claim)
    assert (await one.bob.sees("Claim: Arland sent rockets"))["flags"] & PRIVATE
    one.bob.picks("Find sources", claim)
    assert (await one.bob.sees("Arland denies sending"))["flags"] & PRIVATE


async def test_a_member_checks_several_claims_and_opens_one(one: Place):
    post = one.alice.writes("Arland sent rockets to Borduria. The queen of Quellia has bought a lighthouse.")
    one.bob.picks("Check this claim", post)
    assert (await one.bob.sees(SAY("claims-title")))["flags"] & PRIVATE
    one.bob.turns("claim")
    await one.bob.sees("Claim: Arland sent rockets")


async def test_a_member_is_asked_which_of_two_is_meant(one: Place):
    one.bob.asks("Did Arland blame Borduria for the rockets?")
    # Whatever the verdict is.
    first = await one.bob.sees("Newest: ")
    one.bob.asks("why did they do that?", reply_to=first)
    await one.bob.sees(SAY("which-reading"))
    one.bob.turns("reading")
    await one.bob.sees("Understood as: Why did Borduria do that")


async def test_a_member_asks_what_is_offered_next(one: Place, monkeypatch: pytest.MonkeyPatch):
    # By the vectors of hashes nothing is near.
    monkeypatch.setattr("bot.discord.questions.suggestions._MIN_COSINE", -1.0)
    orla = (
        "The ferry Orla sank off Rell on Monday. Nobody was hurt. Captain Anna Brandt said that she had warned of"
        " the old hull. Mayor Otto Lund said that the town would pay for the rescue."
    )
    await adds(
        one.alice,
        ("orla.jsonl", json.dumps({"title": "The Orla sinks", "body": orla, "url": "https://o.example/1"}).encode()),
    )
    one.bob.asks("Did the ferry Orla sink off Rell?")
    await one.bob.sees(SAY("suggest-next"))
    one.bob.turns("next")
    await one.bob.sees("Understood as: What did")


async def test_a_member_sees_more_like_an_answer(one: Place):
    one.bob.runs("ask", question="Did the harbour of Velden open its new pier for ferries?", private=True)
    one.bob.presses("More like this", await one.bob.sees("opened its new pier"))
    similar = text_of(await one.bob.sees(SAY("more-title")))
    assert "News from Tolm" in similar
    # That is the article quoted.
    assert "News from Velden" not in similar


async def test_a_member_searches_and_turns_pages_there_and_back(one: Place):
    bob = one.bob
    assert await bob.completes("search", "publisher", "harb", query="x") == ["Harbour Herald"]
    bob.runs("search", query="harbour", publisher="Harbour Herald", since="2024-02-02", until="2 Feb 2024")
    assert "One passage is near." in text_of(await bob.sees("News from Marn"))
    bob.runs("search", query="the harbour", private=False)
    first = await one.alice.sees("Harbour Herald")
    before = text_of(first)
    bob.turns("search")
    assert text_of(await bob.sees("Harbour Herald")) != before
    bob.turns("search", back=True)
    assert await bob.sees("Harbour Herald") is first
    assert text_of(first) == before


async def test_a_member_reads_an_article_its_edits_and_what_was_cited(one: Place):
    names = ("Anton", "Berta", "Carl", "Dora", "Emil")
    claims = [
        f"Captain {name} denied that the ferry {name} Star had lost its licence in {name}ville." for name in names
    ]
    text = " ".join(f"{each} {'The weather stayed as it was. ' * 30}" for each in claims)
    await adds(one.alice, ferry("The ferry sails at noon. Bo will cut it."))
    await adds(one.alice, ferry("The ferry sails at noon. Bo may cut it."), "1 updated")
    await adds(one.alice, ferry(text), "1 updated")
    for name in names:
        one.bob.runs("ask", question=f"Did Captain {name} deny that the ferry {name} Star lost its licence?")
        await one.bob.sees(f"Captain {name} denied")
    (number,) = await one.bob.completes("article", "title", "ferry")
    one.bob.runs("article", title=number)
    first = text_of(await one.bob.sees("cited in"))
    one.bob.turns("article")
    assert text_of(await one.bob.sees("cited in")) != first
    one.bob.presses("2 edits")
    await one.bob.sees("Captain Anton denied")
    one.bob.turns("edits")
    await one.bob.sees("“will” became “may”")
    one.bob.presses("Back to the article")
    await one.bob.sees("2 earlier versions")
    one.bob.turns("passages")
    await one.bob.sees(SAY("passages-title"))


async def test_a_member_looks_up_publishers_the_status_help_and_the_bot_itself(one: Place):
    paper = {"title": "Tides", "body": "The tide came in at noon and went out again at six, as it had the day before."}
    lines = [json.dumps(paper | {"publisher": f"Paper {n}", "url": f"https://paper.example/{n}"}) for n in range(30)]
    await adds(one.alice, ("papers.jsonl", "\n".join(lines).encode()))
    one.bob.runs("sources")
    first = text_of(await one.bob.sees("Harbour Herald"))
    one.bob.turns("publishers")
    assert text_of(await one.bob.sees("Paper")) != first
    (pages,) = {each.split(" ")[2] for each in buttons_of(one.bob.visible()[-1]) if " of " in each}
    one.bob.turns("jump")
    await one.bob.fills_in(**{SAY("page-label", pages=int(pages)): pages})
    await one.bob.sees("Paper")
    one.bob.runs("status")
    assert "40 articles from 2 publishers" in text_of(await one.bob.sees(SAY("status-title")))
    one.alice.runs("help")
    before = text_of(await one.alice.sees(SAY("help-title")))
    one.alice.turns("help")
    assert text_of(await one.alice.sees()) != before
    one.bob.runs("about")
    await one.bob.sees(SAY("about-title"))
    one.bob.runs("privacy")
    await one.bob.sees(SAY("privacy-title"))


async def test_a_member_takes_the_own_data_and_deletes_it(one: Place):
    one.bob.runs("ask", question=SETTLED_QUESTION)
    answer = await one.bob.sees(ANSWER)
    one.bob.presses("👍", answer)
    await one.bob.sees(SAY("thanks"))
    assert [each["original"] for each in (await exported(one.bob))["asked"]] == [SETTLED_QUESTION]
    one.bob.runs("my-data delete")
    await one.bob.sees(SAY("data-confirm-title"))
    one.bob.presses("Keep it")
    await one.bob.sees(SAY("data-kept"))
    one.bob.runs("my-data delete")
    await one.bob.sees(SAY("data-confirm-title"))
    one.bob.presses("Delete it all")
    await one.bob.sees("Deleted: 2 records.")
    assert (await exported(one.bob))["asked"] == []
    one.bob.presses("uote", answer)
    await one.bob.sees(SAY("failure-gone"))


async def exported(person: Person) -> dict:
    """The file that a person is handed."""
    person.runs("my-data export")
    (attachment,) = (await person.sees())["attachments"]
    return json.loads(person.server.world.uploads[attachment["url"].removeprefix("https://cdn.discordapp.com")])
