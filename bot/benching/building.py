"""`bench build`: the index from stored vectors, beside writing the same vectors as they are."""

import os
import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from bot.benching.figures import Bench, figure, this_machine, timed
from bot.benching.opening import embedder_of, reading
from bot.settings import Settings
from index.embedder import Vectors
from index.embeddings import Embeddings
from index.generations import Generations
from index.maintenance import rebuild
from index.vector_index import VectorIndex

BASELINE = "write the vectors as float32, flushed"


def bench_build(settings: Settings, rounds: int) -> Bench:
    """Builds the next index beside the live one, which stays as it is; the folder must have room for two more."""
    embedder = embedder_of(settings)
    with reading(settings) as db, tempfile.TemporaryDirectory(dir=settings.data_dir, prefix="bench-") as folder:
        place = Path(folder)
        embeddings = Embeddings(db, embedder.fingerprint)
        stored = embeddings.load(embedder.dimension)
        bare = timed(partial(_write, stored.vectors, place / "bare.npy"), rounds)
        load = timed(partial(embeddings.load, embedder.dimension), rounds)
        memory = timed(partial(VectorIndex.build, stored.ids, stored.vectors), rounds)
        passages = len(stored.ids)
        del stored
        whole = timed(partial(rebuild, db, Generations(place), embedder), rounds, warm_up=0)
        opening = timed(partial(Generations(place).open_live, embedder.fingerprint), rounds)
    return Bench(
        "build",
        {"passages": passages, "rounds": rounds, "passages_per_s": round(passages / float(np.median(whole)))},
        BASELINE,
        (
            figure(BASELINE, "s", bare),
            figure("read the vectors from the database", "s", load, bare),
            figure("build in memory", "s", memory, bare),
            figure("whole: read, build, write, flush, verify", "s", whole, bare),
            figure("open: read and verify", "s", opening, bare),
        ),
        this_machine(),
    )


def _write(vectors: Vectors, path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, vectors)
        file.flush()
        os.fsync(file.fileno())
