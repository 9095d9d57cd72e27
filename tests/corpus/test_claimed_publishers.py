"""Whose words they are: only the address that served a text, or the operator, tells; all else is a claim."""

import json
from pathlib import Path

import pytest
from sqlite_utils import Database

from corpus.article import ArticleFacts, Draft, PublisherBasis
from corpus.articles import Articles, Outcome
from corpus.feeds.feed import Entry, Feed
from corpus.feeds.fetch_item import fetch_item
from corpus.feeds.polite_client import PoliteClient
from corpus.fetch.fetch_article import to_source_item
from corpus.ingest import IngestOptions, ingest_item, ingest_paths
from corpus.publishers.basis import is_claim, known_publisher, settle_stored
from corpus.publishers.directory import PublisherEdit, Publishers
from corpus.publishers.footers import Footers
from corpus.publishers.publisher import Kind, host_of
from corpus.settle_old import settle_old_articles
from corpus.starter import STARTER_PUBLISHER
from index.filters import Filters, article_condition
from index.live.columns import ArticleColumns

OWN = "https://www.tass.com/quay/1"
TEXT = "The harbour master of Ostrava Quay opened the new lock on Tuesday, and forty boats went through it."
LIE = "The harbour master of Ostrava Quay never opened the new lock, and not one boat has gone through it."
FEED = IngestOptions(is_vouched=False)


def put(db: Database, draft: Draft, options: IngestOptions = FEED) -> ArticleFacts:
    """Ingest a draft as a feed or a link does; return the article that it is now."""
    with db.atomic():
        stored = ingest_item(db, to_source_item(draft, draft.url or "https://cats.example/feed"), options)
    return Articles(db).facts([stored.article_id])[stored.article_id]


def put_file(db: Database, folder: Path, row: dict[str, str], options: IngestOptions | None = None) -> ArticleFacts:
    """Ingest a file with one article; return the newest article."""
    path = folder / "news.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    ingest_paths(db, [path], options or IngestOptions())
    articles = Articles(db)
    return articles.facts(list(articles.ids()))[max(articles.ids())]


def page(name: str | None, served_by: str = "cats.example", **fields: str) -> Draft:
    """Return a page that a site served, with the name that it states."""
    return Draft(LIE, url=f"https://{served_by}/1", publisher=name, served_by=served_by, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "site"),
    [
        ("TASS", "cats.example"),
        ("tass", "tass.com.cats.example"),
        ("ТАSS", "cats.example"),
        ("T.A.S.S.", "cats.example"),
        ("TASS\u200b News", "cats.example"),
        ("ＴＡＳＳ official", "cats.example"),
        ("www.tass.com", "cats.example"),
        ("tass.com.cats.example", "tass.com.cats.example"),
        ("xn--tss-6cd.com", "xn--tss-6cd.com"),
        ("TASS", "notatass.com"),
        ("TASS", "tass.com:8443"),
        (STARTER_PUBLISHER, "cats.example"),
        ("attache background brief", "cats.example"),
        ("Attaché background briefs", "cats.example"),
        ("The Attaсhé Background-Brief desk", "cats.example"),
    ],
)
def test_a_site_that_bears_anothers_name_only_claims_it(db: Database, name: str, site: str) -> None:
    found = put(db, page(name, site))
    assert found.is_claimed
    assert known_publisher(found, Publishers(db)) is None


@pytest.mark.parametrize(
    ("name", "site", "shown"),
    [
        ("TASS", "www.tass.com", "TASS"),
        (None, "tass.com", "TASS"),
        ("Reuters", "tass.com", "TASS"),
        ("TASS World", "m.tass.com", "TASS World"),
        ("Quay Courier", "quay.example", "Quay Courier"),
        ("The Quay Times", "quay.example", "The Quay Times"),
    ],
)
def test_a_site_speaks_for_itself(db: Database, name: str | None, site: str, shown: str) -> None:
    found = put(db, page(name, site))
    assert (found.publisher, found.publisher_basis) == (shown, PublisherBasis.SERVED)
    known = known_publisher(found, Publishers(db))
    assert (known and known.name) == ("TASS" if "tass" in site else None)


@pytest.mark.parametrize(
    "url",
    [
        "https://tass.com@cats.example/1", "https://cats.example\\.tass.com/1", "https://tass.com.cats.example/1",
        "https://cats.example/tass.com/", "https://cats.example?tass.com", "https://ｔass.com/1",
    ],
)  # fmt: skip
def test_tricks_with_an_address_make_it_no_other(url: str) -> None:
    assert Publishers(None).find_by_host(host_of(url)) is None


def test_a_feed_can_not_replace_what_an_address_itself_gave(db: Database) -> None:
    real = put(db, Draft(TEXT, url=OWN, publisher="TASS", served_by="tass.com"))
    for is_excerpt in (True, False):
        put(db, Draft(LIE, url=OWN, publisher="TASS", served_by="cats.example", is_excerpt=is_excerpt))
    assert Articles(db).get(real.id).body == TEXT  # type: ignore[union-attr]
    assert Articles(db).versions(real.id) == []


