"""Which articles become one story, whatever order and collection they come in, and what later arrivals leave alone."""

from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.answering.story_facts import central_headline
from corpus.articles import Articles
from corpus.database import open_database
from index.embedding.vector_store import Embeddings
from index.schema import migrations as index_migrations
from index.stories import grouper as grouper_module
from index.stories.grouper import group_queued
from index.stories.story_store import Stories
from index.stories.traits import names_of
from tests.conftest import StoreArticle
from tests.fakes import HashingEmbedder

DAM = "The Keldor dam above Marnfeld broke on Sunday. Rescue teams from Marnfeld pulled eleven people out of the water."
DAM_NEXT = (
    "Rescue teams pulled two more people out of the water below the Keldor dam that broke above Marnfeld on Sunday."
)
DAM_LATER = "The Keldor dam that broke above Marnfeld had cracks, said rescue teams who pulled people out of the water."
VOTE = "Parliament in Ostrava elected Lena Quist as the new speaker with a narrow majority of three votes on Monday."


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder(dimension=256)


def group(db: Database, embedder: HashingEmbedder) -> None:
    Embeddings(db, embedder.fingerprint).embed_missing(embedder)
    group_queued(db, embedder)


def stories(db: Database) -> set[frozenset[int]]:
    """The stories as sets of articles."""
    found: dict[int, set[int]] = {}
    for article_id, story_id in db.execute("SELECT article_id, story_id FROM story_articles"):
        found.setdefault(story_id, set()).add(article_id)
    return set(map(frozenset, found.values()))


def story_of(db: Database, article_id: int) -> int:
    return Stories(db).of_articles([article_id])[article_id]


def test_reports_of_one_event_join_as_they_come_in_and_those_of_another_do_not(
    db: Database, store: StoreArticle, embedder: HashingEmbedder
) -> None:
    first = store(DAM, title="Keldor dam breaks above Marnfeld", published_at="2024-03-03")
    group(db, embedder)
    number = story_of(db, first)
    vote = store(VOTE, title="Lena Quist elected speaker", published_at="2024-03-04")
    second = store(DAM_NEXT, title="More people rescued below Keldor dam", published_at="2024-03-05")
    group(db, embedder)
    assert stories(db) == {frozenset({first, second}), frozenset({vote})}
    assert story_of(db, second) == number
    # What broke in spring is told again in summer: another story.
    again = store(DAM_LATER, title="Keldor dam had cracks", published_at="2024-07-01")
    group(db, embedder)
    assert frozenset({again}) in stories(db)


def test_a_copy_joins_its_original_after_weeks_and_without_a_date(
    db: Database, store: StoreArticle, embedder: HashingEmbedder
) -> None:
    wire = (
        DAM + " " + " ".join(f"Engineer number {number} inspected sluice {number} of the dam." for number in range(30))
    )
    first = store(wire, title="Dam breaks", published_at="2024-03-03", url="https://a.example/1")
    late = store(
        f"{wire} Reported by our staff.", title="Reprint", published_at="2024-03-20", url="https://b.example/1"
    )
    undated = store(f"From our archive. {wire}", title="Archive", url="https://c.example/1")
    group(db, embedder)
    assert stories(db) == {frozenset({first, late, undated})}


def test_a_servers_own_articles_join_the_shared_story_and_change_nothing_for_others(
    db: Database, store: StoreArticle, embedder: HashingEmbedder
) -> None:
    own = store(DAM, title="Keldor dam breaks", published_at="2024-03-03", collection="server-1")
    other = store(DAM_NEXT, title="Keldor dam rescue", published_at="2024-03-04", collection="server-2")
    group(db, embedder)
    # Two servers never meet.
    assert story_of(db, own) != story_of(db, other)
    before = story_of(db, own)
    shared = store(DAM_LATER, title="Keldor dam had cracks", published_at="2024-03-05")
    group(db, embedder)
    assert story_of(db, own) == story_of(db, other) == story_of(db, shared)
    found = Stories(db).find(before)
    assert found is not None
    assert (found.id, found.collection) == (story_of(db, shared), "shared")


