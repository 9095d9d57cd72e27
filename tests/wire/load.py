"""A load of questions on a bot in a process of its own: what becomes of them, where their time goes, what it costs."""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from index.embedding.embedder import SentenceEmbedder
from index.embedding.models import PACKAGED_MODEL
from tests.fakes import HashingEmbedder
from tests.wire.live_bot import HARBOURS, QUESTION, make_corpus
from tests.wire.metrics import Scrape, free_port, scrape
from tests.wire.process import Process, process
from tests.wire.script import Message, Place, make_place, text_of
from tests.wire.server import Server

QUESTIONS = (QUESTION, *(f"What happened to the harbour of {place}?" for place, _news in HARBOURS))
# Seconds after the last question in which its answer must have come.
PATIENCE_S = 60.0
# How late the bot's event loop may be in all but one of a hundred looks, in seconds; Discord waits three for an
# acknowledgement. And by how much the process may grow.
MOST_LAG_S, MOST_GROWTH_MB = 0.25, 30.0
# By how much it may grow in a rush, which fills its queue.
MOST_RUSH_GROWTH_MB = 300.0
# Once a minute the bot gives the memory that it has freed back to the system.
HOUSEKEEPING_S = 65.0
# What is asked, as a share of what the bot answers a second when asked one question after the other: a machine that is
# half as fast carries half the load. In all, at most what the pace of messages allows with some to spare.
CARRIED, RUSH = 0.6, 2.0
MOST_CARRIED = 20.0
COUNTED, RUSH_S = 40, 30.0
ANSWERED, BUSY, TOO_FAST, SILENT, OTHER = "answered", "busy", "asked too fast", "refused in silence", "other"
# What may still become an answer.
_UNSETTLED = (SILENT, OTHER)
_SHOWN_STAGES = ("embed", "dense", "lexical", "fuse", "answer", "keep", "pace", "send")
# Where the time of a question goes, by the bot's own metrics: name, metric, labels.
STAGES = (
    ("answer queue", "attache_queue_wait_seconds", {}),
    *((name, "attache_stage_seconds", {"stage": name}) for name in _SHOWN_STAGES),
    ("one request", "attache_discord_request_seconds", {}),
    ("event loop late", "attache_event_loop_lag_seconds", {}),
    ("whole", "attache_question_seconds", {}),
)


@dataclass
class Asked:
    """One question, and what came of it."""

    place: Place
    message: Message

    def replies(self) -> list[Message]:
        return self.place.bob.replies_to(self.message)

    def seconds(self) -> float:
        """From the message to its answer, by the server's clock."""
        (reply,) = self.replies()
        return _moment(reply["edited_timestamp"] or reply["timestamp"]) - _moment(self.message["timestamp"])

    def kind(self) -> str:
        """What became of it."""
        replies = self.replies()
        if len(replies) != 1:
            return f"{len(replies)} replies" if replies else SILENT
        text = text_of(replies[0])
        # Answers tell how new they are, refusals how many articles were searched.
        if "Newest: <t:" in text or "articles searched" in text:
            return ANSWERED
        # A member asks too fast; a server asks faster than it may.
        return BUSY if "Too many" in text else TOO_FAST if "too fast" in text or "faster" in text else OTHER


@dataclass
class Seen:
    """A load as it was seen from both sides: questions, the bot's metrics meanwhile, and what it cost.

    `rate` is in questions a second, over `seconds`. `late_s` is how late the event loop of the server was, which asks
    and takes the time as well; `heartbeats_s` is how late the bot's heartbeats were while it was asked.
    """

    rate: float
    seconds: float
    asked: list[Asked]
    told: Scrape
    before_mb: float
    after_mb: float
    handles: int
    late_s: list[float]
    server_cpu_s: float
    heartbeats_s: list[float]

    def kinds(self) -> Counter[str]:
        return Counter(each.kind() for each in self.asked)

    def wrong(self, *, is_rush: bool = False) -> list[str]:
        """What must not have been."""
        return wrong(self.kinds(), self.told, self.after_mb - self.before_mb, is_rush=is_rush)


def _moment(iso: str) -> float:
    return datetime.fromisoformat(iso).timestamp()


