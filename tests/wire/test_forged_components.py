"""Presses of buttons that no message has: made-up verbs, arguments and pages end in a sentence, and in no incident."""

from itertools import product
from typing import Any

import pytest

from tests.wire import acts
from tests.wire.handshakes import COMPONENT, MODAL, Handshake
from tests.wire.live import Live
from tests.wire.live_bot import ANSWER, QUESTION
from tests.wire.script import Person, Place

pytestmark = pytest.mark.asyncio(loop_scope="module")
BUTTON, SELECT, TEXT_INPUT = 2, 3, 4
# What is no token, number, day or name of ours, or one of somebody else's.
ARGUMENTS = (
    "",
    "0",
    "-1",
    "9" * 18,
    "9" * 70,
    "٣",
    "²",
    "1:2:3:4",
    "2024-13-45",
    "../../etc/passwd",
    "' OR 1=1 --",
    "\u202e\u0000\ud83d\ude00",
    "None",
    "e" * 22,
)
# As they arrive where somebody else's program, not this bot, wrote the id.
ODD_IDS = ("", "attache", "attache:::", "attache:sources", "attache:sources:x:y", "attache:sources:0:a\nb", "x" * 100)


def forged(person: Person, message: dict[str, Any], custom_id: str, kind: int = BUTTON, **more: Any) -> Handshake:
    """Presses a button, or uses a select menu, that the bot never put on this message of its own."""
    part = {"type": kind, "id": 2, "custom_id": custom_id, "disabled": False}
    part |= {"style": 2, "label": "x"} if kind == BUTTON else {"options": [{"label": "a", "value": "a"}]}
    shown = message | {"flags": 0, "content": "x", "components": [{"type": 1, "id": 1, "components": [part]}]}
    data = {"custom_id": custom_id, "component_type": kind, "id": 2, **more}
    return acts.interact(person.server, COMPONENT, person.user, person.channel, data, message=shown)


async def test_forged_buttons_are_refused_in_a_sentence(live: Live, one: Place, two: Place, capsys):
    one.bob.runs("ask", question=QUESTION)
    answer = await one.bob.sees(ANSWER)
    verbs = sorted(live.bot.button_handlers)
    assert len(verbs) > 20
    # Each argument meets each verb over time; all of them at once would take minutes.
    pairs = [pair for place, pair in enumerate(product(verbs, ARGUMENTS)) if place % 5 == 0]
    pairs += [("no-such-verb", argument) for argument in ARGUMENTS[:3]]
    for number, (verb, argument) in enumerate(pairs):
        page = ("0", "1", "999999", "٣")[number % 4]
        shake = forged(two.bob if number % 2 else one.bob, answer, f"attache:{verb}:{page}:{argument}")
        await live.server.until(lambda shake=shake: shake.reply_kind is not None, f"a reply to {verb}", within=30)
    await live.bot.answer_queue.run_aside(lambda _attache: None)
    told = capsys.readouterr().out
    assert "incident" not in told
    assert "Traceback" not in told


async def test_odd_ids_and_kinds_of_components_and_modals_disturb_nobody(live: Live, one: Place, capsys):
    one.bob.runs("ask", question=QUESTION)
    answer = await one.bob.sees(ANSWER)
    for custom_id in ODD_IDS:
        forged(one.bob, answer, custom_id)
        forged(one.bob, answer, custom_id, SELECT, values=["a", "b"])
    forged(one.bob, answer, "attache:sources:0:a", SELECT, values=[])
    for custom_id in (*ODD_IDS, "attache:sources:0:a"):
        field = {"type": TEXT_INPUT, "custom_id": custom_id, "id": 2, "value": "x" * 4000}
        data = {"custom_id": custom_id, "components": [{"type": 1, "id": 1, "components": [field]}]}
        acts.interact(live.server, MODAL, one.bob.user, one.bob.channel, data, message=answer)
    one.alice.asks(QUESTION)
    await one.alice.sees(ANSWER)
    told = capsys.readouterr().out
    assert "incident" not in told
    assert "Traceback" not in told