@pytest.mark.parametrize("is_excerpt", [True, False])
def test_what_came_before_under_an_address_gives_way_to_what_the_address_gives(db: Database, is_excerpt: bool) -> None:
    put(db, Draft(LIE, url=OWN, publisher="Cat pictures", served_by="cats.example", is_excerpt=True))
    real = put(db, Draft(TEXT, url=OWN, publisher="TASS", served_by="tass.com", is_excerpt=is_excerpt))
    found = Articles(db).find_by_url("shared", OWN)
    assert found is not None
    assert found.id == real.id
    assert not found.is_claimed
    # Another's words are no former version of it.
    assert Articles(db).versions(real.id) == []


def test_two_feeds_with_one_link_do_not_write_over_each_other(db: Database) -> None:
    one = put(db, Draft(LIE, url=OWN, publisher="Cat pictures", served_by="cats.example", is_excerpt=True))
    other = put(db, Draft(TEXT, url=OWN, publisher="Dog pictures", served_by="dogs.example", is_excerpt=True))
    again = put(
        db, Draft(TEXT + " Good.", url=OWN, publisher="Dog pictures", served_by="dogs.example", is_excerpt=True)
    )
    assert one.id != other.id == again.id
    assert Articles(db).get(one.id).body == LIE  # type: ignore[union-attr]


def test_an_upload_neither_takes_an_address_nor_an_id(db: Database, tmp_path: Path) -> None:
    real = put(db, Draft(TEXT, url=OWN, publisher="TASS", served_by="tass.com"))
    given = put_file(db, tmp_path, {"publisher": "Quay Courier", "id": "7", "body": TEXT + " Vouched."})
    for row in ({"url": OWN, "publisher": "TASS"}, {"id": "7", "publisher": "Quay Courier"}):
        found = put_file(db, tmp_path, {**row, "body": LIE}, IngestOptions(base=tmp_path, is_vouched=False))
        assert found.is_claimed
        assert found.id not in {real.id, given.id}
    assert Articles(db).get(real.id).body == TEXT  # type: ignore[union-attr]
    assert Articles(db).get(given.id).body == TEXT + " Vouched."  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("row", "given", "basis"),
    [
        ({"publisher": "Quay Courier"}, None, PublisherBasis.VOUCHED),
        ({"publisher": "TASS", "url": OWN}, None, PublisherBasis.VOUCHED),
        ({"publisher": "TASS"}, None, PublisherBasis.CLAIMED),
        ({"publisher": "TASS", "url": "https://cats.example/1"}, None, PublisherBasis.CLAIMED),
        ({"publisher": "TASS"}, "TASS", PublisherBasis.VOUCHED),
        ({}, "TASS", PublisherBasis.VOUCHED),
        ({"publisher": STARTER_PUBLISHER}, None, PublisherBasis.CLAIMED),
    ],
)
def test_an_operators_file_is_vouched_for_unless_it_borrows_a_name(
    db: Database, tmp_path: Path, row: dict[str, str], given: str | None, basis: PublisherBasis
) -> None:
    assert put_file(db, tmp_path, {**row, "body": TEXT}, IngestOptions(publisher=given)).publisher_basis is basis


def test_an_upload_in_a_folder_called_starter_is_no_brief(db: Database, tmp_path: Path) -> None:
    folder = tmp_path / "starter"
    folder.mkdir()
    (folder / "brics-enlargement-2024.md").write_text(f"---\npublisher: {STARTER_PUBLISHER}\n---\n{LIE}")
    ingest_paths(db, [folder], IngestOptions(base=tmp_path, is_vouched=False))
    [found] = Articles(db).facts(list(Articles(db).ids())).values()
    assert found.is_claimed
    assert not found.origin.startswith("starter/")


def test_foreign_articles_teach_no_footer_and_lose_none(db: Database) -> None:
    footer = "Coverage of the quays by this paper is made possible by a grant of the Lamp Trust."
    bodies = [f"{' '.join(f'Gull{number}x{word} came.' for word in range(60))}\n\n{footer}" for number in range(8)]
    for number, body in enumerate(bodies):
        put(db, Draft(body, url=f"https://cats.example/{number}", publisher="TASS", served_by="cats.example"))
    assert Footers(db).all() == []
    for number, body in enumerate(bodies):
        put(db, Draft(body, url=f"https://quay.example/{number}", publisher="Quay Courier", served_by="quay.example"))
    assert [each.publisher for each in Footers(db).all()] == ["quay.example"]
    last = put(
        db, Draft(f"{LIE}\n\n{footer}", url="https://a.example/", publisher="Quay Courier", served_by="a.example")
    )
    assert footer in Articles(db).get(last.id).body  # type: ignore[union-attr]


