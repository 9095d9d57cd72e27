"""The bot over news of made-up countries, with the packaged embedder and a reader that reads them well."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.reader.relations import Excerpt, Found, ReaderOutput
from bot.service.attache import Attache
from bot.service.ingest import ingest
from bot.settings import Settings
from corpus.article import Span
from corpus.ingest import IngestOptions
from index.embedding.embedder import packaged_embedder
from index.terms import words
from tests.fakes import FakeReader

NEWS = Path(__file__).parents[1] / "pictures" / "news.jsonl"
SINKING = "Did Kurland sink the freighter Marisol?"
TREATY = "Did Belmar and Tessen sign a treaty on the Drava dam?"
ELECTION = "Did Ilse Brandt win the presidential election in Norvia?"
# What a good reader says of sentences of the news, for questions with a word; the rest doesn't settle them.
SAID = {
    "marisol": {
        "said on Monday that a Kurland patrol boat sank": {"claimed": 0.95},
        "denied on Tuesday that one of its boats had sunk": {"denied": 0.95},
        "No ship of the Kurland navy was within thirty miles": {"denied": 0.9},
    },
    "treaty": {
        "signed a treaty on the water of the upper Drava": {"yes": 0.97},
        "Prime Minister Oona Merrick signed for Belmar": {"yes": 0.95},
    },
    "brandt": {"won the presidential election in Norvia": {"yes": 0.97}},
    "hospital": {"Norvia sent a field hospital": {"yes": 0.97}},
    "sanctions": {"Quarland extended its sanctions": {"no": 0.95}},
}


class NewsReader:
    """Says of the news what a good reader would, whatever becomes of the packaged one."""

    def check(self) -> str:
        return "fake"

    def load(self) -> None:
        """Loads nothing."""

    def read(self, question: str, excerpts: Sequence[Excerpt], **_options: bool) -> list[ReaderOutput]:
        said = next((said for word, said in SAID.items() if word in question.lower()), {})
        outputs = FakeReader(said).read(question, excerpts)
        if not question.lower().startswith("when"):
            return [_helping(each, question, excerpt) for each, excerpt in zip(outputs, excerpts, strict=True)]
        return [replace(each, found=_day_in(excerpt.text)) for each, excerpt in zip(outputs, excerpts, strict=True)]


def _helping(output: ReaderOutput, question: str, excerpt: Excerpt) -> ReaderOutput:
    """Say that a text with two of the question's words helps to answer, with a piece that may or may not."""
    shared = {word for word in words(question) if len(word) > 4} & set(words(f"{excerpt.heading} {excerpt.text}"))
    return replace(output, relevance=4.0, found=(Found(Span(0, 1), 0.0),)) if len(shared) > 1 else output


def _day_in(text: str) -> tuple[Found, ...]:
    at = text.find("Friday")
    return (Found(Span(at, at + len("Friday")), 8.0),) if at >= 0 else ()


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
    return Attache(Settings.load(None, data_dir=data), embedder=packaged_embedder(), reader=NewsReader())
