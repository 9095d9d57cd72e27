"""A server with an admin and a member, and what they do with the corpus."""

import json
from dataclasses import dataclass
from typing import Any

import discord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle
from simcord.env import Env
from sqlite_utils import Database

from bot.discord.scope import server_collection
from bot.discord.transport.page import Page
from bot.discord.workers.jobs import Job
from corpus.articles import Articles
from corpus.catalog import list_articles
from tests.discord.screen import button_id, labels_of, text_of

MINE = b"""---
title: Velden bridge closes for repairs
url: https://news.example/velden-bridge
publisher: Valley Times
date: 2024-04-10
---
The Velden bridge closes on Monday for repairs, transport minister Oskar Brandt said on Tuesday. The work on the two
cracked pillars takes six weeks, and the ferry takes cars across the river meanwhile.
"""
QUESTION = "When does the Velden bridge close for repairs?"


@dataclass(frozen=True)
class Server:
    """A server: alice may manage it, bob is a member."""

    env: Env
    guild: GuildHandle
    channel: ChannelHandle
    alice: MemberActor
    bob: MemberActor

    async def run(self, command: str, **options: Any) -> str:
        """What alice sees after a command."""
        return text_of((await self.alice.slash(self.channel, command, **options)).response)

    async def confirm(self, command: str, verb: str, **options: Any) -> str:
        """What alice sees after a command whose question she answers with the button that does it."""
        asked = (await self.alice.slash(self.channel, command, **options)).response
        if not labels_of(asked):
            return text_of(asked)
        return text_of((await self.alice.click(asked, custom_id=button_id(asked, verb))).response)

    async def add(self, content: bytes = MINE, name: str = "bridge.md", **options: Any) -> str:
        """What alice sees after adding a file."""
        return await self.run("corpus add", file=(name, content), **options)

    def make_operator(self, *members: MemberActor) -> None:
        """Names people in the settings."""
        bot = self.env.bot
        bot.settings = bot.settings.model_copy(update={"operators": tuple(member.id for member in members)})

    def override(self, command: str, *members: MemberActor) -> None:
        """Lets members use a command, as the server's integration settings can."""
        found = self.env.backend.find_command(command, self.guild.id, type=1)
        self.guild.set_command_permissions(int(found["id"]), dict.fromkeys(members, True))

    async def channel_message(self, page: Page) -> discord.Message:
        """A message of the bot that all can see."""
        channel = self.env.bot.get_channel(self.channel.id)
        assert isinstance(channel, discord.TextChannel)
        return await channel.send(view=page.layout())

    async def acts(self) -> list[tuple[str, str]]:
        """The audit: (act, details), oldest first."""
        sql = "SELECT act, details FROM acts WHERE server_id = ? ORDER BY id"
        return await self.env.bot.records.run(lambda db: db.execute(sql, (self.guild.id,)).fetchall())

    async def own_articles(self) -> list[str | None]:
        """The titles of the server's own articles, as they are stored."""
        within = (server_collection(self.guild.id),)

        def read(db: Database) -> list[str | None]:
            return [each.title for each in Articles(db).facts(list_articles(db, within)).values()]

        return await self.env.bot.corpus_reader.run(read)


def make_server(env: Env, name: str = "one") -> Server:
    """A server of its own."""
    guild = env.create_guild(name)
    role = guild.create_role("admins", permissions=discord.Permissions(manage_guild=True))
    alice = guild.add_member(env.create_user(f"alice-{name}"), roles=[role])
    bob = guild.add_member(env.create_user(f"bob-{name}"))
    return Server(env, guild, guild.create_text_channel("general"), alice, bob)


def begin(server: Server, kind: str = "reindex", user: MemberActor | None = None) -> Job:
    """Work that is under way, a quarter done."""
    job = Job(kind, (user or server.alice).id, server.guild.id)
    job.report("embedding", 25, 100)
    server.env.bot.jobs.current = job
    return job


def lines(*titles: str, text: str = "The ferry sails at noon on weekdays, the harbour office said.") -> bytes:
    """A JSONL file with one article a title, each with an address of its own."""
    records = [
        {
            "title": title,
            "url": f"https://news.example/{place}",
            "publisher": "Harbour Herald",
            "body": f"{title}. {text}",
        }
        for place, title in enumerate(titles)
    ]
    return "\n".join(map(json.dumps, records)).encode()
