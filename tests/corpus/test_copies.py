"""Which articles count as copies of each other."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from corpus.articles import Articles
from corpus.copies import Copies
from corpus.signatures import copied_share, sign
from tests.conftest import StoreArticle

WORDS = [f"word{number}" for number in range(3000)]


def report(seed: int, words: int = 400) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def test_a_copy_with_its_own_headline_and_a_cut_end_is_a_copy(db: Database, store: StoreArticle):
    wire = report(1)
    first, shortened = store(wire), store("BREAKING news from our desk: " + wire[: len(wire) // 2])
    own = store(report(2))
    assert list(Copies(db).pairs([first, shortened, own])) == [(first, shortened)]


def test_a_text_that_changes_is_signed_again(db: Database, store: StoreArticle):
    wire = report(1)
    first = store(wire, url="https://news.example/a")
    second = store(wire, url="https://news.example/b")
    assert list(Copies(db).pairs([first, second])) == [(first, second)]
    assert store(report(3), url="https://news.example/b") == second
    assert list(Copies(db).pairs([first, second])) == []


def test_articles_of_a_time_before_signatures_are_signed_once(db: Database, store: StoreArticle):
    first, second = store(report(1), url="https://a.example/"), store(report(1), url="https://b.example/")
    db.execute("DELETE FROM signatures")
    assert list(Copies(db).pairs([first, second])) == [(first, second)]
    assert Copies(db).find([first]) == {first: []}
    assert Copies(db).sign_missing() == 2
    assert Copies(db).sign_missing() == 0
    assert Copies(db).find([first]) == {first: [second]}


def test_a_removed_article_leaves_no_signature(db: Database, store: StoreArticle):
    Articles(db).remove(store(report(1)))
    assert db.execute("SELECT count(*) FROM signatures").fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM copy_buckets").fetchone() == (0,)


def test_the_copies_of_an_article_are_found_by_look_up_and_only_in_the_readers_collections(
    db: Database, store: StoreArticle
):
    wire = report(1)
    first = store(wire, url="https://a.example/")
    second = store("Our own words first. " + wire, url="https://b.example/")
    hidden = store(wire, url="https://c.example/", collection="guild")
    for seed in range(2, 12):
        store(report(seed), url=f"https://d.example/{seed}")
    assert Copies(db).find([first]) == {first: [second, hidden]}
    assert Copies(db).find([first, first]) == {first: [second, hidden]}
    assert Copies(db).find([first], ["shared"]) == {first: [second]}
    assert Copies(db).find([hidden], ["guild"]) == {hidden: []}
    assert store(report(99), url="https://b.example/") == second
    assert Copies(db).find([first], ["shared"]) == {first: []}
    plan = str(db.execute("EXPLAIN QUERY PLAN SELECT article_id FROM copy_buckets WHERE bucket IN (1, 2)").fetchall())
    assert "SEARCH" in plan


@pytest.mark.parametrize("text", ["", "one", "one two", "— ! —", "\ud800 half a pair"])
def test_a_text_of_few_words_is_a_copy_of_itself_alone(text: str):
    assert copied_share(sign(text), sign(text)) == 1.0
    assert copied_share(sign(text), sign(report(1))) == 0.0


def test_a_signature_means_the_same_for_ever():
    # Stored ones are compared with new ones: whoever changes this must drop the stored ones by a migration.
    assert sign("Envoys met in Quand on Monday.").hashes[:3].tolist() == [557326068, 1345756463, 1232427952]


@given(st.text(), st.text())
def test_any_two_texts_have_a_share_between_nothing_and_all(one: str, other: str):
    assert 0.0 <= copied_share(sign(one), sign(other)) <= 1.0
    assert copied_share(sign(one), sign(one)) == 1.0
