"""Who publishes: the packaged table, what operators lay over it, and how an article finds its publisher."""

import json
import re
from pathlib import Path

import pytest
from babel import Locale
from sqlite_utils import Database

from corpus.articles import Articles
from corpus.errors import BadInput
from corpus.ingest import IngestOptions, ingest_paths
from corpus.publishers.directory import PublisherEdit, Publishers, known_publishers
from corpus.publishers.publisher import Kind, name_key
from corpus.starter import STARTER_PUBLISHER

NOW = "2024-06-01T00:00:00Z"
DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")


def test_every_packaged_row_is_whole_and_sourced() -> None:
    territories = Locale("en").territories
    for each in known_publishers():
        assert each.source, each.name
        assert each.country is None or each.country in territories, each.name
        assert all(DOMAIN.fullmatch(domain) for domain in each.domains), each.name
        assert each.domains, each.name
        assert each.kind is not Kind.OWN_BRIEF, each.name


def test_no_two_packaged_rows_claim_one_name_or_domain() -> None:
    claimed = [
        key
        for each in known_publishers()
        for key in {name_key(name) for name in (each.name, *each.also)} | {*each.domains}
    ]
    assert sorted(claimed) == sorted(set(claimed))


def test_only_media_are_marked_as_state_controlled_and_public_broadcasters_are_not() -> None:
    marked = {each.kind for each in known_publishers() if each.state_controlled}
    assert marked == {Kind.AGENCY, Kind.NEWSPAPER, Kind.BROADCASTER}
    table = Publishers(None)
    assert [table.find(name, None).kind for name in ("BBC", "DW", "NPR", "France 24")] == [Kind.PUBLIC_BROADCASTER] * 4


@pytest.mark.parametrize(
    ("name", "url", "found"),
    [
        ("TASS", None, "TASS"),
        ("the new york  TIMES", None, "The New York Times"),
        (None, "https://english.news.cn/20240101/x.html", "Xinhua News Agency"),
        (None, "https://www.tass.com./world/1", "TASS"),
        ("BBC Sport", "https://www.bbc.co.uk/sport", "BBC"),
        ("cnn.com", None, "CNN"),
        ("The Guardian", "https://www.tass.com/1", "TASS"),
        ("Harbour Herald", "https://nottass.com/1", None),
        (None, "https://tass.com.evil.example/", None),
        (None, "https://com/", None),
        (None, "http://[", None),
        (None, None, None),
        ("", "", None),
        (STARTER_PUBLISHER, None, None),
    ],
)
def test_an_article_finds_its_publisher_by_address_else_by_name(
    name: str | None, url: str | None, found: str | None
) -> None:
    publisher = Publishers(None).find(name, url)
    assert (publisher and publisher.name) == found


def test_what_an_operator_says_wins_column_by_column_until_it_is_reset(db: Database) -> None:
    with db.atomic():
        Publishers(db).edit("tass", PublisherEdit(kind=Kind.OTHER), NOW)
        Publishers(db).edit("TASS", PublisherEdit(state_controlled=False), NOW)
    edited = Publishers(db).find_by_name("TASS")
    assert (edited.kind, edited.state_controlled, edited.is_edited) == (Kind.OTHER, False, True)
    # What was not changed is still what the package says, also after an upgrade.
    assert (edited.name, edited.country, "tass.com" in edited.domains) == ("TASS", "RU", True)
    with db.atomic():
        assert Publishers(db).reset("itar-tass")
        assert not Publishers(db).reset("itar-tass")
    assert Publishers(db).find_by_name("TASS") == Publishers(None).find_by_name("TASS")


def test_a_publisher_is_added_and_its_domain_wins_over_a_packaged_one(db: Database) -> None:
    with pytest.raises(BadInput):
        Publishers(db).edit("Harbour Herald", PublisherEdit(country="LV"), NOW)
    added = PublisherEdit(kind=Kind.NEWSPAPER, country="LV", domains=("tass.com",))
    with db.atomic():
        Publishers(db).edit("Harbour Herald", added, NOW)
    assert Publishers(db).find(None, "https://tass.com/1").name == "Harbour Herald"
    assert Publishers(db).find("harbour herald", None).country == "LV"
    assert [each.name for each in Publishers(db).all()].count("Harbour Herald") == 1


def test_an_article_that_states_no_publisher_is_named_by_its_address_and_no_other_is_renamed(
    db: Database, tmp_path: Path
) -> None:
    body = "The council of Arnheim met on Monday to talk about the ferry. It put the vote off."
    rows = [
        {"url": "https://tass.com/1", "body": body + " One."},
        {"url": "https://tass.com/2", "body": body + " Two.", "publisher": "Harbour Herald"},
        {"url": "https://example.org/3", "body": body + " Three."},
    ]
    (tmp_path / "news.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    ingest_paths(db, [tmp_path / "news.jsonl"], IngestOptions())
    articles = Articles(db)
    assert [articles.get(each).publisher for each in articles.ids()] == ["TASS", "Harbour Herald", None]


def test_an_article_that_is_named_later_was_not_changed_by_its_publisher(db: Database, tmp_path: Path) -> None:
    row = {"url": "https://herald.example/1", "body": "The council of Arnheim met on Monday to talk about the ferry."}
    file = tmp_path / "news.jsonl"
    file.write_text(json.dumps(row), encoding="utf-8")
    ingest_paths(db, [file], IngestOptions())
    with db.atomic():
        Publishers(db).edit("Harbour Herald", PublisherEdit(kind=Kind.NEWSPAPER, domains=("herald.example",)), NOW)
    file.write_text(json.dumps(row | {"author": ""}), encoding="utf-8")
    again = ingest_paths(db, [file], IngestOptions())
    [article_id] = Articles(db).ids()
    assert (again.updated, again.unchanged) == (0, 1)
    assert Articles(db).get(article_id).publisher == "Harbour Herald"
    assert Articles(db).versions(article_id) == []
