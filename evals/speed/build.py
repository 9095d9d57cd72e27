"""`bench build`: the index from stored vectors, beside writing the same vectors as they are."""

import os
import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from bot.service.sessions import reading
from bot.settings import Settings
from evals.speed.figures import Bench, figure, this_machine, timed
from evals.speed.open_folder import embedder_of
from evals.speed.start import peak_mb
from index.embedding.embedder import Vectors
from index.embedding.vector_store import Embeddings
from index.generation.generations import Generations
from index.maintenance import rebuild

BASELINE = "write as many vectors as float32, flushed"


def bench_build(settings: Settings, rounds: int) -> Bench:
    """Builds the next index beside the live one, which stays as it is; the folder must have room for two more."""
    embedder = embedder_of(settings)
    dimension = embedder.dimension
    with (
        reading(settings.data_dir) as db,
        tempfile.TemporaryDirectory(dir=settings.data_dir, prefix="bench-") as folder,
    ):
        place = Path(folder)
        embeddings = Embeddings(db, embedder.fingerprint)
        passages = len(embeddings.passages())
        bare = timed(partial(_write, place / "bare.bin", passages, dimension), rounds)
        (place / "bare.bin").unlink()
        before = peak_mb()
        read = timed(lambda: sum(len(part.ids) for part in embeddings.parts(dimension)), rounds)
        whole = timed(partial(rebuild, db, Generations(place), embedder), rounds, warm_up=0)
        peak = peak_mb()
        opening = timed(partial(Generations(place).open_live, embedder.fingerprint), rounds)
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
    some: Vectors = np.ones((1024, dimension), dtype=np.float32)
    with path.open("wb") as file:
        for first in range(0, count, len(some)):
            some[: count - first].tofile(file)
        file.flush()
        os.fsync(file.fileno())
