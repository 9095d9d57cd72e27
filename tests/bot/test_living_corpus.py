"""What a service that stays open, and the commands for single articles, show while the corpus changes."""

from pathlib import Path

import pytest

from bot.feeding import ingest, remove
from bot.service import Attache
from bot.settings import Settings
from corpus.errors import BadInput
from corpus.ingest import IngestOptions
from index.filters import Filters
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
        remove(settings, HashingEmbedder(), 1)
        assert "ferry" not in dict(ids(attache, "second ferry"))
    with pytest.raises(BadInput, match="no article 1"):
        remove(settings, HashingEmbedder(), 1)


def test_a_publisher_that_nobody_has_is_told(settings: Settings) -> None:
    with Attache(settings, embedder=HashingEmbedder()) as attache:
        answer = attache.ask("Did Belmar buy a ferry?", Filters(publishers=("Pots",)))
        assert answer.is_refusal
        assert answer.notes == ("No article in the corpus has the publisher Pots.",)
