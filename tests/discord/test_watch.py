"""Watched questions: what is told, to whom and where, once, at which pace; no server hears of another's articles."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import numpy as np
import pytest
from simcord.env import Env
from sqlite_utils import Database

from bot.discord.bot import AttacheBot
from bot.discord.cogs.watch import WatchCommands
from bot.discord.process import make_bot
from bot.records.watches import add_watch, all_watches
from bot.service.attache import Attache
from bot.service.ingest import ingest
from bot.service.near_questions import newest_passage
from bot.service.steps import remove_collection_in_steps
from bot.settings import Settings
from corpus.ingest import IngestOptions
from index.embedding.embedder import packaged_embedder
from tests.discord.made_answers import made_attache
from tests.discord.places import Place, button_id_after
from tests.discord.screen import button_id, labels_of, text_of
from tests.fakes import FakeReader

# The first search loads a model.
pytestmark = pytest.mark.simcord(settle_timeout=60)

TANKER = "Did Kurland sink the tanker Marisol?"
HURT = "How many sailors drowned off Port Salis?"


def article(number: int, title: str, publisher: str, body: str) -> dict[str, str]:
    url = f"https://salis.example/{number}"
    return {"title": title, "publisher": publisher, "url": url, "published_at": f"2024-05-0{number}", "body": body}


CLAIM = article(
    1, "Vestria accuses Kurland over the tanker", "Port Gazette",
    "Vestria's navy claimed on Monday that Kurland sank the tanker Marisol off Port Salis.",
)  # fmt: skip
DENIAL = article(
    2, "Kurland rejects the charge", "Salis Herald",
    "Kurland's defence ministry denied on Tuesday that it had sunk the tanker Marisol.",
)  # fmt: skip
SECOND_DENIAL = article(
    3, "President of Kurland denies it too", "Quarry Post",
    "President Ilse Brandt denied on Wednesday that Kurland had sunk the tanker Marisol.",
)  # fmt: skip
FAR = article(
    4, "Granite sells well", "Quarry Post", "The quarry of Stonefield sold four blocks of granite to a mason in spring."
)


def open_attache(data_dir: Path) -> Attache:
    """Opens the service with a reader that says of the news what a good one would."""
    settings = Settings.load(None, data_dir=data_dir)
    reader = FakeReader({"claimed on Monday": {"yes": 0.9, "claimed": 0.08}, "denied on": {"both": 0.98}})
    return Attache(settings, embedder=packaged_embedder(), reader=reader)


@pytest.fixture
def attache(tmp_path: Path) -> Attache:
    """A service over one article about the tanker."""
    made_attache(Settings.load(None, data_dir=tmp_path / "data"), [CLAIM]).close()
    return open_attache(tmp_path / "data")


@pytest.fixture
def add(attache: Attache, tmp_path: Path) -> Callable[..., None]:
    """Takes articles in, as another process would while the bot runs."""

    def add_all(*articles: dict[str, str], collection: str = "shared") -> None:
        path = tmp_path / "added.jsonl"
        path.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
        ingest(attache.settings, packaged_embedder(), [path], IngestOptions(collection=collection))

    return add_all


@pytest.fixture
def fresh_made_bot(attache: Attache) -> Callable[[], AttacheBot]:
    """Makes the bot as another process would."""
    return lambda: make_bot(attache.settings, Attache(attache.settings, embedder=packaged_embedder()), shard_count=1)


async def work(env: Env) -> None:
    """Has the bot look for changes and tell them, as it does three times a minute."""
    cog = env.bot.get_cog("Watch")
    assert isinstance(cog, WatchCommands)
    # However slow the machine is.
    cog.desk.looks_s = math.inf
    await cog.desk.work_all()


async def begin(place: Place, question: str = TANKER, **options: Any) -> Any:
    """What a member sees who watches the answer to a question."""
    answer = (await place.slash("ask", question=question, **options)).response
    return (await place.member.click(answer, custom_id=button_id(answer, "watch"))).response


def told(place: Place) -> list[str]:
    """What a member was told by direct message."""
    channel = place.member.user.dm_channel
    return [text_of(each) for each in channel.history() if each.author.bot] if channel else []


async def set_back(env: Env, sql: str) -> None:
    await env.bot.records.run(lambda db: db.execute(sql))


async def test_a_changed_verdict_is_told_once_with_before_after_and_the_quote(
    here: Place, simcord_env: Env, add: Callable[..., None]
):
    shown = await begin(here)
    assert "You watch: **Did Kurland sink the tanker Marisol?**" in text_of(shown)
    assert "Now: Yes" in text_of(shown)
    add(FAR)
    await work(simcord_env)
    assert told(here) == []
    add(DENIAL)
    await work(simcord_env)
    await work(simcord_env)
    [message] = told(here)
    assert "Yes → Disputed" in message
    assert "denied on Tuesday that it had sunk the tanker" in message
    assert "Salis Herald" in message
    add(SECOND_DENIAL)
    await work(simcord_env)
    await work(simcord_env)
    assert len(told(here)) == 2
    assert "New denial" in told(here)[1]
    assert "President Ilse Brandt" in told(here)[1]
    assert "Yes →" not in told(here)[1]


async def test_what_seemed_far_is_found_by_the_daily_look(here: Place, simcord_env: Env, add: Callable[..., None]):
    await begin(here)
    add(DENIAL)
    newest = await simcord_env.bot.corpus_reader.run(newest_passage)
    await set_back(simcord_env, f"UPDATE watch_progress SET last_passage = {newest}")
    await work(simcord_env)
    assert told(here) == []
    await set_back(simcord_env, "UPDATE watches SET looked_at = '2024-01-01T00:00:00Z'")
    await work(simcord_env)
    assert "Yes → Disputed" in told(here)[0]


async def test_what_was_sent_before_a_crash_is_not_sent_again_and_what_was_not_is(
    here: Place, simcord_env: Env, add: Callable[..., None], fresh_made_bot: Callable[[], AttacheBot]
):
    await begin(here)
    add(DENIAL)
    await work(simcord_env)
    [changed] = await simcord_env.bot.records.read(lambda db: list(db.query("SELECT * FROM watches")))
    # As if killed between sending and noting it.
    await set_back(simcord_env, "UPDATE watch_posts SET message_id = NULL")
    await simcord_env.restart_bot(fresh_made_bot())
    await work(simcord_env)
    assert len(told(here)) == 1
    # As if killed before the look was noted: the question is due again, and nothing new is found.
    await set_back(simcord_env, "UPDATE watches SET is_due = 1")
    await simcord_env.restart_bot(fresh_made_bot())
    await work(simcord_env)
    assert len(told(here)) == 1
    assert changed["verdict"] == "disputed"
    left = await simcord_env.bot.records.read(lambda db: db["watch_changes"].count)
    assert left == 0


async def test_an_open_question_tells_a_new_number_and_an_unanswered_one_its_first_answer(
    here: Place, simcord_env: Env, add: Callable[..., None]
):
    shown = await begin(here, HURT)
    assert "No article answers it" in text_of(shown)
    add(
        article(
            5, "Nine drowned", "Quarry Post", "Nine sailors drowned off Port Salis, the coast guard said on Monday."
        )
    )
    await work(simcord_env)
    assert "No article answers it → There are quotes on it" in told(here)[0]
    add(
        article(
            6, "Toll rises", "Port Gazette", "Eleven sailors drowned off Port Salis, the harbour master said later."
        )
    )
    await work(simcord_env)
    assert "New number: Eleven" in told(here)[1]


async def test_it_is_told_in_the_channel_if_the_watcher_wants_that_and_nobody_else_is_notified(
    here: Place, simcord_env: Env, add: Callable[..., None]
):
    shown = await begin(here)
    placed = await here.member.click(shown, custom_id=button_id(shown, "watch-here"))
    assert f"<#{here.channel.id}>" in text_of(placed.response)
    back = await here.member.click(placed.response, custom_id=button_id(placed.response, "watch-direct"))
    assert "by direct message" in text_of(back.response)
    await here.member.click(back.response, custom_id=button_id(back.response, "watch-here"))
    add({**DENIAL, "body": DENIAL["body"] + " @everyone heard it."})
    await work(simcord_env)
    assert told(here) == []
    message = here.channel.last_message
    assert f"<@{here.member.id}>" in text_of(message)
    [sent] = [
        each.json
        for each in simcord_env.http_requests
        if each.path.endswith(f"{here.channel.id}/messages") and each.json and "nonce" in each.json
    ]
    assert sent["allowed_mentions"] == {"parse": [], "users": [here.member.id]}
    listed = await here.member.click(message, custom_id=button_id(message, "watch-list"))
    assert listed.ephemeral
    assert TANKER in text_of(listed.response)
    stopped = await here.member.click(message, custom_id=button_id(message, "watch-stop"))
    assert "Stopped" in text_of(stopped.response)
    assert "watch nothing yet" in await here.read("watch list")


async def test_a_question_of_a_direct_message_is_watched_there_over_shared_articles_only(
    here: Place, simcord_env: Env, add: Callable[..., None]
):
    await here.member.user.send_dm(TANKER)
    answer = here.member.user.dm_channel.last_message
    shown = await here.member.user.click(answer, custom_id=button_id(answer, "watch"))
    assert "Tell me in this channel" not in labels_of(shown.response)
    before = len(told(here))
    add(SECOND_DENIAL, collection=here.collection)
    await work(simcord_env)
    assert len(told(here)) == before
    add(DENIAL)
    await work(simcord_env)
    assert "Yes → Disputed" in told(here)[-1]
    assert "Ilse Brandt" not in told(here)[-1]


async def test_a_private_question_is_told_to_nobody_else(here: Place, simcord_env: Env, add: Callable[..., None]):
    shown = await begin(here, private=True)
    assert "Tell me in this channel" not in labels_of(shown)
    add(DENIAL)
    await work(simcord_env)
    assert len(told(here)) == 1


async def test_no_server_hears_of_anothers_articles_and_who_left_hears_nothing(
    here: Place, there: Place, simcord_env: Env, add: Callable[..., None]
):
    await begin(here)
    await begin(there)
    add(DENIAL, collection=here.collection)
    await work(simcord_env)
    assert (len(told(here)), len(told(there))) == (1, 0)
    here.guild.remove_member(here.member)
    add(SECOND_DENIAL, collection=here.collection)
    await work(simcord_env)
    assert (len(told(here)), len(told(there))) == (1, 0)
    assert await simcord_env.bot.records.read(lambda db: db["watches"].count) == 1


async def test_what_was_removed_before_it_could_be_told_is_not_told(
    here: Place, simcord_env: Env, attache: Attache, add: Callable[..., None]
):
    await begin(here)
    await here.slash("watch pace", most=1, quiet="0-23")
    await set_back(simcord_env, "UPDATE watch_pace SET quiet_from = 0, quiet_until = 24")
    add(DENIAL, collection=here.collection)
    await work(simcord_env)
    assert told(here) == []
    for _ in remove_collection_in_steps(attache.settings, attache.embedder, here.collection):
        pass
    await set_back(simcord_env, "DELETE FROM watch_pace")
    await work(simcord_env)
    assert told(here) == []
    # Nobody told them, so it is news when another article says so.
    add(DENIAL)
    await work(simcord_env)
    assert "Yes → Disputed" in told(here)[0]


async def test_more_than_a_day_s_messages_come_as_a_digest_and_quiet_hours_are_kept(
    here: Place, simcord_env: Env, add: Callable[..., None]
):
    questions = [TANKER, "Did Kurland sink the Marisol?", "Has Kurland sunk the tanker Marisol?"]
    for question in questions:
        await begin(here, question)
    assert "can’t read those hours" in await here.read("watch pace", quiet="25-77")
    assert "no such time zone" in await here.read("watch pace", zone="../../etc/passwd")
    pace = await here.read("watch pace", most=2, quiet="22-7", zone="Europe/Berlin")
    assert "At most 2 messages in 24 hours. Quiet from 22:00 to 07:00 (Europe/Berlin)." in pace
    await set_back(simcord_env, "UPDATE watch_pace SET quiet_from = 0, quiet_until = 24")
    add(DENIAL)
    await work(simcord_env)
    assert told(here) == []
    await here.slash("watch pace", quiet="none")
    await work(simcord_env)
    await work(simcord_env)
    alone, digest = told(here)
    assert sum(alone.count(each) for each in questions) == 1
    assert "2 watched answers changed" in digest
    assert all(each in alone + digest for each in questions)


async def test_quotas_hold_and_one_question_is_watched_once(here: Place, simcord_env: Env):
    bot = simcord_env.bot
    bot.settings = bot.settings.model_copy(update={"watches_per_member": 1})
    await begin(here)
    assert "You watch this already" in text_of(await begin(here))
    assert "already watch 1 questions, the maximum" in text_of(await begin(here, "Did Kurland sink the Marisol?"))
    [offered] = await here.member.autocomplete(here.channel, "watch remove", "question", "marisol")
    assert "1 of at most 1" in await here.read("watch list")
    assert "Stopped" in await here.read("watch remove", question=offered["value"])
    assert "watch nothing like that" in await here.read("watch remove", question=offered["value"])


async def test_an_operator_can_switch_watching_off(here: Place, simcord_env: Env):
    simcord_env.bot.settings = simcord_env.bot.settings.model_copy(update={"watches_per_member": 0})
    assert "switched off" in text_of(await begin(here))


async def test_a_long_list_is_turned(here: Place, simcord_env: Env):
    await begin(here)

    def more(db: Database) -> None:
        [watch] = all_watches(db)
        for number in range(12):
            add_watch(db, replace(watch, question=f"Harbour {number}?"), "none", np.zeros(3, dtype=np.float32))

    await simcord_env.bot.records.run(more)
    first = (await here.slash("watch list")).response
    assert "Harbour 11" not in text_of(first)
    second = await here.member.click(first, custom_id=button_id_after(first, "watch-page"))
    assert "Harbour 11" in text_of(second.response)


async def test_nobody_stops_or_moves_what_another_watches(here: Place, simcord_env: Env):
    shown = await begin(here)
    other = here.guild.add_member(simcord_env.create_user("other"))
    assert "watch nothing like that" in text_of(
        (await other.slash(here.channel, "watch remove", question="1")).response
    )
    answer = (await other.slash(here.channel, "ask", question=TANKER)).response
    mine = (await other.click(answer, custom_id=button_id(answer, "watch"))).response
    assert button_id(mine, "watch-stop") != button_id(shown, "watch-stop")
    assert await simcord_env.bot.records.read(lambda db: db["watches"].count) == 2


async def test_where_nothing_changes_for_long_the_watcher_is_asked_once_and_silence_ends_it(
    here: Place, simcord_env: Env
):
    await begin(here)
    await set_back(simcord_env, "UPDATE watches SET changed_at = '2024-01-01T00:00:00Z'")
    await work(simcord_env)
    await work(simcord_env)
    assert len(told(here)) == 1
    assert "Nothing has changed for 90 days" in told(here)[0]
    message = here.member.user.dm_channel.last_message
    kept = await here.member.user.click(message, custom_id=button_id(message, "watch-keep"))
    assert "I go on" in text_of(kept.response)
    await set_back(simcord_env, "UPDATE watches SET doubted_at = '2024-01-01T00:00:00Z'")
    await work(simcord_env)
    assert await simcord_env.bot.records.read(lambda db: db["watches"].count) == 0


async def test_who_takes_no_direct_messages_sees_why_in_the_list_and_loses_nothing(
    here: Place, simcord_env: Env, add: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    await begin(here)
    add(DENIAL)

    async def refuse(*_given: Any, **_named: Any) -> None:
        response = type("Response", (), {"status": 403, "reason": "Forbidden", "headers": {}})()
        raise discord.Forbidden(response, {"code": 50007, "message": "Cannot send messages to this user"})

    with monkeypatch.context() as refusing:
        refusing.setattr(discord.DMChannel, "send", refuse)
        await work(simcord_env)
        await work(simcord_env)
    assert "Allow direct messages" in await here.read("watch list")
    await set_back(simcord_env, "UPDATE watches SET retry_at = ''")
    await work(simcord_env)
    assert len(told(here)) == 1
    assert "Allow direct messages" not in await here.read("watch list")


async def test_my_data_delete_takes_the_watches_along(here: Place, simcord_env: Env):
    await begin(here)
    asked = (await here.slash("my-data delete")).response
    await here.member.click(asked, custom_id=button_id(asked, "forget-me"))
    for table in ("watches", "watch_vectors", "watch_pace"):
        assert await simcord_env.bot.records.read(lambda db, name=table: db[name].count) == 0