async def load(args: argparse.Namespace, folder: Path) -> tuple[list[str], list[str]]:
    """Runs a rush, then a load that the bot should carry; the reports, line by line, and what was wrong."""
    make_corpus(folder, SentenceEmbedder(PACKAGED_MODEL) if args.model == "real" else HashingEmbedder())
    server, port = Server(), free_port()
    await server.start()
    places = [make_place(server, str(number)) for number in range(args.servers)]
    try:
        async with process(server, folder, shards=args.shards, model=args.model) as bot:
            await bot.start(metrics_port=str(port))
            await bot.is_up(within=120 + 6 * args.shards)
            most = await _answered_a_second(server, places)
            rate = args.rate or min(MOST_CARRIED, CARRIED * most)
            await asyncio.sleep(HOUSEKEEPING_S)
            rush = await _watched(server, places, bot, port, rate=RUSH * most, seconds=RUSH_S)
            report = [f"one after the other: {most:.1f} questions/s", "", "a rush:", *_report(args, server, rush)]
            carried = await _watched(server, places, bot, port, rate=rate, seconds=args.seconds)
            report += ["", "what it should carry:", *_report(args, server, carried)]
            return report, [*rush.wrong(is_rush=True), *carried.wrong()]
    finally:
        await server.stop()


async def _answered_a_second(server: Server, places: list[Place]) -> float:
    """Asks one question after the other; how many are answered a second, the first ones aside, which load models."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(-COUNTED // 2, COUNTED):
        if number == 0:
            began = loop.time()
        place = places[number % len(places)]
        asked = Asked(place, place.alice.asks(f"{QUESTIONS[number % len(QUESTIONS)]} (first {number})"))
        while not asked.replies() and loop.time() < began + PATIENCE_S:
            await asyncio.sleep(0.005)
    return COUNTED / (loop.time() - began)


async def _watched(
    server: Server, places: list[Place], bot: Process, port: int, *, rate: float, seconds: float
) -> Seen:
    server.gateway.lags.clear()
    server.calls.clear()
    before, told, cpu = bot.memory_mb(), await scrape(port), time.process_time()
    async with _lateness() as late:
        asked = await _ask(server, places, rate=rate, seconds=seconds)
    cpu, told = time.process_time() - cpu, (await scrape(port)).since(told)
    heartbeats_s = sorted(server.gateway.lags)
    await asyncio.sleep(HOUSEKEEPING_S)
    after = bot.memory_mb()
    return Seen(rate, seconds, asked, told, before, after, bot.handles(), late, cpu, heartbeats_s)


@asynccontextmanager
async def _lateness() -> AsyncIterator[list[float]]:
    late: list[float] = []

    async def look() -> None:
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.05)
            late.append(time.monotonic() - began - 0.05)

    looking = asyncio.create_task(look())
    try:
        yield late
    finally:
        looking.cancel()


async def _ask(server: Server, places: list[Place], *, rate: float, seconds: float) -> list[Asked]:
    """Asks at an even rate, whatever comes back, and waits for the last answers, which replace notices to wait."""
    chance, loop = random.Random(7), asyncio.get_running_loop()
    began, asked = loop.time(), []
    for number in range(round(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
        place = places[chance.randrange(len(places))]
        who = place.alice if number % 2 else place.bob
        # No two alike: a text that was embedded before, or an answer that is remembered, would cost next to nothing.
        asked.append(Asked(place, who.asks(f"{chance.choice(QUESTIONS)} ({number} of {rate * seconds:.0f})")))
        if number % max(1, round(rate)) == 0:
            server.gateway.ask_for_heartbeats()
    end, quiet_at, sent = loop.time() + PATIENCE_S, loop.time(), len(server.calls)
    # Those who are refused in silence get no reply: after some seconds without any, none is coming.
    while loop.time() < min(end, quiet_at + 20) and any(each.kind() in _UNSETTLED for each in asked):
        await asyncio.sleep(0.1)
        if len(server.calls) != sent:
            sent, quiet_at = len(server.calls), loop.time()
    await asyncio.sleep(1)
    return asked


def _report(args: argparse.Namespace, server: Server, seen: Seen) -> list[str]:
    times = sorted(each.seconds() for each in seen.asked if each.kind() == ANSWERED)
    limited = Counter(call.detail or "route" for call in server.calls if call.status == 429)
    sent = Counter(call.request.replace("/{channel}", "").replace("/{message}", "") for call in server.calls)
    notices = sum(bool(each.replies() and each.replies()[0].get("_edits")) for each in seen.asked)
    bot_cpu_s = seen.told.value("process_cpu_seconds_total")
    return [
        f"{seen.rate:.1f} questions/s for {seen.seconds:g} s; {args.shards} shards, {args.servers} servers",
        f"questions: {len(seen.asked)}; " + ", ".join(f"{kind} {count}" for kind, count in seen.kinds().most_common()),
        f"message to answer: {_shares(times)}; {notices} were told their place before",
        "where the time goes, by the bot's metrics:      times      mean    p50 <=    p95 <=    p99 <=",
        *_stages(seen.told),
        f"heartbeat asked for to sent: {_shares(seen.heartbeats_s)}",
        f"server that asks, loop late: {_shares(sorted(seen.late_s))}",
        f"requests: {', '.join(f'{name} {count}' for name, count in sent.most_common())}",
        f"rate limits: {dict(limited) or 'none'}; problems {server.problems or 'none'}",
        f"processor: bot {bot_cpu_s:.1f} s, server {seen.server_cpu_s:.1f} s for {len(seen.asked)} questions",
        f"memory: {seen.before_mb:.0f} MB before, {seen.after_mb:.0f} MB after; {seen.handles} handles",
        f"identifies {len(server.gateway.identified)}, resumes {server.gateway.resumes}",
    ]


def _stages(told: Scrape) -> list[str]:
    lines = []
    for title, name, labels in STAGES:
        shares = "".join(f"{told.share(name, each, **labels) * 1e3:7.0f} ms" for each in (0.5, 0.95, 0.99))
        count, mean = told.value(f"{name}_count", **labels), told.mean(name, **labels)
        lines.append(f"  {title:40} {count:10.0f} {mean * 1e3:6.1f} ms{shares}")
    return lines


def wrong(kinds: Counter[str], told: Scrape, growth_mb: float, *, is_rush: bool = False) -> list[str]:
    """What must not be. Every question is answered once, or refused and counted; but in a rush, half are answered.

    Args:
        kinds: what became of the questions, as the server saw it.
        told: what the bot's metrics say about the same time.
        growth_mb: by how much its memory grew.
        is_rush: whether more was asked than the bot can answer.
    """
    found = []
    if any(" replies" in kind or kind == OTHER for kind in kinds):
        found.append("questions were answered twice, or with something else")
    refused = sum(told.value("attache_questions_total", outcome=each) for each in ("busy", "too_fast"))
    silent = max(0.0, refused - kinds[BUSY] - kinds[TOO_FAST])
    if kinds[SILENT] != silent or told.value("attache_questions_total") != kinds.total():
        found.append(f"{kinds[SILENT]} questions have no reply, {silent:.0f} were refused without being told")
    if not is_rush and kinds[ANSWERED] * 2 <= kinds.total():
        found.append("most questions were refused")
    if (lag := told.share("attache_event_loop_lag_seconds", 0.99)) > MOST_LAG_S:
        found.append(f"the event loop was up to {lag:g} s late")
    if growth_mb > (MOST_RUSH_GROWTH_MB if is_rush else MOST_GROWTH_MB):
        found.append(f"it grew by {growth_mb:.0f} MB")
    return found


def _shares(times: Sequence[float]) -> str:
    if not times:
        return "none"
    return ", ".join(
        f"{name} {times[min(len(times) - 1, int(share * len(times)))] * 1000:.0f} ms"
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("longest", 1.0))
    )


def main() -> None:
    """Reads the arguments, runs, prints; fails where a question was lost or answered twice, or a mark is passed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rate", type=float, help="questions a second; by default 0.6 of what it can")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--servers", type=int, default=1000)
    parser.add_argument("--model", choices=("hashing", "real"), default="hashing")
    with tempfile.TemporaryDirectory(prefix="attache-load-") as folder:
        report, failures = asyncio.run(load(parser.parse_args(), Path(folder)))
    sys.stdout.write("\n".join(report) + "\n")
    if failures:
        sys.exit("; ".join(failures))


if __name__ == "__main__":
    main()
