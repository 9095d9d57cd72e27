"""What operators say of publishers in Discord, and that nobody else can."""

from simcord.env import Env

from bot.service.publishers import read_publishers
from tests.discord.admins import make_server


async def test_an_operator_changes_what_all_servers_are_told_of_a_publisher(simcord_env: Env):
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    one.make_operator(one.alice)
    question = "Did Arland deny sending rockets to Borduria?"
    assert "The Example Courier · " in await two.run("ask", question=question)
    options = {"name": "The Example Courier", "kind": "newspaper", "country": "LV", "domain": "news.example"}
    assert await one.run("corpus publisher", **options) == "Publisher changed: The Example Courier (Latvia, newspaper)."
    assert "**The Example Courier** (Latvia, newspaper) · " in await two.run("sources")
    # Nor is an answer that was remembered shown with what was known before.
    assert "The Example Courier (Latvia, newspaper) · " in await two.run("ask", question=question)
    changed = await one.run("corpus publisher", name="news.example", state_controlled=True, source="A decree of 2024")
    assert changed == "Publisher changed: The Example Courier (Latvia, state-controlled newspaper)."
    assert await one.acts() == [("corpus publisher", "The Example Courier")] * 2


async def test_admins_who_are_no_operators_change_nothing_and_mistakes_are_told(simcord_env: Env):
    server = make_server(simcord_env)
    assert "Only the people who run me" in await server.run("corpus publisher", name="TASS", kind="other")
    server.make_operator(server.alice)
    assert "There is nothing to change" in await server.run("corpus publisher", name="TASS")
    assert "a country code" in await server.run("corpus publisher", name="TASS", country="zz")
    assert not read_publishers(server.env.bot.settings).find_by_name("TASS").is_edited
