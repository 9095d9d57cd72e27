"""What members see of `/search`."""

import re
import threading
from typing import Any

import pytest
from simcord.env import Env

from bot.discord.questions import options
from tests.discord.places import Place, button_id_after, several
from tests.discord.screen import labels_of, text_of


async def test_a_search_shows_passages_with_their_sources_to_the_asker_alone(here: Place):
    text = await here.read("search", query="rockets for Borduria")
    assert "denied on 5 March 2024 that it had sent rockets" in text
    assert "The Example Courier" in text
    assert "](<https://news.example/arland-rockets#" in text
    assert "@everyone" not in text


async def test_a_search_is_shown_to_all_when_the_asker_wants_it(here: Place):
    result = await here.slash("search", query="rockets", private=False)
    assert not result.ephemeral
    assert "sent rockets" in text_of(here.channel.last_message)


async def test_a_search_stays_private_in_a_channel_where_nothing_is_answered(here: Place, simcord_env: Env):
    other = here.guild.create_text_channel("questions")
    await simcord_env.bot.settings_cache.set(here.guild.id, "channels", f"<#{other.id}>")
    assert (await here.slash("search", query="rockets", private=False)).ephemeral


@pytest.mark.parametrize("command", [("ask", "question"), ("search", "query")])
async def test_a_bad_option_is_told_to_the_asker_alone(here: Place, command: tuple[str, str]):
    name, text = command
    result = await here.slash(name, **{text: "rockets for Borduria", "since": "the day of the frogs", "private": False})
    assert result.ephemeral
    assert "the day of the frogs" in text_of(result.response)


async def test_a_search_says_when_there_may_be_more_than_it_lists(here: Place, add_articles):
    add_articles(*several(41))
    assert "More than 40 passages are near" in await here.read("search", query="quarry granite blocks")


@pytest.mark.parametrize("bounds", [{"until": "2023"}, {"since": "2025"}, {"publisher": "Nobody's Paper"}])
async def test_a_search_keeps_to_its_bounds_and_says_when_nothing_is_left(here: Place, bounds: dict[str, str]):
    text = await here.read("search", query="rockets", **bounds)
    assert "No passages found" in text
    assert "sent rockets" not in text


async def test_a_search_offers_the_publishers_that_can_be_read(here: Place):
    offered = await here.member.autocomplete(here.channel, "search", "publisher", "courier")
    assert [each["value"] for each in offered] == ["The Example Courier"]


async def test_publishers_with_a_word_that_begins_as_typed_are_offered_first(here: Place, add_articles):
    add_articles(*several(3, "Pastry Post"), *several(1, "Stonefield Gazette"))
    offered = await here.member.autocomplete(here.channel, "search", "publisher", "st")
    assert [each["value"] for each in offered] == ["Stonefield Gazette", "Pastry Post"]


async def test_a_publisher_may_be_named_by_its_domain_and_is_marked_in_the_filter(here: Place, add_articles):
    add_articles({**several(1)[0], "publisher": "TASS", "url": "https://tass.com/quarry"})
    text = await here.read("search", query="quarry granite", publisher="tass.com")
    assert "sold 0 blocks of granite" in text
    assert "only TASS (state-controlled)" in text
    assert "only TASS (state-controlled)" in text_of(
        (await here.slash("ask", question="How many blocks did the quarry sell?", publisher="ITAR-TASS")).response
    )


async def test_the_pages_of_a_search_are_turned_by_button_also_after_a_restart(
    here: Place, simcord_env: Env, add_articles, fresh_bot
):
    add_articles(*several(9))
    shown = (await here.slash("search", query="quarry granite blocks")).response
    first = text_of(shown)
    await simcord_env.restart_bot(fresh_bot())
    await here.member.click(shown, custom_id=button_id_after(shown, "search"))
    second = text_of(shown)
    one, two = (set(re.findall(r"sold \d+ blocks", text)) for text in (first, second))
    assert one
    assert two
    assert not one & two
    assert labels_of(shown)[1].startswith("2 of ")


async def test_a_date_is_read_beside_the_event_loop(here: Place, monkeypatch: pytest.MonkeyPatch):
    threads: list[bool] = []
    inner = options.Bounds.parse

    def watched(*given: Any) -> options.Bounds:
        threads.append(threading.current_thread() is threading.main_thread())
        return inner(*given)

    monkeypatch.setattr(options.Bounds, "parse", watched)
    for command, text in (("ask", "question"), ("search", "query")):
        await here.slash(command, **{text: "rockets for Borduria", "since": "9 May 2024"})
    assert threads == [False, False]
