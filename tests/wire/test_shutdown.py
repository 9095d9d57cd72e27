"""Servers that are gone for a while or for good: in mid-answer, in the middle of an addition and of a reindex."""

import pytest

from bot.discord.bot import AttacheBot
from bot.discord.scope import server_collection
from bot.settings import Settings
from corpus.catalog import count_articles
from tests.wire.held_requests import held_answers, hold_jobs
from tests.wire.live_bot import ANSWER, BRIDGE, BRIDGE_ANSWER, BRIDGE_QUESTION, QUESTION, connected
from tests.wire.script import Place, make_place, text_of
from tests.wire.server import Server


def gone_for_a_while(place: Place) -> None:
    place.server.gateway.tell("GUILD_DELETE", {"id": str(place.guild.id), "unavailable": True}, place.guild)


def back(place: Place) -> None:
    place.server.gateway.tell("GUILD_CREATE", place.guild.payload(place.server.world.bot.id), place.guild)


async def remove(place: Place, bot: AttacheBot) -> None:
    """The server removes the bot, and the bot hears of it."""
    place.guild.has_bot = False
    del place.guild.members[place.server.world.bot.id]
    place.server.gateway.tell("GUILD_DELETE", {"id": str(place.guild.id)}, place.guild)
    await place.server.until(lambda: bot.get_guild(place.guild.id) is None, "the bot to know")


async def own_articles(bot: AttacheBot, place: Place) -> int:
    return await bot.corpus_reader.run(lambda db: count_articles(db, (server_collection(place.guild.id),)))


async def left(bot: AttacheBot, place: Place) -> bool:
    sql = "SELECT removed_at IS NOT NULL FROM servers WHERE server_id = ?"
    return (await bot.records.read(lambda db: db.execute(sql, (place.guild.id,)).fetchone())) == (1,)


async def test_a_server_that_is_away_in_mid_answer_has_its_answer_when_it_comes(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings) as bot:
        async with held_answers(bot):
            asked = place.bob.asks(QUESTION)
            place.alice.runs("ask", question=QUESTION)
            await server.until(lambda: bot.answer_queue.waiting == 3, "the questions to come in")
            gone_for_a_while(place)
        # Both answers are public, and either may come first.
        await server.until(lambda: sum(ANSWER in text_of(each) for each in place.bob.visible()) == 2, "both answers")
        back(place)
        assert len(place.bob.replies_to(asked)) == 1
        place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)
        assert not await left(bot, place)


async def test_a_server_that_is_away_in_mid_work_has_what_it_added(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings) as bot:
        held = hold_jobs(bot)
        place.alice.runs("corpus add", file=BRIDGE)
        await place.alice.sees("making searchable")
        gone_for_a_while(place)
        held.release.set()
        await place.alice.sees("One article added")
        back(place)
        place.bob.asks(BRIDGE_QUESTION)
        await place.bob.sees(BRIDGE_ANSWER)


async def test_removed_in_mid_answer_the_bot_says_nothing_there(server: Server, settings: Settings):
    place, other = make_place(server), make_place(server, "two")
    async with connected(server, settings) as bot:
        async with held_answers(bot):
            asked = place.bob.asks(QUESTION)
            await server.until(lambda: bot.answer_queue.waiting == 2, "the question to come in")
            await remove(place, bot)
            elsewhere = other.bob.asks(QUESTION)
        await server.until(lambda: other.bob.replies_to(elsewhere), "an answer")
        assert not place.bob.replies_to(asked)
        assert len(place.channel.messages) == 1
        assert await left(bot, place)


async def test_removed_in_mid_addition_what_was_added_is_taken_back(server: Server, settings: Settings):
    place, other = make_place(server), make_place(server, "two")
    async with connected(server, settings) as bot:
        held = hold_jobs(bot)
        place.alice.runs("corpus add", file=BRIDGE)
        await place.alice.sees("making searchable")
        before = len(place.channel.messages)
        await remove(place, bot)
        held.release.set()
        await server.until(lambda: bot.jobs.current is None, "the end of the work")
        assert await own_articles(bot, place) == 0
        assert len(place.channel.messages) == before
        other.alice.runs("corpus add", file=BRIDGE)
        await other.alice.sees("One article added")


async def test_removed_in_mid_addition_for_all_servers_it_goes_on(server: Server, settings: Settings):
    place, other = make_place(server), make_place(server, "two")
    operator = settings.model_copy(update={"operators": (place.alice.user.id,)})
    async with connected(server, operator) as bot:
        held = hold_jobs(bot)
        place.alice.runs("corpus add", file=BRIDGE, shared=True)
        await place.alice.sees("making searchable")
        await remove(place, bot)
        held.release.set()
        await server.until(lambda: bot.jobs.current is None, "the end of the work")
        other.bob.asks(BRIDGE_QUESTION)
        await other.bob.sees(BRIDGE_ANSWER)


@pytest.mark.parametrize("full", [False, True])
async def test_removed_in_mid_reindex_the_index_stays_whole(server: Server, settings: Settings, full: bool):
    place, other = make_place(server), make_place(server, "two")
    async with connected(server, settings) as bot:
        # Something to embed.
        other.alice.runs("corpus add", file=BRIDGE)
        await other.alice.sees("One article added")
        held = hold_jobs(bot)
        held.fingerprint = "hashing@other"
        place.alice.runs("corpus reindex", full=full)
        await place.alice.sees("making searchable")
        before = len(place.channel.messages)
        await remove(place, bot)
        held.release.set()
        await server.until(lambda: bot.jobs.current is None, "the end of the work")
        for question, answer in ((QUESTION, ANSWER), (BRIDGE_QUESTION, BRIDGE_ANSWER)):
            other.bob.asks(question)
            await other.bob.sees(answer)
        assert len(place.channel.messages) == before
        assert await left(bot, place)
