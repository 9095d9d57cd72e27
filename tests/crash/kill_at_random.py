"""Kills ingest and reindex at random moments, and checks after each kill that nothing is lost, half or mixed."""

import argparse
import faulthandler
import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, MutableSequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing.context import ForkServerContext
from pathlib import Path

import numpy as np
from sqlite_utils import Database

import corpus.ingest
import corpus.passages
import index.embedding.vector_store
import index.maintenance
from bot.service.ingest import ingest, reindex
from bot.service.ingest_progress import ProgressCallbacks
from bot.service.open_index import open_index
from bot.settings import Settings
from corpus.article import Draft, Span
from corpus.articles import Article, Articles
from corpus.checks import integrity_problems, misplaced_passages
from corpus.database import open_database
from corpus.ingest import IngestOptions
from corpus.lock import writer_lock
from corpus.prepare import normalise
from index.embedding.embedder import Vectors
from index.embedding.vector_store import Embeddings
from index.generation.generations import Generation, Generations
from index.generation.vector_index import Ids
from index.live.live_vectors import LiveVectors
from index.live.new_passages import PassageTracker
from index.schema import migrations as index_migrations
from tests.crash.editions import Edition
from tests.fakes import HashingEmbedder

STAGES = ("starting", "reading", "cutting again", "embedding", "building", "finished")
STARTING, READING, CUTTING, EMBEDDING, BUILDING, FINISHED = range(len(STAGES))
STAGES_OF = {"ingest": (STARTING, READING, EMBEDDING, BUILDING), "reindex": (CUTTING, EMBEDDING, BUILDING)}

# Small batches make many commits of a few hundred articles.
ARTICLES_AT_ONCE = 16
TEXTS_PER_COMMIT = 128
# Some editions of the news make the next generation, others join the one before.
MAX_STALE = 150
# A slow disk and a slow model stretch the moments that are over in no time on a fast machine.
FSYNC_S = 0.02
BATCH_S = 0.03
# Every reindex cuts by other rules, so that it has passages to cut and texts to embed: lengths each far from the last.
FIRST_LENGTH, LENGTHS, STEP = 60, 81, 37
# float16 keeps 11 bits of each number of a unit vector.
TOLERANCE = 2e-3
# Runs that finish before their kill, at most, for one kill.
TRIES = 12
# After so many seconds in one run, a child and then its parent print where each of their threads is.
STUCK_S, PARENT_STUCK_S = 100, 110


class SlowEmbedder(HashingEmbedder):
    """The stand-in for the model, taking its time over each batch."""

    def encode(self, texts: list[str], on_done: Callable[[int], None] = lambda _count: None) -> Vectors:
        time.sleep(BATCH_S)
        return super().encode(texts, on_done)


def work(settings: Settings, task: str, path: Path, words: int, reached: MutableSequence[float]) -> None:
    """What is killed: one whole ingest or reindex, as the commands run it. Notes when it reaches each stage."""
    faulthandler.dump_traceback_later(STUCK_S)
    corpus.ingest.BATCH_SIZE = index.maintenance.ARTICLES_AT_ONCE = ARTICLES_AT_ONCE
    index.embedding.vector_store.TEXTS_PER_COMMIT = TEXTS_PER_COMMIT
    index.maintenance.MIN_STALE = index.maintenance.MAX_STALE = MAX_STALE
    corpus.passages.MAX_WORDS = words
    fsync = os.fsync

    def reach(stage: int) -> None:
        reached[stage] = reached[stage] or time.monotonic()

    def slow_fsync(handle: int) -> None:
        reach(BUILDING)
        time.sleep(FSYNC_S)
        fsync(handle)

    os.fsync = slow_fsync
    progress = ProgressCallbacks(reading=lambda _: reach(READING), embedding=lambda _: reach(EMBEDDING))
    reach(STARTING)
    if task == "ingest":
        ingest(settings, SlowEmbedder(), [path], IngestOptions(), progress=progress)
    else:
        reach(CUTTING)
        reindex(settings, SlowEmbedder(), full=True, progress=progress)
    reach(FINISHED)


@dataclass(frozen=True)
class Ending:
    """How far a run came, and the seconds it took, in all and by stage."""

    stage: str
    seconds: float
    by_stage: dict[int, float]


