"""Measures stories against labelled pairs of articles: precision and recall, and how far two readings agree."""

import csv
import hashlib
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from corpus.database import open_database
from corpus.ingest import IngestOptions, ingest_paths
from index.embedding.embedder import Embedder
from index.schema import migrations as index_migrations
from index.stories.grouper import group_queued
from index.stories.traits import LEAD_PASSAGES

PAIRS_FILE = Path(__file__).parents[1] / "data" / "story-pairs.csv"
# The labelled pairs are of these days; articles of others could join none of them.
FIRST_DAY, LAST_DAY = "2022-05-01", "2022-12-31"
_TEXTS_AT_ONCE = 1024


@dataclass(frozen=True, slots=True)
class StoryPair:
    """Two articles of a news set by their ids there, and whether they tell of one event.

    `first` and `second` are the labels of one reader's two readings, `is_same` the settled one; `third` is that of
    another reader, who saw only headlines and beginnings and none of these labels, where there is one. `weight` is how
    many pairs of the set within ten days this one stands for. `is_dev` marks the half that thresholds and weights were
    chosen on.
    """

    one: str
    other: str
    first: bool
    second: bool
    is_same: bool
    weight: float
    third: bool | None = None

    @property
    def is_dev(self) -> bool:
        """Whether the pair may be fitted on."""
        return hashlib.sha256((self.one + self.other).encode()).digest()[0] % 2 == 0


def read_pairs(path: Path = PAIRS_FILE) -> list[StoryPair]:
    """Read the labelled pairs; they hold ids and labels, no text."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            StoryPair(
                row["one"],
                row["other"],
                row["first"] == "1",
                row["second"] == "1",
                row["same"] == "1",
                float(row["weight"]),
                row["third"] == "1" if row.get("third") else None,
            )
            for row in csv.DictReader(file)
        ]


@contextmanager
def news_corpus(embedder: Embedder, articles: Path, notify: Callable[[str], None]) -> Iterator[Database]:
    """Yield a corpus of a news set, removed afterwards, with vectors only of what stories are compared by.

    These are headlines and first passages.

    Args:
        embedder: the model.
        articles: JSONL or JSONL.gz.
        notify: called with a sentence after each batch of texts.
    """
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(Path(folder), (index_migrations,))
        try:
            _load(db, embedder, articles, notify)
            yield db
        finally:
            db.close()


def _load(db: Database, embedder: Embedder, articles: Path, notify: Callable[[str], None]) -> None:
    ingest_paths(db, [articles], IngestOptions())
    outside = "published_at IS NULL OR substr(published_at, 1, 10) NOT BETWEEN ? AND ?"
    with db.atomic():
        db.execute(f"DELETE FROM articles WHERE {outside}", (FIRST_DAY, LAST_DAY))
        db.execute("INSERT INTO models (fingerprint) VALUES (?)", (embedder.fingerprint,))
    model_id = db.execute("SELECT id FROM models WHERE fingerprint = ?", (embedder.fingerprint,)).fetchone()[0]
    texts = db.execute(
        f"""SELECT sha256, text FROM passages WHERE ordinal < {LEAD_PASSAGES}
        UNION SELECT title_sha256, title FROM articles WHERE title IS NOT NULL"""
    ).fetchall()
    for first in range(0, len(texts), _TEXTS_AT_ONCE):
        batch = texts[first : first + _TEXTS_AT_ONCE]
        vectors = embedder.encode([text for _, text in batch]).astype("<f2")
        rows = [(model_id, sha256, vector.tobytes()) for (sha256, _), vector in zip(batch, vectors, strict=True)]
        with db.atomic():
            db.conn.executemany("INSERT OR IGNORE INTO embeddings VALUES (?, ?, ?)", rows)
        notify(f"Embedded {first + len(batch):,} of {len(texts):,}.")


def measure_stories(db: Database, embedder: Embedder, pairs: Sequence[StoryPair]) -> dict[str, Any]:
    """Group all articles, and compare the stories with the labels.

    `all`, `dev` and `test` have precision and recall, counting every pair once and by weight. `agreement` is the share
    of pairs that both readings labelled alike, `kappa` the same beyond chance (Cohen 1960); `third_…` are those of
    another reader and the settled labels, over `third_pairs`.
    """
    began, began_cpu = time.perf_counter(), time.process_time()
    grouped = group_queued(db, embedder)
    took_s, took_cpu_s = time.perf_counter() - began, time.process_time() - began_cpu
    story_of = dict(
        db.execute("SELECT external_id, story_id FROM story_articles JOIN articles ON articles.id = article_id")
    )
    known = [each for each in pairs if each.one in story_of and each.other in story_of]
    third = [(each.third, each.is_same) for each in known if each.third is not None]
    halves = {"all": known, "dev": [each for each in known if each.is_dev]}
    halves["test"] = [each for each in known if not each.is_dev]
    sizes = [row[0] for row in db.execute("SELECT count(*) FROM story_articles GROUP BY story_id")]
    return {
        "pairs": len(known),
        "missing": len(pairs) - len(known),
        "same": sum(each.is_same for each in known),
        **_agreement([(each.first, each.second) for each in known]),
        **{f"third_{name}": value for name, value in _agreement(third).items()},
        "third_pairs": len(third),
        **{name: _scores(half, story_of) for name, half in halves.items()},
        "articles": grouped,
        "stories": sum(size > 1 for size in sizes),
        "largest": max(sizes, default=0),
        "ms_per_article": took_s * 1e3 / max(1, grouped),
        "cpu_ms_per_article": took_cpu_s * 1e3 / max(1, grouped),
    }


def _scores(pairs: Sequence[StoryPair], story_of: Mapping[str, int]) -> dict[str, float]:
    joined = [story_of[each.one] == story_of[each.other] for each in pairs]
    found: dict[str, float] = {}
    for suffix, weights in (("", [1.0] * len(pairs)), ("_weighted", [each.weight for each in pairs])):
        both = _total(
            w for w, each, is_joined in zip(weights, pairs, joined, strict=True) if is_joined and each.is_same
        )
        found[f"precision{suffix}"] = both / max(
            1e-9, _total(w for w, is_joined in zip(weights, joined, strict=True) if is_joined)
        )
        found[f"recall{suffix}"] = both / max(
            1e-9, _total(w for w, each in zip(weights, pairs, strict=True) if each.is_same)
        )
    return found


def _total(weights: Iterable[float] | Iterator[float]) -> float:
    return sum(weights, 0.0)


def _agreement(labels: Sequence[tuple[bool, bool]]) -> dict[str, float]:
    if not labels:
        return {}
    alike = sum(one == other for one, other in labels) / len(labels)
    first, second = (sum(values) / len(labels) for values in zip(*labels, strict=True))
    chance = first * second + (1 - first) * (1 - second)
    return {"agreement": alike, "kappa": (alike - chance) / max(1e-9, 1 - chance)}
