"""txtai: FAISS for vectors, SQLite for content, its own BM25 beside them, hybrid search."""

import os
from pathlib import Path

import numpy as np
from txtai import Embeddings

from tests.peers.exchange import Data, Filters
from tests.peers.side import COUNT

DATA = "PEERS_DATA"
CONFIG = {
    "method": "external",
    "transform": "tests.peers.txtai_side.StoredVectors",
    "backend": "faiss",
    "content": True,
    "hybrid": True,
}


class StoredVectors:
    """txtai's transform function: texts to the vectors that every side is given."""

    def __init__(self) -> None:
        data = Data(Path(os.environ[DATA]))
        self.known = {each.text: data.asked[place] for place, each in enumerate(data.questions)}
        self.data = data
        self.passages: dict[str, int] = {}

    def __call__(self, texts: list[str]) -> np.ndarray:
        if texts[0] in self.known:
            return np.stack([self.known[text] for text in texts])
        if not self.passages:
            self.passages = {each.shown: each.number for each in self.data.passages()}
        return self.data.vectors[[self.passages[text.removesuffix(" Updated.")] for text in texts]]


class Txtai:
    notes = (
        "hybrid and content on, everything else as it comes: above 5,000 rows its FAISS is IVF with a few probes",
        "filters are SQL beside similar(), which takes its candidates first and filters then, as many as it comes with",
        "stored vectors through an external transform function, which looks them up by text",
    )

    def __init__(self, data: Data, store: Path, model: str) -> None:
        os.environ[DATA] = str(data.folder)
        os.environ["ALLOW_RESOLVE_TRANSFORM"] = "True"
        self.data, self.store, self.model = data, store, model
        self.encoder = None

    def index(self) -> None:
        self.embeddings = Embeddings(CONFIG)
        self.embeddings.index(self.rows(None, ""))
        self.embeddings.save(str(self.store))

    def rows(self, articles: set[int] | None, suffix: str):
        for each in self.data.passages():
            if articles is None or each.article in articles:
                row = {
                    "text": each.shown + suffix,
                    "article": each.article,
                    "publisher": each.publisher,
                    "day": each.day,
                }
                yield each.number, row, None

    def open(self) -> None:
        self.embeddings = Embeddings()
        self.embeddings.load(str(self.store))

    def search(self, question: int, filters: Filters) -> list[int]:
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
        self.embeddings.upsert(self.rows(set(articles), " Updated."))
        self.embeddings.save(str(self.store))

    def delete(self, articles: list[int]) -> None:
        wanted = set(articles)
        self.embeddings.delete([each.number for each in self.data.passages() if each.article in wanted])
        self.embeddings.save(str(self.store))

    def encode(self, texts: list[str]) -> object:
        if self.encoder is None:
            self.encoder = Embeddings({"path": self.model, "method": "sentence-transformers", "gpu": False})
        return self.encoder.batchtransform(texts)


make = Txtai
