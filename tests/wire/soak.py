"""Hours of a bot's life in minutes: questions, feeds, additions, lost connections; its own clock moves, too."""

import argparse
import asyncio
import random
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.service.backup import back_up
from bot.service.feeds import CheckedFeed, add_feed
from bot.settings import Settings
from corpus.feeds.feed import FeedKind, Listing
from tests.crash.kill_polling import LoopbackPaper
from tests.fakes import HashingEmbedder
from tests.feeds import Story, newspaper, story
from tests.wire.growth import HEAD, Sample, growth, held, line
from tests.wire.live_bot import ANSWER, QUESTION, make_corpus
from tests.wire.metrics import free_port, scrape
from tests.wire.process import Process, process
from tests.wire.script import Person, Place, make_place
from tests.wire.server import Server
from tests.wire.shifted_time import Shared

ROUND_S = 600.0
PLACES, MEMBERS = 6, 10
# Connections that are cut, asked to come again, and sessions that end, every so many rounds.
CUT_EVERY, RECONNECT_EVERY, INVALID_EVERY = 3, 7, 20
# Rounds between two of somebody's looks at what is kept of them, of their deleting it, and of an operator's backups.
EXPORT_EVERY, DELETE_EVERY, BACKUP_EVERY = 4, 9, 72
# Seconds by which time moves at once: the library takes a connection for dead that is silent for 60.
STEP_S = 30.0
# Rounds between two issues of the papers; stories of each, and those that stay online.
ISSUE_EVERY, NEW_STORIES, ONLINE = 6, 2, 30


@dataclass
class Life:
    """A bot in its process, people and papers around it, and the time that all of them live in."""

    server: Server
    bot: Process
    settings: Settings
    port: int
    time: Shared
    papers: tuple[LoopbackPaper, LoopbackPaper]
    places: list[Place]
    members: dict[int, list[Person]] = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    samples: list[Sample] = field(default_factory=list)
    published: int = 0
    edited: int = 0

    async def pass_time(self, seconds: float) -> None:
        """Has so many seconds pass for everybody, as fast as the bot can follow."""
        end = self.time.wanted + seconds
        while self.time.wanted < end:
            step = min(STEP_S, end - self.time.wanted)
            self.server.clock.advance(step)
            self.time.wanted += step
            # What a shard hears now, it hears in the new time: its loop looks at its timers again.
            self.server.gateway.ask_for_heartbeats()
            await self.server.until(self._has_followed, "the bot's clock", within=60)

    def _has_followed(self) -> bool:
        beaten = all(each.link is None or each.link.asked_at is None for each in self.server.gateway.live())
        return self.time.reached >= self.time.wanted and beaten

    async def live(self, rounds: int) -> None:
        """Lives through so many rounds; raises AssertionError where something is not answered."""
        for number in range(rounds):
            if number % ISSUE_EVERY == 0:
                self._issue()
            await self._round(number)
            await self.pass_time(ROUND_S)
            self.server.shakes.forget_old()
            self.server.buckets.forget()
            told = await scrape(self.port)
            hours = (number + 1) * ROUND_S / 3600
            self.samples.append(held(self.bot, self.settings.data_dir, told.value, hours))
            if hours.is_integer():
                _say(line(self.samples[-1]))

    async def _round(self, number: int) -> None:
        place = self.places[number % PLACES]
        members = self.members[place.guild.id]
        for each, person in enumerate(members):
            if each % 2:
                person.runs("ask", question=QUESTION)
            else:
                person.asks(QUESTION)
            answer = await person.sees(ANSWER, within=30)
            if each == 1:
                person.presses("uote", answer)
                await person.sees(ANSWER, within=30)
            if each == 4:
                await _disturb(self.server, number)
        await self._admin_works(place, number)
        await self._member_looks(members[number % MEMBERS], number)
        if number % BACKUP_EVERY == BACKUP_EVERY - 1:
            with tempfile.TemporaryDirectory(prefix="attache-soak-backup-") as folder:
                await asyncio.to_thread(back_up, self.settings, Path(folder) / "backup")
        place.channel.messages.clear()
        assert not self.bot.has_ended, self.bot.told()

    async def _admin_works(self, place: Place, number: int) -> None:
        file = (f"{number}.md", f"The ferry of round {number} sails at noon from Monday on.".encode())
        for command, options, told in (
            ("corpus add", {"file": file}, "article added"),
            ("corpus undo", {}, "removed"),
            ("corpus reindex", {}, "up to date"),
            ("corpus feed list", {}, "feeds"),
        ):
            place.alice.runs(command, **options)
            if command == "corpus undo":
                await place.alice.sees("Undo the last addition?", within=60)
                place.alice.presses("Undo")
            await place.alice.sees(told, within=60)

    async def _member_looks(self, person: Person, number: int) -> None:
        if number % EXPORT_EVERY == EXPORT_EVERY - 1:
            person.runs("my-data export")
            await person.sees("about you", within=30)
        if number % DELETE_EVERY == DELETE_EVERY - 1:
            person.runs("my-data delete")
            asked = await person.sees("Delete what I keep", within=30)
            person.presses("Delete it all", asked)
            await person.sees("Deleted:", within=30)

    def _issue(self) -> None:
        """The papers bring new stories, change an old one, and take the oldest from their sites."""
        now = self.server.clock.now()
        for paper in self.papers:
            if paper.stories:
                changed = self.chance.choice(paper.stories)
                self.edited += 1
                changed.text += f" Correction no. {self.edited}: the vote was counted again."
                changed.summary = f"Corrected: {self.edited}."
            paper.stories += [self._story(now) for _ in range(NEW_STORIES)]
            del paper.stories[:-ONLINE]

    def _story(self, now: float) -> Story:
        self.published += 1
        return story(self.published, now)


