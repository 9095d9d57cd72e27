"""A model that would have to be downloaded while the hub can't be reached is refused at once, in a sentence."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.service.sessions import load_reader
from index.embedding.embedder import SentenceEmbedder
from index.embedding.hub import require_hub
from index.embedding.reranker import Reranker
from index.errors import ModelUnavailable
from tests.conftest import MakeSettings

NAME = "nobody/nothing-of-the-kind"


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder of downloaded models; nobody listens where the hub should be."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        hub = f"http://127.0.0.1:{closed.getsockname()[1]}"
    monkeypatch.setattr(
        "huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", hub + "/{repo_id}/resolve/{revision}/{filename}"
    )
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses before the library's next try, which take no time here."""
    taken: list[float] = []
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", taken.append)
    return taken


def load_embedder(_settings: MakeSettings) -> None:
    SentenceEmbedder(NAME).load()


def load_reranker(_settings: MakeSettings) -> None:
    Reranker(NAME).score("a question", ["a text"])


def load_other_reader(settings: MakeSettings) -> None:
    reader = load_reader(settings(reader=NAME))
    # Told when it is loaded, not before.
    reader.load()


@pytest.mark.parametrize(
    ("load", "setting"),
    [
        (load_embedder, "ATTACHE_MODEL"), (load_reranker, "ATTACHE_RERANKER"), (load_other_reader, "ATTACHE_READER"),
    ],
)  # fmt: skip
def test_without_the_hub_it_is_told_at_once(
    load: Callable[[MakeSettings], None], setting: str, settings: MakeSettings, cache: Path, pauses: list[float]
) -> None:
    with pytest.raises(ModelUnavailable, match=NAME) as told:
        load(settings)
    assert "http://127.0.0.1:" in told.value.message
    assert "can't be reached" in told.value.message
    assert setting in told.value.hint
    assert not pauses
    assert not cache.exists()


def test_what_was_downloaded_before_needs_no_hub(cache: Path) -> None:
    stored = cache / "models--nobody--nothing-of-the-kind"
    kept = stored / "snapshots" / ("1" * 40)
    kept.mkdir(parents=True)
    (kept / "config.json").write_text("{}")
    with pytest.raises(ConnectionError):
        require_hub(NAME)
    # Which of them is current.
    (stored / "refs").mkdir()
    (stored / "refs" / "main").write_text(kept.name)
    require_hub(NAME)
