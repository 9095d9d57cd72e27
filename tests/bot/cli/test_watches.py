"""`attache watches`: what an operator sees of members' watches, and removes."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database

from bot.records.records import RECORDS_NAME, open_records
from bot.records.watches import Watch, add_watch
from tests.bot.cli.exit_codes import assert_sentence, assert_shape
from tests.bot.conftest import Attache

MEMBER = 9_007_199_254_740_993
NOW = "2024-09-09T12:30:00Z"


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Database]:
    """The records of a bot."""
    opened = open_records(tmp_path / RECORDS_NAME)
    yield opened
    opened.close()


def watch(records: Database, question: str, *, private: bool = False, server_id: int | None = 5) -> int:
    made = Watch(
        0, MEMBER, server_id, 1, "direct", question, None, None, (), private, "en", NOW, NOW, None, "yes", (), 3
    )  # fmt: skip
    return add_watch(records, made, "model@1", np.ones(3, dtype=np.float32)).id


def test_watches_are_listed_without_their_askers_and_removed(attache: Attache, records: Database, tmp_path: Path):
    public = watch(records, "Did Arland \x1b[31msend rockets?")
    watch(records, "Is my neighbour a spy?", private=True, server_id=None)
    listed = attache("watches", "list", data=tmp_path)
    assert listed.code == 0
    assert "send rockets?" in listed.out
    assert "server 5 · told by direct message · since 9 September 2024" in listed.out
    assert "(a private question)" in listed.out
    for hidden in ("spy", str(MEMBER), "\x1b"):
        assert hidden not in listed.out
    as_json = attache("watches", "list", "--json", data=tmp_path)
    first, second = assert_shape(as_json, "watches")["watches"]
    assert (first["server"], second["server"], second["question"]) == ("5", None, None)
    assert str(MEMBER) not in as_json.out
    assert_sentence(attache("watches", "remove", public, 99, data=tmp_path), 2)
    assert records["watches"].count == 2
    assert "Removed 1 watch." in attache("watches", "remove", public, public, data=tmp_path).out
    assert [row["question"] for row in records.query("SELECT question FROM watches")] == ["Is my neighbour a spy?"]
    assert records["watch_vectors"].count == 1


def test_where_no_bot_ran_there_are_none(attache: Attache, tmp_path: Path):
    assert "Nobody watches a question." in attache("watches", "list", data=tmp_path / "new").out
    assert_sentence(attache("watches", "remove", 1, data=tmp_path / "new"), 2)
    assert not (tmp_path / "new").exists()
