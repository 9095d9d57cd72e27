"""What a dry run of the bot tells of what is missing."""

from pathlib import Path

from bot.cli.run_bot import dry_run_notes
from bot.service.attache import Attache
from bot.service.ingest import ingest
from bot.settings import Settings
from corpus.ingest import IngestOptions
from tests.fakes import HashingEmbedder


def test_a_dry_run_names_what_the_bot_would_run_without(tmp_path: Path) -> None:
    settings = Settings.load(None, data_dir=tmp_path / "data")
    with Attache(settings, embedder=HashingEmbedder()) as attache:
        attache.open()
        notes = " ".join(dry_run_notes(settings, knows_application=False))
    for told in ("only articles are the project's own", "ATTACHE_OPERATORS is empty", "ATTACHE_MESSAGE_CONTENT is off"):
        assert told in notes
    assert "application's id" in notes


def test_a_dry_run_has_nothing_to_note_where_all_is_set(tmp_path: Path) -> None:
    settings = Settings.load(None, data_dir=tmp_path / "data", operators=[1], message_content=True)
    (tmp_path / "story.md").write_text("---\ntitle: Dam\npublisher: Post\n---\nThe dam of Tolm holds. " * 3, "utf-8")
    ingest(settings, HashingEmbedder(), [tmp_path / "story.md"], IngestOptions())
    assert list(dry_run_notes(settings, knows_application=True)) == []
