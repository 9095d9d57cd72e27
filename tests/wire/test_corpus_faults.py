"""What breaks under the corpus while the bot is connected: long work, lost servers, locks, a damaged index."""

import asyncio
import sqlite3
import threading
from pathlib import Path
from typing import Any

from bot.records import audit
from bot.settings import Settings
from corpus.lock import writer_lock
from tests.wire.held_requests import hold_jobs
from tests.wire.live_bot import ANSWER, BRIDGE, BRIDGE_ANSWER, BRIDGE_QUESTION, QUESTION, SETTLED_QUESTION, connected
from tests.wire.script import buttons_of, make_place, text_of
from tests.wire.server import Server

QUARTER_S = 15 * 60


async def test_a_token_that_ends_during_a_long_reindex_moves_the_report_to_a_direct_message(
    server: Server, settings: Settings
):
    """As the bot's clock and Discord's may disagree: the token is over before the bot thinks so."""
    place = make_place(server)
    async with connected(server, settings) as bot:
        held = hold_jobs(bot)
        place.alice.runs("corpus add", file=BRIDGE)
        await place.alice.sees("making searchable")
        server.clock.advance(QUARTER_S + 1)
        held.release.set()
        await place.alice.in_dms().sees("One article added")


async def test_progress_goes_on_in_a_direct_message_before_the_token_ends(
    server: Server, settings: Settings, monkeypatch
):
    place = make_place(server)
    monkeypatch.setattr("bot.discord.transport.long_reply.HAND_OVER_S", 0.5)
    async with connected(server, settings) as bot:
        held = hold_jobs(bot)
        place.alice.runs("corpus add", file=BRIDGE)
        await place.alice.in_dms().sees("making searchable")
        await place.alice.sees("continue in a direct message")
        held.release.set()
        await place.alice.in_dms().sees("One article added")


async def test_nothing_is_undone_before_it_is_kept_what_was_added_last(server: Server, settings: Settings, monkeypatch):
    place, keeping, release, keep = make_place(server), threading.Event(), threading.Event(), audit.record_addition

    def slowly(*given: Any) -> None:
        keeping.set()
        release.wait(10)
        keep(*given)

    monkeypatch.setattr(audit, "record_addition", slowly)
    async with connected(server, settings):
        place.alice.runs("corpus add", file=BRIDGE)
        await asyncio.to_thread(keeping.wait, 10)
        place.alice.runs("corpus undo")
        await place.alice.sees("There is no addition to undo")
        release.set()
        await place.alice.sees("One article added")
        place.alice.runs("corpus undo")
        await place.alice.sees("Undo the last addition?")
        place.alice.presses("Undo")
        await place.alice.sees("one article removed")


async def test_work_goes_on_although_nobody_can_be_told_how_far_it_is(server: Server, settings: Settings, monkeypatch):
    place = make_place(server)
    monkeypatch.setattr("bot.discord.transport.retry.RETRY_DELAYS_S", (0.05,))
    async with connected(server, settings) as bot:
        held = hold_jobs(bot)
        server.faults.add("PATCH /webhooks/*/*/messages/*", "cut before", times=2)
        place.alice.runs("corpus add", file=BRIDGE)
        await server.until(lambda: server.faults.are_over, "lost connections")
        held.release.set()
        await place.alice.sees("One article added")


async def test_where_direct_messages_are_closed_it_ends_quietly(server: Server, settings: Settings):
    place = make_place(server)
    place.alice.user.takes_dms = False
    async with connected(server, settings) as bot:
        held = hold_jobs(bot)
        place.alice.runs("corpus add", file=BRIDGE)
        await place.alice.sees("making searchable")
        server.clock.advance(QUARTER_S + 1)
        held.release.set()
        await server.until(lambda: any(call.code == 50007 for call in server.calls), "a refusal")
        place.bob.asks(BRIDGE_QUESTION)
        await place.bob.sees(BRIDGE_ANSWER)


async def test_a_server_that_is_unavailable_and_back_has_lost_nothing(server: Server, settings: Settings):
    place, other = make_place(server), make_place(server, "two")
    async with connected(server, settings):
        place.alice.runs("corpus add", file=BRIDGE)
        await place.alice.sees("One article added")
        server.gateway.tell("GUILD_DELETE", {"id": str(place.guild.id), "unavailable": True}, place.guild)
        other.bob.asks(QUESTION)
        await other.bob.sees(ANSWER)
        server.gateway.tell("GUILD_CREATE", place.guild.payload(server.world.bot.id), place.guild)
        place.bob.asks(BRIDGE_QUESTION)
        await place.bob.sees(BRIDGE_ANSWER)


