"""A Ray cluster that prepares articles and embeds texts for the one process that stores them."""

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlite_utils import Database

from bot.cluster.cluster_errors import ClusterUnavailable
from bot.cluster.cluster_workers import Encoder, Identity, Reader, code_hash
from bot.cluster.ray_connection import connected
from bot.cluster.worker_pool import Batch, Lost, WorkerPool
from corpus.article import Rejection, SourceItem
from corpus.errors import UnreadableSource
from corpus.prepare import Prepared, Preparer, Ready
from index.embedding.embedder import Embedder, Vectors
from index.embedding.vector_store import EmbeddingProgress, Embeddings

# Articles of a batch: at some 20 ms each, much more than the milliseconds that sending one takes.
ITEMS_PER_BATCH = 16
# A larger article is a batch of its own.
BYTES_PER_BATCH = 1024 * 1024
# Texts of a batch: a second or two of one core, and enough for a GPU's own batches.
TEXTS_PER_BATCH = 64
TEXTS_PER_GPU_BATCH = 2048
_RETRY_HINT = "Everything stored so far is safe; run the command again to continue."


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """Which cluster does the work.

    `workers` is the number of workers; 0 is one for each GPU where texts are embedded on GPUs, else one for each
    processor of the cluster. `gpus` is the share of a GPU that each encoder has: None is a whole one where the cluster
    has any, 0 none.
    """

    address: str
    workers: int = 0
    gpus: float | None = None


@contextmanager
def open_cluster(options: ClusterOptions, model: str) -> Iterator["RayCluster"]:
    """Connect to a cluster for the length of a block.

    Args:
        options: which cluster, and how much of it.
        model: the embedding model's name or folder, as in the settings.

    Raises:
        BadInput: the address is none.
        ClusterUnavailable: Ray isn't installed, or the cluster is not there, or is lost on the way.
    """
    with connected(options.address, options.workers or None) as ray:
        try:
            yield RayCluster(ray, options, model)
        except (ray.exceptions.RayError, ConnectionError) as error:
            raise ClusterUnavailable("The connection to the Ray cluster was lost.", _RETRY_HINT) from error


class RayCluster:
    """The workers of a cluster. They get the bytes of articles or the texts of passages, and no other setting."""

    def __init__(self, ray: Any, options: ClusterOptions, model: str) -> None:  # noqa: ANN401 - a library without types
        self._ray = ray
        self._options = options
        self._model = model

    def prepare_ahead(
        self, items: Iterable[SourceItem | Rejection], preparer: Preparer, is_new: Callable[[SourceItem], bool]
    ) -> Iterator[Ready]:
        """Parse, clean and cut new articles on the workers (see `PrepareAhead`).

        An article that ends two workers is one that can't be read; one that can't be sent is left to this process.
        """
        with self._pool(Reader, (preparer,), Identity(code_hash()), gpus=0.0) as pool:
            out: deque[tuple[list[SourceItem | Rejection], list[int]]] = deque()

            def batches() -> Iterator[Batch]:
                for group in _groups(items):
                    packed = {place: _packed(item, is_new) for place, item in enumerate(group)}
                    parts = {place: each for place, each in packed.items() if each is not None}
                    out.append((group, list(parts)))
                    yield Batch(list(parts.values()), sum(map(_size, group)))

            for results in pool.map(batches()):
                group, places = out.popleft()
                by_place = dict(zip(places, map(_prepared, results), strict=True))
                yield from ((item, by_place.get(place)) for place, item in enumerate(group))

    def embed_missing(
        self,
        db: Database,
        embedder: Embedder,
        on_progress: Callable[[EmbeddingProgress], None] = lambda _progress: None,
    ) -> int:
        """Embed every text without a vector on the workers; return how many were embedded.

        Raises:
            ClusterUnavailable: a text ended two workers, or they have another model.
        """
        embeddings = Embeddings(db, embedder.fingerprint)
        if not embeddings.count_missing():
            return 0
        gpus = self._gpus()
        texts_at_once = TEXTS_PER_GPU_BATCH if gpus else TEXTS_PER_BATCH
        identity = Identity(code_hash(), embedder.fingerprint)
        with self._pool(Encoder, (self._model,), identity, gpus=gpus) as pool:

            def encode(batches: Iterator[Sequence[str]], on_done: Callable[[int], None]) -> Iterator[Vectors]:
                return _encode(pool, batches, texts_at_once, on_done)

            return embeddings.embed_missing_by(encode, on_progress)

    def _gpus(self) -> float:
        """Return the share of a GPU that an encoder has."""
        if self._options.gpus is not None:
            return self._options.gpus
        return 1.0 if self._ray.cluster_resources().get("GPU", 0) >= 1 else 0.0

    @contextmanager
    def _pool(
        self, kind: type, arguments: Sequence[object], identity: Identity, *, gpus: float
    ) -> Iterator[WorkerPool]:
        resources = self._ray.cluster_resources()
        most = resources.get("GPU", 0) / gpus if gpus else resources.get("CPU", 1)
        # Never restarted by Ray: the pool has to know which batch a worker ended in.
        actor = self._ray.remote(num_cpus=1, num_gpus=gpus, max_restarts=0, max_task_retries=0)(kind)
        count = self._options.workers or max(1, int(most))
        pool = WorkerPool(self._ray, lambda: actor.remote(*arguments), count, identity)
        try:
            yield pool
        finally:
            pool.close()


