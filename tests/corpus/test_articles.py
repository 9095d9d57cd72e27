"""What storing an article does: added, kept as it is, replaced with its former text kept, removed without a trace."""

from dataclasses import replace

import pytest
from sqlite_utils import Database

from corpus.article import SHARED_COLLECTION, Draft, content_hash
from corpus.articles import Articles, Outcome, StoreResult
from corpus.catalog import corpus_facts, publishers, revision
from corpus.settle_old import respell_urls
from index.terms import Terms

MONDAY, TUESDAY, FRIDAY = "2024-09-02T08:00:00Z", "2024-09-03T08:00:00Z", "2024-09-06T08:00:00Z"
HARBOUR = "The harbour office closed the northern quay on Monday because of the storm. Two ferries stayed in port."
BRIDGE = "The bridge office opened the southern crossing on Friday after the repair. Three lorries crossed it at noon."
DRAFT = Draft(
    body=HARBOUR,
    title="Quay closed",
    url="https://example.org/quay",
    publisher="Example Post",
    author="Jane Doe",
    published_at="2024-09-02",
    language="en",
)


def store(
    db: Database, draft: Draft, now: str = MONDAY, *, collection: str = SHARED_COLLECTION, origin: str = "/news/a.md"
) -> StoreResult:
    with db.atomic():
        return Articles(db).store(
            draft, collection=collection, origin=origin, source_sha256=f"source of {draft.body}", now=now
        )


def found(db: Database, words: str) -> list[int]:
    """The articles with a passage that holds these words in some form, in its text or its article's title."""
    rows = db.execute(
        """SELECT article_id, coalesce(title, ''), text FROM passages JOIN articles ON articles.id = article_id
        ORDER BY article_id"""
    )
    stems, wanted = Terms().stems, Terms().stems(words)
    return list(dict.fromkeys(row[0] for row in rows if set(wanted) <= set(stems(f"{row[1]} {row[2]}"))))


def passage_ids(db: Database, article_id: int) -> list[int]:
    rows = db.execute("SELECT id FROM passages WHERE article_id = ? ORDER BY ordinal", (article_id,))
    return [row[0] for row in rows]


