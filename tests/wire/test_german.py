"""Whoever has Discord in German sees German names and reads German, over the wire on every number of shards."""

import pytest

from bot.discord.i18n.phrases import phrases_in
from tests.discord.admins import MINE
from tests.wire.live_bot import ANSWER, QUESTION
from tests.wire.script import Place, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAY = phrases_in("de").say


@pytest.fixture
def hier(one: Place) -> Place:
    """A server where everybody has Discord in German."""
    one.guild.locale = "de"
    for person in (one.alice, one.bob):
        person.user.locale = "de"
    one.server.gateway.tell("GUILD_UPDATE", one.guild.payload(one.server.world.bot.id), one.guild)
    return one


async def test_answers_and_their_buttons_are_german(hier: Place):
    bob = hier.bob
    bob.runs("frag", question=QUESTION, private=True)
    answer = await bob.sees("Neuester Beleg")
    for label, told in (("Zitat", ANSWER), ("Quelle", "Nr. 1"), ("Mehr dazu", "News from"), ("👍", SAY("thanks"))):
        bob.presses(label, answer)
        await bob.sees(told)
    bob.presses("👎", answer)
    await bob.fills_in(**{SAY("reason-label"): "Es ist alt."})
    await bob.sees(SAY("thanks-reason"))
    bob.presses("Teilen", answer)
    await bob.sees(SAY("shared"))
    await hier.alice.sees("Neuester Beleg")
    bob.runs("frag", question=QUESTION, publisher="Harbour Herald")
    await bob.sees("keine Antwort gefunden")
    bob.presses("Ohne Filter")
    await bob.sees("Neuester Beleg")
    bob.asks(QUESTION)
    await bob.sees("Neuester Beleg")


async def test_menus_are_german(hier: Place):
    claim = hier.alice.writes("Arland sent rockets to Borduria")
    hier.bob.picks("Behauptung prüfen", claim)
    await hier.bob.sees("Behauptung: Arland sent rockets")
    hier.bob.picks("Quellen suchen", claim)
    await hier.bob.sees("Nr. 1")


async def test_what_is_looked_up_is_told_in_german(hier: Place):
    bob = hier.bob
    for command, options, told in (
        ("hilfe", {}, "`/meine-daten löschen`"),
        ("über", {}, SAY("about-what")),
        ("datenschutz", {}, SAY("privacy-title")),
        ("stand", {}, SAY("status-title")),
        ("quellen", {}, SAY("publishers-title")),
        ("artikel", {"title": "Arland"}, "Nr. 1"),
        ("suche", {"query": "harbour ferries"}, "Textstellen"),
    ):
        bob.runs(command, **options)
        await bob.sees(told)
    bob.runs("meine-daten löschen")
    await bob.sees(SAY("data-confirm-title"))
    bob.presses("Behalten")
    await bob.sees(SAY("data-kept"))


async def test_admins_are_told_in_german(hier: Place):
    alice = hier.alice
    for command, options, told in (
        ("sammlung hinzufügen", {"file": ("bridge.md", MINE)}, "Ein Artikel neu"),
        ("sammlung status", {}, "Artikel dieses Servers"),
        ("sammlung rückgängig", {}, "Rückgängig gemacht"),
        ("sammlung liste", {}, "`/sammlung hinzufügen`"),
        ("sammlung feed liste", {}, SAY("feeds-none")),
        ("einstellungen zeigen", {}, SAY("settings-title")),
        ("einstellungen ändern", {"setting": "keep_days", "value": "7"}, "jetzt 7"),
        ("einblicke", {}, SAY("insights-title")),
        ("sammlung herausgeber", {"name": "TASS"}, SAY("failure-not-allowed")),
    ):
        alice.runs(command, **options)
        await alice.sees(told)


async def test_a_server_chooses_the_language_of_what_all_read(one: Place):
    one.alice.runs("settings set", setting="language", value="de")
    await one.alice.sees("is now de")
    one.bob.asks(QUESTION)
    await one.bob.sees("Neuester Beleg")
    one.bob.runs("status")
    assert "The articles I have" in text_of(await one.bob.sees())
