"""Replays a fortnight of real news under a bot that is killed at random, and compares what watchers were told."""

import argparse
import asyncio
import gzip
import json
import multiprocessing
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from bot.answering.answer_changes import AnswerChange, ChangeKind
from bot.discord.i18n.phrases import phrases_in
from bot.discord.views.watch_pages import change_text
from bot.records import watch_outbox
from bot.records.records import RECORDS_NAME, open_records
from bot.records.topics import changes_of
from bot.records.watches import Watch, add_watch, find_watch
from bot.service.attache import Attache
from bot.service.ingest import ingest
from bot.service.watched_answers import first_look, look_again, parse_change
from bot.settings import Settings
from corpus.database import write_transaction
from corpus.ingest import IngestOptions
from corpus.timestamps import utc_text
from index.embedding.embedder import packaged_embedder
from index.filters import Filters
from tests.crash.fortnight_bot import WORK, settled
from tests.crash.kill_at_random import say
from tests.wire.script import Person, make_place, text_of
from tests.wire.server import Server

NEWS = Path("../shared/eval/news-2022")
# Days of news before the fortnight, over which the questions are asked first.
BEFORE = 14
# Articles come in twice a day, so that most changes are found because new passages are near, and the rest a day later.
HALF_DAY = timedelta(hours=12)
# What is kept of an article: whole paragraphs up to so many characters. Most of the time goes into embedding.
LONGEST = 2500
PATIENCE_S = 1800.0
SAY = phrases_in("en").say


@dataclass
class Watcher:
    """A member with one watch, and what a re-ask after every half-day finds in its answer."""

    person: Person
    watch: Watch
    brute: Watch
    expected: list[AnswerChange] = field(default_factory=list)

    def told(self) -> str:
        """All that the bot wrote to the member."""
        channel = self.person.server.world.dm_with(self.person.user)
        return "\n".join(map(text_of, channel.messages.values()))


@dataclass(frozen=True)
class News:
    """Articles by half-days, the first those of the weeks before, and questions on them."""

    before: list[dict[str, str]]
    halves: list[list[dict[str, str]]]
    questions: list[str]


def read_news(given: argparse.Namespace, first: date, chance: random.Random) -> News:
    """The set's articles of these days, some a day, and quiz questions that these articles answer."""
    by_day: dict[str, list[dict[str, str]]] = {}
    with gzip.open(given.news / "articles.jsonl.gz", "rt", encoding="utf-8") as file:
        for article in map(json.loads, file):
            by_day.setdefault(article["published_at"][:10], []).append(article)
    rows = list(map(json.loads, (given.news / "questions.jsonl").read_text(encoding="utf-8").splitlines()))
    last = first + timedelta(days=given.days + 7)
    asked = [each for each in rows if each["answerable"] and first.isoformat() <= each["asked_at"] < last.isoformat()]
    wanted = {number for each in asked for number in each["article_ids"]}
    chosen: dict[date, list[dict[str, str]]] = {}
    for number in range(-BEFORE, given.days):
        day = first + timedelta(days=number)
        here = by_day.get(day.isoformat(), [])
        chance.shuffle(here)
        here.sort(key=lambda each: each["id"] not in wanted)
        chosen[day] = [{**each, "body": _beginning(each["body"])} for each in here[: given.a_day]]
    coming = {each["id"] for day, articles in chosen.items() if day >= first for each in articles}
    told = [each["question"] for each in asked if coming & set(each["article_ids"])]
    halves = [chosen[first + timedelta(days=number)][part::2] for number in range(given.days) for part in (0, 1)]
    before = [each for day, articles in chosen.items() if day < first for each in articles]
    return News(before, halves, told[: given.watches])


def _beginning(body: str) -> str:
    kept = ""
    for paragraph in body.split("\n\n"):
        if kept and len(kept) + len(paragraph) > LONGEST:
            break
        kept = f"{kept}\n\n{paragraph}" if kept else paragraph
    return kept


