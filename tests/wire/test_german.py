"""Who has Discord in German sees German names of commands, menus and buttons, and reads German."""

import pytest

from bot.discord.i18n.phrases import phrases_in
from tests.wire.live_bot import ANSWER, SETTLED_QUESTION
from tests.wire.script import Place

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
    bob.runs("frag", question=SETTLED_QUESTION, private=True)
    answer = await bob.sees("Stand: ")
    for label, told in (
        ("Zitat", ANSWER),
        ("Quelle", "Nr. 1"),
        ("Mehr dazu", SAY("nothing-similar")),
        ("👍", SAY("thanks")),
    ):
        bob.presses(label, answer)
        await bob.sees(told)
    bob.presses("👎", answer)
    await bob.fills_in(**{SAY("reason-label"): "Es ist alt."})
    await bob.sees(SAY("thanks-reason"))
    bob.presses("Teilen", answer)
    await bob.sees(SAY("shared"))
    await hier.alice.sees("Stand: ")
    bob.runs("frag", question=SETTLED_QUESTION, publisher="Harbour Herald")
    await bob.sees("keine Antwort")
    bob.presses("Ohne Filter")
    await bob.sees("Stand: ")
    bob.asks(SETTLED_QUESTION)
    await bob.sees("Stand: ")


async def test_menus_are_german(hier: Place):
    claim = hier.alice.writes("Arland sent rockets to Borduria")
    hier.bob.picks("Behauptung prüfen", claim)
    await hier.bob.sees("Behauptung: Arland sent rockets")
    hier.bob.picks("Quellen suchen", claim)
    await hier.bob.sees("Nr. 1")
