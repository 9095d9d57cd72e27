"""`bench ray`: reading and embedding an archive in this process, and on a Ray cluster, in the same run."""

import json
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from pydantic import SecretStr

from bot.cluster.ray_cluster import ClusterOptions, RayCluster, open_cluster
from bot.service.ingest import ingest
from bot.service.ingest_progress import ProgressCallbacks
from bot.settings import Settings
from corpus.database import open_database_read_only
from corpus.errors import BadInput
from corpus.ingest import IngestOptions
from evals.speed.figures import Bench, Figure, figure, this_machine
from evals.speed.made_news import made_articles, made_page
from evals.speed.processor_time import PROC, ProcessorTime
from index.embedding.embedder import Embedder, SentenceEmbedder
from index.embedding.vector_store import EmbeddingProgress
from index.schema import migrations as index_migrations

BASELINE = "one process"
# Ingested first: it loads models and starts workers, whose cost does not grow with the archive.
WARM_UP = 8


@dataclass(frozen=True, slots=True)
class _Spent:
    """Seconds, by the clock, of this process's processors, and of those of the processes that it started."""

    clock: float
    own: float
    others: float

    def since(self, before: "_Spent") -> "_Spent":
        return _Spent(self.clock - before.clock, self.own - before.own, self.others - before.others)


@dataclass(frozen=True, slots=True)
class _Run:
    """What an ingest cost, until everything was stored and afterwards, and what it stored."""

    reading: _Spent
    embedding: _Spent
    passages: int

    @property
    def clock(self) -> float:
        return self.reading.clock + self.embedding.clock

    @property
    def processors(self) -> float:
        return sum(each.own + each.others for each in (self.reading, self.embedding))


def bench_ray(settings: Settings, options: ClusterOptions, articles: int, pages: int, rounds: int) -> Bench:
    """Ingest made articles and web pages into new data folders, by this process and by the workers of a cluster.

    What starting costs, which is the same for any archive, is measured with a small one and taken off. Processor time
    hardly depends on what else the machine does; seconds do.

    Args:
        settings: name the model.
        options: the cluster; all of it runs on this machine, and does nothing else.
        articles: made articles in a JSONL file.
        pages: made web pages.
        rounds: how often.

    Raises:
        BadInput: the system has no /proc.
        ClusterUnavailable: Ray isn't installed, or doesn't start.
    """
    if not (PROC / "self/stat").exists():
        raise BadInput("Processor time of other processes is only known on Linux.")
    embedder = SentenceEmbedder(settings.model)
    alone: list[_Run] = []
    spread: list[_Run] = []
    starts: list[_Run] = []
    with tempfile.TemporaryDirectory(prefix="attache-bench-") as folder:
        root = Path(folder)
        _write(root / "warm", WARM_UP, WARM_UP, seed=2)
        _write(root / "made", articles, pages, seed=1)
        with ProcessorTime() as others, open_cluster(options, settings.model) as cluster:
            into = partial(_run, settings, embedder, others, root)
            into("warm", "warm-alone", None)
            for number in range(rounds):
                alone.append(into("made", f"alone-{number}", None))
                starts.append(into("warm", f"start-{number}", cluster))
                spread.append(into("made", f"ray-{number}", cluster))
    described: dict[str, str | int | float] = {
        "articles": articles,
        "pages": pages,
        "passages": alone[0].passages,
        "workers": options.workers,
        "rounds": rounds,
    }
    return Bench("ray", described, BASELINE, tuple(_figures(alone, spread, starts, articles + pages)), this_machine())


def _figures(alone: list[_Run], spread: list[_Run], starts: list[_Run], count: int) -> list[Figure]:
    seconds = [run.clock for run in alone]
    rest = [run.clock - start.clock for run, start in zip(spread, starts, strict=True)]
    passages = alone[0].passages - starts[0].passages
    per_article = 1e3 / (count - 2 * WARM_UP)
    per_passage = 1e3 / passages

    def over(part: str, whose: str, scale: float) -> list[float]:
        pairs = zip(spread, starts, strict=True)
        return [scale * (getattr(getattr(a, part), whose) - getattr(getattr(b, part), whose)) for a, b in pairs]

    writing = over("reading", "own", per_article)
    preparing = over("reading", "others", per_article)
    storing = over("embedding", "own", per_passage)
    encoding = over("embedding", "others", per_passage)
    return [
        figure(BASELINE, "s", seconds),
        figure("the cluster", "s", [run.clock for run in spread], seconds),
        figure("the cluster, without starting its workers", "s", rest, seconds),
        figure("starting the workers, with 16 articles", "s", [run.clock for run in starts]),
        figure("processor time of one process", "s", [run.processors for run in alone]),
        figure(
            "processor time of the cluster and this process",
            "s",
            [run.processors for run in spread],
            [run.processors for run in alone],
        ),
        figure("the writer, an article", "ms", writing),
        figure("the workers, an article", "ms", preparing, writing),
        figure("the writer, a passage's vector and index", "ms", storing),
        figure("the workers, a passage's vector", "ms", encoding, storing),
    ]


def _run(
    settings: Settings,
    embedder: Embedder,
    others: ProcessorTime,
    root: Path,
    source: str,
    data: str,
    cluster: RayCluster | None,
) -> _Run:
    """Ingest a folder into a new data folder."""
    into = settings.model_copy(update={"data_dir": root / data, "index": SecretStr("")})
    marks: list[_Spent] = []

    def on_embedding(_progress: EmbeddingProgress) -> None:
        if not marks:
            marks.append(_spent(others))

    before = _spent(others)
    progress = ProgressCallbacks(embedding=on_embedding)
    ingest(into, embedder, [root / source], IngestOptions(), progress=progress, cluster=cluster)
    after = _spent(others)
    with closing(open_database_read_only(into.data_dir, (index_migrations,))) as db:
        passages = int(db.execute("SELECT count(*) FROM passages").fetchone()[0])
    return _Run(marks[0].since(before), after.since(marks[0]), passages)


def _write(folder: Path, articles: int, pages: int, *, seed: int) -> None:
    folder.mkdir()
    made = made_articles(seed=seed)
    lines = [json.dumps(article.record(), ensure_ascii=False) for article in islice(made, articles)]
    (folder / "made.jsonl").write_text("\n".join(lines), encoding="utf-8")
    for number, article in enumerate(islice(made, pages)):
        (folder / f"{number:06}.html").write_text(made_page(article), encoding="utf-8")


def _spent(others: ProcessorTime) -> _Spent:
    return _Spent(time.perf_counter(), time.process_time(), others.look())
