"""What one server feeds changes nothing that another server reads: not a byte of an answer, not a score."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.render.json_shapes import answer_shape, search_shape
from bot.service.attache import Attache
from bot.service.ingest import ingest, reindex
from bot.settings import Settings
from corpus.article import SHARED_COLLECTION
from corpus.ingest import IngestOptions
from index.filters import Filters
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder

NOW = datetime(2025, 6, 1, tzinfo=UTC)
FIRST, SECOND = (Filters(collections=(SHARED_COLLECTION, name)) for name in ("guild:1", "guild:2"))
QUESTIONS = (
    "Did Borduria deny sending rockets?",
    "Has the Arland dam burst?",
    "What did the ferry company say about the strike?",
    "Who met in Oxbarrow?",
)
OWN = (
    "Borduria denied on Monday that it had sent rockets to Arland. Its minister called the report an invention.",
    "The Arland dam burst on Tuesday, officials said. Two villages were evacuated before the water came.",
    "The ferry company said on Friday that it would not talk about the strike. Its crews stayed in port all week.",
)
# Far longer and far shorter than the first server's, about the same things and about others.
FOREIGN = (
    " ".join(f"Envoys spoke of rockets, dams and ferries in town {number}." for number in range(120)),
    "Borduria sent rockets.",
    "The dam holds. The dam holds, an engineer said.",
)


def feed(settings: Settings, folder: Path, name: str, texts: tuple[str, ...], collection: str) -> None:
    path = folder / f"{name}.jsonl"
    lines = [{"title": f"{name} {place}", "publisher": name, "body": text} for place, text in enumerate(texts)]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    ingest(settings, HashingEmbedder(), [path], IngestOptions(collection=collection))


def everything_read(settings: Settings, filters: Filters) -> str:
    """Every answer and search as JSON, without the times that they took."""
    found = []
    with Attache(settings, embedder=HashingEmbedder()) as attache:
        for question in QUESTIONS:
            found.append(answer_shape(attache.ask(question, filters, now=NOW)))
            found.append(search_shape(question, filters, attache.search(question, 10, filters)))
    for each in found:
        each.pop("timings_ms", None)
    return json.dumps(found, sort_keys=True)


@pytest.mark.parametrize("is_rebuilt", [False, True])
def test_adding_to_one_server_changes_no_byte_of_another(
    settings: MakeSettings, tmp_path: Path, is_rebuilt: bool
) -> None:
    made = settings(tmp_path / "data")
    feed(made, tmp_path, "Own", OWN, "guild:1")
    before = everything_read(made, FIRST)
    feed(made, tmp_path, "Foreign", FOREIGN, "guild:2")
    if is_rebuilt:
        reindex(made, HashingEmbedder(), full=True)
    assert everything_read(made, FIRST) == before
    assert "Foreign" in everything_read(made, SECOND)
