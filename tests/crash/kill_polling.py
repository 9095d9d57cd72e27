"""Kills rounds of polling at random moments, and checks after each that nothing is lost and nothing is there twice."""

import argparse
import faulthandler
import multiprocessing
import random
import signal
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bot.service.feeds import CheckedFeed, add_feed
from bot.service.poll import PollLoop
from bot.settings import Settings
from corpus.article import Article
from corpus.articles import Articles, Version
from corpus.checks import integrity_problems, misplaced_passages
from corpus.database import open_database
from corpus.feeds.feed import FeedKind, Listing
from corpus.feeds.schedule import Clock
from corpus.lock import writer_lock
from index.embedding.vector_store import Embeddings
from index.schema import migrations as index_migrations
from tests.crash.kill_at_random import PARENT_STUCK_S, STUCK_S, SlowEmbedder, say
from tests.feeds import Paper, newspaper, story

NEW_STORIES = 5
# A poll that was killed has its feed for half an hour; an entry that changed is fetched an hour after the last time.
BETWEEN_ROUNDS_S = 2 * 3600
# Seconds between a request and the kill, at most: what became of its answer is stored meanwhile, or just not yet.
MOMENT_S = 0.2


def work(settings: Settings, now: float) -> None:
    """What is killed: one round of polling, as the bot runs it, at a time that stands still."""
    faulthandler.dump_traceback_later(STUCK_S)
    clock = Clock(lambda: now, lambda _seconds: None, lambda: 0.5)
    polling = PollLoop(settings, SlowEmbedder(), threading.Event(), clock)
    polling.poll_round(polling.due())


class LoopbackPaper(Paper):
    """The newspaper under its address instead of its name: processes ask the system for names."""

    def url(self, path: str = "/feed") -> str:
        return f"http://127.0.0.1:{self.site.port}{path}"


@dataclass
class Trial:
    """A data folder with one feed, what its site ever said, and what is wrong so far."""

    root: Path
    paper: LoopbackPaper
    seed: int
    failures: list[str] = field(default_factory=list)
    said: dict[str, list[str]] = field(default_factory=dict)
    stored: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.now = time.time()
        hosts = f"127.0.0.1:{self.paper.site.port}"
        self.settings = Settings.load(env_file=None, data_dir=self.root, allowed_hosts=hosts, feed_delay_s=0)
        self.paper.listed = 10_000
        add_feed(self.settings, CheckedFeed(self.paper.url(), Listing(FeedKind.RSS, "Harbour Herald")))
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["__main__", "tests.crash.preloaded"])

    def publish(self) -> None:
        """Hours later the site has new stories, and another text of an earlier one."""
        self.now += BETWEEN_ROUNDS_S
        if self.paper.stories:
            changed = self.chance.choice(self.paper.stories)
            changed.text += f" Correction no. {len(self.said[changed.slug])}: the vote was counted again."
            changed.summary = f"Corrected: {len(self.said[changed.slug])}."
        for _ in range(NEW_STORIES):
            self.paper.stories.append(story(len(self.paper.stories) + 1, self.now))
        for each in self.paper.stories:
            texts = self.said.setdefault(each.slug, [])
            if each.text not in texts:
                texts.append(each.text)

    def run(self, requests: int | None = None) -> int:
        """Runs a round, killed a moment after it has sent so many requests, if any; returns how many it sent."""
        self.paper.site.requests.clear()
        process = self.context.Process(target=work, args=(self.settings, self.now))
        faulthandler.dump_traceback_later(PARENT_STUCK_S, exit=True)
        process.start()
        if requests is not None:
            while process.is_alive() and len(self.paper.site.requests) < requests:
                process.join(0.002)
            process.join(self.chance.uniform(0, MOMENT_S))
            process.kill()
        process.join()
        faulthandler.cancel_dump_traceback_later()
        if process.exitcode not in {0, -signal.SIGKILL}:
            self.expect(f"the round ended by itself with exit code {process.exitcode}", holds=False)
        return len(self.paper.site.requests)

    def expect(self, what: str, *, holds: object) -> None:
        """Keeps a failure unless the condition holds, and says it at once."""
        if not holds:
            self.failures.append(what)
            say(f"  FAILED: {what}")

    def check(self) -> dict[str, str]:
        """What must hold whenever a round was killed; returns the text of each story that is stored."""
        found: dict[str, str] = {}
        with (
            writer_lock(self.settings.data_dir, "checking"),
            closing(open_database(self.settings.data_dir, (index_migrations,))) as db,
        ):
            self.expect("the database is sound", holds=integrity_problems(db) == [])
            self.expect("every passage is a slice of its article", holds=misplaced_passages(db) == [])
            articles = Articles(db)
            for article in filter(None, map(articles.get, articles.ids())):
                slug = (article.url or "").rpartition("/")[2].removesuffix(".html")
                # The page's heading is the first line of what was read.
                texts = [_without_heading(each) for each in (*articles.versions(article.id), article)]
                self.expect(f"{slug} is there once", holds=slug not in found)
                self.expect(f"{slug} is whole", holds=set(texts) <= set(self.said.get(slug, [])))
                self.expect(f"{slug} has each text once", holds=len(texts) == len(set(texts)))
                found[slug] = texts[-1]
        self.expect(f"no article is lost ({len(found)} of {self.stored} are left)", holds=len(found) >= self.stored)
        self.stored = len(found)
        return found

    def check_complete(self) -> None:
        """What must hold once a round was left alone: all that the site says is there; asking again brings nothing."""
        latest = {each.slug: each.text for each in self.paper.stories}
        self.expect("every story is there as the site has it now", holds=self.check() == latest)
        with closing(open_database(self.settings.data_dir, (index_migrations,))) as db:
            missing = Embeddings(db, SlowEmbedder().fingerprint).count_missing()
            self.expect("every text has its vector", holds=missing == 0)
            before = db.execute("SELECT revision FROM state").fetchone()
        self.now += BETWEEN_ROUNDS_S
        self.run()
        with closing(open_database(self.settings.data_dir, (index_migrations,))) as db:
            self.expect(
                "another round changes nothing", holds=db.execute("SELECT revision FROM state").fetchone() == before
            )


def _without_heading(text: Article | Version) -> str:
    return text.body.removeprefix(f"{text.title}\n")


def main(arguments: list[str] | None = None) -> int:
    """Kills, checks and sums up; 0 when all is well, 1 when anything is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="how many rounds are killed")
    parser.add_argument(
        "--seed", type=int, default=None, help="makes stories and moments repeatable, as far as time is"
    )
    given = parser.parse_args(arguments)
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**6)
    with tempfile.TemporaryDirectory(prefix="attache-crash-") as folder, newspaper() as paper:
        trial = Trial(Path(folder), LoopbackPaper(paper.site), seed)
        trial.publish()
        trial.run()
        trial.check()
        for number in range(1, given.kills + 1):
            trial.publish()
            # The rules for robots, the feed, the new stories and the changed one; after the last it embeds.
            requests = trial.run(trial.chance.randint(1, NEW_STORIES + 3))
            before = len(trial.failures)
            trial.check()
            verdict = "sound" if len(trial.failures) == before else "NOT SOUND"
            say(f"round {number}/{given.kills}: killed after {requests} requests, {trial.stored} articles: {verdict}")
        trial.now += BETWEEN_ROUNDS_S
        trial.run()
        trial.check_complete()
        say(f"Left alone, it completed with {trial.stored} articles.")
        say(f"{given.kills} kills, seed {seed}: {len(trial.failures)} failures.")
    return 1 if trial.failures else 0


if __name__ == "__main__":
    sys.exit(main())
