"""The bot over news of made-up countries, with the packaged model; the rules alone decide verdicts."""

import shutil
from pathlib import Path

import pytest

from bot.service.attache import Attache
from bot.service.ingest import ingest
from bot.settings import Settings
from corpus.ingest import IngestOptions
from index.embedding.embedder import packaged_embedder
from tests.fakes import agreeing_reader

NEWS = Path(__file__).parents[1] / "pictures" / "news.jsonl"
SINKING = "Did Kurland sink the freighter Marisol?"
TREATY = "Did Belmar and Tessen sign a treaty on the Drava dam?"
ELECTION = "Did Ilse Brandt win the presidential election in Norvia?"


@pytest.fixture(scope="session")
def news_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the news, to be copied."""
    settings = Settings.load(None, data_dir=tmp_path_factory.mktemp("news") / "data")
    ingest(settings, packaged_embedder(), [NEWS], IngestOptions())
    return settings.data_dir


@pytest.fixture
def attache(news_folder: Path, tmp_path: Path) -> Attache:
    """A service over the news."""
    data = shutil.copytree(news_folder, tmp_path / "data")
    return Attache(Settings.load(None, data_dir=data), embedder=packaged_embedder(), reader=agreeing_reader())
