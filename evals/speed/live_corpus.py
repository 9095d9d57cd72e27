"""What a question costs while the corpus changes: articles come and go, the index is built, backups are made."""

import json
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from bot.quality.evaluate import spread
from bot.service.attache import Attache
from bot.service.backup import back_up
from bot.service.ingest import ingest, reindex, remove
from bot.service.sessions import reading
from bot.settings import Settings
from corpus.articles import Articles
from corpus.errors import AttacheError, BadInput
from corpus.ingest import IngestOptions
from evals.speed.made_news import made_articles
from index.embedding.embedder import Embedder

# Articles that come at once: a full round of feeds.
ARRIVING = 20
# Seconds between two changes: more than feeds bring, so that changes are under way most of the time.
PAUSE_S = 0.5
WARM_UP = 8


@dataclass(frozen=True, slots=True)
class LivingBench:
    """Milliseconds of a question, with nothing else going on and while the corpus changes; `ratio` is of the p95.

    `changes` counts what was done meanwhile; `errors` are questions that failed, `gone_cited` answers that cited an
    article which had been removed before they were asked.
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
    """What happens to the corpus beside the questions, and what is gone of it."""

    done: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("added", "removed", "built", "backups"), 0))
    gone: set[int] = field(default_factory=set)
    failure: BaseException | None = None


def bench_living(settings: Settings, embedder: Embedder, texts: Sequence[str], questions: int) -> LivingBench:
    """Asks a copy of the data folder, first alone, then while another thread of the process changes it, as a bot does.

    Args:
        settings: they name the data folder, which is left as it is.
        embedder: the model, which questions and changes share.
        texts: what to ask, each once in each half.
        questions: how many are asked in each half.

    Raises:
        BadInput: there are fewer texts than needed.
    """
    if len(texts) < 2 * questions + WARM_UP:
        raise BadInput(f"The corpus has {len(texts)} titles to ask.", f"Ask {len(texts) // 2 - WARM_UP} or fewer.")
    with tempfile.TemporaryDirectory(prefix="attache-bench-") as folder:
        copied = settings.model_copy(update={"data_dir": Path(folder) / "data"})
        back_up(settings, Path(folder) / "backup")
        shutil.copytree(Path(folder) / "backup", copied.data_dir)
        with Attache(copied, embedder=embedder) as attache:
            for text in texts[:WARM_UP]:
                attache.ask(text)
            idle = [_asked(attache, text)[0] for text in texts[WARM_UP : WARM_UP + questions]]
            changes, stop = _Changes(), threading.Event()
            changing = threading.Thread(target=_change, args=(copied, embedder, Path(folder), changes, stop))
            changing.start()
            try:
                busy, errors, cited = _ask_all(attache, texts[WARM_UP + questions :][:questions], changes)
            finally:
                stop.set()
                changing.join()
    if changes.failure is not None:
        raise changes.failure
    [idle_ms, busy_ms] = spread(idle), spread(busy)
    return LivingBench(questions, idle_ms, busy_ms, busy_ms["p95"] / idle_ms["p95"], errors, cited, changes.done)


def _ask_all(attache: Attache, texts: Sequence[str], changes: _Changes) -> tuple[list[float], int, int]:
    """Milliseconds of each question, how many failed, and how many cited what was gone when they were asked."""
    times, errors, cited = [], 0, 0
    for text in texts:
        gone = set(changes.gone)
        try:
            milliseconds, articles = _asked(attache, text)
        except AttacheError:
            errors += 1
            continue
        times.append(milliseconds)
        cited += bool(articles & gone)
    return times, errors, cited


def _asked(attache: Attache, text: str) -> tuple[float, set[int]]:
    began = time.perf_counter()
    answer = attache.ask(text)
    return (time.perf_counter() - began) * 1e3, {each.quote.article_id for each in answer.evidence}


def _change(settings: Settings, embedder: Embedder, folder: Path, changes: _Changes, stop: threading.Event) -> None:
    """Adds, removes, builds and backs up in turn until it is told to stop."""
    articles = made_articles(seed=3)
    victims = _victims(settings)
    turn = 0
    try:
        while turn == 0 or not stop.wait(PAUSE_S):
            path = folder / f"arrived-{turn}.jsonl"
            records = (json.dumps(each.record()) for each in islice(articles, ARRIVING))
            path.write_text("\n".join(records), encoding="utf-8")
            ingest(settings, embedder, [path], IngestOptions())
            changes.done["added"] += ARRIVING
            if (victim := next(victims, None)) is not None:
                remove(settings, embedder, victim)
                changes.gone.add(victim)
                changes.done["removed"] += 1
            if turn % 4 == 0:
                changes.done["built"] += reindex(settings, embedder).built
            if turn % 4 == 2:
                back_up(settings, folder / f"backup-{turn}")
                changes.done["backups"] += 1
            turn += 1
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for the figures
        changes.failure = error


def _victims(settings: Settings) -> Iterator[int]:
    """Articles to remove, spread over the corpus."""
    with reading(settings.data_dir) as db:
        ids = list(Articles(db).ids())
    return iter(ids[::7])