def count(db: Database, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


# --- adding and reading


def test_a_new_article_is_added_with_everything_that_the_draft_states(db: Database) -> None:
    stored = store(db, DRAFT)
    assert stored.outcome is Outcome.ADDED
    article = Articles(db).get(stored.article_id)
    assert article is not None
    assert (article.body, article.title, article.url) == (HARBOUR, "Quay closed", "https://example.org/quay")
    assert (article.publisher, article.author) == ("Example Post", "Jane Doe")
    assert (article.published_at, article.language) == ("2024-09-02", "en")
    assert (article.fetched_at, article.origin, article.collection) == (MONDAY, "/news/a.md", SHARED_COLLECTION)
    assert article.sha256 == content_hash(DRAFT)
    assert Articles(db).versions(stored.article_id) == []


def test_passages_are_verbatim_slices_and_found_by_their_words_and_their_title(db: Database) -> None:
    article_id = store(db, DRAFT).article_id
    [passage] = Articles(db).passages(passage_ids(db, article_id)).values()
    assert HARBOUR[passage.start : passage.end] == passage.text == HARBOUR
    assert (passage.article_id, passage.ordinal) == (article_id, 0)
    assert found(db, "ferry") == found(db, "quay closed") == [article_id]


def test_what_is_not_stored_is_left_out_however_many_ids_are_asked_for(db: Database) -> None:
    ids = [store(db, replace(DRAFT, url=f"https://example.org/{i}")).article_id for i in range(3)]
    articles = Articles(db)
    asked = [*range(5000, 0, -1), *ids]
    assert sorted(articles.facts(asked)) == ids == list(articles.ids())
    assert sorted(articles.passages(asked)) == [passage_ids(db, each)[0] for each in ids]
    assert articles.facts([]) == articles.passages([]) == {}
    assert articles.get(77) is None


@pytest.mark.parametrize(
    "other",
    [
        replace(DRAFT, title="Quay open"),
        replace(DRAFT, body=BRIDGE),
        replace(DRAFT, publisher=None),
        replace(DRAFT, author="Max Roe"),
        replace(DRAFT, published_at=None),
        replace(DRAFT, language="de"),
        replace(DRAFT, title="Quay close", body="d" + HARBOUR),
    ],
)
def test_everything_that_a_reader_could_be_shown_counts_for_the_hash(other: Draft) -> None:
    assert content_hash(other) != content_hash(DRAFT)
    assert content_hash(replace(DRAFT, warnings=("Something.",))) == content_hash(DRAFT)


# --- the same article again


def test_an_unchanged_article_keeps_its_passages_and_the_revision(db: Database) -> None:
    first = store(db, DRAFT)
    before = revision(db), passage_ids(db, first.article_id)
    assert store(db, DRAFT, TUESDAY) == StoreResult(first.article_id, Outcome.UNCHANGED)
    assert (revision(db), passage_ids(db, first.article_id)) == before
    assert Articles(db).versions(first.article_id) == []


@pytest.mark.parametrize(
    "known", [DRAFT, replace(DRAFT, url=None, external_id="post-17")], ids=["by url", "by external id"]
)
def test_a_changed_article_keeps_its_id_and_its_former_text_with_its_time(db: Database, known: Draft) -> None:
    article_id = store(db, known, MONDAY).article_id
    newer = replace(known, body=BRIDGE, title="Bridge open")
    assert store(db, newer, FRIDAY) == StoreResult(article_id, Outcome.UPDATED)
    article = Articles(db).get(article_id)
    assert article is not None
    assert (article.title, article.body, article.fetched_at) == ("Bridge open", BRIDGE, FRIDAY)
    [version] = Articles(db).versions(article_id)
    assert (version.title, version.body, version.sha256) == ("Quay closed", HARBOUR, content_hash(known))
    assert (version.fetched_at, version.replaced_at) == (MONDAY, FRIDAY)
    assert count(db, "articles") == 1


def test_an_article_without_address_and_id_is_known_by_its_content(db: Database) -> None:
    nameless = replace(DRAFT, url=None)
    first = store(db, nameless, origin="/news/a.txt")
    assert store(db, nameless, TUESDAY, origin="/news/copy.txt") == StoreResult(first.article_id, Outcome.UNCHANGED)
    assert store(db, replace(nameless, body=BRIDGE)).outcome is Outcome.ADDED
    assert count(db, "articles") == 2


def test_every_former_text_is_kept_oldest_first(db: Database) -> None:
    bodies = [f"Round {word} of the talks ended without a word." for word in ("one", "two", "three", "four")]
    for day, body in enumerate(bodies, start=1):
        article_id = store(db, replace(DRAFT, body=body), f"2024-09-0{day}T00:00:00Z").article_id
    versions = Articles(db).versions(article_id)
    assert [version.body for version in versions] == bodies[:3]
    assert [version.replaced_at[9] for version in versions] == ["2", "3", "4"]


def test_an_id_that_the_source_no_longer_states_is_still_the_articles(db: Database) -> None:
    article_id = store(db, replace(DRAFT, external_id="post-17")).article_id
    store(db, replace(DRAFT, body=BRIDGE))
    article = Articles(db).get(article_id)
    assert article is not None
    assert article.external_id == "post-17"


def test_collections_do_not_share_articles(db: Database) -> None:
    shared = store(db, DRAFT)
    private = store(db, DRAFT, collection="server-1")
    assert private.outcome is Outcome.ADDED
    assert private.article_id != shared.article_id
    store(db, replace(DRAFT, body=BRIDGE), collection="server-1")
    article = Articles(db).get(shared.article_id)
    assert article is not None
    assert article.body == HARBOUR


# --- passages follow


def test_a_new_body_takes_the_place_of_the_old_one_in_the_passages(db: Database) -> None:
    article_id = store(db, DRAFT).article_id
    old = passage_ids(db, article_id)
    store(db, replace(DRAFT, body=BRIDGE), TUESDAY)
    assert found(db, "ferry") == []
    assert found(db, "lorry") == [article_id]
    assert not set(old) & set(passage_ids(db, article_id))


def test_a_new_title_takes_the_place_of_the_old_one_in_the_passages(db: Database) -> None:
    article_id = store(db, replace(DRAFT, title="Pier closed")).article_id
    assert found(db, "pier") == [article_id]
    store(db, replace(DRAFT, title="Port shut"), TUESDAY)
    assert found(db, "pier") == []
    assert found(db, "shut") == [article_id]


def test_a_title_changed_behind_our_back_leaves_no_passage_with_the_old_one(db: Database) -> None:
    store(db, DRAFT)
    db.execute("UPDATE articles SET title = 'Port shut'")
    assert found(db, "quay") == []


def test_passages_that_today_would_be_cut_the_same_stay_when_cut_again(db: Database) -> None:
    article_id = store(db, DRAFT).article_id
    before = passage_ids(db, article_id), revision(db)
    with db.atomic():
        Articles(db).recut(article_id)
        Articles(db).recut(77)
    assert (passage_ids(db, article_id), revision(db)) == before


def test_passages_of_former_rules_are_cut_again_under_new_ids(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    article_id = store(db, DRAFT).article_id
    [old], before = passage_ids(db, article_id), revision(db)
    for name, words in (("MAX_WORDS", 12), ("MAX_WORDS_WITH_REMAINDER", 12), ("MIN_WORDS", 1)):
        monkeypatch.setattr(f"corpus.passages.{name}", words)
    with db.atomic():
        Articles(db).recut(article_id)
    assert len(passage_ids(db, article_id)) == 2
    assert min(passage_ids(db, article_id)) > old
    assert revision(db) == before + 1
    assert found(db, "ferry") == [article_id]


# --- removal


def test_a_removed_article_is_gone_with_passages_and_versions(db: Database) -> None:
    kept = store(db, replace(DRAFT, url="https://example.org/other", body=BRIDGE)).article_id
    article_id = store(db, DRAFT).article_id
    store(db, replace(DRAFT, body=HARBOUR + " A third one left."), TUESDAY)
    before = revision(db)
    with db.atomic():
        assert Articles(db).remove(article_id)
    assert revision(db) == before + 1
    assert Articles(db).get(article_id) is None
    assert (count(db, "passages"), count(db, "versions")) == (1, 0)
    assert found(db, "ferry") == []
    assert found(db, "lorry") == [kept]


def test_removing_what_is_not_there_changes_nothing(db: Database) -> None:
    store(db, DRAFT)
    before = revision(db)
    assert not Articles(db).remove(77)
    assert revision(db) == before


def test_no_id_is_ever_used_twice(db: Database) -> None:
    seen_articles: set[int] = set()
    seen_passages: set[int] = set()
    for _ in range(4):
        article_id = store(db, DRAFT).article_id
        passages = set(passage_ids(db, article_id))
        assert article_id not in seen_articles
        assert not passages & seen_passages
        seen_articles.add(article_id)
        seen_passages |= passages
        Articles(db).remove(article_id)


# --- sources


def test_the_bytes_of_the_present_text_are_known_from_any_place(db: Database) -> None:
    article_id = store(db, DRAFT).article_id
    articles = Articles(db)
    source = f"source of {HARBOUR}"
    assert articles.find_by_source(SHARED_COLLECTION, source, "/news/moved.md") == article_id
    assert articles.find_by_source("server-1", source, "/news/a.md") is None
    assert articles.find_by_source(SHARED_COLLECTION, "other bytes", "/news/a.md") is None


def test_the_bytes_of_a_former_text_are_known_only_beside_the_ones_that_replaced_it(db: Database) -> None:
    article_id = store(db, DRAFT, origin="/news/all.jsonl:1").article_id
    store(db, replace(DRAFT, body=BRIDGE), origin="/news/all.jsonl:2")
    articles, source = Articles(db), f"source of {HARBOUR}"
    assert articles.find_by_source(SHARED_COLLECTION, source, "/news/all.jsonl:1") == article_id
    assert articles.find_by_source(SHARED_COLLECTION, source, "/elsewhere.jsonl:1") is None


def test_a_file_that_goes_back_to_its_former_text_is_read_again(db: Database) -> None:
    store(db, DRAFT, origin="/news/a.md")
    store(db, replace(DRAFT, body=BRIDGE), origin="/news/a.md")
    assert Articles(db).find_by_source(SHARED_COLLECTION, f"source of {HARBOUR}", "/news/a.md") is None


# --- the catalogue


def test_the_catalogue_counts_what_is_stored(db: Database) -> None:
    store(db, DRAFT)
    store(db, replace(DRAFT, body=BRIDGE))
    for day in ("2023-01-05", "2024-09-30T10:00:00Z"):
        store(db, Draft(body=f"{HARBOUR} It was {day}.", publisher="Daily Example", published_at=day))
    store(db, Draft(body="Nobody said who wrote this, and nobody said when."))
    facts = corpus_facts(db)
    assert (facts.articles, facts.passages, facts.versions, facts.publishers, facts.undated) == (4, 4, 1, 2, 1)
    assert (facts.first_date, facts.last_date, facts.revision) == ("2023-01-05", "2024-09-30", 5)
    assert [(each.publisher, each.articles) for each in publishers(db)] == [
        ("Daily Example", 2),
        (None, 1),
        ("Example Post", 1),
    ]


def test_a_former_text_comes_back_whole_and_is_no_version_any_more(db: Database) -> None:
    articles = Articles(db)

    def put(body: str, source: str, **fields: str) -> int:
        with db.atomic():
            draft = Draft(body=body, url="https://n.example/a", language="en", **fields)
            stored = articles.store(draft, collection="one", origin=f"{source}.md", source_sha256=source, now=source)
        return stored.article_id

    first = put("The ferry sails at noon.", "2024", title="Ferry", author="A. Quist", published_at="2024-03-01")
    before = articles.get(first)
    signed = db.execute("SELECT * FROM signatures").fetchall()
    put("The ferry sails at midnight.", "2025", title="Ferry, corrected")
    changed = revision(db)
    with db.atomic():
        assert articles.restore_previous(first)
    assert articles.get(first) == before
    assert db.execute("SELECT * FROM signatures").fetchall() == signed
    assert articles.versions(first) == []
    assert revision(db) > changed
    texts = [row[0] for row in db.execute("SELECT text FROM passages WHERE article_id = ?", (first,))]
    assert texts == ["The ferry sails at noon."]
    assert articles.find_by_source("one", "2024", "2024.md") == first
    with db.atomic():
        assert not articles.restore_previous(first)


# --- spellings


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/quay",
        "https://www.example.org/quay",
        "https://m.example.org/quay",
        "https://example.org/quay/",
    ],
)
def test_another_spelling_of_the_address_is_the_same_article(db: Database, url: str) -> None:
    first = store(db, DRAFT)
    stored = store(db, replace(DRAFT, url=url, body=BRIDGE), TUESDAY)
    assert (stored.article_id, stored.outcome) == (first.article_id, Outcome.UPDATED)
    assert Articles(db).find_by_url(SHARED_COLLECTION, url) is not None
    article = Articles(db).get(first.article_id)
    assert article is not None
    assert (article.url, article.body) == ("https://example.org/quay", BRIDGE)