class Fortnight:
    """The corpus, the watchers, and a Discord on loopback that outlives the bot."""

    def __init__(self, root: Path, server: Server, chance: random.Random) -> None:
        self.root, self.server, self.chance = root, server, chance
        self.settings = Settings.load(None, data_dir=root / "data")
        self.embedder = packaged_embedder()
        self.place = make_place(server)
        self.watchers: list[Watcher] = []
        self.kills = 0
        self.asked_at = ""
        self.missed: list[str] = []
        self.took_s = 20.0
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload([WORK.__module__])

    def add(self, articles: Sequence[dict[str, str]]) -> None:
        """Takes articles in, as another process would."""
        path = self.root / "articles.jsonl"
        path.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
        ingest(self.settings, self.embedder, [path], IngestOptions())

    def begin(self, questions: Sequence[str], now: datetime) -> None:
        """Has a member each watch a question, as the button below an answer does."""
        moment = utc_text(now)
        with Attache(self.settings, embedder=self.embedder) as attache:
            for number, question in enumerate(questions):
                look, vector = first_look(attache, question, Filters(), now)
                person = self.place.newcomer(f"member{number}")
                watch = Watch(
                    0, person.user.id, self.place.guild.id, self.place.channel.id, "direct", question, None, None, (),
                    private=False, language="en", made_at=moment, changed_at=moment, doubted_at=None,
                    verdict=look.verdict, marks=look.marks, last_passage=look.last_passage,
                )  # fmt: skip
                with write_transaction(db := open_records(self.settings.data_dir / RECORDS_NAME)):
                    watch = add_watch(db, watch, self.embedder.fingerprint, vector)
                    watch_outbox.save_pace(db, watch.user_id, watch_outbox.Pace(most=watch_outbox.MOST_A_DAY))
                db.close()
                self.watchers.append(Watcher(person, watch, watch))

    def ask_all(self, now: datetime) -> None:
        """Asks every question again, whatever came in, and keeps what changed."""
        self.asked_at = utc_text(now)
        with Attache(self.settings, embedder=self.embedder) as attache:
            for each in self.watchers:
                look = look_again(attache, each.brute, Filters(), now)
                each.expected += look.changes
                marks = tuple(dict.fromkeys([*each.brute.marks, *look.marks]))[-400:]
                last = look.last_passage
                each.brute = replace(each.brute, verdict=look.verdict, marks=marks, last_passage=last)

    async def run_bot(self, now: datetime, kills: int) -> None:
        """Runs the bot at a moment until all is told, killed so many times on the way."""
        for number in range(kills + 1):
            fault = number < kills and self.chance.random() < 0.6
            if fault:
                kind = self.chance.choice(("slow", "slow after", "cut before", "cut after"))
                self.server.faults.add("POST /channels/*/messages", kind, 1.0)
            process = self.context.Process(target=WORK, args=self._work(now))
            began = time.monotonic()
            process.start()
            known = len(self.server.gateway.identified)
            end = self.chance.uniform(0, self.took_s) if number < kills else PATIENCE_S
            ready_at: float | None = None
            while process.is_alive():
                await asyncio.sleep(0.02)
                moment = time.monotonic()
                if ready_at is None and len(self.server.gateway.identified) > known:
                    ready_at = moment
                hit = fault and self.server.faults.are_over
                if number < kills and ready_at is not None and (hit or moment > ready_at + end):
                    await asyncio.sleep(self.chance.uniform(0, 1.2) if hit else 0)
                    process.kill()
                    self.kills += 1
                    break
                if moment - began > PATIENCE_S:
                    process.kill()
                    sys.exit("the bot does not come to an end")
            process.join()
            self.server.faults.clear()
            if process.exitcode not in {0, -signal.SIGKILL}:
                sys.exit(f"the bot ended by itself with exit code {process.exitcode}")
            if process.exitcode == 0 and ready_at is not None:
                self.took_s = time.monotonic() - ready_at
            elif self.chance.random() < 0.5:
                # Minutes later Discord no longer recognises a message that is sent again.
                self.server.forgets_nonces()

    def _work(self, now: datetime) -> tuple[Path, int, str, str]:
        authority = self.server.certificates.authority.cert_pem.bytes().decode()
        return self.settings.data_dir, self.server.port, authority, utc_text(now)

    def compare(self) -> dict[str, int]:
        """What was told compared with what the bot found, and that with what asking everything again finds."""
        counts: Counter[str] = Counter()
        self.missed = []
        db = open_records(self.settings.data_dir / RECORDS_NAME)
        logged = changes_of(db, [self.place.guild.id], 0, 2**60, "")
        counts["settled"] = int(settled(db, None))
        for each in self.watchers:
            rows = [row for row in logged if row.watch_id == each.watch.id]
            found = [parse_change(row.change) for row in rows]
            _compare_told(each, found, counts)
            later = [parse_change(row.change) for row in rows if row.found_at > self.asked_at]
            now = find_watch(db, each.watch.id)
            since = {now.verdict if now else None, *(change.before for change in later if _is_verdict(change))}
            self.missed += _missed(each, found, since)
        db.close()
        counts["missed"] = len(self.missed)
        return dict(counts)


def _is_verdict(change: AnswerChange) -> bool:
    return change.kind is ChangeKind.VERDICT


