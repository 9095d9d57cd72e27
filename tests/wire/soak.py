"""Hours of a bot's life in minutes: questions, feeding, reindexes, lost connections; the server's clock moves on."""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.wire.process import Process, process
from tests.wire.running import ANSWER, QUESTION, make_corpus
from tests.wire.script import Place, make_place
from tests.wire.server import Server

ROUND_S = 600.0
QUESTIONS_A_ROUND = 10
PLACES = 40
# Connections that are cut, asked to come again, and sessions that end, every so many rounds.
CUT_EVERY, RECONNECT_EVERY, INVALID_EVERY = 3, 7, 20
# Memory and handles settle in the first rounds: caches, threads, the allocator.
SETTLED_AFTER = 0.25
MOST_GROWTH_MB, MOST_NEW_HANDLES = 30.0, 4


@dataclass(frozen=True)
class Sample:
    """The process after a round."""

    hours: float
    memory_mb: float
    handles: int


async def soak(hours: float, folder: Path) -> list[Sample]:
    """Lives through the hours; raises AssertionError where something is not answered."""
    make_corpus(folder)
    server = Server()
    await server.start()
    # Rounds take seconds, and a server may ask only so much a minute.
    places = [make_place(server, str(number)) for number in range(PLACES)]
    samples = []
    try:
        async with process(server, folder) as bot:
            await bot.start()
            await bot.is_up()
            rounds = round(hours * 3600 / ROUND_S)
            for number in range(rounds):
                await _round(server, places[number % PLACES], bot, number)
                server.clock.advance(ROUND_S)
                server.shakes.forget_old()
                server.buckets.forget()
                samples.append(Sample((number + 1) * ROUND_S / 3600, bot.memory_mb(), bot.handles()))
    finally:
        await server.stop()
    return samples


async def _round(server: Server, place: Place, bot: Process, number: int) -> None:
    people = [place.newcomer(f"m{number}-{each}") for each in range(QUESTIONS_A_ROUND)]
    # A channel of its own for every round, as its limit of messages is waited for in real time.
    channel = place.new_channel(f"round-{number}")
    for each, person in enumerate(people):
        at = person.at(channel)
        if each % 2:
            at.runs("ask", question=QUESTION)
        else:
            at.asks(QUESTION)
        await at.sees(ANSWER, within=30)
        if each == 4:
            await _disturb(server, number)
    file = (f"{number}.md", f"The ferry of round {number} sails at noon from Monday on.".encode())
    for command, options, told in (
        ("corpus add", {"file": file}, "article added"),
        ("corpus undo", {}, "removed"),
        ("corpus reindex", {}, "up to date"),
    ):
        place.alice.runs(command, **options)
        await place.alice.sees(told, within=60)
    place.channel.messages.clear()
    assert not bot.has_ended, bot.told()


async def _disturb(server: Server, number: int) -> None:
    if number % INVALID_EVERY == INVALID_EVERY - 1:
        before = len(server.gateway.identified)
        server.gateway.invalidate(resumable=False)
        # What is asked while there is no session is told to nobody.
        await server.until(lambda: len(server.gateway.identified) > before, "a new session", within=30)
    elif number % RECONNECT_EVERY == RECONNECT_EVERY - 1:
        server.gateway.ask_to_reconnect()
    elif number % CUT_EVERY == CUT_EVERY - 1:
        server.gateway.cut()


def main() -> None:
    """Prints a line an hour; fails where memory or handles grow after they have settled."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--hours", type=float, default=20.0, help="of simulated time")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="attache-soak-") as folder:
        samples = asyncio.run(soak(args.hours, Path(folder)))
    for each in samples[:: max(1, len(samples) // 20)]:
        sys.stdout.write(f"{each.hours:5.1f} h  {each.memory_mb:6.1f} MB  {each.handles} handles\n")
    settled, last = samples[int(len(samples) * SETTLED_AFTER)], samples[-1]
    growth, handles = last.memory_mb - settled.memory_mb, last.handles - settled.handles
    sys.stdout.write(f"since {settled.hours:.1f} h: {growth:+.1f} MB, {handles:+d} handles\n")
    if growth > MOST_GROWTH_MB or handles > MOST_NEW_HANDLES:
        sys.exit("it grows")


if __name__ == "__main__":
    main()
