"""What every index of passages keeps to: a generation in the data folder, and Milvus."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.service.attache import Attache
from bot.service.index_place import open_passages
from bot.service.ingest import ingest, reindex, remove_article
from bot.service.sessions import reading, writing
from bot.settings import Settings
from corpus.ingest import IngestOptions
from index.filters import Filters
from index.generation.generations import Generations
from tests.fakes import HashingEmbedder
from tests.milvus import MilvusServer, require_milvus

FERRY = "Ferries of the Ostrava line carried ninety passengers across the strait on Friday."
BRIDGE = "Engineers reported cracks in two pillars of the Velden bridge, and the minister denied danger."
WOLVES = "Rangers in the Marn valley counted eleven wolves on their winter cameras."
SECRET = "A private memo says that the tender for repairing the Velden bridge closes in June."
SHARED, OURS = Filters(collections=("shared",)), Filters(collections=("shared", "guild:1"))

Feed = Callable[..., None]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    require_milvus()
    with MilvusServer(tmp_path_factory.mktemp("milvus") / "data") as server:
        yield server


@pytest.fixture(params=["faiss", "milvus"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    index = ""
    if request.param == "milvus":
        index = request.getfixturevalue("server").address(f"contract_{abs(hash(str(tmp_path)))}")
    return Settings.load(None, data_dir=tmp_path / "data", index=index)


@pytest.fixture
def feed(settings: Settings, tmp_path: Path) -> Feed:
    def write(
        name: str, text: str, *, collection: str = "shared", publisher: str = "Post", day: str = "", language: str = ""
    ) -> None:
        path = tmp_path / f"{name}.md"
        front = f"id: {name}\npublisher: {publisher}\n" + (f"published_at: {day}\n" if day else "")
        front += f"language: {language}\n" if language else ""
        path.write_text(f"---\n{front}---\n{text}", encoding="utf-8")
        ingest(settings, HashingEmbedder(), [path], IngestOptions(collection=collection))

    return write


@pytest.fixture
def corpus(feed: Feed) -> None:
    feed("ferry", FERRY, day="2024-03-01")
    feed("bridge", BRIDGE, publisher="Valley 'Times\" ]", day="2024-04-10")
    feed("wolves", WOLVES, publisher="Valley 'Times\" ]", day="2024-05")
    feed("secret", SECRET, collection="guild:1", day="2024-04-12")


@pytest.fixture
def attache(settings: Settings, corpus: None) -> Iterator[Attache]:
    with Attache(settings, embedder=HashingEmbedder()) as opened:
        yield opened


def found(attache: Attache, query: str, filters: Filters = SHARED) -> list[str]:
    return [str(hit.article.external_id) for hit in attache.search(query, 10, filters).hits]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (SHARED, {"ferry", "bridge", "wolves"}),
        (OURS, {"ferry", "bridge", "wolves", "secret"}),
        (Filters(collections=("guild:2",)), set()),
        (Filters(collections=("GUILD:1",)), {"secret"}),
        (Filters(publishers=("valley 'times\" ]",)), {"bridge", "wolves"}),
        (Filters(hidden_publishers=("Post",)), {"bridge", "wolves"}),
        (Filters(collections=("shared",), since=date(2024, 3, 15)), {"bridge"}),
        (Filters(until=date(2024, 4, 11)), {"ferry", "bridge"}),
        (Filters(publishers=("Nobody",)), set()),
    ],
)
def test_filters_apply_before_ranking(attache: Attache, filters: Filters, expected: set[str]) -> None:
    assert set(found(attache, "ferry bridge wolves tender passengers", filters)) == expected


GERMAN = "Die Fähre über die Meerenge beförderte am Freitag neunzig Fahrgäste, sagte ein Sprecher der Reederei Ostrava."


def test_a_language_is_filtered_by_and_followed_when_it_changes(feed: Feed, attache: Attache) -> None:
    feed("faehre", GERMAN)
    feed("code", "Velden 17.", language="de-AT")
    query = "ferry bridge wolves Ostrava Velden 17"
    assert set(found(attache, query, Filters(languages=("DE",)))) == {"faehre", "code"}
    assert set(found(attache, query, Filters(collections=("shared",), languages=("en",)))) == {
        "ferry", "bridge", "wolves"
    }  # fmt: skip
    assert found(attache, query, Filters(languages=("fr",))) == []
    assert "faehre" in found(attache, query)
    feed("code", "Velden 17.", language="fr")
    assert found(attache, query, Filters(languages=("fr",))) == ["code"]
    assert found(attache, query, Filters(languages=("de",))) == ["faehre"]


def test_words_and_vectors_score_as_they_are_in_the_texts(attache: Attache) -> None:
    hit = attache.search("cracks in the Velden bridge", 1, SHARED).hits[0]
    embedder = HashingEmbedder()
    query, text = embedder.encode(["cracks in the Velden bridge", BRIDGE])
    assert hit.article.external_id == "bridge"
    assert hit.cosine == pytest.approx(float(query @ text), abs=2e-3)
    # Three passages; "crack", "velden" and "bridge" are in one of them each.
    assert hit.bm25 == pytest.approx(3 * 0.51 * 1.45, abs=0.25)


def test_words_are_searched_and_counted_alone_within_what_may_be_read(settings: Settings, corpus: None) -> None:
    embedder = HashingEmbedder()
    with reading(settings.data_dir) as db:
        generations = Generations(settings.data_dir)
        index = open_passages(settings, generations, db, embedder, lambda _sentence: None, 5).passages
        found = {len(index.find_words("tender for the Velden bridge", 10, each)) for each in (SHARED, OURS)}
        assert found == {1, 2}
        stems = ["tender", "bridg", "zeppelin"]
        assert index.readable_vocabulary(SHARED).frequencies(stems) == {"bridg": 1}
        assert index.readable_vocabulary(OURS).frequencies(stems) == {"tender": 1, "bridg": 2}
        assert len(index.find_words("zeppelin", 10, OURS)) == 0


def test_another_servers_articles_change_neither_hits_nor_scores(attache: Attache, feed: Feed) -> None:
    before = attache.search("tender for the Velden bridge", 10, SHARED).hits
    assert "secret" not in {hit.article.external_id for hit in before}
    for number in range(4):
        feed(f"more-{number}", f"Bridge tender {number}: a bridge, a bridge and the Velden.", collection="guild:1")
    after = attache.search("tender for the Velden bridge", 10, SHARED).hits
    assert [(hit.passage.id, hit.score, hit.bm25) for hit in after] == [
        (hit.passage.id, hit.score, hit.bm25) for hit in before
    ]


def test_an_article_is_found_once_it_is_stored_and_never_once_it_is_removed(
    attache: Attache, settings: Settings, feed: Feed
) -> None:
    feed("comet", "Astronomers in Castine photographed a green comet over the observatory.")
    hit = attache.search("green comet over Castine", 10, SHARED).hits[0]
    assert (hit.article.external_id, hit.cosine is not None) == ("comet", True)
    # First without the index being told, as where its server was unreachable.
    with writing(settings, "test", wait_s=5) as db, db.atomic():
        db.execute("DELETE FROM articles WHERE id = ?", (hit.article.id,))
    assert "comet" not in found(attache, "green comet over Castine")
    remove_article(settings, HashingEmbedder(), attache.search("wolves", 1, SHARED).hits[0].article.id)
    assert set(found(attache, "green comet wolves ferry bridge")) == {"ferry", "bridge"}


def test_an_article_that_moves_to_another_collection_leaves_the_first_one(attache: Attache, settings: Settings) -> None:
    article = attache.search("wolves", 1, SHARED).hits[0].article.id
    with writing(settings, "test", wait_s=5) as db, db.atomic():
        db.execute("UPDATE articles SET collection = 'guild:2' WHERE id = ?", (article,))
    moved = Filters(collections=("guild:2",))
    assert "wolves" not in found(attache, "wolves in the Marn valley")
    reindex(settings, HashingEmbedder())
    assert "wolves" not in found(attache, "wolves in the Marn valley")
    assert found(attache, "wolves in the Marn valley", moved) == ["wolves"]


def test_a_changed_text_replaces_the_former_one(attache: Attache, feed: Feed) -> None:
    feed("ferry", "The Ostrava line was closed for good, the harbour office said.", day="2024-03-01")
    hits = attache.search("ninety passengers across the strait", 10, SHARED).hits
    assert not [hit for hit in hits if "ninety" in hit.passage.text]
    assert found(attache, "Ostrava line closed for good")[0] == "ferry"


def test_building_it_anew_loses_nothing(attache: Attache, settings: Settings) -> None:
    before = [(hit.passage.text, hit.score) for hit in attache.search("bridge ferry wolves", 10, SHARED).hits]
    assert reindex(settings, HashingEmbedder(), full=True).built
    after = [(hit.passage.text, hit.score) for hit in attache.search("bridge ferry wolves", 10, SHARED).hits]
    assert after == [(text, pytest.approx(score, abs=1e-4)) for text, score in before]