def _compare_told(watcher: Watcher, found: list[AnswerChange], counts: Counter[str]) -> None:
    """Counts what the bot found for a watcher, and how much of it was told once."""
    text = watcher.told()
    lines = Counter(change_text(each, phrases_in("en")) for each in found)
    shown = {line: text.splitlines().count(line) for line in lines}
    left_out = sum(
        int(line.split()[2]) for line in text.splitlines() if line.startswith("-# and ") and "see them" in line
    )
    counts["found"] += len(found)
    counts["told"] += sum(shown.values()) + left_out
    counts["told twice"] += sum(max(0, shown[line] - lines[line]) for line in lines)
    counts["not told"] += max(0, sum(max(0, lines[line] - shown[line]) for line in lines) - left_out)
    same = Counter((each.kind, each.before, each.after, each.place) for each in found if not _is_verdict(each))
    counts["found twice"] += sum(same.values()) - len(same)
    chain = [each for each in found if _is_verdict(each)]
    counts["verdicts out of order"] += sum(one.after != two.before for one, two in pairwise(chain))
    counts["expected"] += len(watcher.expected)
    reasked = {mark for each in watcher.expected for mark in each.marks} | set(watcher.watch.marks)
    counts["beyond a re-ask"] += len({mark for each in found for mark in each.marks} - reasked)


def _missed(watcher: Watcher, found: list[AnswerChange], verdicts_since: set[str | None]) -> list[str]:
    """Returns what asking again found and the bot did not.

    Args:
        watcher: has the question, and what asking it again found.
        found: what the bot found.
        verdicts_since: those that the bot had from the last time on that the question was asked again; the day alone
            may have changed its verdict afterwards.
    """
    known = {mark for each in found for mark in each.marks} | set(watcher.watch.marks)
    wanted = {mark for each in watcher.expected for mark in each.marks} - known
    missed = [*map(str, sorted(wanted)), *({watcher.brute.verdict} - verdicts_since)]
    return [f"missed of “{watcher.watch.question}”: {each}" for each in missed]


async def replay(given: argparse.Namespace, chance: random.Random, root: Path) -> dict[str, int]:
    """Lives through the days, and returns the figures."""
    first = date.fromisoformat(given.first)
    news = read_news(given, first, chance)
    server = Server()
    await server.start()
    try:
        noon = datetime(first.year, first.month, first.day, 12, tzinfo=UTC)
        server.clock.advance((noon - datetime.now(UTC)).total_seconds())
        life = Fortnight(root, server, chance)
        life.add(news.before)
        life.begin(news.questions, noon)
        say(f"{len(news.before)} articles before, {len(life.watchers)} watches.")
        # The bot looks at once where something near came in, and within a day at the rest: it gets that day at the end.
        halves = [*news.halves, [], []]
        left = given.kills
        for number, articles in enumerate(halves):
            # Some minutes more each time, so that a look at the same hour is a day later for sure.
            now = noon + HALF_DAY * number + timedelta(minutes=10 * number)
            kills = min(left, -(-left // (len(halves) - number)))
            left -= kills
            server.clock.advance((now - datetime.fromtimestamp(server.clock.now(), UTC)).total_seconds())
            if articles:
                # Not in the loop: the server could answer nobody meanwhile.
                await asyncio.to_thread(life.add, articles)
                await asyncio.to_thread(life.ask_all, now)
            await life.run_bot(now, kills)
            found = life.compare()
            say(
                f"{now:%d %B, %H} h: {len(articles)} articles, {life.kills} kills, {found['found']} changes found, "
                f"{found['told']} told, {found['told twice']} twice, {found['expected']} by asking all again."
            )
        figures = life.compare()
        for each in life.missed:
            say(each)
        return {**figures, "kills": life.kills, "watches": len(life.watchers)}
    finally:
        await server.stop()


def main(arguments: list[str] | None = None) -> int:
    """Replays, compares and sums up; 0 when all is well, 1 when anything is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--news", type=Path, default=NEWS, help="the folder with the articles and questions")
    parser.add_argument("--first", default="2022-06-10", help="the first day")
    parser.add_argument("--days", type=int, default=14, help="how many days are replayed")
    parser.add_argument("--a-day", type=int, default=10, help="articles a day at most")
    parser.add_argument("--watches", type=int, default=20, help="questions that are watched")
    parser.add_argument("--kills", type=int, default=20, help="how often the bot is killed")
    parser.add_argument(
        "--seed", type=int, default=None, help="makes articles and moments repeatable, as far as time is"
    )
    given = parser.parse_args(arguments)
    if not given.news.is_dir():
        say(f"Skipped: {given.news} is not here.")
        return 0
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**6)
    with tempfile.TemporaryDirectory(prefix="attache-fortnight-") as folder:
        figures = asyncio.run(replay(given, random.Random(seed), Path(folder)))
    wrong = ("told twice", "not told", "found twice", "verdicts out of order", "missed")
    failures = sum(figures.get(name, 0) for name in wrong) + (not figures["settled"])
    say(", ".join(f"{name} {count}" for name, count in figures.items() if name != "settled"))
    say(f"{figures['kills']} kills, seed {seed}: {failures} failures.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
