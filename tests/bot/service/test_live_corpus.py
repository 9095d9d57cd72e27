"""What a service that stays open, and the commands for single articles, show while the corpus changes."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.answering.answer import Note, NoteKind
from bot.service.attache import Attache
from bot.service.backup import back_up
from bot.service.ingest import ingest, reindex, remove_article
from bot.service.sessions import writing
from bot.settings import Settings
from corpus.errors import BadInput
from corpus.ingest import IngestOptions, ingest_paths
from index.embedding.vector_store import Embeddings
from index.filters import Filters
from index.generation.generations import Generations
from tests.fakes import HashingEmbedder

FERRY = (
    "---\nid: ferry\npublisher: Post\n---\nThe council of Belmar voted on Monday to buy a second ferry for the island."
)
HILLS = "---\nid: hills\npublisher: Post\n---\nRangers in the hills counted twelve wolves before the winter."
COMET = "---\nid: comet\npublisher: Post\n---\nAstronomers in Castine photographed a green comet over the observatory."


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings.load(None, data_dir=tmp_path / "data")
    feed(settings, tmp_path, "ferry", FERRY)
    feed(settings, tmp_path, "hills", HILLS)
    return settings


def feed(settings: Settings, folder: Path, name: str, text: str) -> None:
    path = folder / f"{name}.md"
    path.write_text(text, encoding="utf-8")
    ingest(settings, HashingEmbedder(), [path], IngestOptions())


def ids(attache: Attache, words: str) -> list[tuple[str | None, bool]]:
    """The ids found, and whether by vector too."""
    return [(hit.article.external_id, hit.cosine is not None) for hit in attache.search(words).hits]


def test_an_open_service_answers_from_what_was_fed_since(settings: Settings, tmp_path: Path) -> None:
    with Attache(settings, embedder=HashingEmbedder()) as attache:
        attache.open()
        feed(settings, tmp_path, "comet", COMET)
        assert ids(attache, "green comet over the observatory")[0] == ("comet", True)


def test_a_removed_article_is_found_no_more_by_an_open_service(settings: Settings) -> None:
    with Attache(settings, embedder=HashingEmbedder()) as attache:
        assert ids(attache, "second ferry")[0] == ("ferry", True)
        remove_article(settings, HashingEmbedder(), 1)
        assert "ferry" not in dict(ids(attache, "second ferry"))
    with pytest.raises(BadInput, match="no article 1"):
        remove_article(settings, HashingEmbedder(), 1)


def test_an_addition_is_answered_from_without_building_the_index_anew(settings: Settings, tmp_path: Path) -> None:
    with Attache(settings, embedder=HashingEmbedder()) as attache:
        assert attache.ask("Did astronomers in Castine photograph a comet?").is_refusal
        live = Generations(settings.data_dir).live_name()
        feed(settings, tmp_path, "comet", COMET)
        assert not attache.ask("Did astronomers in Castine photograph a comet?").is_refusal
        assert Generations(settings.data_dir).live_name() == live
        remove_article(settings, HashingEmbedder(), 3)
        assert attache.ask("Did astronomers in Castine photograph a comet?").is_refusal
        assert reindex(settings, HashingEmbedder()).built
        assert ids(attache, "green comet over the observatory")[0][0] != "comet"


def test_passages_without_a_vector_are_told_and_found_by_their_words_till_they_have_one(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "comet.md"
    path.write_text(COMET, encoding="utf-8")
    with writing(settings, "a run that is killed", wait_s=0) as db:
        ingest_paths(db, [path], IngestOptions())
    told: list[str] = []
    with Attache(settings, embedder=HashingEmbedder(), notify=told.append) as attache:
        assert ids(attache, "green comet over the observatory")[0] == ("comet", False)
        assert told == ["1 passage has no vector yet; until `attache reindex` embeds it, only its words are searched."]
        with writing(settings, "embedding", wait_s=0) as db:
            Embeddings(db, HashingEmbedder().fingerprint).embed_missing(HashingEmbedder())
        assert ids(attache, "green comet over the observatory")[0] == ("comet", True)


def test_questions_are_answered_all_the_while_and_never_from_what_is_removed(
    settings: Settings, tmp_path: Path
) -> None:
    """Adding, removing, compacting and backing up in one thread; asking in another."""
    removed: set[str] = set()
    cited: list[tuple[str | None, frozenset[str]]] = []
    stop = threading.Event()

    def ask() -> None:
        with Attache(settings, embedder=HashingEmbedder()) as attache:
            while not stop.is_set():
                gone = frozenset(removed)
                answer = attache.ask("Did astronomers in Castine photograph a comet?")
                hits = attache.search("green comet over the observatory").hits
                cited.extend((each.citation.title, gone) for each in answer.evidence)
                cited.extend((hit.article.title, gone) for hit in hits)

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask)
        try:
            for turn in range(12):
                name = f"comet{turn}"
                text = COMET.replace("id: comet", f"id: {name}\ntitle: {name}").replace("a green", f"{turn} green")
                feed(settings, tmp_path, name, text)
                if turn % 3 == 0:
                    reindex(settings, HashingEmbedder())
                if turn % 4 == 0:
                    back_up(settings, tmp_path / f"backup{turn}")
                if turn % 2:
                    remove_article(settings, HashingEmbedder(), 3 + turn)
                    removed.add(name)
                assert not asking.done(), asking.exception()
        finally:
            # Or the pool would wait for ever where a change failed.
            stop.set()
        asking.result(timeout=10)
    assert len({name for name, _ in cited}) > 3
    assert not [name for name, gone in cited if name in gone]


def test_a_publisher_that_nobody_has_is_told(settings: Settings) -> None:
    with Attache(settings, embedder=HashingEmbedder()) as attache:
        answer = attache.ask("Did Belmar buy a ferry?", Filters(publishers=("Pots",)))
        assert answer.is_refusal
        assert answer.notes == (Note(NoteKind.NO_ARTICLES_FROM, "Pots"),)
