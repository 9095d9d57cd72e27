"""Finding one's way: a page of a long list, commands that can be pressed, and texts that fit direct messages."""

import re

import pytest
from simcord.env import Env

from bot.discord.bot import COMMAND_IDS_FILE
from bot.discord.i18n.command_names import CommandLinks
from tests.discord.places import QUESTION, Place, several
from tests.discord.screen import button_id, labels_of, text_of


async def test_a_long_list_jumps_to_the_page_that_is_typed(here: Place, add_articles):
    add_articles(*several(60, publisher="Quarry Post {number}"))
    shown = (await here.slash("sources")).response
    assert "Page …" in labels_of(shown)
    modal = await here.member.click(shown, custom_id=button_id(shown, "jump"))
    [name] = [part["custom_id"] for part in _parts(modal.modal) if part.get("type") == 4]
    await here.member.submit_modal(modal, {name: "6"})
    assert "6 of 8 ▶" in labels_of(shown)
    before = text_of(shown)
    for typed in ("0", "9", "two"):
        modal = await here.member.click(shown, custom_id=button_id(shown, "jump"))
        [name] = [part["custom_id"] for part in _parts(modal.modal) if part.get("type") == 4]
        await here.member.submit_modal(modal, {name: typed})
        assert text_of(shown) == before


async def test_a_short_list_has_no_such_button(here: Place, add_articles):
    add_articles(*several(12, publisher="Quarry Post {number}"))
    assert "Page …" not in labels_of((await here.slash("sources")).response)


async def test_commands_in_texts_can_be_pressed_also_after_a_restart(here: Place, simcord_env: Env, fresh_bot):
    assert re.search(r"</ask:\d+>", await here.read("help"))
    assert re.search(r"</corpus list:\d+>|</my-data export:\d+>", await here.read("help"))
    await simcord_env.restart_bot(fresh_bot())
    assert re.search(r"</help:\d+>", await here.read("about"))
    (simcord_env.bot.settings.data_dir / COMMAND_IDS_FILE).write_text("{", encoding="utf-8")
    await simcord_env.restart_bot(fresh_bot())
    assert re.search(r"</help:\d+>", await here.read("about"))


def test_commands_of_every_language_are_linked_and_other_code_is_not():
    links = CommandLinks({"ask": 1, "corpus": 2}, ["ask", "corpus status", "search"])
    german = "`/frag` und `/search`"
    assert links.add("Use `/ask`, see `/corpus status`.") == "Use </ask:1>, see </corpus status:2>."
    assert "</frag:1>" in links.add(german)
    assert "`/search`" in links.add(german)
    assert links.add("\\`/ask\\`") == "\\`/ask\\`"
    assert CommandLinks().add("`/ask`") == "`/ask`"


async def test_no_text_in_a_direct_message_speaks_of_this_server(here: Place):
    user = here.member.user
    shown = [
        text_of((await user.slash(name, **given)).response)
        for name, given in (
            ("help", {}), ("about", {}), ("privacy", {}), ("status", {}), ("sources", {}), ("my-data export", {}),
            ("ask", {"question": QUESTION}), ("ask", {"question": "Quux zorble?"}), ("search", {"query": "zorble"}),
            ("article", {"title": "arland rockets"}), ("ask", {"question": QUESTION, "since": "no date"}),
        )
    ]  # fmt: skip
    assert all(shown)
    assert [each for each in shown if "this server" in each] == []


@pytest.mark.parametrize("options", [{"since": "yesterweek"}, {"since": "2025", "until": "2024"}])
@pytest.mark.parametrize(("name", "text"), [("ask", {"question": QUESTION}), ("search", {"query": "rockets"})])
async def test_a_bad_option_is_told_in_private(here: Place, name: str, text: dict[str, str], options: dict[str, str]):
    given = {"private": False} | text | options
    assert (await here.slash(name, **given)).ephemeral


def _parts(modal: dict) -> list[dict]:
    waiting, found = [modal], []
    while waiting:
        part = waiting.pop()
        found.append(part)
        waiting += part.get("components", [])
        waiting += [part["component"]] if isinstance(part.get("component"), dict) else []
    return found
