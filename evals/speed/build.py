"""`bench build`: building the index from stored vectors, compared with just writing them."""

import os
import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from bot.service.sessions import reading
from bot.settings import Settings
from evals.speed.figures import Bench, figure, this_machine, timed
from evals.speed.open_folder import open_embedder
from evals.speed.start import peak_mb
from index.embedding.embedder import Vectors
from index.embedding.vector_store import Embeddings
from index.generation.generations import Generations
from index.maintenance import rebuild

BASELINE = "write as many vectors as float32, flushed"


def bench_build(settings: Settings, rounds: int) -> Bench:
    """Build the next index while the live one stays; the folder needs disk space for two more."""
    embedder = open_embedder(settings)
    dimension = embedder.dimension
    with (
        reading(settings.data_dir) as db,
        tempfile.TemporaryDirectory(dir=settings.data_dir, prefix="bench-") as folder,
    ):
        root = Path(folder)
        embeddings = Embeddings(db, embedder.fingerprint)
        passages = len(embeddings.passage_ids())
        bare = timed(partial(_write, root / "bare.bin", passages, dimension), rounds)
        (root / "bare.bin").unlink()
        before = peak_mb()
        read = timed(lambda: sum(len(batch.ids) for batch in embeddings.batches(dimension)), rounds)
        whole = timed(partial(rebuild, db, Generations(root), embedder), rounds, warm_up=0)
        peak = peak_mb()
        opening = timed(partial(Generations(root).open_live, embedder.fingerprint), rounds)
    return Bench(
        "build",
        {"passages": passages, "rounds": rounds, "passages_per_s": round(passages / float(np.median(whole)))},
        BASELINE,
        (
            figure(BASELINE, "s", bare),
            figure("read the vectors from the database", "s", read, bare),
            figure("whole: read, build, write, flush, verify", "s", whole, bare),
            figure("open: read and verify", "s", opening, bare),
            figure("memory before", "MB", [before]),
            figure("memory at most", "MB", [peak], [before]),
        ),
        this_machine(),
    )


def _write(path: Path, count: int, dimension: int) -> None:
    block: Vectors = np.ones((1024, dimension), dtype=np.float32)
    with path.open("wb") as file:
        for first in range(0, count, len(block)):
            block[: count - first].tofile(file)
        file.flush()
        os.fsync(file.fileno())
