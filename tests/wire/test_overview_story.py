"""Stories, coverage, timelines and pages about names over the wire; tests/discord has the details."""

import json
import re

import pytest

from bot.discord.i18n.phrases import phrases_in
from tests.wire.live_bot import QUESTION
from tests.wire.script import Place, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAY = phrases_in("en").say
PAPERS = ("Alder Post", "Birch Post")
EVENTS = ("ferry sinks", "bridge falls", "mayor resigns", "crane breaks", "pilots strike", "lighthouse burns")
TOWNS = ("Rell", "Velden", "Quist", "Ostrava", "Brandt", "Tolm")


def articles() -> bytes:
    """Two reports of each of six events, and eight denials that the answer about the rockets can quote."""
    pairs = [
        {
            "title": f"{town} {event}",
            "publisher": paper,
            "url": f"https://{paper.split()[0].lower()}.example/{town}",
            "published_at": f"2024-03-0{number + 1}",
            "body": f"In {town} the {event}, {paper} learnt from {town} on Monday. People in {town} say the {event}.",
        }
        for number, (town, event) in enumerate(zip(TOWNS, EVENTS, strict=True))
        for paper in PAPERS
    ]
    words = """harbour mason violin granite orchard lantern glacier copper ferry meadow saddle anchor thunder pepper
    candle walnut marble saffron barley compass feather kettle ladder mirror needle oyster parsley quiver ribbon sable
    timber umber""".split()
    denials = [
        {
            "title": f"Arland denial {number}",
            "publisher": f"Paper {number}",
            "url": f"https://paper.example/{number}",
            "published_at": f"2024-03-0{number + 1}",
            "body": f"Arland denied sending rockets to Borduria, {', '.join(each)} told {each[0]} reporters.",
        }
        for number, each in enumerate(words[first : first + 4] for first in range(0, 32, 4))
    ]
    return "\n".join(map(json.dumps, [*pairs, *denials])).encode()


async def test_members_look_at_events_over_time_and_an_admin_moves_articles(one: Place):
    alice, bob = one.alice, one.bob
    alice.runs("corpus add", file=("events.jsonl", articles()))
    await alice.sees("20 articles added")
    bob.runs("story")
    first = text_of(await bob.sees(SAY("stories-title")))
    bob.turns("stories")
    assert text_of(await bob.sees("2 articles")) != first
    bob.turns("story", back=True)
    opened = text_of(await bob.sees("Alder Post"))
    number, *numbers = re.findall(r"no\. (\d+)", opened)
    bob.presses("Who reports it")
    await bob.sees(SAY("coverage-by"))
    assert number in await bob.completes("story", "about", number)
    bob.runs("story", about=number)
    await bob.sees("Birch Post")
    assert number in await bob.completes("coverage", "about", "")
    bob.runs("coverage", about=number)
    await bob.sees(SAY("coverage-by"))
    assert int(number) in await alice.completes("stories split", "number", number, articles=numbers[0])
    alice.runs("stories split", number=int(number), articles=numbers[0])
    created = re.findall(r"story (\d+) now", text_of(await alice.sees("apart from story")))[0]
    assert int(created) in await alice.completes("stories merge", "number", created)
    assert int(number) in await alice.completes("stories merge", "into", number, number=int(created))
    alice.runs("stories merge", number=int(created), into=int(number))
    await alice.sees("part of story")
    bob.runs("timeline", question=QUESTION, since="2024-03-01", until="2024-12-31")
    shown = text_of(await bob.sees(SAY("timeline-title")))
    bob.turns("timeline-page")
    assert text_of(await bob.sees(SAY("timeline-title"))) != shown
    bob.asks(QUESTION)
    answer = await bob.sees("denied sending rockets")
    alice.presses("Timeline", answer)
    await alice.sees(SAY("timeline-title"))
    bob.runs("about-country", name="Borduria")
    await bob.sees(SAY("about-name-denied"))
