"""Runs txtai's hybrid search: FAISS for vectors, its own BM25, and SQLite for content."""

import os
from pathlib import Path

import numpy as np
from txtai import Embeddings

from evals.peers.exchange import Data, Filters
from evals.peers.side import COUNT

DATA = "PEERS_DATA"
CONFIG = {
    "method": "external",
    "transform": "evals.peers.txtai_side.StoredVectors",
    "backend": "faiss",
    "content": True,
    "hybrid": True,
}


class StoredVectors:
    """txtai's transform function: returns the given vectors of texts.

    `numbers` are the passages' rows by the hash of their text, filled during indexing, so that txtai's figures don't
    include storing or reading the texts a second time.
    """

    def __init__(self) -> None:
        self.data = Data(Path(os.environ[DATA]))
        self.known = {each.text: self.data.asked[place] for place, each in enumerate(self.data.questions)}
        self.numbers: dict[int, int] = {}

    def __call__(self, texts: list[str]) -> np.ndarray:
        """Return the vectors `(texts, dimension)` float32: all of questions, or all of passages."""
        if texts[0] in self.known:
            return np.stack([self.known[text] for text in texts])
        return self.data.vectors[[self.numbers[hash(text)] for text in texts]]


class TxtaiSide:
    """txtai's embeddings database."""

    notes = (
        "hybrid and content on, all other settings are its documented defaults: BM25 with terms, normalised",
        "above 5,000 rows its FAISS index is IVF over full vectors; it probes a sixteenth of the cells and misses some",
        "a search parses its SQL, ranks by vectors and by words, fuses, and reads its rows",
        "filters are SQL next to similar(), which takes ten times the results as candidates and then filters them",
        "stored vectors come from an external transform function, which looks them up by text",
    )

    def __init__(self, data: Data, store: Path, model: str) -> None:
        os.environ[DATA] = str(data.folder)
        os.environ["ALLOW_RESOLVE_TRANSFORM"] = "True"
        self.data, self.store, self.model = data, store, model
        self.encoder = None

    def index(self) -> None:
        """Build and store the index of all passages from their given vectors."""
        self.embeddings = Embeddings(CONFIG)
        self.embeddings.index(self.rows(None, ""))
        self.embeddings.save(str(self.store))

    def rows(self, articles: set[int] | None, suffix: str):
        """Yield the passages of some articles (None for all) as txtai takes them, with what follows their text."""
        numbers = self.embeddings.model.transform.numbers
        for each in self.data.passages():
            if articles is None or each.article in articles:
                text = each.shown + suffix
                numbers[hash(text)] = each.number
                row = {"text": text, "article": each.article, "publisher": each.publisher, "day": each.day}
                yield each.number, row, None

    def open(self) -> None:
        """Load what `index` stored, ready to search."""
        self.embeddings = Embeddings()
        self.embeddings.load(str(self.store))

    def search(self, question: int, filters: Filters) -> list[int]:
        """Return the articles of the best passages, best first; one may come several times."""
        conditions, values = ["similar(:question)"], {"question": self.data.questions[question].text}
        if filters.publisher:
            conditions.append("publisher = :publisher")
            values["publisher"] = filters.publisher
        if filters.since:
            conditions.append("day >= :since and day <= :until")
            values |= {"since": filters.since, "until": filters.until}
        sql = f"select id, text, article, score from txtai where {' and '.join(conditions)}"
        return [int(row["article"]) for row in self.embeddings.search(sql, COUNT, parameters=values)]

    def update(self, articles: list[int]) -> None:
        """Change the texts of some articles, and store the index."""
        self.embeddings.upsert(self.rows(set(articles), " Updated."))
        self.embeddings.save(str(self.store))

    def delete(self, articles: list[int]) -> None:
        """Remove some articles, and store the index."""
        wanted = set(articles)
        self.embeddings.delete([each.number for each in self.data.passages() if each.article in wanted])
        self.embeddings.save(str(self.store))

    def encode(self, texts: list[str]) -> object:
        """Embed texts with the model itself; loaded at the first call."""
        if self.encoder is None:
            self.encoder = Embeddings({"path": self.model, "method": "sentence-transformers", "gpu": False})
        return self.encoder.batchtransform(texts)


make = TxtaiSide
