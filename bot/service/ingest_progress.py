"""Callbacks for the progress of an ingest; free of imports, since every command line needs them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.ingest import IngestProgress
    from index.embedding.vector_store import EmbeddingProgress


@dataclass(frozen=True, slots=True)
class ProgressCallbacks:
    """Functions to call as work proceeds; `fetching` receives how many links are done."""

    reading: Callable[["IngestProgress"], None] = lambda _progress: None
    embedding: Callable[["EmbeddingProgress"], None] = lambda _progress: None
    cutting: Callable[[int, int], None] = lambda _done, _total: None
    fetching: Callable[[int], None] = lambda _done: None
