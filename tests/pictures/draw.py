"""Draws the main views on a phone's width: `python -m tests.pictures.draw [FOLDER]` (or `make pictures`)."""

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
import simcord
import time_machine

from bot.discord.bot import AttacheBot
from bot.discord.cogs._news_desk import NewsDesk
from bot.discord.cogs.greeter import Greeter
from bot.discord.cogs.news import NewsCommands
from bot.discord.process import make_bot
from bot.service.attache import Attache
from bot.service.ingest import ingest
from bot.settings import Settings
from corpus.ingest import IngestOptions
from tests.discord.screen import button_id

WIDTH = 420
# Enough for the longest page, so that no picture is cut; a picture is as high as what it shows.
HEIGHT = 2400
# Two hours before the day of the simulated Discord, where "built in 48 weeks" would confuse.
DAY = datetime(2025, 12, 31, 22, tzinfo=UTC)
FOLDER = Path("docs/pictures")
# News of made-up countries by made-up outlets, with links as long as those of large news sites.
NEWS = Path(__file__).with_name("news.jsonl")
QUESTION = "Did Ilse Brandt win the presidential election in Norvia?"
DISPUTED = "Did a Kurland boat sink the Marisol?"
TREATY = "Did Belmar and Tessen sign a treaty on the Drava dam?"
POST = (
    "Ilse Brandt won the presidential election in Norvia. A Kurland patrol boat sank the Marisol. "
    "Tessen's opposition supports the Drava treaty. The queen of Dunlow bought a lighthouse in Erem."
)
UNANSWERED = "Who won the chess championship of Dunlow?"
Draw = Callable[[str], Awaitable[None]]


@contextlib.contextmanager
def browser() -> Iterator[None]:
    """Lets playwright use the system's Chromium, which it does not look for by itself."""
    chromium = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
    if chromium is None:
        sys.exit("No Chromium was found. Install it first, such as with `apt-get install chromium`.")
    import playwright  # noqa: PLC0415 - only pictures need it

    listed = json.loads((Path(playwright.__file__).parent / "driver/package/browsers.json").read_text(encoding="utf-8"))
    revision = next(each["revision"] for each in listed["browsers"] if each["name"] == "chromium-headless-shell")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / f"chromium_headless_shell-{revision}"
        shell = home / "chrome-headless-shell-linux64" / "chrome-headless-shell"
        shell.parent.mkdir(parents=True)
        shell.symlink_to(chromium)
        (home / "INSTALLATION_COMPLETE").touch()
        os.environ["PLAYWRIGHT_BROWSERS_PATH"] = folder
        yield


class Studio:
    """One server with a member and an admin, and a channel for each picture."""

    def __init__(self, env: Any, folder: Path) -> None:
        self.env = env
        self.folder = folder
        self.guild = env.create_guild(name="World Affairs")
        self.alice = self.guild.add_member(env.create_user("alice", global_name="Alice"))

    async def draw(self, name: str, act: Callable[[Any], Awaitable[Any]], *, viewer: Any = None) -> None:
        """Lets something happen in a channel of its own, and takes a picture of the channel."""
        channel = self.guild.create_text_channel(name)
        await act(channel)
        viewers = [viewer or self.alice]
        async with self.env.preview(channel, viewers=viewers, layout="channel", width=WIDTH, height=HEIGHT) as preview:
            await preview.screenshot(self.folder / f"{name}.png", allow_incomplete=True)
        sys.stdout.write(f"{self.folder / name}.png\n")

    async def draw_each(self, *acts: Callable[[Any], Awaitable[Any]], viewer: Any = None) -> None:
        """Takes a picture of each act, named after its function."""
        for act in acts:
            await self.draw(act.__name__.strip("_").replace("_", "-"), act, viewer=viewer)


async def draw_all(folder: Path) -> None:
    """Draws every picture into a folder."""
    with tempfile.TemporaryDirectory() as data:
        settings = Settings.load(None, data_dir=Path(data))
        with Attache(settings) as attache:
            ingest(settings, attache.embedder, [NEWS], IngestOptions())
            attache.open()
            async with simcord.run(make_bot(settings, attache, shard_count=1), settle_timeout=60) as env:
                studio = Studio(env, folder)
                # One member draws everything.
                await env.bot.settings_cache.set(studio.guild.id, "questions_per_minute_member", "30")
                await draw_answers(studio)
                await draw_lookups(studio)
                await draw_overviews(studio)
                await draw_admins(studio)