def test_a_filter_finds_no_claims_but_hides_them(db: Database) -> None:
    real = put(db, Draft(TEXT, url=OWN, publisher="TASS", served_by="tass.com"))
    claim = put(db, page("TASS"))
    columns = ArticleColumns(db)
    for filters, expected in ((Filters(publishers=("tass",)), [real.id]), (Filters(hidden_publishers=("TASS",)), [])):
        condition, values = article_condition(db, filters)
        assert [row[0] for row in db.execute(f"SELECT id FROM articles WHERE {condition}", values)] == expected
        assert filters.select([real, claim]) == [each for each in (real, claim) if each.id in expected]
        mask = columns.passing(filters)
        assert mask is not None
        assert mask.sum() == len(expected)


def test_a_name_that_becomes_known_later_is_no_longer_anothers(db: Database) -> None:
    borrower = put(db, page("Quay Courier"))
    owner = put(db, page("Quay Courier", "quay.example"))
    with db.atomic():
        Publishers(db).edit("Quay Courier", PublisherEdit(kind=Kind.NEWSPAPER, domains=("quay.example",)), "2024-06-01")
        assert is_claim(borrower, Publishers(db))
        assert not is_claim(owner, Publishers(db))
        settle_stored(db)
    assert [each.is_claimed for each in Articles(db).facts([borrower.id, owner.id]).values()] == [True, False]


class NoPage(PoliteClient):
    """A client that gets no page."""

    def __init__(self) -> None:
        """Need no network."""

    def get_article(self, url: str) -> None:  # type: ignore[override]
        """Fail."""
        raise OSError(url)


@pytest.mark.parametrize(
    ("title", "source", "served_by", "shown"),
    [
        ("Cat pictures", "", "cats.example", ("Cat pictures", False)),
        ("", "", "cats.example", (None, False)),
        ("TASS", "", "cats.example", ("TASS", True)),
        ("Cat pictures", "TASS", "cats.example", ("TASS", True)),
        ("Cat pictures", "Quay Courier", "cats.example", ("Quay Courier", True)),
        ("Any", "Reuters", "tass.com", ("TASS", False)),
    ],
)
def test_an_excerpt_is_of_the_site_that_served_its_feed(
    db: Database, title: str, source: str, served_by: str, shown: tuple[str | None, bool]
) -> None:
    # A feed that redirects is of where it leads.
    feed = Feed(
        1, "shared", "https://tass.com/go?to=cats", "rss", title, None, "", False, 0, 0, "", None, None, "", "", 0, ""
    )
    entry = Entry(url="https://www.reuters.com/world/1", text=LIE, publisher=source, served_by=served_by)
    item = fetch_item(NoPage(), feed, entry).item
    assert item is not None
    found = put(db, item.parse())
    assert ((found.publisher, found.is_claimed), found.served_by) == (shown, served_by)
    known = known_publisher(found, Publishers(db))
    assert (known and known.name) == ("TASS" if served_by == "tass.com" else None)


def test_what_is_dated_after_it_was_fetched_counts_as_undated(db: Database) -> None:
    ahead = put(db, page("Quay Courier", published_at="2999-01-01"))
    assert (ahead.published_at, ahead.is_dated_ahead) == (None, True)
    past = put(db, page("Quay Courier", "quay.example", published_at="2024-01-01T10:00:00Z"))
    assert (past.published_at, past.is_dated_ahead) == ("2024-01-01T10:00:00Z", False)


def test_what_was_stored_before_is_settled_once(db: Database, tmp_path: Path) -> None:
    real = put(db, Draft(TEXT, url=OWN, publisher="TASS", served_by="tass.com"))
    claim = put(db, page("TASS"))
    own = put(db, page("Quay Courier", "quay.example", published_at="2024-01-01"))
    upload = put_file(db, tmp_path, {"publisher": "Quay Courier", "body": TEXT}, IngestOptions(base=tmp_path))
    with db.atomic():
        db.execute("UPDATE articles SET publisher_basis = 'vouched', served_by = NULL")
        db.execute("UPDATE articles SET published_at = '2999-01-01' WHERE id = ?", (own.id,))
        settle_old_articles(db)
    found = Articles(db).facts([real.id, claim.id, own.id, upload.id])
    assert [each.publisher_basis for each in found.values()] == ["served", "claimed", "served", "claimed"]
    assert [each.served_by for each in found.values()] == ["tass.com", "cats.example", "quay.example", None]
    assert found[own.id].published_at is None
    assert found[own.id].is_dated_ahead
    # The same article read again is no edit.
    with db.atomic():
        again = Articles(db).store(
            Draft(LIE, url="https://quay.example/1", publisher="Quay Courier", served_by="quay.example",
                  publisher_basis=PublisherBasis.SERVED, is_dated_ahead=True),
            collection="shared", origin="x", source_sha256="y", now="2024-01-01T00:00:00Z",
        )  # fmt: skip
    assert again.outcome is Outcome.UNCHANGED
