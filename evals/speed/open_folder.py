"""Opens a data folder for measuring: its embedder, and samples of its questions, passages and filters."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from bot.service.attache import Attache
from bot.service.sessions import reading
from bot.settings import Settings
from corpus.catalog import corpus_facts, publishers
from corpus.errors import BadInput
from evals.speed.made import MadeEmbedder, is_made, read_questions
from index.embedding.embedder import Embedder, SentenceEmbedder
from index.filters import Filters

# Filters like those of members: one publisher, one month.
PUBLISHER_SHARE = 0.05
DAYS = 30


def open_embedder(settings: Settings) -> Embedder:
    """Return the settings' model; for a made folder wrapped to return the made vectors."""
    real = SentenceEmbedder(settings.model, settings.device)
    return MadeEmbedder(settings.data_dir, real) if is_made(settings.data_dir) else real


@contextmanager
def open_attache(settings: Settings, embedder: Embedder) -> Iterator[Attache]:
    """Open the service over a data folder, with its index loaded."""
    with Attache(settings, embedder=embedder) as attache:
        attache.open()
        yield attache


def count_passages(settings: Settings) -> int:
    """Count the passages of a data folder."""
    with reading(settings.data_dir) as db:
        return corpus_facts(db).passages


def sample_questions(settings: Settings, count: int) -> list[str]:
    """Return questions of a made folder, or titles of any other, spread evenly over the corpus.

    Raises:
        BadInput: there are none.
    """
    if is_made(settings.data_dir):
        every = read_questions(settings.data_dir)
    else:
        with reading(settings.data_dir) as db:
            every = [row[0] for row in db.execute("SELECT title FROM articles WHERE title IS NOT NULL ORDER BY id")]
    if not every:
        raise BadInput("There are no titles to ask.", "Ingest articles that have titles.")
    return every[:: max(1, len(every) // count)][:count]


def sample_passages(settings: Settings, count: int) -> list[str]:
    """Return passages spread evenly over the corpus."""
    with reading(settings.data_dir) as db:
        ids = [row[0] for row in db.execute("SELECT id FROM passages ORDER BY id")]
        chosen = ids[:: max(1, len(ids) // count)][:count]
        marks = ",".join("?" * len(chosen))
        return [row[0] for row in db.execute(f"SELECT text FROM passages WHERE id IN ({marks}) ORDER BY id", chosen)]


def sample_filters(settings: Settings) -> dict[str, Filters]:
    """Return filters by name: a publisher with about a twentieth of the articles, a month in the middle, and both."""
    with reading(settings.data_dir) as db:
        articles = corpus_facts(db).articles
        named = [each for each in publishers(db) if each.publisher]
        middle = db.execute(
            """SELECT substr(published_at, 1, 10) FROM articles WHERE length(published_at) >= 10
            ORDER BY published_at LIMIT 1 OFFSET (SELECT count(published_at) FROM articles) / 2"""
        ).fetchone()
    filters: dict[str, Filters] = {}
    if named:
        nearest = min(named, key=lambda each: abs(each.articles - PUBLISHER_SHARE * articles))
        filters["one publisher"] = Filters(publishers=(str(nearest.publisher),))
    if middle:
        last = date.fromisoformat(middle[0])
        filters["one month"] = Filters(since=last - timedelta(days=DAYS), until=last)
    if len(filters) == 2:
        filters["both"] = Filters(
            publishers=filters["one publisher"].publishers,
            since=filters["one month"].since,
            until=filters["one month"].until,
        )
    return filters
