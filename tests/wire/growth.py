"""What a process holds, hour by hour, and whether it grows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.wire.process import Process

# Memory and handles settle in the first hours: caches, threads, the allocator.
SETTLED_AFTER = 0.25
# By the hour, as a straight line through what was seen since: an hour's noise is not growth.
MOST_MB_AN_HOUR, MOST_HANDLES_AN_HOUR, MOST_THREADS_AN_HOUR = 0.5, 0.1, 0.1
# What an article takes on the disk with its passages, words, vectors and former texts; more and more would be waste.
MOST_KB_AN_ARTICLE_AN_HOUR = 1.0
# SQLite begins its log again past 1,000 pages, 4 MB (sqlite.org/wal.html), unless a reader keeps it from that.
MOST_WAL_MB = 16.0
# The live generation, and the one before while somebody reads it.
MOST_INDEXES = 2
MB = 2**20


@dataclass(frozen=True)
class Sample:
    """The process and its folder at one moment, `hours` after the beginning."""

    hours: float
    memory_mb: float
    handles: int
    threads: int
    corpus_mb: float
    records_mb: float
    wal_mb: float
    indexes: int
    index_mb: float
    articles: int
    polls: int
    failed_polls: int
    fed: int

    @property
    def kb_an_article(self) -> float:
        return self.corpus_mb * 1024 / max(1, self.articles)


def held(bot: Process, data_dir: Path, told: Callable[..., float], hours: float) -> Sample:
    """Looks at the process, its folder and its metrics."""
    folders = [each for each in (data_dir / "index").iterdir() if each.is_dir()]
    status = Path(f"/proc/{bot.pid}/status").read_text(encoding="ascii", errors="replace")
    return Sample(
        hours,
        bot.memory_mb(),
        bot.handles(),
        int(status.partition("Threads:")[2].split()[0]),
        _size_mb([data_dir / "corpus.sqlite3"]),
        _size_mb([data_dir / "records.sqlite3"]),
        max(_size_mb([path]) for path in data_dir.glob("*.sqlite3-wal")),
        len(folders),
        _size_mb([path for folder in folders for path in folder.iterdir()]),
        int(told("attache_corpus_articles")),
        int(told("attache_feed_polls_total")),
        int(told("attache_feed_polls_total", result="failed")),
        int(told("attache_feed_articles_total")),
    )


HEAD = "    h  memory  handles  threads  corpus  records   log  indexes        articles  polls (failed)  fed"


def line(sample: Sample) -> str:
    """One line under the head; sizes are in MB."""
    each = sample
    return (
        f"{each.hours:5.1f}  {each.memory_mb:6.1f}  {each.handles:7}  {each.threads:7}  {each.corpus_mb:6.2f}"
        f"  {each.records_mb:7.2f}  {each.wal_mb:4.1f}  {each.indexes:2} {each.index_mb:5.2f} MB"
        f"  {each.articles:8}  {each.polls:5} ({each.failed_polls})  {each.fed:8}"
    )


def slope(samples: Sequence[Sample], of: Callable[[Sample], float]) -> float:
    """By how much something grows an hour: the straight line with the least squares; 0 for fewer than two samples."""
    hours = [each.hours for each in samples]
    if len(samples) < 2:
        return 0.0
    middle = sum(hours) / len(hours)
    values = [of(each) for each in samples]
    mean = sum(values) / len(values)
    spread = sum((hour - middle) ** 2 for hour in hours)
    return sum((hour - middle) * (value - mean) for hour, value in zip(hours, values, strict=True)) / spread


def growth(samples: Sequence[Sample]) -> tuple[list[str], list[str]]:
    """What grew by how much since it had settled, a line each; and what grew by more than it may."""
    settled = samples[int(len(samples) * SETTLED_AFTER) :]
    marks = (
        ("memory", "MB an hour", slope(settled, lambda each: each.memory_mb), MOST_MB_AN_HOUR),
        ("handles", "an hour", slope(settled, lambda each: each.handles), MOST_HANDLES_AN_HOUR),
        ("threads", "an hour", slope(settled, lambda each: each.threads), MOST_THREADS_AN_HOUR),
        (
            "corpus",
            "KB an article an hour",
            slope(settled, lambda each: each.kb_an_article),
            MOST_KB_AN_ARTICLE_AN_HOUR,
        ),
        ("log of a database", "MB at most", max(each.wal_mb for each in samples), MOST_WAL_MB),
        ("index folders", "at most", max(each.indexes for each in samples), MOST_INDEXES),
    )
    lines = [f"since {settled[0].hours:.1f} h:"]
    lines += [f"  {name}: {value:+.2f} {unit} (mark {most:g})" for name, unit, value, most in marks]
    return lines, [name for name, _unit, value, most in marks if value > most]


def _size_mb(paths: Sequence[Path]) -> float:
    return sum(path.stat().st_size for path in paths if path.exists()) / MB
