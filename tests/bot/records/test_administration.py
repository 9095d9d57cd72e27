"""Audit, undo and insights: what admins see of a server, and that it names nobody."""

import json
from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.records.asked import save
from bot.records.audit import Act, Addition, forget_addition, last_addition, last_time, record, record_addition
from bot.records.feedback import vote
from bot.records.insights import MAX_LISTED, MAX_UNANSWERED_CHARS, Insights, count_question, insights
from bot.records.sanitize import normalise_question, redact_ids
from tests.bot.records.conftest import ASKER, NOW, OTHER_SERVER, READER, SERVER, MakeAsked, acts_in

DAY = NOW[:10]


def test_the_last_time_of_an_act_is_told_a_server(records: Database) -> None:
    for at, server, act in (
        ("2024-01-02", SERVER, "a"),
        ("2024-01-03", SERVER, "b"),
        ("2024-01-04", OTHER_SERVER, "a"),
    ):
        record(records, Act(f"{at}T00:00:00Z", server, ASKER, act, ""))
    assert last_time(records, SERVER, "a") == "2024-01-02T00:00:00Z"
    assert last_time(records, SERVER, "c") is None


def test_acts_are_stored_as_they_were_done_each_for_its_server(records: Database) -> None:
    old = Act("2024-09-08T12:30:00Z", SERVER, ASKER, "settings set", "keep_days 7; DROP TABLE acts")
    new = Act(NOW, SERVER, READER, "corpus add", "https://example.org/\u202e<@1>")
    newest = Act(NOW, SERVER, READER, "corpus undo", "")
    for each in (new, newest, old, Act(NOW, OTHER_SERVER, READER, "corpus add", "secret")):
        record(records, each)
    assert acts_in(records, SERVER) == [new, newest, old]


def test_additions_are_undone_from_the_last_to_the_first(records: Database) -> None:
    assert last_addition(records, SERVER) is None
    record_addition(records, SERVER, ASKER, NOW, [1, 2], [])
    record_addition(records, SERVER, READER, NOW, (), (2,))
    record_addition(records, OTHER_SERVER, READER, NOW, [3], [])
    last = last_addition(records, SERVER)
    assert last == Addition(2, SERVER, READER, NOW, added=(), updated=(2,))
    forget_addition(records, last.id)
    forget_addition(records, last.id)
    first = last_addition(records, SERVER)
    assert first is not None
    assert first.added == (1, 2)
    forget_addition(records, first.id)
    assert last_addition(records, SERVER) is None


def test_an_undo_that_comes_late_forgets_no_other_addition(records: Database) -> None:
    record_addition(records, SERVER, ASKER, NOW, [1], [])
    undone = last_addition(records, SERVER)
    assert undone is not None
    forget_addition(records, undone.id)
    record_addition(records, SERVER, ASKER, NOW, [2], [])
    forget_addition(records, undone.id)
    assert last_addition(records, SERVER) is not None


def test_insights_count_days_thumbs_and_what_found_nothing(records: Database, make_asked: MakeAsked) -> None:
    count_question(records, SERVER, "2024-09-01", refused=False, question=None)
    for written in ("Who  won in Ruritania?", "who won in ruritania", "WHO WON\u200b IN RURITANIA ?!"):
        count_question(records, SERVER, DAY, refused=True, question=written)
    count_question(records, SERVER, "2024-09-08", refused=True, question="Is it raining?")
    count_question(records, SERVER, DAY, refused=True, question=None)
    count_question(records, SERVER, DAY, refused=False, question="not to be kept")
    count_question(records, OTHER_SERVER, DAY, refused=True, question="secret")
    count_question(records, None, DAY, refused=True, question="secret")
    asked = make_asked()
    save(records, asked)
    vote(records, asked.token, READER, "down", "It is from 2019", "2024-09-08T00:00:00Z")
    vote(records, asked.token, ASKER, "down", f"Ask <@{READER}>", NOW)
    vote(records, asked.token, 7, "up", "Fine", NOW)
    assert insights(records, SERVER, "2024-09-02") == Insights(
        days=[("2024-09-08", 1, 1), (DAY, 5, 4)],
        ups=1,
        downs=2,
        reasons=["Ask @someone", "It is from 2019"],
        unanswered=[("who won in ruritania", 3), ("is it raining", 1)],
    )
    assert insights(records, 7, "2024-01-01") == Insights([], 0, 0, [], [])


def test_votes_on_private_answers_are_counted_and_their_reasons_not_shown(
    records: Database, make_asked: MakeAsked
) -> None:
    private = make_asked(private=True)
    save(records, private)
    vote(records, private.token, ASKER, "down", "My secret reason", NOW)
    shown = insights(records, SERVER, DAY)
    assert (shown.downs, shown.reasons) == (1, [])


def test_insights_name_nobody(records: Database, make_asked: MakeAsked) -> None:
    mentions = f"What did <@{ASKER}>, <@!{READER}> and {ASKER} say about <@&{SERVER}>?"
    count_question(records, SERVER, DAY, refused=True, question=mentions)
    asked = make_asked()
    save(records, asked)
    vote(records, asked.token, READER, "down", mentions, NOW)
    shown = json.dumps(asdict(insights(records, SERVER, DAY)))
    assert "about @someone" in shown
    assert not any(str(number) in shown for number in (ASKER, READER, SERVER))


def test_insights_are_as_long_as_somebody_reads(records: Database) -> None:
    for number in range(MAX_LISTED + 5):
        count_question(records, SERVER, DAY, refused=True, question=f"question {number} " + "x" * 20_000)
    listed = insights(records, SERVER, DAY).unanswered
    assert len(listed) == MAX_LISTED
    assert all(len(question) == MAX_UNANSWERED_CHARS for question, _ in listed)


@given(st.text(st.characters(codec=None)))
def test_any_question_is_made_one_line_of_valid_text_that_stays_as_it_is(text: str) -> None:
    once = normalise_question(text)
    once.encode()
    assert once == once.strip()
    assert "\n" not in once
    assert normalise_question(once) == once


@given(st.text(), st.integers(10**16, 2**64 - 1), st.sampled_from(["<@{}>", "<@!{}>", "<@&{}>", "{}", "{0}{0}"]))
def test_no_id_survives_whatever_stands_around_it(text: str, number: int, form: str) -> None:
    mention = form.format(number)
    for cleaned in (normalise_question(text + mention + text), redact_ids(f"{text}{mention}{text}")):
        assert str(number) not in cleaned or str(number) in text
