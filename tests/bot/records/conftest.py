"""Fixtures: an open file of records, and answers to put into it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database

from bot.answering.cited_places import QuotedPlace
from bot.records.asked import AskedQuestion, new_token
from bot.records.audit import Act
from bot.records.records import RECORDS_NAME, open_records
from bot.records.watch_outbox import Destination, add_changes, plan, record_sent, waiting_changes
from bot.records.watches import Watch, add_watch

# Discord's ids are beyond 2**53, where a float would lose their last digits.
SERVER = 1_112_233_445_566_778_899
OTHER_SERVER = 1_112_233_445_566_778_900
ASKER = 9_007_199_254_740_993
READER = 9_007_199_254_740_995
CHANNEL = 1_212_233_445_566_778_811
NOW = "2024-09-09T12:30:00Z"

MakeAsked = Callable[..., AskedQuestion]


def acts_in(db: Database, server_id: int) -> list[Act]:
    """What admins of a server did, as it is stored, in its order."""
    sql = "SELECT at, server_id, user_id, act, details FROM acts WHERE server_id = ? ORDER BY id"
    return [Act(*row) for row in db.execute(sql, (server_id,))]


def watch_something(db: Database, user_id: int, server_id: int) -> None:
    """Has somebody watch a question: one change waits, and another is in a message."""
    watch = Watch(
        0, user_id, server_id, CHANNEL, "direct", "Is the Velden bridge unsafe?", None, None, ("Valley Times",),
        private=False, language="en", made_at=NOW, changed_at=NOW, doubted_at=None, verdict="no", marks=("a1",),
        last_passage=7,
    )  # fmt: skip
    stored = add_watch(db, watch, "model@1", np.ones(3, dtype=np.float32))
    to = Destination(user_id, server_id, 0, "direct")
    assert plan(db, to, [], 1, NOW) is None
    add_changes(db, [(stored.id, '{"kind": "speaker"}')], NOW)
    planned = plan(db, to, waiting_changes(db, to), 1, NOW)
    assert planned is not None
    record_sent(db, planned.id, 5)
    add_changes(db, [(stored.id, '{"kind": "verdict"}')], NOW)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Database]:
    """An empty file of records, open; every statement is its own transaction."""
    opened = open_records(tmp_path / RECORDS_NAME)
    yield opened
    opened.close()


@pytest.fixture
def make_asked() -> MakeAsked:
    """Makes a public answer in SERVER that cites one place, with a fresh token; fields can be given."""

    def make(**fields: object) -> AskedQuestion:
        plain = AskedQuestion(
            token=new_token(),
            kind="answer",
            user_id=ASKER,
            server_id=SERVER,
            channel_id=CHANNEL,
            message_id=None,
            question="Is the Velden bridge unsafe?",
            original="is it unsafe?",
            since="2024-01-01",
            until=None,
            publishers=("Valley Times", 'The "Herald", Inc.'),
            verdict="no",
            headline="Oskar Brandt denies it.",
            private=False,
            asked_at=NOW,
            cited=(QuotedPlace(2, 5, 0, 74, "ab" * 32),),
        )
        return replace(plain, **fields)

    return make
