"""Fixtures: the command line, run in this process with the model loaded once, and a corpus with every field in use."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import main
from bot.service.ingest import ingest
from corpus.ingest import IngestOptions
from index.embedding import embedder
from index.embedding.embedder import SentenceEmbedder
from index.embedding.models import ModelSource
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


Attache = Callable[..., Ended]


@pytest.fixture
def attache(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Attache:
    """Runs `attache ARGUMENTS` on a data folder, by default `data` in the test's own folder."""
    return command_line("attache", main, monkeypatch, capsys, tmp_path / "data")


def command_line(
    name: str,
    main: Callable[[], object],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    default_data: Path,
) -> Attache:
    """Runs a command line in this process."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: object, data: Path | None = None) -> Ended:
        words = [name, "--data-dir", str(data or default_data), *map(str, arguments)]
        monkeypatch.setattr(sys, "argv", words)
        capsys.readouterr()
        code: object = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
        written = capsys.readouterr()
        assert isinstance(code, int)
        assert "Traceback" not in written.out + written.err
        # An incident is a failure that nobody thought of: in these tests, a fault.
        assert "incident" not in written.err, Path("attache-error.log").read_text(encoding="utf-8")
        return Ended(code, written.out, written.err)

    return run


@pytest.fixture
def loaded_model(real_embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that need the model get the one that is loaded already."""
    load = embedder._load_fast

    def load_once(source: ModelSource, device: str) -> object:
        return real_embedder.load() if source == real_embedder.source else load(source, device)

    monkeypatch.setattr(embedder, "_load_fast", load_once)


@pytest.fixture
def full(made_up_data: Path, settings: MakeSettings, tmp_path: Path) -> Path:
    """A data folder with every field in use: former texts, odd characters, two collections, equal texts."""
    made = settings(made_up_data)
    odd = {
        "id": "odd",
        "title": "=cmd|'x'!A1 \u201cquoted\u201d",
        "author": "Ines Olm",
        "language": "de",
        "publisher": "Ö",
    }
    lines = [
        {
            "url": "https://example.org/bridge",
            "title": "Minister denies again",
            "body": "The bridge is sound, he said.",
        },
        {**odd, "published_at": "2024-02-29T23:59:00Z", "body": 'Zeile eins.\n\n\t"Zwei" \\ \U0001f600 \u2028 drei.'},
        {"body": "An article without any field."},
        {"url": "https://example.org/twin", "body": "An article without any field."},
    ]
    path = tmp_path / "more.jsonl"
    for title in ("Minister denies again", "Minister denies for the third time"):
        lines[0]["title"] = title
        path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
        ingest(made, HashingEmbedder(), [path], IngestOptions())
    return made_up_data
