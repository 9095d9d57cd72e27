"""Opens a data folder to be measured: with its own embedder, its questions, and filters of a known width."""

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

# Filters as members set them: one paper, one month.
PUBLISHER_SHARE = 0.05
DAYS = 30


def embedder_of(settings: Settings) -> Embedder:
    """The embedder of a data folder: the settings' model, for a made folder with the made vectors in its place."""
    real = SentenceEmbedder(settings.model)
    return MadeEmbedder(settings.data_dir, real) if is_made(settings.data_dir) else real


@contextmanager
def opened(settings: Settings, embedder: Embedder) -> Iterator[Attache]:
    """The service over a data folder, with its index loaded."""
    with Attache(settings, embedder=embedder) as attache:
        attache.open()
        yield attache


def questions_of(settings: Settings, count: int) -> list[str]:
    """What to ask: the questions of a made folder, else titles spread evenly over the corpus.

    Raises:
        BadInput: there are none.
    """
    if is_made(settings.data_dir):
        every = read_questions(settings.data_dir)
    else:
        with reading(settings.data_dir) as db:
            every = [row[0] for row in db.execute("SELECT title FROM articles WHERE title IS NOT NULL ORDER BY id")]
    if not every:
        raise BadInput("There are no titles to ask.", "Feed the corpus with articles that state their titles.")
    return every[:: max(1, len(every) // count)][:count]


def passages_of(settings: Settings, count: int) -> list[str]:
    """Passages spread evenly over the corpus."""
    with reading(settings.data_dir) as db:
        ids = [row[0] for row in db.execute("SELECT id FROM passages ORDER BY id")]
        chosen = ids[:: max(1, len(ids) // count)][:count]
        marks = ",".join("?" * len(chosen))
        return [row[0] for row in db.execute(f"SELECT text FROM passages WHERE id IN ({marks}) ORDER BY id", chosen)]


def filters_of(settings: Settings) -> dict[str, Filters]:
    """Filters by name: the paper with nearest to a twentieth of the articles, a month in the middle, and both."""
    with reading(settings.data_dir) as db:
        facts = corpus_facts(db)
        named = [each for each in publishers(db) if each.publisher]
        middle = db.execute(
            """SELECT substr(published_at, 1, 10) FROM articles WHERE length(published_at) >= 10
            ORDER BY published_at LIMIT 1 OFFSET (SELECT count(published_at) FROM articles) / 2"""
        ).fetchone()
    found: dict[str, Filters] = {}
    if named:
        wanted = PUBLISHER_SHARE * facts.articles
        nearest = min(named, key=lambda each: abs(each.articles - wanted))
        found["one publisher"] = Filters(publishers=(str(nearest.publisher),))
    if middle:
        last = date.fromisoformat(middle[0])
        found["one month"] = Filters(since=last - timedelta(days=DAYS), until=last)
    if len(found) == 2:
        found["both"] = Filters(
            publishers=found["one publisher"].publishers,
            since=found["one month"].since,
            until=found["one month"].until,
        )
    return found
