"""Footers: learnt from a publisher's articles, dropped from later ones, and never taken for an edit."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from corpus.article import Article
from corpus.articles import Articles
from corpus.boilerplate import is_boilerplate
from corpus.checks import integrity_problems, misplaced_passages
from corpus.ingest import IngestOptions, IngestReport, ingest_paths
from corpus.normalize import clean_body
from corpus.publishers.cleaner import clean_stored
from corpus.publishers.edges import MAX_DROPPED_SHARE, drop_edge_lines
from corpus.publishers.footers import LATEST_ARTICLES, MIN_ARTICLES, Footers

FOOTER = "Coverage of the harbour by the Quarry Post is made possible by a grant of the Marn Trust."
PLAIN = "The Quarry Post has been printed in Stonefield by the same family for a century."
WORDS = """granite ferry council harbour bridge winter vote keeper lamp tower market wolves canton tender pillar boat
ticket island valley ranger shepherd camera fence office repair crack company document village orchard""".split()

Feed = Callable[..., IngestReport]


def report(seed: int, *footers: str) -> str:
    """An article of its own of 60 words, with lines below."""
    words = random.Random(seed)
    sentences = [" ".join(words.choice(WORDS) for _ in range(12)).capitalize() + "." for _ in range(5)]
    return "\n\n".join((*sentences, *footers))


@pytest.fixture
def feed(db: Database, tmp_path: Path) -> Feed:
    """Takes articles in: bodies by their number."""

    def take(bodies: dict[int, str], *, collection: str = "shared", **fields: str) -> IngestReport:
        rows = [
            {"url": f"https://quarry.example/{key}", "publisher": "Quarry Post", "body": body} | fields
            for key, body in bodies.items()
        ]
        path = tmp_path / "news.jsonl"
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        return ingest_paths(db, [path], IngestOptions(collection))

    return take


def article(db: Database, number: int, collection: str = "shared") -> Article:
    articles = Articles(db)
    facts = articles.find_by_url(collection, f"https://quarry.example/{number}")
    assert facts is not None
    found = articles.get(facts.id)
    assert found is not None
    return found


def taught(*footers: str) -> dict[int, str]:
    return {number: report(number, *footers) for number in range(MIN_ARTICLES)}


def learnt(db: Database) -> list[str]:
    return [each.text for each in Footers(db).all()]


def versions(db: Database) -> int:
    return int(db.execute("SELECT count(*) FROM versions").fetchone()[0])


def test_a_line_under_enough_articles_is_dropped_from_later_ones_of_that_publisher(db: Database, feed: Feed) -> None:
    assert not is_boilerplate(FOOTER)
    feed({number: body for number, body in taught(FOOTER).items() if number})
    assert learnt(db) == []
    feed({0: report(0, FOOTER)})
    assert [(each.publisher, each.text, each.articles) for each in Footers(db).all()] == [
        ("quarry post", FOOTER, MIN_ARTICLES)
    ]
    feed({100: report(100, FOOTER)})
    feed({101: report(101, FOOTER)}, publisher="Valley Times")
    assert article(db, 100).body == report(100)
    assert article(db, 101).body == report(101, FOOTER)
    assert article(db, 1).body == report(1, FOOTER)


def test_what_one_collection_teaches_is_not_known_in_another(db: Database, feed: Feed) -> None:
    feed(taught(FOOTER), collection="guild")
    feed({100: report(100, FOOTER)})
    assert article(db, 100).body == report(100, FOOTER)
    assert {each.collection for each in Footers(db).all()} == {"guild"}
    with db.atomic():
        for article_id in list(Articles(db).ids()):
            if Articles(db).get(article_id).collection == "guild":
                Articles(db).remove(article_id)
    # Nothing of a private collection stays behind.
    assert learnt(db) == []
    assert db.execute(
        "SELECT count(*) FROM edges JOIN footer_sources ON id = source_id WHERE collection = 'guild'"
    ).fetchone() == (0,)


def test_copies_of_one_report_teach_once(db: Database, feed: Feed) -> None:
    feed({number: report(7, f"Number {number}.", FOOTER) for number in range(2 * MIN_ARTICLES)})
    assert learnt(db) == []


def test_short_articles_with_long_footers_are_told_from_copies(db: Database, feed: Feed) -> None:
    footers = [f"{FOOTER} Part {part}, by the newsroom of the Quarry Post in Stonefield and Marn." for part in "abcde"]
    feed(taught(*footers))
    assert set(learnt(db)) == set(footers)


@pytest.mark.parametrize(
    "line",
    [
        "“We subscribe to nothing,” the keeper of the lamp told the newsroom.",
        "The newsletter of the council was first printed on 4 May 2021.",
        "The council said that its newsletter would not be printed.",
        "Kurlandia calls its siege of the island an exercise.",
        " ".join(["newsletter"] * 61) + ".",
        "STONEFIELD",
    ],
)
def test_what_may_be_part_of_the_report_is_never_learnt(db: Database, feed: Feed, line: str) -> None:
    feed({number: report(number, line) for number in range(2 * MIN_ARTICLES)})
    assert learnt(db) == []
    assert article(db, 9).body == report(9, line)


def test_a_line_that_addresses_nobody_is_learnt_when_half_of_the_latest_articles_have_it(
    db: Database, feed: Feed
) -> None:
    feed({number: report(number, *[PLAIN] * (number % 2)) for number in range(LATEST_ARTICLES - 1)})
    assert learnt(db) == []
    feed({number: report(number, PLAIN) for number in range(LATEST_ARTICLES, LATEST_ARTICLES + 2)})
    assert learnt(db) == [PLAIN]


def test_nothing_is_dropped_where_it_would_be_much_of_the_article(db: Database, feed: Feed) -> None:
    feed(taught(FOOTER))
    short = f"The ferry to the island is out of order until autumn.\n\n{FOOTER}"
    feed({100: short})
    assert article(db, 100).body == short


def test_an_article_that_comes_again_loses_its_footer_without_a_former_text(db: Database, feed: Feed) -> None:
    feed(taught(FOOTER))
    again = feed({1: report(1, FOOTER)}, author="")
    assert (again.added, again.updated, again.unchanged) == (0, 0, 1)
    assert article(db, 1).body == report(1)
    assert versions(db) == 0
    assert misplaced_passages(db) == []


def test_the_former_text_of_an_article_that_was_changed_shows_only_what_the_publisher_changed(
    db: Database, feed: Feed
) -> None:
    feed(taught(FOOTER))
    changed = report(1).replace("granite", "marble")
    assert feed({1: f"{changed}\n\n{FOOTER}"}).updated == 1
    [former] = Articles(db).versions(article(db, 1).id)
    assert (former.body, article(db, 1).body) == (report(1), changed)


def test_cleaning_drops_footers_from_earlier_articles_and_makes_no_versions(db: Database, feed: Feed) -> None:
    feed(taught(FOOTER))
    feed({1: report(50, FOOTER)})
    stored = {number: article(db, number).sha256 for number in range(MIN_ARTICLES)}
    done = clean_stored(db)
    assert (done.learnt, done.articles) == (0, MIN_ARTICLES - 1)
    for number in range(MIN_ARTICLES):
        assert FOOTER not in article(db, number).body
        assert number == 1 or article(db, number).sha256 != stored[number]
    assert versions(db) == 1
    assert (misplaced_passages(db), integrity_problems(db)) == ([], [])
    assert clean_stored(db).articles == 0
    assert feed(taught(FOOTER) | {1: report(50, FOOTER)}, author="").unchanged == MIN_ARTICLES


def test_cleaning_learns_long_footers_from_articles_of_a_time_before(db: Database, feed: Feed) -> None:
    lines = [f"{FOOTER} Part {part}." for part in "abcdefg"]
    texts = {number: "\n\n".join(report(number + 50 * part) for part in range(12)) for number in range(8)}
    feed({number: "\n\n".join((text, *lines)) for number, text in texts.items()})
    with db.atomic():
        db.execute("DELETE FROM footer_sources")
    assert clean_stored(db).learnt == len(lines)
    assert {number: article(db, number).body for number in texts} == texts


def test_a_line_that_is_forgotten_stays_in_later_articles_and_is_not_learnt_again(db: Database, feed: Feed) -> None:
    feed(taught(FOOTER))
    feed({100: report(100, FOOTER)})
    with db.atomic():
        assert Footers(db).forget(Footers(db).all()[0].id)
        assert not Footers(db).forget(999)
    feed({number: report(number, FOOTER) for number in range(101, 108)})
    assert article(db, 107).body == report(107, FOOTER)
    assert [each.is_forgotten for each in Footers(db).all()] == [True]
    # The line that we dropped is back, and that is no edit of the publisher's.
    assert feed({100: report(100, FOOTER)}, author="").updated == 0
    assert versions(db) == 0


LINES = st.lists(
    st.sampled_from(["", "One.", "Two words.", "a wrapped line without an end", "Drop me now.", "And me."])
)


@given(LINES)
def test_only_whole_known_lines_go_and_never_much(lines: list[str]) -> None:
    body = clean_body("\n".join(lines))
    known = {"Drop me now.", "And me."}
    left = drop_edge_lines(body, known.__contains__)
    kept, rest = left.split(), iter(body.split())
    assert all(word in rest for word in kept)
    assert len(body.split()) - len(kept) <= MAX_DROPPED_SHARE * len(body.split())
    assert drop_edge_lines(left, known.__contains__) == left
    assert clean_body(left) == left