@dataclass
class Trial:
    """One data folder, what it was fed, what is wrong with it so far, and where the kills landed."""

    root: Path
    seed: int
    articles: int
    failures: list[str] = field(default_factory=list)
    landed: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.settings = Settings.load(env_file=None, data_dir=self.root / "data")
        self.path = self.root / "news.jsonl"
        self.edition = Edition(self.seed, -1, self.articles)
        self.rules = [corpus.passages.MAX_WORDS]
        self.known: dict[str, list[tuple[str, str]]] = {}
        self.stored = 0
        self.durations: dict[str, dict[int, float]] = {}
        self.context: ForkServerContext = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["__main__", "tests.crash.preloaded"])

    # --- running and killing

    def prepare(self, task: str) -> None:
        """Gives the next run something to do: another edition of the news, or other rules of cutting."""
        if task == "reindex":
            self.rules.append(FIRST_LENGTH + len(self.rules) * STEP % LENGTHS)
            return
        self.edition = Edition(self.seed, self.edition.number + 1, self.articles)
        records = list(self.edition.records())
        self.path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
        for record in records:
            text = (record["title"], normalise(Draft(body=record["body"])).body)
            texts = self.known.setdefault(record["url"], [])
            if text not in texts:
                texts.append(text)

    def run(self, task: str, kill_in: int = FINISHED) -> Ending:
        """Runs a task in a process of its own, and kills it at a random moment of a stage; FINISHED lets it be."""
        # Without a lock: a child that is killed while it holds one would never release it, and this process would wait
        # for ever. There is one writer, and a number of eight bytes is never half written.
        reached = self.context.Array("d", len(STAGES), lock=False)
        faulthandler.dump_traceback_later(PARENT_STUCK_S, exit=True)
        arguments = (self.settings, task, self.path, self.rules[-1], reached)
        process = self.context.Process(target=work, args=arguments)
        process.start()
        while process.is_alive() and not reached[kill_in]:
            process.join(0.002)
        if kill_in != FINISHED:
            process.join(self.chance.uniform(0, self.durations[task][kill_in]))
            process.kill()
        process.join()
        faulthandler.cancel_dump_traceback_later()
        if process.exitcode not in {0, -signal.SIGKILL}:
            self.fail(f"{task} ended by itself with exit code {process.exitcode}")
        times = [(stage, moment) for stage, moment in enumerate(reached) if moment]
        by_stage = {stage: after - moment for (stage, moment), (_, after) in pairwise(times)}
        last = FINISHED if process.exitcode == 0 else max((stage for stage, _ in times), default=STARTING)
        began = times[0][1] if times else time.monotonic()
        return Ending(STAGES[last], time.monotonic() - began, by_stage)

    def kill(self, task: str) -> Ending:
        """Kills a task in a random stage; where it was done before that, tries again with more work."""
        target = self.chance.choice(STAGES_OF[task])
        for _ in range(TRIES):
            self.prepare(task)
            ending = self.run(task, target)
            if ending.stage != STAGES[FINISHED]:
                break
        self.expect(f"{task} was killed before it was done", ending.stage != STAGES[FINISHED])
        self.landed[f"{task}, {ending.stage}"] += 1
        return ending

    # --- checking

    def fail(self, what: str) -> None:
        """Keeps a failure for the end, and says it at once."""
        self.failures.append(what)
        say(f"  FAILED: {what}")

    def expect(self, what: str, holds: object) -> None:
        """Keeps a failure unless the condition holds."""
        if not holds:
            self.fail(what)

    def check(self) -> None:
        """What must hold whenever a process was killed."""
        with writer_lock(self.settings.data_dir, "checking"):
            pass
        with closing(open_database(self.settings.data_dir, (index_migrations,))) as db:
            self.expect("the database is sound", integrity_problems(db) == [])
            self.expect("every passage is a slice of its article", misplaced_passages(db) == [])
            count = 0
            for article in _articles(db):
                count += 1
                self._check_article(db, article)
            self.expect(f"no article is lost ({count} of {self.stored} are left)", count >= self.stored)
            self.stored = count
            self._check_generation(db)

    def _check_article(self, db: Database, article: Article) -> None:
        texts = self.known[article.url or ""]
        self.expect(f"article {article.id} is whole", (article.title, article.body) in texts)
        for version in Articles(db).versions(article.id):
            self.expect(f"a former text of article {article.id} is whole", (version.title, version.body) in texts)
        rows = db.execute('SELECT start, "end" FROM passages WHERE article_id = ? ORDER BY ordinal', (article.id,))
        spans = [Span(*row) for row in rows]
        whole = any(spans == _cut(article, words) for words in reversed(self.rules))
        self.expect(f"article {article.id} has all its passages", whole)

    def _check_generation(self, db: Database) -> None:
        told: list[str] = []
        was_live = Generations(self.settings.data_dir).live_name()
        generation = open_index(self.settings, Generations(self.settings.data_dir), db, HashingEmbedder(), told.append)
        if was_live is not None:
            self.expect("a generation that was live opens as it is", generation.name == was_live)
        # That it is missing or damaged, and that texts are embedded first.
        self.expect("at most two sentences are said about it", len(told) <= 2)
        self._check_vectors(db, generation)

    def _check_vectors(self, db: Database, generation: Generation) -> None:
        """Each vector of a passage that is still there is that passage's own."""
        present = Articles(db).passages(generation.index.ids.tolist())
        if not present:
            return
        ids = np.array(sorted(present), dtype=np.int64)
        own = HashingEmbedder().encode([present[int(each)].text for each in ids])
        for passage_id, vector in zip(ids, own, strict=True):
            [cosine] = generation.index.cosines(vector, np.array([passage_id])).cosines
            self.expect(f"the vector of passage {passage_id} is its own", abs(cosine - 1) < TOLERANCE)

    def check_complete(self) -> None:
        """What must hold once a run was left alone: everything is there, and nothing else."""
        self.check()
        data_dir = self.settings.data_dir
        latest = {r["url"]: (r["title"], normalise(Draft(body=r["body"])).body) for r in self.edition.records()}
        with closing(open_database(data_dir, (index_migrations,))) as db:
            now = {article.url: (article.title, article.body) for article in _articles(db)}
            self.expect("every article is there as the last edition has it", now == latest)
            self.expect("every text has its vector", Embeddings(db, HashingEmbedder().fingerprint).count_missing() == 0)
            ids = [row[0] for row in db.execute("SELECT id FROM passages ORDER BY id")]
            live = Generations(data_dir).open_live(HashingEmbedder().fingerprint)
            self.expect("the index finds every passage and no other", live and _searched(db, live).tolist() == ids)
        folders = [path.name for path in (data_dir / "index").iterdir() if path.is_dir()]
        self.expect(f"no folder is left over ({folders})", len(folders) <= 2 and all(n[0].isdigit() for n in folders))
        report = ingest(self.settings, HashingEmbedder(), [self.path], IngestOptions())
        again = report.ingest.added + report.ingest.updated + report.index.embedded + report.index.built
        self.expect("another run finds nothing to do", again == 0)