def _groups(items: Iterable[SourceItem | Rejection]) -> Iterator[list[SourceItem | Rejection]]:
    """Yield the items in groups of bounded number and size."""
    group: list[SourceItem | Rejection] = []
    size = 0
    for item in items:
        if group and size + _size(item) > BYTES_PER_BATCH:
            yield group
            group, size = [], 0
        group.append(item)
        size += _size(item)
        if len(group) == ITEMS_PER_BATCH:
            yield group
            group, size = [], 0
    if group:
        yield group


def _size(item: SourceItem | Rejection) -> int:
    return len(item.raw) if isinstance(item, SourceItem) else 0


def _packed(item: SourceItem | Rejection, is_new: Callable[[SourceItem], bool]) -> bytes | None:
    """Return an article as bytes that a worker can turn back; None for what needs no worker, or can't go to one."""
    if isinstance(item, Rejection) or not is_new(item):
        return None
    try:
        return pickle.dumps(item, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception:  # noqa: BLE001 - a plug-in's item may hold anything
        return None


def _prepared(result: object) -> Prepared | UnreadableSource | None:
    if isinstance(result, Lost):
        hint = "Read it without --ray, or report it together with the file."
        return UnreadableSource("Two of Ray's workers ended while they read it.", hint)
    assert result is None or isinstance(result, Prepared | UnreadableSource)
    return result


def _encode(
    pool: WorkerPool, batches: Iterator[Sequence[str]], texts_at_once: int, on_done: Callable[[int], None]
) -> Iterator[Vectors]:
    """Yield the vectors of each batch, which goes to the workers in pieces of texts of similar lengths."""
    out: deque[list[list[int]]] = deque()

    def pieces() -> Iterator[Batch]:
        for texts in batches:
            order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
            places = [order[first : first + texts_at_once] for first in range(0, len(order), texts_at_once)] or [[]]
            out.append(places)
            for numbers in places:
                parts = [texts[number] for number in numbers]
                yield Batch(parts, sum(map(len, parts)))

    results = pool.map(pieces())
    for vectors in results:
        places = out.popleft()
        found = [vectors]
        for done in places[:-1]:
            on_done(len(done))
            found.append(next(results))
        on_done(len(places[-1]))
        yield _joined(places, found)


def _joined(places: Sequence[Sequence[int]], found: Sequence[Sequence[object]]) -> Vectors:
    """Return vectors in the order of their texts."""
    rows: dict[int, Vectors] = {}
    for numbers, vectors in zip(places, found, strict=True):
        for number, vector in zip(numbers, vectors, strict=True):
            if not isinstance(vector, np.ndarray):
                raise ClusterUnavailable(
                    "Two of Ray's workers ended while they embedded a text.",
                    "They may lack memory: use fewer workers, or none. Everything stored so far is safe.",
                )
            rows[number] = vector
    return np.array([rows[number] for number in sorted(rows)], dtype=np.float32)
