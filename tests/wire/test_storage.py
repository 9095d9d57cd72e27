"""What breaks on the disk while the bot is connected: records that are full or locked, an index that is gone."""

import asyncio
import shutil
import sqlite3

import pytest

from bot.discord.bot import AttacheBot
from bot.settings import Settings
from tests.wire.held_requests import HeldEmbedder, held_records, hold_jobs
from tests.wire.live_bot import ANSWER, BRIDGE, BRIDGE_ANSWER, BRIDGE_QUESTION, QUESTION, SETTLED_QUESTION, connected
from tests.wire.script import Place, buttons_of, make_place
from tests.wire.server import Server

QUARTER_S = 15 * 60


async def test_reads_of_the_records_wait_behind_no_write(server: Server, settings: Settings, monkeypatch):
    """Another program holds the records, and writes of the bot's own stand in line for them."""
    place = make_place(server)
    async with connected(server, settings) as bot:
        place.bob.runs("ask", question=SETTLED_QUESTION)
        answer = await place.bob.sees(ANSWER)
        monkeypatch.setattr("bot.discord.questions.ask_flow.SAVE_TIMEOUT_S", 0.1)
        await bot.records.run(lambda _db: None)
        with held_records(settings):
            bot.settings_cache.discard(place.guild.id)
            standing = [asyncio.create_task(bot.records.run(lambda _db: None)) for _ in range(3)]
            await asyncio.sleep(0.1)
            place.bob.presses("Source", answer)
            await place.bob.sees("news.example", within=2)
            shake = place.bob.presses("👎", answer)
            await server.until(lambda: shake.answer, "a modal", within=2)
            followed = place.alice.asks("And rockets to Velden?", reply_to=answer)
            await server.until(lambda: place.alice.replies_to(followed), "a follow-up", within=4)
            assert not any(each.done() for each in standing)
        await asyncio.gather(*standing)


async def test_where_the_records_are_full_answers_come_without_buttons(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings) as bot:
        await limit_pages(bot, 1)
        has_room, count = True, 0
        while has_room and count < 20:
            person, count = place.newcomer(f"m{count}"), count + 1
            person.runs("ask", question=QUESTION)
            has_room = bool(buttons_of(await person.sees(ANSWER)))
        assert not has_room
        asked = place.bob.asks(QUESTION)
        assert not buttons_of(await place.bob.sees(ANSWER))
        assert len(place.bob.replies_to(asked)) == 1
        await limit_pages(bot, 1 << 30)
        place.bob.runs("ask", question=QUESTION)
        assert buttons_of(await place.bob.sees(ANSWER))


async def limit_pages(bot: AttacheBot, pages: int) -> None:
    """Lets the file of records grow no further than this, as a full disk does; it stays as large as it is."""
    await bot.records.run(lambda db: db.execute(f"PRAGMA max_page_count = {pages}").fetchall())


async def test_while_another_program_writes_to_the_corpus_questions_are_answered_and_additions_told_to_wait(
    server: Server, settings: Settings
):
    place = make_place(server)
    async with connected(server, settings):
        held = sqlite3.connect(settings.data_dir / "corpus.sqlite3", isolation_level=None)
        try:
            held.execute("BEGIN IMMEDIATE")
            place.alice.runs("corpus add", file=BRIDGE)
            await place.alice.sees("being changed right now")
            place.bob.asks(QUESTION)
            await place.bob.sees(ANSWER)
        finally:
            held.close()
        place.alice.runs("corpus add", file=BRIDGE)
        await place.alice.sees("One article added")


@pytest.mark.parametrize("what", ["index", "index/LIVE"])
async def test_an_index_that_is_gone_is_built_again(server: Server, settings: Settings, what: str):
    place = make_place(server)
    async with connected(server, settings):
        place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)
        gone = settings.data_dir / what
        shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
        place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)
        place.alice.runs("corpus add", file=BRIDGE)
        await place.alice.sees("One article added")
        for question, answer in ((BRIDGE_QUESTION, BRIDGE_ANSWER), (QUESTION, ANSWER)):
            place.bob.asks(question)
            await place.bob.sees(answer)
        place.alice.runs("corpus reindex")
        await place.alice.sees("up to date")
        place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)


async def begun_reindex(place: Place, bot: AttacheBot) -> HeldEmbedder:
    """A reindex that embeds everything anew, and waits within."""
    held = hold_jobs(bot)
    held.fingerprint = "hashing@2"
    place.alice.runs("corpus reindex", full=True)
    await place.alice.sees("making searchable")
    return held


async def test_a_token_that_ends_during_a_reindex_moves_its_end_to_a_direct_message(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings) as bot:
        held = await begun_reindex(place, bot)
        server.clock.advance(QUARTER_S + 1)
        held.release.set()
        await place.alice.in_dms().sees("The index is up to date")
        assert len(place.alice.in_dms().visible()) == 1


async def test_with_closed_direct_messages_the_end_of_a_reindex_is_told_in_the_log_channel(
    server: Server, settings: Settings, monkeypatch
):
    place = make_place(server)
    place.alice.user.takes_dms = False
    log = place.new_channel("log")
    monkeypatch.setattr("bot.discord.cogs._admin.EDIT_EVERY_S", 0.5)
    async with connected(server, settings) as bot:
        await bot.settings_cache.set(place.guild.id, "log_channel", f"<#{log.id}>")
        held = await begun_reindex(place, bot)
        monkeypatch.setattr("bot.discord.transport.long_reply.HAND_OVER_S", 0.0)
        await place.alice.at(log).sees("making searchable")
        server.clock.advance(QUARTER_S + 1)
        held.release.set()
        await place.alice.at(log).sees("The index is up to date")
