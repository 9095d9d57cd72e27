"""Answers that were given, and votes on them: found again whole, by token, message, channel; never told to others."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.answering.cited_places import QuotedPlace
from bot.records.asked import cited_places, find, find_by_message, last_in_channel, new_token, save, set_message
from bot.records.feedback import vote, votes
from corpus.errors import BadInput
from tests.bot.records.conftest import ASKER, CHANNEL, NOW, OTHER_SERVER, READER, SERVER, MakeAsked

HOSTILE = (
    "'; DROP TABLE asked; -- @everyone <@123> \u202e\u200b\0 %s {0} \U0001f3f3\ufe0f\u200d\U0001f308" + "x" * 20_000
)


def test_tokens_are_sixteen_url_safe_characters_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(10_000)}
    assert len(tokens) == 10_000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{16}", token) for token in tokens)


def test_what_is_saved_is_found_whole(records: Database, make_asked: MakeAsked) -> None:
    plain = make_asked()
    search = make_asked(kind="search", server_id=None, verdict=None, publishers=(), cited=(), private=True)
    hostile = make_asked(question=HOSTILE, original=HOSTILE, headline=HOSTILE, publishers=(HOSTILE,))
    many = make_asked(cited=tuple(QuotedPlace(9, number, number, number + 5, "c" * 64) for number in range(50, 0, -1)))
    for each in (plain, search, hostile, many):
        save(records, each)
    for each in (plain, search, hostile, many):
        assert find(records, each.token) == each


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec=None)), number=st.integers(1, 2**63 - 1))
def test_any_text_and_any_id_is_kept(records: Database, make_asked: MakeAsked, text: str, number: int) -> None:
    asked = make_asked(original=text, user_id=number, server_id=number, channel_id=number, message_id=number)
    save(records, asked)
    found = find(records, asked.token)
    assert found is not None
    assert (found.user_id, found.server_id, found.channel_id, found.message_id) == (number,) * 4
    # Halves of surrogate pairs are no text: they alone may change.
    assert found.original == text or re.search("[\ud800-\udfff]", text)


def test_saved_again_it_is_replaced_and_keeps_its_votes(records: Database, make_asked: MakeAsked) -> None:
    asked = make_asked()
    save(records, asked)
    vote(records, asked.token, READER, "up", None, NOW)
    again = make_asked(token=asked.token, headline="Other.", cited=())
    save(records, again)
    assert find(records, asked.token) == again
    assert votes(records, asked.token) == (1, 0)


@pytest.mark.parametrize("token", ["", "unknown", HOSTILE, "\ud800"])
def test_an_unknown_token_finds_nothing(records: Database, make_asked: MakeAsked, token: str) -> None:
    save(records, make_asked())
    assert find(records, token) is None
    assert votes(records, token) == (0, 0)
    with pytest.raises(BadInput, match="no longer have"):
        vote(records, token, READER, "up", None, NOW)


def test_an_answer_is_found_by_its_message(records: Database, make_asked: MakeAsked) -> None:
    asked = make_asked()
    save(records, asked)
    save(records, make_asked())
    assert find_by_message(records, 77) is None
    set_message(records, asked.token, CHANNEL + 1, 2**53 + 1)
    found = find_by_message(records, 2**53 + 1)
    assert found is not None
    assert (found.token, found.channel_id) == (asked.token, CHANNEL + 1)
    assert find_by_message(records, 2**53) is None


def test_a_follow_up_finds_the_newest_of_a_person_or_of_anybody(records: Database, make_asked: MakeAsked) -> None:
    mine = make_asked(asked_at="2024-09-09T12:00:00Z")
    theirs = make_asked(asked_at="2024-09-09T12:10:00Z", user_id=READER)
    elsewhere = make_asked(asked_at="2024-09-09T12:20:00Z", channel_id=CHANNEL + 1)
    for each in (mine, theirs, elsewhere):
        save(records, each)
    since = "2024-09-09T11:50:00Z"
    assert last_in_channel(records, CHANNEL, user_id=None, since=since) == theirs
    assert last_in_channel(records, CHANNEL, user_id=ASKER, since=since) == mine
    assert last_in_channel(records, CHANNEL, user_id=ASKER, since="2024-09-09T12:05:00Z") is None
    assert last_in_channel(records, CHANNEL, user_id=7, since=since) is None


def test_of_two_in_the_same_second_the_later_saved_is_the_newest(records: Database, make_asked: MakeAsked) -> None:
    first, second = make_asked(), make_asked()
    save(records, first)
    save(records, second)
    assert last_in_channel(records, CHANNEL, user_id=ASKER, since=NOW) == second


def test_a_private_question_is_carried_on_in_direct_messages_only(records: Database, make_asked: MakeAsked) -> None:
    save(records, make_asked(private=True))
    assert last_in_channel(records, CHANNEL, user_id=None, since=NOW) is None
    assert last_in_channel(records, CHANNEL, user_id=ASKER, since=NOW) is None
    direct = make_asked(private=True, server_id=None, channel_id=5)
    save(records, direct)
    assert last_in_channel(records, 5, user_id=ASKER, since=NOW) == direct
    assert last_in_channel(records, 5, user_id=READER, since=NOW) is None
    assert last_in_channel(records, 5, user_id=None, since=NOW) is None


def test_the_places_cited_most_come_first_and_only_from_public_answers_of_the_server(
    records: Database, make_asked: MakeAsked
) -> None:
    often, seldom, hidden = (QuotedPlace(2, number, number * 100, number * 100 + 9, "d" * 64) for number in (1, 2, 3))
    save(records, make_asked(cited=(seldom, often, often)))
    save(records, make_asked(cited=(often, QuotedPlace(99, 1, 0, 9, "d" * 64))))
    save(records, make_asked(cited=(hidden,), private=True))
    save(records, make_asked(cited=(hidden,), server_id=OTHER_SERVER))
    save(records, make_asked(cited=(hidden,), kind="search"))
    save(records, make_asked(cited=(hidden,), server_id=None))
    assert cited_places(records, 2, SERVER, 10) == [(often, 2), (seldom, 1)]
    assert cited_places(records, 2, SERVER, 1) == [(often, 2)]
    assert cited_places(records, 2, None, 10) == []


def test_a_person_has_one_vote_and_the_last_counts(records: Database, make_asked: MakeAsked) -> None:
    asked = make_asked()
    save(records, asked)
    vote(records, asked.token, READER, "down", "Old news", NOW)
    vote(records, asked.token, READER, "up", None, NOW)
    vote(records, asked.token, ASKER, "down", None, NOW)
    assert votes(records, asked.token) == (1, 1)
    assert [row["reason"] for row in records.query("SELECT reason FROM feedback")] == [None, None]


def test_the_same_thumb_again_keeps_the_reason(records: Database, make_asked: MakeAsked) -> None:
    asked = make_asked()
    save(records, asked)
    vote(records, asked.token, READER, "down", None, NOW)
    vote(records, asked.token, READER, "down", " Wrong\ud83d minister ", NOW)
    vote(records, asked.token, READER, "down", "  ", NOW)
    assert [row["reason"] for row in records.query("SELECT reason FROM feedback")] == ["Wrong\ufffd minister"]
