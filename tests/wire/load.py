"""A load of questions on a bot in a process of its own, and what it does to answers, memory and event loop."""

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.wire.process import Process, process
from tests.wire.running import HARBOURS, QUESTION, make_corpus
from tests.wire.script import Message, Place, make_place, text_of
from tests.wire.server import Server

QUESTIONS = (QUESTION, *(f"What happened to the harbour of {place}?" for place, _news in HARBOURS))
# Seconds after the last question in which its answer must have come.
PATIENCE_S = 60.0


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
            return f"{len(replies)} replies"
        text = text_of(replies[0])
        if "Searched" in text:
            return "answered"
        return "busy" if "Too many questions" in text else "asked too fast" if "faster" in text else "other"


def _moment(iso: str) -> float:
    return datetime.fromisoformat(iso).timestamp()


async def load(args: argparse.Namespace, folder: Path) -> tuple[list[str], str]:
    """Runs the load; the report, line by line, and what was wrong, if anything was."""
    make_corpus(folder, model=args.model)
    server = Server()
    await server.start()
    places = [make_place(server, str(number)) for number in range(args.servers)]
    try:
        async with process(server, folder, shards=args.shards, model=args.model) as bot:
            await bot.start()
            await bot.is_up(within=120 + 6 * args.shards)
            await asyncio.sleep(5)
            await _ask(server, places, rate=args.rate, seconds=5)
            before, calls = bot.memory_mb(), len(server.calls)
            server.gateway.lags.clear()
            asked = await _ask(server, places, rate=args.rate, seconds=args.seconds)
            return _report(args, server, bot, asked, before, calls), wrong([each.kind() for each in asked])
    finally:
        await server.stop()


async def _ask(server: Server, places: list[Place], *, rate: float, seconds: float) -> list[Asked]:
    """Asks at an even rate, whatever comes back, and waits for the last answers."""
    chance, loop = random.Random(7), asyncio.get_running_loop()
    began, asked = loop.time(), []
    for number in range(round(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
        place = places[chance.randrange(len(places))]
        who = place.alice if number % 2 else place.bob
        asked.append(Asked(place, who.asks(chance.choice(QUESTIONS))))
        if number % round(rate) == 0:
            server.gateway.ask_for_heartbeats()
    end = loop.time() + PATIENCE_S
    while loop.time() < end and not all(each.replies() for each in asked):
        await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    return asked


def _report(
    args: argparse.Namespace, server: Server, bot: Process, asked: list[Asked], before: float, calls: int
) -> list[str]:
    kinds = Counter(each.kind() for each in asked)
    times = sorted(each.seconds() for each in asked if each.kind() == "answered")
    lags = sorted(server.gateway.lags)
    limited = Counter(call.detail or "route" for call in list(server.calls)[calls:] if call.status == 429)
    return [
        f"{args.rate:g} questions/s for {args.seconds:g} s, {args.shards} shards, {args.servers} servers, {args.model}",
        f"questions: {len(asked)}; " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()),
        "message to answer: " + _shares(times),
        "event loop (heartbeat asked for to sent): " + _shares(lags),
        f"memory: {before:.0f} MB before, {bot.memory_mb():.0f} MB after; {bot.handles()} handles",
        f"queue notices: {sum(bool(each.replies() and each.replies()[0].get('_edits')) for each in asked)}",
        f"rate limits: {dict(limited) or 'none'}; problems {server.problems or 'none'}",
        f"identifies {len(server.gateway.identified)}, resumes {server.gateway.resumes}",
    ]


def wrong(kinds: list[str]) -> str:
    """What must not be, or nothing: a load in which hardly any question was answered measures nothing."""
    if any(" replies" in kind or kind == "other" for kind in kinds):
        return "questions were lost or answered twice"
    return "" if kinds.count("answered") * 2 > len(kinds) else "most questions were refused"


def _shares(times: list[float]) -> str:
    if not times:
        return "none"
    return ", ".join(
        f"{name} {times[min(len(times) - 1, int(share * len(times)))] * 1000:.0f} ms"
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("longest", 1.0))
    )


def main() -> None:
    """Reads the arguments, runs, prints; fails where a question was lost or answered twice, or most were refused."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rate", type=float, default=20.0, help="questions a second")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--servers", type=int, default=1000)
    parser.add_argument("--model", choices=("hashing", "real"), default="hashing")
    with tempfile.TemporaryDirectory(prefix="attache-load-") as folder:
        report, failure = asyncio.run(load(parser.parse_args(), Path(folder)))
    sys.stdout.write("\n".join(report) + "\n")
    if failure:
        sys.exit(failure)


if __name__ == "__main__":
    main()
