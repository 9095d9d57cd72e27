"""What members see of `/sources` and `/status`."""

import re

import pytest
from simcord.env import Env

from bot.discord.cogs.lookup import model_name
from bot.settings import Settings
from tests.discord.places import Place, button_id_after, several
from tests.discord.screen import labels_of, text_of


async def test_the_publishers_are_listed_with_counts_and_dates(here: Place, add_articles):
    add_articles(*several(3), {"title": "Undated", "body": "Nobody knows when this granite was cut, or by whom."})
    text = await here.read("sources")
    lines = text.splitlines()
    assert lines[1].startswith("**Quarry Post** · 3 articles · <t:")
    assert " to <t:" in lines[1]
    assert any(line.startswith("**The Example Courier** · one article · <t:") for line in lines)
    assert "**publisher unknown** · one article · date unknown" in lines
    assert "5 articles in all" in text


def listed() -> list[dict[str, str]]:
    """Two articles of TASS and one of DW, each with its address."""
    rows = [*several(2, "TASS"), {"title": "Granite", "publisher": "DW", "body": "Granite was cut in Stonefield."}]
    sites = {"TASS": "tass.com", "DW": "dw.com"}
    return [row | {"url": f"https://{sites[row['publisher']]}/{number}"} for number, row in enumerate(rows)]


async def test_what_only_claims_to_be_from_a_publisher_is_listed_apart_and_without_its_facts(here: Place, add_articles):
    add_articles(*listed(), *several(1, "TASS"))
    text = await here.read("sources")
    assert "**TASS** (Russia, state-controlled agency) · 2 articles · <t:" in text
    assert "**says it is from TASS** · one article · <t:" in text


async def test_the_publishers_are_listed_with_what_they_are(here: Place, add_articles):
    add_articles(*listed())
    text = await here.read("sources")
    assert "**TASS** (Russia, state-controlled agency) · 2 articles · <t:" in text
    assert "**DW** (Germany, public broadcaster) · one article" in text


@pytest.mark.usefixtures("in_german")
async def test_the_publishers_are_listed_in_german(here: Place, add_articles):
    add_articles(*listed())
    text = await here.read("sources")
    assert "**TASS** (Russland, Agentur, staatlich kontrolliert) · " in text
    assert "**DW** (Deutschland, öffentlich-rechtlicher Sender) · " in text


async def test_the_pages_of_publishers_are_turned_by_button_also_after_a_restart(
    here: Place, simcord_env: Env, add_articles, fresh_bot
):
    add_articles(*several(25, publisher="Paper {number}"))
    shown = (await here.slash("sources")).response
    seen = text_of(shown)
    await simcord_env.restart_bot(fresh_bot())
    for page in (2, 3, 4):
        result = await here.member.click(shown, custom_id=button_id_after(shown, "publishers"))
        assert result.acknowledged
        assert labels_of(shown)[1] == f"{page} of 4 ▶"
        seen += text_of(shown)
    assert {f"**Paper {number}**" for number in range(25)} <= set(re.findall(r"\*\*Paper \d+\*\*", seen))
    await here.member.click(shown, label="◀")
    assert labels_of(shown)[1] == "3 of 4 ▶"


async def test_the_status_tells_counts_dates_model_and_index(here: Place, add_articles):
    add_articles(*several(2), {"title": "Undated", "body": "Nobody knows when this granite was cut, or by whom."})
    text = await here.read("status")
    assert "4 articles from 2 publishers" in text
    assert "4 searchable passages" in text
    assert "Newest article: <t:1709640000:D>" in text
    assert "One article has no date" in text
    assert "all-MiniLM-L6-v2" in text
    assert re.search(r"Index built: <t:\d+:f>", text)


async def test_a_server_that_wants_plain_text_gets_it_with_working_buttons(here: Place, simcord_env: Env, add_articles):
    await simcord_env.bot.settings_cache.set(here.guild.id, "answer_style", "plain")
    add_articles(*several(25, publisher="Paper {number}"))
    shown = (await here.slash("sources")).response
    assert "**Paper" in shown.content
    await here.member.click(shown, custom_id=button_id_after(shown, "publishers"))
    assert labels_of(shown)[1] == "2 of 4 ▶"
    assert "**Paper" in shown.content


def test_a_model_that_lies_in_a_folder_is_told_by_its_own_name_only():
    told = {
        "all-MiniLM-L6-v2": "all-MiniLM-L6-v2",
        "sentence-transformers/all-mpnet-base-v2": "sentence-transformers/all-mpnet-base-v2",
        "/srv/operator/models/news": "news",
        "./models/news": "news",
        "C:\\models\\news": "news",
    }
    assert {name: model_name(Settings.load(None, model=name)) for name in told} == told
