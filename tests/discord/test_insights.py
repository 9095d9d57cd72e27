"""What admins see of how their server uses the bot."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simcord.env import Env

from bot.discord.i18n.phrases import phrases_in
from bot.discord.views.insights import chart, first_day, insights_page
from bot.records.insights import Insights
from tests.discord.admins import make_server
from tests.discord.screen import button_id

ENGLISH = phrases_in("en")
LAST = date(2024, 9, 30)
UNKNOWN = "Who won the chess final in Ostrava yesterday?"


async def test_numbers_are_shown_without_names(simcord_env: Env):
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    known = await one.bob.slash(one.channel, "ask", question="Did Arland deny sending rockets to Borduria?")
    for _ in range(3):
        await one.bob.slash(one.channel, "ask", question=UNKNOWN)
    modal = await one.bob.click(known.response, custom_id=button_id(known.response, "down"))
    [name] = [part["custom_id"] for part in _parts(modal.modal) if part.get("type") == 4]
    await one.bob.submit_modal(modal, {name: f"wrong quote, ask <@{one.alice.id}> @everyone"})
    shown = await one.run("insights")
    assert "4 questions, 3 without an answer (75%)." in shown
    assert "👍 0 · 👎 1" in shown
    assert "wrong quote" in shown
    assert "who won the chess final in ostrava yesterday · 3×" in shown
    for hidden in (str(one.bob.id), str(one.alice.id), "bob", "@everyone"):
        assert hidden not in shown
    assert "Nobody asked anything" in await two.run("insights", days=365)


async def test_a_question_that_found_nothing_is_not_listed_where_that_is_off(simcord_env: Env):
    server = make_server(simcord_env)
    await server.run("settings set", setting="count_unanswered", value="off")
    await server.bob.slash(server.channel, "ask", question=UNKNOWN)
    shown = await server.run("insights")
    assert "One question, " in shown
    assert "chess" not in shown


def _parts(part):
    yield part
    for key in ("components", "component"):
        inner = part.get(key) or []
        for each in inner if isinstance(inner, list) else [inner]:
            yield from _parts(each)


def test_each_day_has_a_column_and_a_day_without_questions_is_blank():
    days = [("2024-09-28", 1, 0), ("2024-09-30", 8, 2)]
    told = chart(days, first_day(LAST, 4), LAST, ENGLISH)
    assert told == "` ▁ █`\n-# Questions per day, oldest first; peak: 8."


@pytest.mark.parametrize(
    ("days", "columns", "unit"), [(31, 31, "day"), (32, 5, "week"), (90, 13, "week"), (365, 13, "30 days")]
)
def test_longer_periods_have_fewer_columns(days: int, columns: int, unit: str):
    told = chart([("2024-09-30", 3, 0)], first_day(LAST, days), LAST, ENGLISH)
    assert told.index("`", 1) - 1 == columns
    assert unit in told
    assert told[columns] == "█"


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 10**9)), max_size=60),
    st.lists(st.text(max_size=2000), max_size=50),
    st.integers(1, 365),
)
def test_every_page_fits_a_message(counts: list[tuple[int, int]], texts: list[str], days: int):
    told = [((LAST - timedelta(days=ago)).isoformat(), asked, asked) for ago, asked in counts]
    found = Insights(told, 1, 1, texts, [(text, 10**6) for text in texts])
    blocks = insights_page(found, first_day(LAST, days), LAST, ENGLISH).blocks
    assert len("\n\n".join(blocks)) <= 4000
    assert "@everyone" not in "".join(blocks)


def test_today_is_the_last_day():
    assert first_day(datetime(2024, 9, 30, tzinfo=UTC).date(), 1) == LAST
