"""A person's own data: everything is handed out, deleted is gone, and others keep theirs."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.records.asked import find, save
from bot.records.audit import Act, last_addition, record, record_addition
from bot.records.batch_delete import BATCH_SIZE
from bot.records.feedback import vote, votes
from bot.records.insights import count_question
from bot.records.members import count_kept, delete_all, delete_step, export
from bot.records.records import Records
from bot.records.retention import mark_present
from bot.records.server_settings import set_setting
from bot.records.watch_outbox import Pace, save_pace
from tests.bot.records.conftest import ASKER, CHANNEL, NOW, READER, SERVER, MakeAsked, acts_in, watch_something


@pytest.fixture
def busy(records: Database, make_asked: MakeAsked) -> Callable[[int], str]:
    """Has a person leave something in every table; returns the token of an answer."""

    def leave(user_id: int) -> str:
        asked = make_asked(user_id=user_id, message_id=CHANNEL + user_id)
        save(records, asked)
        save(records, make_asked(user_id=user_id, server_id=None, private=True, cited=()))
        vote(records, asked.token, user_id, "down", "Old", NOW)
        record(records, Act(NOW, SERVER, user_id, "corpus add", "https://example.org"))
        record_addition(records, SERVER, user_id, NOW, [1], [2])
        mark_present(records, SERVER, NOW)
        set_setting(records, SERVER, "keep_days", "7")
        count_question(records, SERVER, NOW[:10], refused=True, question="Who won?")
        watch_something(records, user_id, SERVER)
        save_pace(records, user_id, Pace(3, 22, 7, "Europe/Berlin"))
        return asked.token

    return leave


def tables_with(records: Database, column: str) -> dict[str, int]:
    """Every table that has the column, with how many rows carry ASKER there."""
    return {
        table.name: table.count_where(f"{column} = ?", [ASKER])
        for table in records.tables
        if column in table.columns_dict
    }


def test_every_row_that_carries_a_users_id_is_exported(records: Database, busy: Callable[[int], str]) -> None:
    busy(ASKER)
    busy(READER)
    kept = tables_with(records, "user_id")
    # A new table must be filled by the fixture, or this test would see nothing missing.
    assert all(kept.values()), f"`busy` leaves nothing in one of {kept}"
    stored = export(records, ASKER)
    assert {name: len(rows) for name, rows in stored.items() if name != "user_id"} == kept
    for table in kept:
        columns = set(records[table].columns_dict) - {"id"}
        assert all(columns <= set(row) for row in stored[table]), table
        assert all(row["user_id"] == str(ASKER) for row in stored[table])


def test_no_other_column_could_hold_a_user(records: Database) -> None:
    known = {"id", "server_id", "channel_id", "message_id", "question_id", "article_id", "passage_id", "user_id"}
    # Of channels' messages and roles, feeds, and rules for new articles.
    known |= {"after_id", "feed_id", "post_id", "role_id", "rule_id", "watch_id"}
    for table in records.tables:
        if not table.name.startswith("_"):
            assert {name for name in table.columns_dict if name.endswith("id")} <= known, table.name


def test_an_export_is_json_without_a_lost_digit_and_without_others(
    records: Database, busy: Callable[[int], str]
) -> None:
    token = busy(ASKER)
    busy(READER)
    vote(records, token, READER, "up", "What another person thought", NOW)
    text = json.dumps(export(records, ASKER))
    assert str(READER) not in text
    assert "another person" not in text
    # As a reader with floats only, such as a browser, would read it.
    stored = json.loads(text, parse_int=float)
    assert stored["user_id"] == str(ASKER)
    [asked, direct] = sorted(stored["asked"], key=lambda row: row["private"])
    assert (asked["server_id"], asked["message_id"]) == (str(SERVER), str(CHANNEL + ASKER))
    assert (asked["private"], asked["publishers"]) == (False, ["Valley Times", 'The "Herald", Inc.'])
    assert asked["original"] == "is it unsafe?"
    assert [place["article_id"] for place in asked["cited"]] == [2]
    assert (direct["server_id"], direct["private"], direct["cited"]) == (None, True, [])
    assert stored["additions"][0]["added"] == [1]
    assert [each["change"] for each in stored["watches"][0]["changes"]] == [{"kind": "verdict"}]


def test_somebody_unknown_gets_empty_lists(records: Database) -> None:
    tables = ("asked", "feedback", "acts", "additions", "watches", "watch_posts", "watch_pace")
    assert export(records, 1) == {"user_id": "1", **{table: [] for table in tables}}
    assert delete_step(records, 1) == 0


def test_deleted_is_gone_and_what_is_the_servers_stays(records: Database, busy: Callable[[int], str]) -> None:
    mine, theirs = busy(ASKER), busy(READER)
    vote(records, mine, READER, "up", None, NOW)
    vote(records, theirs, ASKER, "up", None, NOW)
    # Two questions, a vote on the own answer, somebody else's vote on it, and a vote on somebody else's answer;
    # a watch, a message about it, and how often to be told.
    assert delete_step(records, ASKER) == 8
    assert delete_step(records, ASKER) == 0
    assert find(records, mine) is None
    assert find(records, theirs) is not None
    assert votes(records, theirs) == (0, 1)
    left = {name: count for name, count in tables_with(records, "user_id").items() if count}
    assert left == {"acts": 1, "additions": 1}
    assert records["cited"].count_where("token = ?", [mine]) == 0
    assert len(acts_in(records, SERVER)) == 2
    assert last_addition(records, SERVER) is not None
    stored = export(records, ASKER)
    assert (stored["asked"], stored["feedback"], stored["watches"]) == ([], [], [])
    assert records["watch_changes"].count == records["watch_vectors"].count == 1


async def test_a_lot_is_deleted_in_steps_that_others_can_come_between(tmp_path: Path, make_asked: MakeAsked) -> None:
    records, many = Records(tmp_path / "data"), 3 * BATCH_SIZE
    await records.run(lambda db: [save(db, make_asked()) for _ in range(many)])
    deleting = asyncio.create_task(delete_all(records, ASKER))
    await asyncio.sleep(0)
    assert await records.run(lambda db: db["asked"].count) >= many - BATCH_SIZE
    assert await deleting == many
    assert await records.run(lambda db: db["asked"].count) == 0
    records.close()


def test_a_step_deletes_no_more_than_stated_and_the_rest_is_counted(
    records: Database, busy: Callable[[int], str], make_asked: MakeAsked
) -> None:
    theirs = [make_asked(user_id=READER) for _ in range(BATCH_SIZE)]
    for each in theirs:
        save(records, each)
        vote(records, each.token, ASKER, "up", None, NOW)
    busy(ASKER)
    assert delete_step(records, ASKER) <= BATCH_SIZE + 1
    assert delete_step(records, ASKER) > 0
    assert delete_step(records, ASKER) == 0
    assert count_kept(records, ASKER) == 2
