"""`bench ingest`: how fast articles and pages are ingested, without encoding, by stage, and in how much memory."""

import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Literal, TypeVar

from corpus.article import SourceItem
from corpus.database import open_database
from corpus.formats import find_files, read_path
from corpus.ingest import DEFAULT_MAX_BYTES, IngestOptions, IngestProgress, ingest_paths
from corpus.passages import cut_passages
from corpus.prepare import normalise
from corpus.signatures import sign
from evals.speed.made_news import NewsArticle, made_articles, made_page

T = TypeVar("T")
Kind = Literal["articles", "pages"]
OnMark = Callable[[int, float], None]

# Articles that the stages are timed on, one by one: enough for a mean.
STAGED = 1_000
# Ingested first and not counted: the first article imports and compiles.
WARM_UP = 8
# Memory is reported after every MARK articles.
MARK = 10_000


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, minimum and maximum over several rounds."""

    median: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class IngestBench:
    """Articles a second, and milliseconds an article by stage, over rounds into new data folders.

    `storing` is the rest of the total. Memory is the process's own, in MB of 2**20 bytes: the peak, and at every 10,000
    articles. It excludes mapped pages of the database file, which the system can take back.
    """

    kind: Kind
    articles: int
    rounds: int
    mean_words: float
    per_s: Spread
    per_s_without_signing: Spread
    stages_ms: dict[str, Spread]
    peak_mb: float
    memory_mb: dict[int, float]


@dataclass(frozen=True, slots=True)
class _Round:
    """One round: seconds an article, in total and by stage, and memory."""

    whole_s: float
    stages_s: dict[str, float]
    memory: "_Memory"


class _Memory:
    """Watches the process's memory during an ingest."""

    def __init__(self, on_mark: OnMark) -> None:
        self.peak_mb = 0.0
        self.at_mb: dict[int, float] = {}
        self._on_mark = on_mark

    def on_progress(self, progress: IngestProgress) -> None:
        """Measure memory, after every batch."""
        current_mb = _memory_mb()
        self.peak_mb = max(self.peak_mb, current_mb)
        if progress.articles // MARK > len(self.at_mb):
            self.at_mb[progress.articles // MARK * MARK] = current_mb
            self._on_mark(progress.articles, current_mb)


def bench_ingest(kind: Kind, count: int, rounds: int, on_mark: OnMark) -> IngestBench:
    """Ingest made articles from one JSONL file or from web pages, in temporary folders.

    Args:
        kind: the format to write them in.
        count: how many.
        rounds: how often, each time into a new data folder.
        on_mark: called with articles and MB after every `MARK` articles.
    """
    with tempfile.TemporaryDirectory(prefix="attache-bench-") as folder:
        root = Path(folder)
        mean_words = _write(kind, root / "made", islice(made_articles(), count))
        _write(kind, root / "warm", islice(made_articles(seed=2), WARM_UP))
        _round(root / "warm", root / "warm-data", WARM_UP, on_mark)
        results = [_round(root / "made", root / f"data-{number}", count, on_mark) for number in range(rounds)]
    return IngestBench(
        kind=kind,
        articles=count,
        rounds=rounds,
        mean_words=round(mean_words, 1),
        per_s=_spread([1 / each.whole_s for each in results]),
        per_s_without_signing=_spread([1 / (each.whole_s - each.stages_s["signing"]) for each in results]),
        stages_ms={stage: _spread([each.stages_s[stage] * 1e3 for each in results]) for stage in results[0].stages_s},
        peak_mb=max(each.memory.peak_mb for each in results),
        memory_mb=results[-1].memory.at_mb,
    )


def _write(kind: Kind, folder: Path, articles: Iterator[NewsArticle]) -> float:
    """Write articles as one JSONL file, or each as a web page; return their mean number of words."""
    folder.mkdir()
    words = []
    with (folder / "made.jsonl").open("w", encoding="utf-8") as lines:
        for number, article in enumerate(articles):
            words.append(sum(len(paragraph.split()) for paragraph in article.paragraphs))
            if kind == "articles":
                lines.write(json.dumps(article.record(), ensure_ascii=False) + "\n")
            else:
                (folder / f"{number:06}.html").write_text(made_page(article), encoding="utf-8")
    return statistics.fmean(words)


def _round(made: Path, data_dir: Path, count: int, on_mark: OnMark) -> _Round:
    memory = _Memory(on_mark)
    files = [file for file in find_files([made]) if file.stat().st_size]
    with closing(open_database(data_dir)) as db:
        began = time.perf_counter()
        ingest_paths(db, files, IngestOptions(), memory.on_progress)
        whole_s = (time.perf_counter() - began) / count
    stages_s = _stages(files) | {"storing": 0.0}
    stages_s["storing"] = max(0.0, whole_s - sum(stages_s.values()))
    return _Round(whole_s, stages_s, memory)


def _stages(files: Sequence[Path]) -> dict[str, float]:
    """Return seconds an article of each stage alone, one article after the other as in an ingest."""
    spent = dict.fromkeys(("reading", "cleaning", "signing", "cutting"), 0.0)

    def timed(stage: str, work: Callable[[], T]) -> T:
        began = time.perf_counter()
        result = work()
        spent[stage] += time.perf_counter() - began
        return result

    items = (item for file in files for item in read_path(file, max_bytes=DEFAULT_MAX_BYTES))
    articles = 0
    while articles < STAGED and isinstance(item := timed("reading", partial(next, items, None)), SourceItem):
        draft = timed("reading", item.parse)
        draft = timed("cleaning", partial(normalise, draft))
        timed("signing", partial(sign, draft.body))
        timed("cutting", partial(cut_passages, draft.body, draft.language))
        articles += 1
    return {stage: seconds / articles for stage, seconds in spent.items()}


def _memory_mb() -> float:
    """Return the process's own memory; on systems other than Linux its peak."""
    try:
        used = int(Path("/proc/self/status").read_text(encoding="ascii").partition("RssAnon:")[2].split()[0]) * 1024
    except (OSError, IndexError):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        # Bytes on macOS, KB elsewhere (getrusage(2)).
        used = peak if sys.platform == "darwin" else peak * 1024
    return round(used / 2**20, 1)


def _spread(values: Sequence[float]) -> Spread:
    return Spread(*(round(each, 2) for each in (statistics.median(values), min(values), max(values))))
