"""How long everything is kept: one day less it is there, one day more it is gone; and what docs/privacy.md says."""

import asyncio
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.records import brief_outbox
from bot.records.asked import find, save
from bot.records.audit import Act, last_addition, record, record_addition
from bot.records.batch_delete import BATCH_SIZE
from bot.records.brief_outbox import BriefRule, Mark
from bot.records.channel_settings import set_channel_setting
from bot.records.feedback import vote
from bot.records.insights import count_question, insights
from bot.records.news_outbox import NewsRule, save_rule
from bot.records.records import Records
from bot.records.retention import (
    AUDIT_DAYS,
    DIRECT_MESSAGE_DAYS,
    REMOVED_SERVER_DAYS,
    UNANSWERED_DAYS,
    Purged,
    forget_server,
    mark_present,
    mark_removed,
    purge,
    purge_step,
    servers,
    unrecorded_servers,
)
from bot.records.server_settings import ServerSettings, load_settings, set_setting
from tests.bot.records.conftest import ASKER, NOW, OTHER_SERVER, READER, SERVER, MakeAsked, acts_in, watch_something


def purge_all(db: Database, now: str) -> Purged:
    """All steps of a purge, on a file that is open already."""
    asked = feedback = 0
    while (step := purge_step(db, now)).more:
        asked, feedback = asked + step.asked, feedback + step.feedback
    return Purged(asked + step.asked, feedback + step.feedback, step.servers)


NOTHING = Purged(asked=0, feedback=0, servers=())
KEEP_DAYS = ServerSettings().keep_days
PRIVACY = (Path(__file__).parents[3] / "docs" / "privacy.md").read_text(encoding="utf-8")


def after(days: float) -> str:
    moment = datetime.fromisoformat(NOW) + timedelta(days=days)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("server_id", "keep_days", "days"),
    [(SERVER, None, KEEP_DAYS), (SERVER, "1", 1), (SERVER, "365", 365), (None, "1", DIRECT_MESSAGE_DAYS)],
)
@pytest.mark.parametrize("private", [False, True])
def test_answers_and_their_votes_go_after_the_servers_days(
    records: Database, make_asked: MakeAsked, server_id: int | None, keep_days: str | None, days: int, private: bool
) -> None:
    if keep_days:
        set_setting(records, SERVER, "keep_days", keep_days)
    asked = make_asked(server_id=server_id, private=private)
    save(records, asked)
    vote(records, asked.token, ASKER, "up", None, NOW)
    vote(records, asked.token, READER, "down", "Old", after(days))
    assert purge_all(records, after(days - 0.01)) == NOTHING
    assert find(records, asked.token) == asked
    assert purge_all(records, after(days + 0.01)) == Purged(asked=1, feedback=2, servers=())
    assert find(records, asked.token) is None
    assert records["cited"].count == records["feedback"].count == 0


def test_one_server_s_days_do_not_shorten_another_s(records: Database, make_asked: MakeAsked) -> None:
    set_setting(records, SERVER, "keep_days", "1")
    mine, theirs = make_asked(), make_asked(server_id=OTHER_SERVER)
    save(records, mine)
    save(records, theirs)
    assert purge_all(records, after(2)).asked == 1
    assert find(records, theirs.token) == theirs


def test_unanswered_questions_go_and_the_numbers_stay_a_year(records: Database) -> None:
    count_question(records, SERVER, NOW[:10], refused=True, question="Who won?")
    purge_all(records, after(UNANSWERED_DAYS))
    assert insights(records, SERVER, "2024-01-01").unanswered == [("who won", 1)]
    purge_all(records, after(UNANSWERED_DAYS + 1))
    assert insights(records, SERVER, "2024-01-01").unanswered == []
    purge_all(records, after(AUDIT_DAYS))
    assert insights(records, SERVER, "2024-01-01").days == [(NOW[:10], 1, 1)]
    purge_all(records, after(AUDIT_DAYS + 1))
    assert insights(records, SERVER, "2024-01-01").days == []