def _searched(db: Database, generation: Generation) -> Ids:
    joined = PassageTracker(db, generation.index.ids)
    view = LiveVectors(generation.index, joined, Embeddings(db, HashingEmbedder().fingerprint))
    joined.catch_up()
    view.catch_up()
    return view.ids


def _articles(db: Database) -> Iterator[Article]:
    articles = Articles(db)
    yield from (article for article in map(articles.get, articles.ids()) if article)


def _cut(article: Article, words: int) -> list[Span]:
    kept, corpus.passages.MAX_WORDS = corpus.passages.MAX_WORDS, words
    try:
        return corpus.passages.cut_passages(article.body, article.language)
    finally:
        corpus.passages.MAX_WORDS = kept


def say(line: str) -> None:
    """Prints a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def measure(trial: Trial, root: Path) -> None:
    """Lets one run of each task come to its end in another folder, to know how long its stages are."""
    rehearsal = Trial(root / "rehearsal", trial.seed, trial.articles)
    rehearsal.root.mkdir()
    for task in ("ingest", "reindex"):
        rehearsal.prepare(task)
        trial.durations[task] = rehearsal.run(task).by_stage
    trial.failures.extend(rehearsal.failures)
    shutil.rmtree(rehearsal.root)


def main(arguments: list[str] | None = None) -> int:
    """Kills, checks and sums up; 0 when all is well, 1 when anything is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="how often each of ingest and reindex is killed")
    parser.add_argument("--articles", type=int, default=300, help="articles of the first edition of the news")
    parser.add_argument("--seed", type=int, default=None, help="makes news and moments repeatable, as far as time is")
    given = parser.parse_args(arguments)
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**6)
    with tempfile.TemporaryDirectory(prefix="attache-crash-") as folder:
        root = Path(folder)
        trial = Trial(root, seed, given.articles)
        measure(trial, root)
        for task in ("ingest", "reindex"):
            for number in range(1, given.kills + 1):
                ending = trial.kill(task)
                before = len(trial.failures)
                trial.check()
                verdict = "sound" if len(trial.failures) == before else "NOT SOUND"
                say(f"{task} {number}/{given.kills}: killed after {ending.seconds:.2f} s, {ending.stage}: {verdict}")
            trial.run(task)
            trial.check_complete()
            say(f"{task}: left alone, it completed with {trial.stored} articles")
    where = "; ".join(f"{place}: {count}" for place, count in sorted(trial.landed.items()))
    say(f"Kills landed: {where}.")
    say(f"{2 * given.kills} kills, seed {seed}: {len(trial.failures)} failures.")
    return 1 if trial.failures else 0


if __name__ == "__main__":
    sys.exit(main())
