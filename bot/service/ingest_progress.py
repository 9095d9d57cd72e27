"""Who is told how far feeding is; it imports nothing, since every command shares the bars that show it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.ingest import IngestProgress
    from index.embedding.vector_store import EmbeddingProgress


@dataclass(frozen=True, slots=True)
class FeedProgress:
    """Who is told how far the work is; `fetching` is told how many links are done."""

    reading: Callable[["IngestProgress"], None] = lambda _progress: None
    embedding: Callable[["EmbeddingProgress"], None] = lambda _progress: None
    cutting: Callable[[int, int], None] = lambda _done, _total: None
    fetching: Callable[[int], None] = lambda _done: None