def test_the_audit_and_what_an_undo_needs_stay_a_year(records: Database) -> None:
    record(records, Act(NOW, SERVER, ASKER, "corpus add", "x"))
    record_addition(records, SERVER, ASKER, NOW, [1], [])
    purge_all(records, after(AUDIT_DAYS - 0.01))
    assert acts_in(records, SERVER)
    assert last_addition(records, SERVER)
    purge_all(records, after(AUDIT_DAYS + 0.01))
    assert acts_in(records, SERVER) == []
    assert last_addition(records, SERVER) is None


def fill(records: Database, make_asked: MakeAsked, server_id: int) -> str:
    """Something of the server in every table that has a place for it."""
    asked = make_asked(server_id=server_id, asked_at=after(REMOVED_SERVER_DAYS - 1))
    mark_present(records, server_id, NOW)
    save(records, asked)
    vote(records, asked.token, READER, "up", None, NOW)
    set_setting(records, server_id, "language", "de")
    set_channel_setting(records, server_id, 7, "answers", "quiet")
    record(records, Act(NOW, server_id, ASKER, "corpus add", "x"))
    record_addition(records, server_id, ASKER, NOW, [1], [])
    count_question(records, server_id, NOW[:10], refused=True, question="Who won?")
    watch_something(records, READER, server_id)
    save_rule(records, NewsRule(0, server_id, 5, "shared", 0, None, (), 6, publishes=False, last_article=0), [], NOW)
    brief = BriefRule(0, server_id, 5, "channel", "", (), None, 420, "", False, NOW, NOW[:10], Mark(NOW))
    brief_outbox.save_rule(records, brief)
    return asked.token


def save_and_token(records: Database, make_asked: MakeAsked) -> str:
    asked = make_asked()
    save(records, asked)
    return asked.token


def rows_of(records: Database, server_id: int) -> dict[str, int]:
    return {
        table.name: table.count_where("server_id = ?", [server_id])
        for table in records.tables
        if "server_id" in table.columns_dict
    }


def test_everything_of_a_server_goes_thirty_days_after_the_bot_was_removed(
    records: Database, make_asked: MakeAsked
) -> None:
    fill(records, make_asked, SERVER)
    kept = fill(records, make_asked, OTHER_SERVER)
    filled = rows_of(records, SERVER)
    assert all(filled.values()), f"`fill` leaves nothing in one of {filled}"
    mark_removed(records, SERVER, NOW)
    mark_removed(records, SERVER, after(20))
    assert servers(records) == {OTHER_SERVER}
    assert purge_all(records, after(REMOVED_SERVER_DAYS - 0.01)) == NOTHING
    assert purge_all(records, after(REMOVED_SERVER_DAYS)) == Purged(asked=1, feedback=1, servers=(SERVER,))
    assert {name for name, rows in rows_of(records, SERVER).items() if rows} == {"servers"}
    assert rows_of(records, OTHER_SERVER) == filled
    assert find(records, kept) is not None


def test_a_server_is_named_until_its_articles_are_told_to_be_gone(records: Database) -> None:
    mark_removed(records, SERVER, NOW)
    for _ in range(2):
        assert purge_all(records, after(REMOVED_SERVER_DAYS)).servers == (SERVER,)
    forget_server(records, SERVER)
    assert purge_all(records, after(REMOVED_SERVER_DAYS)) == NOTHING
    assert not any(rows_of(records, SERVER).values())


def test_a_server_that_invites_the_bot_again_keeps_its_data(records: Database, make_asked: MakeAsked) -> None:
    fill(records, make_asked, SERVER)
    mark_removed(records, SERVER, NOW)
    mark_present(records, SERVER, after(REMOVED_SERVER_DAYS - 1))
    assert servers(records) == {SERVER}
    assert purge_all(records, after(REMOVED_SERVER_DAYS + 1)) == NOTHING
    assert load_settings(records, SERVER).language == "de"
    forget_server(records, SERVER)
    assert servers(records) == {SERVER}
    mark_removed(records, SERVER, after(100))
    assert purge_all(records, after(101)).servers == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(ages=st.lists(st.integers(0, 400), max_size=8), keep=st.integers(1, 365))
def test_a_purge_leaves_what_is_young_enough_and_a_second_finds_nothing(
    records: Database, make_asked: MakeAsked, ages: list[int], keep: int
) -> None:
    records.execute("DELETE FROM asked")
    set_setting(records, SERVER, "keep_days", str(keep))
    for age in ages:
        save(records, make_asked(asked_at=after(-age)))
    assert purge_all(records, NOW).asked == sum(age > keep for age in ages)
    assert purge_all(records, NOW) == NOTHING