async def draw_answers(studio: Studio) -> None:
    """What members see when they ask."""
    alice, bot = studio.alice, studio.env.bot

    async def answer(channel: Any) -> None:
        await alice.send(channel, f"<@{bot.user.id}> {QUESTION}")

    async def follow_up(channel: Any) -> None:
        await alice.send(channel, f"<@{bot.user.id}> {TREATY}")
        await alice.send(channel, f"<@{bot.user.id}> when?", reply_to=channel.last_message)

    async def disputed(channel: Any) -> None:
        await alice.send(channel, f"<@{bot.user.id}> {DISPUTED}")

    async def quotes(channel: Any) -> None:
        result = await alice.slash(channel, "ask", question=DISPUTED)
        await alice.click(result.response, custom_id=button_id(result.response, "quotes"))

    async def speakers(channel: Any) -> None:
        await alice.send(channel, f"<@{bot.user.id}> {DISPUTED}")
        await alice.send(channel, f"<@{bot.user.id}> who says so?", reply_to=channel.last_message)

    async def claims(channel: Any) -> None:
        post = await alice.send(channel, POST)
        await alice.context_menu(channel, "Check this claim", post)

    async def refusal(channel: Any) -> None:
        await alice.slash(channel, "ask", question=UNANSWERED)

    async def small_talk(channel: Any) -> None:
        await alice.send(channel, f"<@{bot.user.id}> hello!")

    await studio.draw_each(answer, follow_up, disputed, speakers, quotes, claims, refusal, small_talk)


async def draw_lookups(studio: Studio) -> None:
    """What members see when they look something up."""
    alice = studio.alice

    async def search(channel: Any) -> None:
        await alice.slash(channel, "search", query="grain ships in the Strait of Corran")

    async def article(channel: Any) -> None:
        await alice.slash(channel, "article", title="Kurland denies sinking the freighter Marisol")

    async def sources(channel: Any) -> None:
        await alice.slash(channel, "sources")

    async def status(channel: Any) -> None:
        await alice.slash(channel, "status")

    async def help_(channel: Any) -> None:
        await alice.slash(channel, "help")

    await studio.draw_each(search, article, sources, status, help_)


async def draw_overviews(studio: Studio) -> None:
    """What members see of events over time."""
    alice = studio.alice

    async def stories(channel: Any) -> None:
        await alice.slash(channel, "story")

    async def story(channel: Any) -> None:
        await alice.slash(channel, "story", about="freighter Marisol")

    async def coverage(channel: Any) -> None:
        await alice.slash(channel, "coverage", about="freighter Marisol")

    async def timeline(channel: Any) -> None:
        await alice.slash(channel, "timeline", question=DISPUTED)

    async def about_country(channel: Any) -> None:
        await alice.slash(channel, "about-country", name="Kurland")

    await studio.draw_each(stories, story, coverage, timeline, about_country)


async def draw_admins(studio: Studio) -> None:
    """What admins see."""
    role = studio.guild.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    owner = studio.guild.add_member(studio.env.create_user("olga", global_name="Olga"), roles=[role])
    story = (
        b"---\ntitle: A made-up notice\npublisher: Our own desk\ndate: 2024-09-30\n---\n"
        + b"Our desk met on Monday. " * 40
    )

    async def corpus(channel: Any) -> None:
        await owner.slash(channel, "corpus add", file=("notice.md", story))

    async def settings(channel: Any) -> None:
        await owner.slash(channel, "settings show")

    async def channel_settings(channel: Any) -> None:
        desk = studio.guild.create_text_channel("desk")
        chosen = {"answers": "quiet", "collection": "own", "publishers": "Radio Quill, Harbour Herald", "quotes": "2"}
        for setting, value in chosen.items():
            await owner.slash(desk, "settings set", setting=setting, value=value, channel=channel)
        await owner.slash(channel, "settings show", channel=channel)

    async def insights(channel: Any) -> None:
        await owner.slash(channel, "insights")

    async def posted(channel: Any) -> None:
        await owner.slash(channel, "news set", channel=channel, source="own", most=1, words="treaty, Marisol")
        await owner.slash(channel, "corpus add", file=("news.jsonl", NEWS.read_bytes()))
        await desk(studio.env.bot).post_all()

    async def greeting(channel: Any) -> None:
        studio.env.backend.edit_guild(studio.guild.id, {"system_channel_id": channel.id})
        await studio.env.settle()
        guild = studio.env.bot.get_guild(studio.guild.id)
        await studio.env.bot.records.run(lambda db: db.execute("UPDATE servers SET is_greeted = 0"))
        await greeter(studio.env.bot).on_guild_join(guild)

    await studio.draw_each(corpus, settings, channel_settings, insights, posted, greeting, viewer=owner)


def desk(bot: AttacheBot) -> NewsDesk:
    """What posts new articles."""
    cog = bot.get_cog("News")
    assert isinstance(cog, NewsCommands)
    return cog.desk


def greeter(bot: AttacheBot) -> Greeter:
    """What greets new servers."""
    cog = bot.get_cog("Greeter")
    assert isinstance(cog, Greeter)
    return cog


def main() -> None:
    """Draws into the folder that is named, else into `docs/pictures`."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with browser(), time_machine.travel(DAY):
        asyncio.run(draw_all(folder))


if __name__ == "__main__":
    main()
