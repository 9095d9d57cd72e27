"""`bench live`: questions while articles come and go, the index is built and backups are made."""

import json
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from bot.quality.evaluate import percentiles
from bot.service.attache import Attache
from bot.service.backup import back_up
from bot.service.ingest import ingest, reindex, remove_article
from bot.service.sessions import reading
from bot.settings import Settings
from corpus.articles import Articles
from corpus.errors import AttacheError, BadInput
from corpus.ingest import IngestOptions
from evals.speed.made_news import made_articles
from index.embedding.embedder import Embedder

# Articles added at a time: a full round of feeds.
ARRIVING = 20
# Seconds between two changes: more often than feeds, so that changes are under way most of the time.
PAUSE_S = 0.5
WARM_UP = 8


@dataclass(frozen=True, slots=True)
class LiveBench:
    """Milliseconds of a question, over a quiet corpus and while it changes; `ratio` is of the 95th percentiles.

    `changes` counts what was done meanwhile; `errors` are failed questions, `gone_cited` answers that cited an article
    removed before they were asked.
    """

    questions: int
    idle_ms: dict[str, float]
    busy_ms: dict[str, float]
    ratio: float
    errors: int
    gone_cited: int
    changes: dict[str, int]


@dataclass(slots=True)
class _Changes:
    """Counts of the changes so far, the removed articles, and the error that ended them."""

    done: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("added", "removed", "built", "backups"), 0))
    removed: set[int] = field(default_factory=set)
    failure: BaseException | None = None


def bench_live(settings: Settings, embedder: Embedder, texts: Sequence[str], questions: int) -> LiveBench:
    """Ask a copy of the data folder, first alone, then while another thread changes it, as in the bot.

    Args:
        settings: name the data folder, which is not changed.
        embedder: the model, shared by questions and changes.
        texts: what to ask, each once in each half.
        questions: how many are asked in each half.

    Raises:
        BadInput: there are too few texts.
    """
    if len(texts) < 2 * questions + WARM_UP:
        raise BadInput(f"The corpus has {len(texts)} titles to ask.", f"Ask {len(texts) // 2 - WARM_UP} or fewer.")
    with tempfile.TemporaryDirectory(prefix="attache-bench-") as name:
        folder = Path(name)
        copied = settings.model_copy(update={"data_dir": folder / "data"})
        back_up(settings, folder / "backup")
        shutil.copytree(folder / "backup", copied.data_dir)
        with Attache(copied, embedder=embedder) as attache:
            for text in texts[:WARM_UP]:
                attache.ask(text)
            idle = [_ask(attache, text)[0] for text in texts[WARM_UP : WARM_UP + questions]]
            changes, stop = _Changes(), threading.Event()
            changing = threading.Thread(target=_change, args=(copied, embedder, folder, changes, stop))
            changing.start()
            try:
                busy, errors, cited = _ask_all(attache, texts[WARM_UP + questions :][:questions], changes)
            finally:
                stop.set()
                changing.join()
    if changes.failure is not None:
        raise changes.failure
    idle_ms, busy_ms = percentiles(idle), percentiles(busy)
    return LiveBench(questions, idle_ms, busy_ms, busy_ms["p95"] / idle_ms["p95"], errors, cited, changes.done)


def _ask_all(attache: Attache, texts: Sequence[str], changes: _Changes) -> tuple[list[float], int, int]:
    """Return milliseconds of each question, how many failed, and how many cited an article removed before."""
    times, errors, cited = [], 0, 0
    for text in texts:
        removed = set(changes.removed)
        try:
            milliseconds, articles = _ask(attache, text)
        except AttacheError:
            errors += 1
            continue
        times.append(milliseconds)
        cited += bool(articles & removed)
    return times, errors, cited


def _ask(attache: Attache, text: str) -> tuple[float, set[int]]:
    """Return milliseconds and the cited articles."""
    began = time.perf_counter()
    answer = attache.ask(text)
    return (time.perf_counter() - began) * 1e3, {each.quote.article_id for each in answer.evidence}


def _change(settings: Settings, embedder: Embedder, folder: Path, changes: _Changes, stop: threading.Event) -> None:
    """Add, remove, build and back up in turn until `stop` is set."""
    articles = made_articles(seed=3)
    victims = _articles_to_remove(settings)
    turn = 0
    try:
        while turn == 0 or not stop.wait(PAUSE_S):
            path = folder / f"arrived-{turn}.jsonl"
            records = (json.dumps(each.record()) for each in islice(articles, ARRIVING))
            path.write_text("\n".join(records), encoding="utf-8")
            ingest(settings, embedder, [path], IngestOptions())
            changes.done["added"] += ARRIVING
            if (victim := next(victims, None)) is not None:
                remove_article(settings, embedder, victim)
                changes.removed.add(victim)
                changes.done["removed"] += 1
            if turn % 4 == 0:
                changes.done["built"] += reindex(settings, embedder).built
            if turn % 4 == 2:
                back_up(settings, folder / f"backup-{turn}")
                changes.done["backups"] += 1
            turn += 1
    except BaseException as error:  # noqa: BLE001 - raised again in the main thread
        changes.failure = error


def _articles_to_remove(settings: Settings) -> Iterator[int]:
    """Return articles spread over the corpus."""
    with reading(settings.data_dir) as db:
        ids = list(Articles(db).ids())
    return iter(ids[::7])
