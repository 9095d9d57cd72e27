"""A button whose id was forged: no number where one belongs, a page that does not exist, any text at all."""

import pytest
import simcord.actors
from simcord.env import Env

from bot.discord import errors
from bot.discord.views.buttons import LONGEST_ARGUMENT
from tests.discord.places import Place

FORGED = (
    "", "abc", "-1", "1e9", "0x10", " 1", "1_0", "²", "9" * LONGEST_ARGUMENT, "9" * 19, "\0", "'; DROP TABLE asked --",
    "%" * 40, "👍" * 35, "../..",
)  # fmt: skip
FORGERY = {"type": 2, "id": 2, "style": 2, "label": "Press"}
PAGES = ("0", "999999", "٣")


@pytest.mark.parametrize("argument", FORGED)
async def test_a_forged_id_is_told_in_a_sentence_and_is_no_incident(
    argument: str, here: Place, simcord_env: Env, monkeypatch: pytest.MonkeyPatch
) -> None:
    incidents: list[str] = []
    monkeypatch.setattr(errors.secrets, "token_hex", lambda _bytes: incidents.append(pressed) or "0")
    for verb in (*simcord_env.bot.button_handlers, "no-such-verb"):
        for page in PAGES:
            shown = (await here.slash("help")).response
            stored = here.member._env.backend.get_message(shown.channel_id, shown.id)
            pressed = f"attache:{verb}:{page}:{argument}"
            sent = {"custom_id": pressed, "component_type": 2}
            # The library looks for the pressed button in the message.
            stored.components = [{"type": 1, "id": 1, "components": [{**FORGERY, "custom_id": pressed}]}]
            result = await simcord.actors._component_interaction(here.member, stored, sent)
            assert result.acknowledged, pressed
    assert incidents == []
