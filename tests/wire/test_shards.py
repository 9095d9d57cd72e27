"""Servers in different shards: each is answered, and each keeps its own articles, settings and jobs to itself."""

import secrets

import pytest

from bot.discord.i18n.phrases import phrases_in
from tests.fakes import HashingEmbedder
from tests.wire.held_requests import hold_jobs
from tests.wire.live import Live
from tests.wire.live_bot import ANSWER, BRIDGE, BRIDGE_ANSWER, BRIDGE_QUESTION, QUESTION, SETTLED_QUESTION
from tests.wire.script import Person, Place, text_of

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.parametrize("live", [2, 4], indirect=True, ids="shards-{}".format),
]

SAY = phrases_in("en").say
PRIVATE = 1 << 6
# They stand in the article and nowhere else.
SECRETS = ("Valley Times", "cracked pillars", "news.example/velden-bridge", "Brandt said")


async def adds(place: Place) -> None:
    place.alice.runs("corpus add", file=BRIDGE)
    await place.alice.sees("One article added")


async def test_questions_commands_and_presses_are_answered_in_every_shard_and_in_direct_messages(
    one: Place, two: Place
):
    for place in (one, two):
        asked = place.bob.asks(SETTLED_QUESTION)
        answer = await place.bob.sees(ANSWER)
        assert place.bob.replies_to(asked) == [answer]
        place.bob.runs("ask", question=SETTLED_QUESTION)
        answer = await place.bob.sees(ANSWER)
        place.alice.presses("Source", answer)
        await place.alice.sees("news.example")
        direct = place.bob.in_dms()
        direct.writes(SETTLED_QUESTION)
        await direct.sees(ANSWER)


async def test_a_setting_holds_only_in_its_server(one: Place, two: Place):
    one.alice.runs("settings set", setting="private_by_default", value="on")
    await one.alice.sees("`private_by_default` is now")
    for place, flag in ((one, PRIVATE), (two, 0)):
        place.bob.runs("ask", question=QUESTION)
        assert (await place.bob.sees(ANSWER))["flags"] & PRIVATE == flag


async def test_an_article_of_one_server_is_shown_nowhere_else(one: Place, two: Place):
    await adds(one)
    one.bob.asks(BRIDGE_QUESTION)
    await one.bob.sees(BRIDGE_ANSWER)
    eve, uploads = two.alice, len(two.server.world.uploads)
    eve.asks(BRIDGE_QUESTION)
    seen = [await eve.sees()]
    claim = eve.writes("The bridge closes for repairs, the minister said")
    eve.picks("Check this claim", claim)
    seen.append(await eve.sees())
    eve.picks("Find sources", claim)
    seen.append(await eve.sees())
    for command, options in (
        ("ask", {"question": BRIDGE_QUESTION, "private": True}),
        ("search", {"query": "bridge ferry pillars repairs"}),
        ("article", {"title": "bridge closes for repairs"}),
        ("sources", {}),
        ("status", {}),
        ("corpus list", {}),
        ("corpus status", {}),
        ("insights", {}),
    ):
        eve.runs(command, **options)
        seen.append(await eve.sees())
    direct = eve.in_dms()
    direct.writes(BRIDGE_QUESTION)
    seen.append(await direct.sees())
    shown = "\n".join(map(text_of, seen)) + str(await offered(two))
    assert not [secret for secret in SECRETS if secret in shown]
    assert len(two.server.world.uploads) == uploads


async def offered(place: Place) -> list[str]:
    """Everything that is offered while somebody types in a server."""
    alice = place.alice
    return [
        *await alice.completes("ask", "publisher", "", question="x"),
        *await alice.completes("search", "publisher", "valley", query="x"),
        *await alice.completes("article", "title", "bridge"),
        *await alice.completes("corpus add", "publisher", "valley"),
        *await alice.completes("corpus remove", "article", "bridge"),
        *await alice.completes("settings set", "value", "valley", setting="hidden_publishers"),
    ]


async def test_a_shared_article_is_read_in_every_shard(one: Place, two: Place, olga: Person):
    olga.runs("corpus add", file=BRIDGE, shared=True)
    await olga.sees("One article added")
    for place in (one, two):
        place.bob.asks(BRIDGE_QUESTION)
        await place.bob.sees(BRIDGE_ANSWER)
    olga.runs("corpus undo", shared=True)
    await olga.sees("Undo the last addition?")
    olga.presses("Undo")
    await olga.sees("one article removed")


async def test_a_job_of_one_shard_is_waited_for_in_the_others(live: Live, one: Place, two: Place):
    held = hold_jobs(live.bot)
    name, content = BRIDGE
    # A text that was embedded before would not be embedded again.
    unseen = f"It stays so for {secrets.token_hex(4)} days, the minister added.".encode()
    one.alice.runs("corpus add", file=(name, content + unseen))
    shown = await one.alice.sees("making searchable")
    two.alice.runs("corpus reindex")
    assert str(one.alice.user.id) not in text_of(await two.alice.sees("another server's job is running"))
    one.alice.presses("Cancel", shown)
    await one.alice.sees(SAY("job-cancelling"))
    held.release.set()
    await one.alice.sees(SAY("job-cancelled"))
    await two.alice.sees("up to date")
    live.bot.jobs.embedder = HashingEmbedder()