@pytest.mark.parametrize(
    "url", ["https://mobile-archive.example.org/quay", "https://example.org/Quay", "https://example.org/quay?p=2"]
)
def test_another_address_is_another_article(db: Database, url: str) -> None:
    store(db, DRAFT)
    assert store(db, replace(DRAFT, url=url, body=BRIDGE), TUESDAY).outcome is Outcome.ADDED


def test_of_two_spellings_that_are_stored_each_is_found_as_it_is_spelt(db: Database) -> None:
    first, second = store(db, DRAFT), store(db, replace(DRAFT, url="https://other.example/quay", body=BRIDGE))
    with db.atomic():
        db.execute("UPDATE articles SET url = 'http://example.org/quay/' WHERE id = ?", (second.article_id,))
    for url, each in ((DRAFT.url, first), ("http://example.org/quay/", second)):
        facts = Articles(db).find_by_url(SHARED_COLLECTION, url or "")
        assert facts is not None
        assert facts.id == each.article_id


def test_addresses_of_an_older_release_are_spelt_anew(db: Database) -> None:
    spelt = {
        "https://порт.example/%7ea": "https://xn--n1abei.example/~a",
        "https://порт.example/~a": "https://порт.example/~a",
        "https://example.org/é": "https://example.org/%C3%A9",
        "https://example.org/a": "https://example.org/a",
    }
    for number, old in enumerate(spelt):
        stored = store(db, replace(DRAFT, url=f"https://example.org/{number}", body=f"{HARBOUR} {number}"))
        with db.atomic():
            db.execute("UPDATE articles SET url = ?, served_by = 'порт.example' WHERE id = ?", (old, stored.article_id))
    with db.atomic():
        respell_urls(db)
    found = db.execute("SELECT url, served_by FROM articles ORDER BY id").fetchall()
    assert found == [(url, "xn--n1abei.example") for url in spelt.values()]


def test_a_site_of_an_older_release_keeps_its_port(db: Database) -> None:
    stored = store(db, DRAFT)
    with db.atomic():
        db.execute("UPDATE articles SET served_by = 'порт.example:8443' WHERE id = ?", (stored.article_id,))
        respell_urls(db)
    assert db.execute("SELECT served_by FROM articles").fetchall() == [("xn--n1abei.example:8443",)]


def test_a_date_that_is_only_spelt_with_its_offset_is_no_edit(db: Database) -> None:
    first = store(db, replace(DRAFT, published_at="2024-09-08T23:00:00Z"))
    again = store(db, replace(DRAFT, published_at="2024-09-09T08:00:00+09:00"), TUESDAY)
    assert again == StoreResult(first.article_id, Outcome.UNCHANGED)
    assert Articles(db).facts([first.article_id])[first.article_id].published_at == "2024-09-09T08:00:00+09:00"
    assert count(db, "versions") == 0
