"""The operator's briefs: sent when due and once, also over kills; missed ones made up once; failures tried again."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from sqlite_utils import Database

from bot.records import brief_outbox as stored
from bot.records.brief_outbox import HOLD_S, OPERATOR, BriefRule, Mark
from bot.records.records import RECORDS_NAME, Records, open_records
from bot.records.topics import TopicChange
from bot.service.brief import Brief, build_brief
from bot.service.brief_period import MAX_DAYS, Period, corpus_mark
from bot.service.brief_rules import add_rule, make_rule
from bot.service.brief_sender import BriefSender, Sent
from bot.service.ingest import ingest
from bot.service.sessions import reading
from bot.settings import Settings
from corpus.errors import BadInput
from corpus.ingest import IngestOptions
from corpus.timestamps import utc_text
from index.filters import Filters
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder

DAY = timedelta(days=1)


@pytest.fixture
def folder(settings: MakeSettings, tmp_path: Path) -> Settings:
    made = settings()
    add(made, tmp_path, "Granite sells well in Stonefield")
    return made


def add(made: Settings, tmp_path: Path, *titles: str) -> None:
    rows = [
        {"title": title, "publisher": "Quarry Post", "url": f"https://quarry.example/{title.replace(' ', '-')}",
         "body": f"{title} and {' '.join(title.split()[::-1])}."}
        for title in titles
    ]  # fmt: skip
    path = tmp_path / "added.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    ingest(made, HashingEmbedder(), [path], IngestOptions())


def feed_rule(made: Settings, path: Path, **fields: Any) -> BriefRule:
    given = {"at": "07:00", "zone": "Europe/Berlin", "weekday": "", "says_empty": False, **fields}
    return add_rule(made, make_rule("feed", str(path), collections=["shared"], **given))


def due(rule: BriefRule, days: int = 1) -> datetime:
    """A moment at which a rule that was just made is due, after so many of its days."""
    return datetime.now(UTC) + days * DAY + timedelta(minutes=1)


async def send(made: Settings, now: datetime) -> list[Sent]:
    """Has a process of its own send what is due."""
    records = Records(made.data_dir)

    async def mark(at: datetime, newest: int) -> Mark:
        with reading(made.data_dir) as db:
            return corpus_mark(db, utc_text(at), newest)

    async def build(period: Period, filters: Filters, changes: Sequence[TopicChange]) -> Brief:
        await asyncio.sleep(0)
        with reading(made.data_dir) as db:
            return build_brief(db, period, filters, changes)

    try:
        return await BriefSender(records, made, mark, build).send_due(now)
    finally:
        records.close()


def contents(path: Path) -> list[str]:
    """The briefs in a feed, newest first."""
    return [each.content[0].value for each in feedparser.parse(path.read_bytes()).entries] if path.exists() else []


def change_records(made: Settings, sql: str) -> None:
    db: Database = open_records(made.data_dir / RECORDS_NAME)
    with db.conn:
        db.execute(sql)
    db.close()


async def test_a_brief_tells_what_came_since_the_last_one_and_an_empty_one_is_not_sent(
    folder: Settings, tmp_path: Path
):
    path = tmp_path / "briefs.xml"
    rule = feed_rule(folder, path)
    assert await send(folder, datetime.now(UTC)) == []
    [empty] = await send(folder, due(rule))
    assert (empty.is_empty, contents(path)) == (True, [])
    add(folder, tmp_path, "Bridge opens in Velden")
    [sent] = await send(folder, due(rule, 2))
    assert (sent.is_empty, sent.problem) == (False, "")
    assert await send(folder, due(rule, 2)) == []
    [text] = contents(path)
    assert "Bridge opens" in text
    assert "Granite" not in text


async def test_an_empty_one_says_so_where_that_is_wanted(folder: Settings, tmp_path: Path):
    path = tmp_path / "briefs.xml"
    await send(folder, due(feed_rule(folder, path, says_empty=True)))
    assert ["Nothing new came in." in text for text in contents(path)] == [True]


async def test_days_that_were_missed_come_as_one_brief(folder: Settings, tmp_path: Path):
    path = tmp_path / "briefs.xml"
    rule = feed_rule(folder, path)
    add(folder, tmp_path, "Bridge opens in Velden")
    assert len(await send(folder, due(rule, 6))) == 1
    assert len(contents(path)) == 1
    assert await send(folder, due(rule, 6)) == []


async def test_a_brief_that_a_killed_process_left_is_sent_with_the_same_id(folder: Settings, tmp_path: Path):
    path = tmp_path / "briefs.xml"
    rule = feed_rule(folder, path)
    add(folder, tmp_path, "Bridge opens in Velden")
    now = due(rule)
    await send(folder, now)
    # As if killed between sending and noting it.
    change_records(folder, "UPDATE brief_posts SET message_id = NULL")
    add(folder, tmp_path, "Ferry sinks off Salis")
    assert await send(folder, now + timedelta(seconds=HOLD_S - 60)) == []
    [again] = await send(folder, now + timedelta(seconds=HOLD_S + 60))
    assert again.problem == ""
    assert ["Bridge opens" in text for text in contents(path)] == [True]
    assert "Ferry" not in contents(path)[0]
    await send(folder, now + DAY)
    assert ["Ferry sinks" in text for text in contents(path)] == [True, False]


async def test_two_processes_at_once_send_it_once(folder: Settings, tmp_path: Path):
    path = tmp_path / "briefs.xml"
    rule = feed_rule(folder, path)
    add(folder, tmp_path, "Bridge opens in Velden")
    sent = await asyncio.gather(*(send(folder, due(rule)) for _ in range(4)))
    assert sum(map(len, sent)) == 1
    assert len(contents(path)) == 1


async def test_what_could_not_be_sent_waits_and_is_told_later(folder: Settings, tmp_path: Path):
    path = tmp_path / "closed" / "briefs.xml"
    rule = feed_rule(folder, path)
    add(folder, tmp_path, "Bridge opens in Velden")
    now = due(rule)
    [failed] = await send(folder, now)
    assert "can't be written" in failed.problem
    # It waits before it tries again.
    assert await send(folder, now + timedelta(seconds=60)) == []
    path.parent.mkdir()
    [sent] = await send(folder, now + timedelta(seconds=600))
    assert sent.problem == ""
    assert ["Bridge opens" in text for text in contents(path)] == [True]
    db = open_records(folder.data_dir / RECORDS_NAME)
    assert [each.problem for each in stored.list_rules(db, OPERATOR)] == [""]
    db.close()


async def test_a_changed_rule_keeps_what_it_has_told_and_a_long_pause_is_cut(folder: Settings, tmp_path: Path):
    path = tmp_path / "briefs.xml"
    rule = feed_rule(folder, path)
    add(folder, tmp_path, "Bridge opens in Velden")
    assert feed_rule(folder, path, at="19:30", weekday="mon").id == rule.id
    await send(folder, due(rule, 8))
    assert len(contents(path)) == 1
    add(folder, tmp_path, "Ferry sinks off Salis")
    await send(folder, due(rule, 8 + 3 * MAX_DAYS))
    assert len(contents(path)) == 1


@pytest.mark.parametrize(
    ("way", "target", "fields"),
    [
        ("mail", "Bob <bob@example.org>", {}), ("mail", "a@b.example, c@d.example", {}), ("mail", "-oQ/x", {}),
        ("webhook", "ftp://x.example", {}), ("webhook", "https://x.example/a b", {}), ("feed", "x" * 3000, {}),
        ("feed", "x", {"at": "25:00"}), ("feed", "x", {"zone": "Europe/Atlantis"}), ("feed", "x", {"weekday": "m"}),
    ],
)  # fmt: skip
def test_a_rule_that_can_not_be_read_is_refused_in_a_sentence(way: str, target: str, fields: dict[str, str]):
    given = {"at": "07:00", "zone": "UTC", "weekday": "", **fields}
    with pytest.raises(BadInput) as raised:
        make_rule(way, target, collections=["shared"], says_empty=False, **given)
    assert raised.value.hint