async def test_whoever_needs_the_records_during_a_long_purge_waits_for_one_step_only(
    tmp_path: Path, make_asked: MakeAsked
) -> None:
    records, old = Records(tmp_path / "data"), 5 * BATCH_SIZE
    await records.run(lambda db: [save(db, make_asked()) for _ in range(old)])

    def left(db: Database) -> int:
        return db["asked"].count

    purging = asyncio.create_task(purge(records, after(31)))
    await asyncio.sleep(0)
    assert await records.run(left) >= old - BATCH_SIZE
    assert await purging == Purged(asked=old, feedback=0, servers=())
    assert await records.run(left) == 0
    records.close()


def test_a_step_is_small_whatever_is_old_and_names_no_server_before_the_last(
    records: Database, make_asked: MakeAsked
) -> None:
    many = BATCH_SIZE + 100
    save(records, make_asked())
    for number in range(many):
        count_question(records, SERVER, NOW[:10], refused=True, question=f"Who won game {number}?")
        record(records, Act(NOW, SERVER, ASKER, "corpus add", "x"))
    mark_removed(records, SERVER, NOW)
    told, steps = Purged(0, 0, (), more=True), 0
    while told.more:
        before = sum(rows_of(records, SERVER).values())
        told, steps = purge_step(records, after(31)), steps + 1
        assert before - sum(rows_of(records, SERVER).values()) <= BATCH_SIZE
        assert told.more == (told.servers == ())
    assert steps == 3
    assert {name for name, rows in rows_of(records, SERVER).items() if rows} == {"servers"}


def test_a_server_that_was_never_noted_keeps_nothing_for_ever(records: Database, make_asked: MakeAsked) -> None:
    """One that has only the commands: Discord tells neither that they came nor that they went."""
    save(records, make_asked())
    vote(records, save_and_token(records, make_asked), READER, "up", None, NOW)
    count_question(records, SERVER, NOW[:10], refused=True, question="Who won?")
    record(records, Act(NOW, SERVER, ASKER, "corpus add", "x"))
    record_addition(records, SERVER, ASKER, NOW, [1], [])
    assert purge_all(records, after(KEEP_DAYS + 1)) == Purged(asked=2, feedback=1, servers=())
    purge_all(records, after(AUDIT_DAYS + 1))
    assert not any(rows_of(records, SERVER).values())


def test_servers_with_data_that_nobody_noted_are_found(records: Database) -> None:
    for server_id in (SERVER, OTHER_SERVER):
        set_setting(records, server_id, "language", "de")
        record(records, Act(NOW, server_id, ASKER, "corpus add", "x"))
    mark_present(records, OTHER_SERVER, NOW)
    assert unrecorded_servers(records) == {SERVER}


@pytest.mark.parametrize(
    ("what", "days"),
    [
        ("Questions and answers in a server", KEEP_DAYS),
        ("Questions and answers in direct messages", DIRECT_MESSAGE_DAYS),
        ("Questions that found nothing", UNANSWERED_DAYS),
        ("Daily counts", AUDIT_DAYS),
        ("What admins did", AUDIT_DAYS),
        ("Additions of articles", AUDIT_DAYS),
        ("A server's settings", REMOVED_SERVER_DAYS),
        ("A server's own articles", REMOVED_SERVER_DAYS),
    ],
)
def test_the_privacy_page_says_the_days_that_the_code_keeps(what: str, days: int) -> None:
    [row] = [line for line in PRIVACY.splitlines() if line.startswith(f"| {what} |")]
    assert re.findall(r"(\d+) days", row.split("|")[4])[0] == str(days)


def test_the_privacy_page_speaks_of_every_table(records: Database) -> None:
    kept = {table.name for table in records.tables if not table.name.startswith(("_", "sqlite_"))}
    told = set(re.findall(r"`(\w+)`", "".join(line for line in PRIVACY.splitlines() if line.startswith("| "))))
    assert kept <= told
    bounds = {type(each).__name__: each for each in ServerSettings.model_fields["keep_days"].metadata}
    assert f"from {bounds['Ge'].ge} to {bounds['Le'].le} days" in PRIVACY
