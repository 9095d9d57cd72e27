"""`bench stories`: grouping every article of a folder, and then new ones one at a time."""

import tempfile
import time
from pathlib import Path

from sqlite_utils import Database

from bot.service.sessions import reading
from bot.settings import Settings
from corpus.database import DATABASE_NAME, open_database
from evals.speed.figures import Bench, figure, this_machine
from evals.speed.open_folder import count_passages, open_embedder
from index.embedding.embedder import Embedder
from index.schema import migrations as index_migrations
from index.stories.grouper import Grouper
from index.stories.traits import read_traits

BASELINE = "read an article's texts and vectors"


def bench_stories(settings: Settings, rounds: int) -> Bench:
    """Group all articles of a copy of the corpus anew, then the last `rounds` one by one, as a feed brings them."""
    embedder = open_embedder(settings)
    passages = count_passages(settings)
    with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix="bench-") as folder:
        with reading(settings.data_dir) as db:
            db.execute("VACUUM INTO ?", [str(Path(folder) / DATABASE_NAME)])
        db = open_database(Path(folder), (index_migrations,))
        try:
            return _measure(db, embedder, passages, rounds)
        finally:
            db.close()


def _measure(db: Database, embedder: Embedder, passages: int, rounds: int) -> Bench:
    with db.atomic():
        db.execute("DELETE FROM story_articles")
        db.execute("INSERT OR IGNORE INTO story_queue SELECT id FROM articles")
    began, began_cpu = time.perf_counter(), time.process_time()
    count = Grouper(db, embedder).group_queued()
    whole_ms = (time.perf_counter() - began) * 1e3 / max(1, count)
    cpu_ms = (time.process_time() - began_cpu) * 1e3 / max(1, count)
    ids = [row[0] for row in db.execute("SELECT article_id FROM story_articles ORDER BY day DESC LIMIT ?", [rounds])]
    single, texts = [], []
    for article_id in ids:
        with db.atomic():
            db.execute("DELETE FROM story_articles WHERE article_id = ?", [article_id])
            db.execute("INSERT INTO story_queue VALUES (?)", [article_id])
        start = time.perf_counter()
        grouper = Grouper(db, embedder)
        grouper.group_queued()
        single.append((time.perf_counter() - start) * 1e3)
        start = time.perf_counter()
        read_traits(db, grouper.embeddings, embedder.dimension, [article_id])
        texts.append((time.perf_counter() - start) * 1e3)
    stories, largest = db.execute(
        "SELECT count(*), max(articles) FROM (SELECT count(*) AS articles FROM story_articles GROUP BY story_id)"
    ).fetchone()
    per_day = db.execute("SELECT max(n) FROM (SELECT count(*) AS n FROM story_articles GROUP BY day)").fetchone()[0]
    settings = {"passages": passages, "articles": count, "stories": stories, "largest": largest, "most_a_day": per_day}
    return Bench(
        "stories",
        settings,
        BASELINE,
        (
            figure(BASELINE, "ms", texts),
            figure("group one of all articles", "ms", [whole_ms], texts),
            figure("the same, processor", "ms", [cpu_ms], texts),
            figure("group one new article, nothing in memory", "ms", single, texts),
        ),
        this_machine(),
    )