@asynccontextmanager
async def living(folder: Path) -> AsyncIterator[Life]:
    """A life that has just begun: the bot is up, one feed is known, an admin adds another."""
    made = make_corpus(folder, HashingEmbedder())
    server, port = Server(), free_port()
    time = Shared(folder / "time")
    within = ("-m", "tests.wire.shifted_time", str(folder / "time"))
    await server.start()
    try:
        with newspaper() as one, newspaper() as two:
            papers = LoopbackPaper(one.site), LoopbackPaper(two.site)
            hosts = ",".join(f"127.0.0.1:{paper.site.port}" for paper in papers)
            add_feed(made, CheckedFeed(papers[0].url(), Listing(FeedKind.RSS, "Harbour Herald")))
            places = [make_place(server, str(number)) for number in range(PLACES)]
            async with process(server, folder, within=within) as bot:
                await bot.start(metrics_port=str(port), allowed_hosts=hosts, feed_delay_s="0")
                await bot.is_up()
                life = Life(server, bot, made, port, time, papers, places)
                await _settle_in(life)
                yield life
    finally:
        await server.stop()


async def _settle_in(life: Life) -> None:
    for place in life.places:
        life.members[place.guild.id] = [place.newcomer(f"m{each}") for each in range(MEMBERS)]
        # So that within some days as much is deleted as comes.
        place.alice.runs("settings set", setting="keep_days", value="1")
        await place.alice.sees("keep_days", within=30)
    alice = life.places[0].alice
    alice.runs("corpus feed add", link=life.papers[1].url())
    await alice.sees("Added", within=30)


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


async def soak(hours: float, folder: Path) -> tuple[list[str], list[str]]:
    """Lives through the hours; what to print, and what is wrong."""
    async with living(folder) as life:
        _say(HEAD)
        await life.live(round(hours * 3600 / ROUND_S))
        grown, wrong = growth(life.samples)
        last = life.samples[-1]
        came = life.published + life.edited
        lines = [*grown, f"papers: {life.published} stories, {life.edited} edits; fed {last.fed}"]
        if last.fed < came * 0.8 or last.failed_polls:
            wrong.append("polling")
        return lines, wrong


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Prints a line an hour; fails where something grows after it has settled, or feeds are not read."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--hours", type=float, default=20.0, help="of simulated time")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="attache-soak-") as folder:
        lines, wrong = asyncio.run(soak(args.hours, Path(folder)))
    _say("\n".join(lines))
    if wrong:
        sys.exit(f"it grows or stands still: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