def test_shared_articles_are_grouped_as_if_no_server_had_any(
    db: Database, store: StoreArticle, embedder: HashingEmbedder
) -> None:
    # The server's article is alike both; they are not alike enough without it.
    one = store(f"{DAM} {VOTE}", title="Dam and vote", published_at="2024-03-03", collection="server-1")
    dam = store(DAM, title="Keldor dam breaks", published_at="2024-03-03")
    vote = store(VOTE, title="Lena Quist elected", published_at="2024-03-04")
    group(db, embedder)
    assert story_of(db, dam) != story_of(db, vote)
    assert len({story_of(db, dam), story_of(db, vote)}) == 2
    assert story_of(db, one) in {story_of(db, dam), story_of(db, vote)}


def test_a_server_that_floods_a_day_pushes_no_article_of_others_out_of_comparison(
    db: Database, store: StoreArticle, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.stories.window._MAX_A_DAY", 3)
    monkeypatch.setattr("index.stories.window._MAX_OWN_A_DAY", 2)
    shared = store(DAM, title="Keldor dam breaks above Marnfeld", published_at="2024-03-03")
    own = store(VOTE, title="Lena Quist elected speaker", published_at="2024-03-03", collection="guild:1")
    for number in range(9):
        text = f"Harvest {number} of turnips was weighed in barn {number * 7}."
        store(text, published_at="2024-03-03", collection="guild:2")
    group(db, embedder)
    later = store(DAM_NEXT, title="More people rescued below Keldor dam", published_at="2024-03-04")
    own_later = store(
        f"{VOTE} She thanked all.", title="Lena Quist elected", published_at="2024-03-04", collection="guild:1"
    )
    group(db, embedder)
    assert story_of(db, later) == story_of(db, shared)
    assert story_of(db, own_later) == story_of(db, own)


def test_what_is_removed_or_rewritten_leaves_its_story(
    db: Database, store: StoreArticle, embedder: HashingEmbedder
) -> None:
    first = store(DAM, title="Keldor dam breaks", published_at="2024-03-03", url="https://a.example/1")
    second = store(DAM_NEXT, title="Keldor dam rescue", published_at="2024-03-04", url="https://b.example/1")
    group(db, embedder)
    number = story_of(db, first)
    assert (
        store(
            f"{DAM} Two are missing.", title="Keldor dam breaks", published_at="2024-03-03", url="https://a.example/1"
        )
        == first
    )
    group(db, embedder)
    assert (story_of(db, first), stories(db)) == (number, {frozenset({first, second})})
    assert store(VOTE, title="Quist elected", published_at="2024-03-04", url="https://b.example/1") == second
    group(db, embedder)
    assert stories(db) == {frozenset({first}), frozenset({second})}
    with db.atomic():
        Articles(db).remove(first)
    assert stories(db) == {frozenset({second})}
    assert Stories(db).find(number) is None


def test_what_an_admin_split_stays_apart_though_it_is_edited(
    db: Database, store: StoreArticle, embedder: HashingEmbedder
) -> None:
    first = store(DAM, title="Keldor dam breaks", published_at="2024-03-03")
    second = store(DAM_NEXT, title="Keldor dam rescue", published_at="2024-03-04", url="https://b.example/1")
    group(db, embedder)
    assert story_of(db, second) == story_of(db, first)
    with db.atomic():
        apart = Stories(db).create("shared")
        Stories(db).place([second], apart)
    # By itself it would go back to what it is most alike.
    store(f"{DAM_NEXT} It rains.", title="Keldor dam rescue", published_at="2024-03-04", url="https://b.example/1")
    group(db, embedder)
    assert story_of(db, second) == apart != story_of(db, first)


def test_what_an_admin_merged_takes_in_what_comes_later(
    db: Database, store: StoreArticle, embedder: HashingEmbedder
) -> None:
    first = store(DAM, title="Keldor dam breaks", published_at="2024-03-03")
    vote = store(VOTE, title="Quist elected", published_at="2024-03-04")
    group(db, embedder)
    before = story_of(db, vote)
    with db.atomic():
        Stories(db).place([vote], story_of(db, first))
    later = store(f"{VOTE} Again.", title="Quist elected", published_at="2024-03-04", url="https://c.example/1")
    group(db, embedder)
    assert story_of(db, later) == story_of(db, vote) == story_of(db, first)
    found = Stories(db).find(before)
    assert found is not None
    assert found.id == story_of(db, first)


def test_grouping_that_was_killed_goes_on_where_it_was(
    db: Database, store: StoreArticle, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [store(f"{DAM} Report {number}.", title=f"Dam {number}", published_at="2024-03-03") for number in range(6)]
    Embeddings(db, embedder.fingerprint).embed_missing(embedder)
    monkeypatch.setattr(grouper_module, "_BATCH", 2)
    read = grouper_module.read_traits
    calls = iter(range(9))

    def killed(*arguments: object) -> object:
        if next(calls) == 1:
            raise KeyboardInterrupt
        return read(*arguments)

    monkeypatch.setattr(grouper_module, "read_traits", killed)
    with pytest.raises(KeyboardInterrupt):
        group_queued(db, embedder)
    assert len(next(iter(stories(db)))) == 2
    group_queued(db, embedder)
    assert stories(db) == {frozenset(ids)}


@pytest.mark.parametrize("damage", [b"", b"abc", bytes(99)])
def test_a_damaged_vector_is_left_out_and_nothing_else_fails(
    damage: bytes, db: Database, store: StoreArticle, embedder: HashingEmbedder
) -> None:
    first = store(DAM, title="Keldor dam breaks", published_at="2024-03-03")
    group(db, embedder)
    db.execute("UPDATE story_articles SET vector = ?, names = ?", (damage, damage))
    second = store(DAM_NEXT, title="Keldor dam rescue", published_at="2024-03-04")
    group(db, embedder)
    assert story_of(db, second) != story_of(db, first)
    articles = list(Articles(db).facts([first, second]).values())
    assert central_headline(db, articles) in {"Keldor dam breaks", "Keldor dam rescue"}


def test_a_list_of_names_counts_only_so_far() -> None:
    names = [f"{first}{second}nov" for first in "BCDFGHKLMNPRSTVZ" for second in "abcdefghijklmnop"]
    lists = [f"In {' '.join(names[:119])} Xenov", f"In {' '.join(names[119:])}"]
    assert len(names_of([lists[0]])) == len(names_of(lists)) == 120


def test_another_model_keeps_the_stories(db: Database, store: StoreArticle, embedder: HashingEmbedder) -> None:
    first = store(DAM, title="Keldor dam breaks", published_at="2024-03-03")
    group(db, embedder)
    number = story_of(db, first)
    other = HashingEmbedder("other@1", dimension=128)
    second = store(DAM_NEXT, title="Keldor dam rescue", published_at="2024-03-04")
    Embeddings(db, other.fingerprint).recheck_all()
    group(db, other)
    assert (story_of(db, first), story_of(db, second)) == (number, number)


def test_a_folder_of_an_older_release_is_grouped(tmp_path: Path, embedder: HashingEmbedder) -> None:
    db = open_database(tmp_path / "old")
    for step in index_migrations.pending(db):
        if step.name != "stories":
            step.fn(db)
            index_migrations.ensure_migrations_table(db)
            db["_sqlite_migrations"].insert({"migration_set": "index", "name": step.name, "applied_at": ""})
    with db.atomic():
        Articles(db)
        for number, (title, body) in enumerate((("Dam", DAM), ("Rescue", DAM_NEXT))):
            db.execute(
                """INSERT INTO articles (collection, title, body, published_at, sha256, source_sha256, fetched_at,
                origin, title_sha256)
                VALUES ('shared', ?, ?, '2024-03-03', ?, ?, '2024-03-03T00:00:00Z', 'old.txt', ?)""",
                (title, body, str(number), str(number), f"title {number}"),
            )
        for article_id in list(Articles(db).ids()):
            Articles(db).recut(article_id)
    db.close()
    db = open_database(tmp_path / "old", (index_migrations,))
    group(db, embedder)
    assert stories(db) == {frozenset({1, 2})}
    db.close()