async def test_removed_from_a_server_in_the_middle_of_its_work_the_bot_goes_on_elsewhere(
    server: Server, settings: Settings
):
    place, other = make_place(server), make_place(server, "two")
    async with connected(server, settings) as bot:
        held = hold_jobs(bot)
        place.alice.runs("corpus add", file=BRIDGE)
        await place.alice.sees("making searchable")
        place.guild.has_bot = False
        del place.guild.members[server.world.bot.id]
        server.gateway.tell("GUILD_DELETE", {"id": str(place.guild.id)}, place.guild)
        await server.until(lambda: bot.get_guild(place.guild.id) is None, "the bot to know")
        held.release.set()
        await server.until(lambda: bot.jobs.current is None, "the end of the work")
        other.bob.asks(QUESTION)
        await other.bob.sees(ANSWER)
        left = "SELECT COUNT(*) FROM servers WHERE server_id = ? AND removed_at IS NOT NULL"
        found = await bot.records.run(lambda db: db.execute(left, (place.guild.id,)).fetchone())
        assert found == (1,)


async def test_while_another_program_writes_questions_are_answered_and_additions_told_to_wait(
    server: Server, settings: Settings, monkeypatch
):
    place = make_place(server)
    monkeypatch.setattr("bot.discord.workers.job_actions.WAIT_S", 0.2)
    async with connected(server, settings):
        with writer_lock(settings.data_dir, "another program"):
            place.alice.runs("corpus add", file=BRIDGE)
            await place.alice.sees("being changed right now")
            place.bob.asks(QUESTION)
            await place.bob.sees(ANSWER)
        place.alice.runs("corpus add", file=BRIDGE)
        await place.alice.sees("One article added")


async def test_while_the_records_are_locked_an_answer_waits_and_is_kept(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)
        held = sqlite3.connect(settings.data_dir / "records.sqlite3", isolation_level=None)
        try:
            held.execute("BEGIN IMMEDIATE")
            place.bob.asks(QUESTION)
            await asyncio.sleep(0.5)
        finally:
            held.close()
        assert buttons_of(await place.bob.sees(ANSWER))


async def test_while_another_program_writes_the_records_nobody_waits_for_it(
    server: Server, settings: Settings, monkeypatch
):
    place = make_place(server)
    async with connected(server, settings) as bot:
        # Writes of its own stand in the same line as reads, and would wait for the other program.
        await bot.remove_cog("Housekeeper")
        place.bob.runs("ask", question=SETTLED_QUESTION)
        answer = await place.bob.sees(ANSWER)
        monkeypatch.setattr("bot.discord.questions.ask_flow.SAVE_TIMEOUT_S", 0.1)
        await bot.records.run(lambda _db: None)
        # The settings of a server that is asked in for the first time are read.
        bot.settings_cache.discard(place.guild.id)
        held = sqlite3.connect(settings.data_dir / "records.sqlite3", isolation_level=None)
        try:
            held.execute("BEGIN IMMEDIATE")
            place.bob.presses("Source", answer)
            await place.bob.sees("news.example", within=6)
            shake = place.bob.presses("👎", answer)
            await server.until(lambda: shake.answer, "a modal", within=6)
        finally:
            held.close()
        await bot.records.run(lambda _db: None)
        held = sqlite3.connect(settings.data_dir / "records.sqlite3", isolation_level=None)
        try:
            held.execute("BEGIN IMMEDIATE")
            place.bob.runs("ask", question=SETTLED_QUESTION)
            assert not buttons_of(await place.bob.sees(ANSWER, within=6))
        finally:
            held.close()


async def test_while_the_settings_can_not_be_had_an_answer_is_for_the_asker_alone(
    server: Server, settings: Settings, monkeypatch
):
    place = make_place(server)
    monkeypatch.setattr("bot.discord.cogs.questions.SETTINGS_TIMEOUT_S", 0.05)
    async with connected(server, settings) as bot:
        release = threading.Event()
        held = asyncio.create_task(bot.records.read(lambda _db: release.wait()))
        bot.settings_cache.discard(place.guild.id)
        shake = place.bob.runs("ask", question=QUESTION)
        await server.until(lambda: shake.original, "an acknowledgement")
        release.set()
        await place.bob.sees(ANSWER)
        assert not any(ANSWER in text_of(each) for each in place.alice.visible())
        await held


async def test_an_index_that_is_damaged_while_it_is_in_use_is_built_again(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)
        live = settings.data_dir / "index" / (settings.data_dir / "index" / "LIVE").read_text().strip()
        damage(live / "index.faiss")
        place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)
        place.alice.runs("corpus add", file=BRIDGE)
        await place.alice.sees("One article added")
        for question, answer in ((BRIDGE_QUESTION, BRIDGE_ANSWER), (QUESTION, ANSWER)):
            place.bob.asks(question)
            await place.bob.sees(answer)


def damage(file: Path) -> None:
    """Puts another file of the same name in its place, as a bad copy would."""
    broken = file.with_suffix(".broken")
    broken.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    broken.replace(file)
