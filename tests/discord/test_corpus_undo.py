"""How admins take an addition back."""

from simcord.env import Env

from bot.records import audit
from tests.discord.admins import lines, make_server
from tests.discord.screen import button_id, text_of


async def test_undo_takes_back_what_was_added_then_what_was_updated(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add(lines("Ferry sails"), "ferry.jsonl")
    await server.add(
        lines("Ferry sails", "Bridge opens", text="It sails at midnight only, the office corrected."), "f2.jsonl"
    )
    assert sorted(await server.own_articles()) == ["Bridge opens", "Ferry sails"]
    assert "midnight" in await server.run("ask", question="When does the ferry sail?")
    told = await server.confirm("corpus undo", "undo-addition")
    assert "one article removed, one has its earlier text back." in told
    answer = await server.run("ask", question="When does the ferry sail?")
    assert "noon" in answer
    assert "midnight" not in answer
    assert "one article removed." in await server.confirm("corpus undo", "undo-addition")
    assert await server.own_articles() == []
    assert "no addition" in await server.confirm("corpus undo", "undo-addition")
    assert [act for act, _ in await server.acts()] == ["corpus add"] * 2 + ["corpus undo"] * 2


async def test_an_undo_tells_only_what_it_does(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add(lines("Ferry sails"), "ferry.jsonl")
    await server.add(lines("Ferry sails", text="It sails at midnight only, the office corrected."), "late.jsonl")
    told = await server.confirm("corpus undo", "undo-addition")
    assert told == "Undone: one has its earlier text back."
    await server.confirm("corpus remove", "remove-article", article="Ferry sails")
    assert "Its articles are gone already." in await server.run("corpus undo")
    assert await server.confirm("corpus undo", "undo-addition") == "Undone: its articles were gone already."


async def test_undo_of_one_server_leaves_the_others_alone(simcord_env: Env):
    one, two = make_server(simcord_env), make_server(simcord_env, "two")
    await one.add()
    assert "no addition" in await two.confirm("corpus undo", "undo-addition")
    assert await one.own_articles()


async def test_the_last_addition_is_recorded_for_its_server(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add()
    last = await simcord_env.bot.records.run(lambda db: audit.last_addition(db, server.guild.id))
    assert last is not None
    assert (len(last.added), last.updated, last.user_id) == (1, (), server.alice.id)


async def test_before_an_undo_the_articles_are_named(simcord_env: Env):
    server = make_server(simcord_env)
    await server.add(lines("Ferry sails"), "ferry.jsonl")
    await server.add(lines("Ferry sails", "Bridge opens", text="It sails at midnight only, it said."), "f2.jsonl")
    asked = (await server.alice.slash(server.channel, "corpus undo")).response
    assert "One article is removed" in text_of(asked)
    assert "**Bridge opens**" in text_of(asked)
    assert "One article gets its earlier text back" in text_of(asked)
    assert "**Ferry sails**" in text_of(asked)
    assert sorted(await server.own_articles()) == ["Bridge opens", "Ferry sails"]
    await server.add(lines("Ferry sails", "Bridge opens", "Late news", text="It is late."), "late.jsonl")
    pressed = await server.alice.click(asked, custom_id=button_id(asked, "undo-addition"))
    assert "Something else was added or undone meanwhile" in text_of(pressed.response)
    assert sorted(await server.own_articles()) == ["Bridge opens", "Ferry sails", "Late news"]
