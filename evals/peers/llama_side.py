"""Runs LlamaIndex: its FAISS store and its BM25 retriever, fused by relative scores."""

from pathlib import Path
from typing import Any

import faiss
from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.retrievers.bm25 import BM25Retriever
from llama_index.vector_stores.faiss import FaissMapVectorStore

from evals.peers.exchange import Data, Filters
from evals.peers.side import COUNT

# As many candidates of each list as in Attaché.
DEPTH = 100


class StoredVectors(BaseEmbedding):
    """Returns the given vectors, by the text of the question."""

    known: dict[str, Any]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self.known[query]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self.known[query]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self.known[text]


class LlamaIndexSide:
    """Vectors and words, each with its own index, and their lists fused."""

    notes = (
        "IndexFlatIP in an IDMap2 (the store that can delete), BM25 by bm25s, 100 candidates each",
        "fused by relative scores with one query, so that no language model is asked; texts stay in memory",
        "its FAISS store refuses filters: the 100 candidates of each list are filtered afterwards",
        "its BM25 can't change: an update or a removal rebuilds it",
    )

    def __init__(self, data: Data, store: Path, model: str) -> None:
        self.data, self.store, self.model = data, store, model
        known = {each.text: data.asked[place].tolist() for place, each in enumerate(data.questions)}
        self.stored = StoredVectors(known=known)
        self.encoder = None

    def index(self) -> None:
        """Build and store the index of all passages from their given vectors."""
        nodes = [self.node(each, "") for each in self.data.passages()]
        vectors = FaissMapVectorStore(faiss_index=faiss.IndexIDMap2(faiss.IndexFlatIP(self.data.vectors.shape[1])))
        context = StorageContext.from_defaults(vector_store=vectors)
        self.vectors = VectorStoreIndex(nodes, storage_context=context, embed_model=self.stored)
        self.words = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=DEPTH)
        self.save()

    def node(self, passage, suffix: str) -> TextNode:
        """Return a passage as LlamaIndex stores it, with what follows its text."""
        metadata = {"article": passage.article, "publisher": passage.publisher, "day": passage.day}
        return TextNode(
            id_=str(passage.number),
            text=passage.shown + suffix,
            metadata=metadata,
            # Every side searches only title and text.
            excluded_embed_metadata_keys=list(metadata),
            embedding=self.data.vectors[passage.number].tolist(),
        )

    def save(self) -> None:
        """Write both indexes."""
        self.vectors.storage_context.persist(persist_dir=str(self.store / "vectors"))
        self.words.persist(str(self.store / "words"))

    def open(self) -> None:
        """Load what `index` stored, ready to search."""
        folder = str(self.store / "vectors")
        vectors = FaissMapVectorStore.from_persist_dir(folder)
        context = StorageContext.from_defaults(vector_store=vectors, persist_dir=folder)
        self.vectors = load_index_from_storage(context, embed_model=self.stored)
        self.words = BM25Retriever.from_persist_dir(str(self.store / "words"))
        self.fuse()

    def fuse(self) -> None:
        """Put both retrievers behind one."""
        self.fused = QueryFusionRetriever(
            [self.vectors.as_retriever(similarity_top_k=DEPTH), self.words],
            llm=MockLLM(),
            mode="relative_score",
            similarity_top_k=2 * DEPTH,
            num_queries=1,
            use_async=False,
        )

    def search(self, question: int, filters: Filters) -> list[int]:
        """Return the articles of the best passages, best first; one may come several times."""
        found = (each.node.metadata for each in self.fused.retrieve(self.data.questions[question].text))
        return [each["article"] for each in found if filters.passes(each["publisher"], each["day"])][:COUNT]

    def update(self, articles: list[int]) -> None:
        """Change the texts of some articles, and store the index."""
        wanted = set(articles)
        nodes = [self.node(each, " Updated.") for each in self.data.passages() if each.article in wanted]
        self.vectors.delete_nodes([node.node_id for node in nodes], delete_from_docstore=True)
        self.vectors.insert_nodes(nodes)
        self.rebuild()

    def delete(self, articles: list[int]) -> None:
        """Remove some articles, and store the index."""
        wanted = set(articles)
        gone = [str(each.number) for each in self.data.passages() if each.article in wanted]
        self.vectors.delete_nodes(gone, delete_from_docstore=True)
        self.rebuild()

    def rebuild(self) -> None:
        """Build the index of words anew, which can't change, and store both."""
        self.words = BM25Retriever.from_defaults(docstore=self.vectors.docstore, similarity_top_k=DEPTH)
        self.fuse()
        self.save()

    def encode(self, texts: list[str]) -> object:
        """Embed texts with the model itself; loaded at the first call."""
        if self.encoder is None:
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - indexing needs no model, and its memory is measured

            self.encoder = SentenceTransformer(self.model, local_files_only=True, device="cpu")
        return self.encoder.encode(texts, normalize_embeddings=True, show_progress_bar=False)


make = LlamaIndexSide
