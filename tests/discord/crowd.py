"""Members of one bot who each write one message."""

import itertools
from typing import Any

from simcord.env import Env

from tests.discord.places import Place
from tests.discord.screen import parts, text_of


class Crowd:
    """Members who each write one message, in a server of their own or in reply to an answer that they share."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self.mention = f"<@{env.bot.user.id}> "
        self._numbers = itertools.count(1)
        self._answers: dict[str, tuple[Place, Any]] = {}

    def place(self) -> Place:
        return Place(self.env, f"server-{next(self._numbers)}")

    async def answered(self, question: str) -> tuple[Place, Any]:
        """Where the question was asked, and its answer; asked once."""
        if question not in self._answers:
            place = self.place()
            await place.member.send(place.channel, self.mention + question)
            self._answers[question] = place, place.channel.last_message
        return self._answers[question]

    async def reply_to(self, row: dict[str, Any]) -> str:
        """What a member sees after a message, reactions included."""
        said = row["said"]
        if row["how"] == "reply":
            place, answer = await self.answered(row["after"])
            member = place.guild.add_member(self.env.create_user(f"member-{next(self._numbers)}"))
            return self.below(place, await member.send(place.channel, self.mention + said, reply_to=answer))
        here = self.place()
        member = here.member
        match row["how"]:
            case "about":
                other = here.guild.add_member(self.env.create_user(f"other-{next(self._numbers)}"))
                theirs = await other.send(here.channel, row["after"])
                return self.below(here, await member.send(here.channel, self.mention + said, reply_to=theirs))
            case "after":
                await member.send(here.channel, self.mention + row["after"])
                return self.below(here, await member.send(here.channel, self.mention + said))
            case "ask":
                return seen((await member.slash(here.channel, "ask", question=said)).response)
            case "claim" | "forward":
                message = await member.send(here.channel, said)
                if row["how"] == "forward":
                    message = await member.forward(message, here.channel)
                return text_of((await member.context_menu(here.channel, "Check this claim", message)).response)
            case "dm" | "dm-after":
                if row["after"]:
                    await member.send_dm(row["after"])
                before = len(self.env.http_requests)
                await member.send_dm(said)
                return "\n".join(map(str, self.env.http_requests[before:]))
            case _:
                return self.below(here, await member.send(here.channel, self.mention + said))

    def below(self, place: Place, message: Any) -> str:
        """What the bot wrote below a message, and its reactions to it."""
        reactions = self.env.backend.get_message(place.channel.id, message.id).reactions
        after = [each for each in place.channel.history() if each.id > message.id]
        return "\n".join([*map(seen, after), *(each.emoji for each in reactions)])


def seen(message: Any) -> str:
    """What a message shows: its text, and what stands on its buttons."""
    return "\n".join([text_of(message), *(part.get("label") or "" for part in parts(message) if part["type"] == 2)])
