"""Runs Attaché for the comparison."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

import numpy as np

from bot.service.attache import Attache
from bot.service.sessions import writing
from bot.settings import Settings
from corpus.article import Draft
from corpus.articles import Articles
from evals.peers.exchange import Data, Filters
from evals.peers.side import COUNT
from evals.speed.made import MadeArticle, MadeEmbedder, read_facts, write_made
from index import filters as ours
from index.embedding.embedder import SentenceEmbedder
from index.generation.generations import Generations
from index.maintenance import refresh
from index.search.query import strip_time_words


class StoredEmbedder:
    """Returns the given vectors of questions, and a vector derived from its hash for any other text."""

    def __init__(self, data: Data, store: Path) -> None:
        facts = read_facts(store)
        self.fingerprint, self.dimension = facts.fingerprint, facts.dimension
        self.others = MadeEmbedder(store)
        self.known = {strip_time_words(each.text): data.asked[place] for place, each in enumerate(data.questions)}

    def encode(self, texts: Sequence[str], on_done: Callable[[int], None] = lambda _count: None) -> np.ndarray:
        """Return a vector `(dimension,)` float32 for each text; a question's is looked up, as on every side."""
        # A lookup, as on every side.
        if all(text in self.known for text in texts):
            on_done(len(texts))
            return np.stack([self.known[text] for text in texts])
        return self.others.encode(texts, on_done)


class AttacheSide:
    """Attaché over a data folder of the exchange files."""

    notes = (
        "passages and vectors are stored in the database, then in a generation with checksums",
        "an update is that of a real article: text is cut, hashed and signed again, and the former version is kept",
        "a search ranks by exact cosines and by words, fuses, rescores by coverage and titles, and reads its rows",
        "an article has at most three hits",
        "filters apply before ranking, and are cached until the corpus changes",
    )

    def __init__(self, data: Data, store: Path, model: str) -> None:
        self.data, self.store, self.model = data, store, model
        self.settings = Settings.load(env_file=None, data_dir=store)
        self.encoder = SentenceEmbedder(model)

    def index(self) -> None:
        """Build and store the index of all passages from their given vectors."""
        write_made(self.store, self.articles(), seed=0, like="exchange")

    def articles(self) -> Iterator[MadeArticle]:
        """Yield the articles with the vectors of their passages and titles."""
        for article, group in groupby(self.data.passages(), lambda each: each.article):
            rows = list(group)
            yield MadeArticle(
                title=rows[0].title,
                publisher=rows[0].publisher or None,
                published_at=rows[0].day or None,
                passages=tuple(each.text for each in rows),
                vectors=np.asarray(self.data.vectors[rows[0].number : rows[-1].number + 1]),
                title_vector=self.data.titles[article - 1],
            )

    def open(self) -> None:
        """Load what `index` stored, ready to search."""
        self.embedder = StoredEmbedder(self.data, self.store)
        self.attache = Attache(self.settings, embedder=self.embedder)
        self.attache.open()

    def search(self, question: int, filters: Filters) -> list[int]:
        """Return the articles of the best passages, best first."""
        wanted = ours.Filters(
            publishers=(filters.publisher,) if filters.publisher else (),
            since=date.fromisoformat(filters.since) if filters.since else None,
            until=date.fromisoformat(filters.until) if filters.until else None,
        )
        return [hit.article.id for hit in self.attache.search(self.data.questions[question].text, COUNT, wanted).hits]

    def update(self, articles: list[int]) -> None:
        """Add a sentence to some articles, as a publisher does, and refresh the index."""
        with writing(self.settings, "updating", wait_s=0.0) as db:
            store = Articles(db)
            with db.atomic():
                for article in articles:
                    old = store.get(article)
                    assert old is not None
                    draft = Draft(
                        old.body + "\n\nThis article was updated on the following day, and this is what it says now.",
                        title=old.title,
                        url=old.url,
                        publisher=old.publisher,
                        published_at=old.published_at,
                        language=old.language,
                        external_id=old.external_id,
                    )
                    store.store(
                        draft,
                        collection=old.collection,
                        origin=old.origin,
                        source_sha256="updated",
                        now="2024-01-02T00:00:00Z",
                    )
            refresh(db, Generations(self.store), self.embedder)

    def delete(self, articles: list[int]) -> None:
        """Remove some articles, and refresh the index."""
        with writing(self.settings, "removing", wait_s=0.0) as db:
            with db.atomic():
                for article in articles:
                    Articles(db).remove(article)
            refresh(db, Generations(self.store), self.embedder)

    def encode(self, texts: list[str]) -> object:
        """Embed texts with the model itself."""
        return self.encoder.encode(texts)


make = AttacheSide
