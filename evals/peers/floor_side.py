"""Runs plain sentence-transformers and FAISS, the lower bound of the comparison: no words, no database."""

import pickle
from pathlib import Path

import faiss
import numpy as np

from evals.peers.exchange import Data, Filters
from evals.peers.side import COUNT


class FaissSide:
    """One product with every vector."""

    notes = (
        "IndexFlatIP in an IDMap2: exact, so that nothing is lost to an approximation",
        "filters by an IDSelectorBitmap of the passages that pass, from arrays of publishers and days",
        "a search is the product with every vector, without words or texts: hit@5 is what vectors find",
    )

    def __init__(self, data: Data, store: Path, model: str) -> None:
        self.data, self.store, self.model = data, store, model
        self.encoder = None

    def index(self) -> None:
        """Build and store the index of all passages from their given vectors."""
        self.store.mkdir(parents=True, exist_ok=True)
        passages = list(self.data.passages())
        self.vectors = faiss.IndexIDMap2(faiss.IndexFlatIP(self.data.vectors.shape[1]))
        self.vectors.add_with_ids(np.ascontiguousarray(self.data.vectors), np.arange(len(passages)))
        self.facts = [(each.article, each.publisher, each.day) for each in passages]
        self.texts = [each.shown for each in passages]
        self.save()

    def save(self) -> None:
        """Write vectors, texts and facts."""
        faiss.write_index(self.vectors, str(self.store / "vectors.faiss"))
        with (self.store / "texts.pickle").open("wb") as file:
            pickle.dump((self.facts, self.texts), file)

    def open(self) -> None:
        """Load what `index` stored, ready to search."""
        self.vectors = faiss.read_index(str(self.store / "vectors.faiss"))
        with (self.store / "texts.pickle").open("rb") as file:
            self.facts, self.texts = pickle.load(file)
        self.publishers, self.days = (np.array([fact[column] for fact in self.facts]) for column in (1, 2))

    def search(self, question: int, filters: Filters) -> list[int]:
        """Return the articles of the best passages, best first; one may come several times."""
        params = None
        if filters != Filters():
            passing = self.publishers == filters.publisher if filters.publisher else np.full(len(self.facts), True)
            if filters.since:
                passing &= (filters.since <= self.days) & (self.days <= filters.until)
            bits = np.packbits(passing, bitorder="little")
            params = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))
        _, ids = self.vectors.search(self.data.asked[question][np.newaxis], COUNT, params=params)
        return [self.facts[place][0] for place in ids[0].tolist() if place >= 0]

    def update(self, articles: list[int]) -> None:
        """Change the texts of some articles, and store the index."""
        places = self.places(articles)
        self.vectors.remove_ids(places)
        self.vectors.add_with_ids(np.ascontiguousarray(self.data.vectors[places]), places)
        for place in places:
            self.texts[place] += " Updated."
        self.save()

    def delete(self, articles: list[int]) -> None:
        """Remove some articles, and store the index."""
        self.vectors.remove_ids(self.places(articles))
        self.save()

    def places(self, articles: list[int]) -> np.ndarray:
        """Return the numbers of the passages of some articles, int64."""
        wanted = set(articles)
        return np.array([place for place, fact in enumerate(self.facts) if fact[0] in wanted], dtype=np.int64)

    def encode(self, texts: list[str]) -> object:
        """Embed texts with the model itself; loaded at the first call."""
        if self.encoder is None:
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - indexing needs no model, and its memory is measured

            self.encoder = SentenceTransformer(self.model, local_files_only=True, device="cpu")
        return self.encoder.encode(texts, normalize_embeddings=True, show_progress_bar=False)


make = FaissSide
