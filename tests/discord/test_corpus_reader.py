"""Look-ups beside the questions, while the data folder changes under them."""

import asyncio
import threading
from pathlib import Path

from bot.discord.workers.corpus_reader import CorpusReader
from bot.service.ingest import ingest
from bot.settings import Settings
from corpus.catalog import count_articles
from corpus.database import DATABASE_NAME
from corpus.ingest import IngestOptions
from tests.fakes import HashingEmbedder


def make(folder: Path, articles: int) -> Settings:
    """A data folder with so many articles."""
    settings = Settings.load(None, data_dir=folder / "data")
    for number in range(articles):
        path = folder / f"{number}.md"
        path.write_text(f"Ferry number {number} sails from the harbour of Belmar at noon on every day of the week.")
        ingest(settings, HashingEmbedder(), [path], IngestOptions())
    return settings


def folders(tmp_path: Path) -> tuple[Path, Path]:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    return one, two


async def test_a_database_that_is_replaced_is_opened_again(tmp_path: Path) -> None:
    one, two = folders(tmp_path)
    reader, other = CorpusReader(make(one, 1)), make(two, 2)
    assert await reader.run(lambda db: count_articles(db, ("shared",))) == 1
    database = one / "data" / DATABASE_NAME
    aside = database.rename(one / "aside")
    assert await reader.run(lambda db: count_articles(db, ("shared",))) == 1, "between two files, the one before"
    for name in ("-wal", "-shm"):
        database.with_name(DATABASE_NAME + name).unlink(missing_ok=True)
    (other.data_dir / DATABASE_NAME).rename(database)
    assert aside.exists()
    assert await reader.run(lambda db: count_articles(db, ("shared",))) == 2
    await reader.close()


async def test_closing_waits_for_no_look_up_that_takes_long(tmp_path: Path) -> None:
    one, _two = folders(tmp_path)
    reader, release = CorpusReader(make(one, 1)), threading.Event()
    slow = asyncio.create_task(reader.run(lambda _db: release.wait()))
    await asyncio.sleep(0.05)
    await reader.close()
    release.set()
    assert await slow
    await reader.close()
