"""A server in which a member looks things up, what is taken in for that, and the button to the next page."""

from simcord.env import Env

from tests.discord.screen import parts, text_of

QUESTION = "Did Arland deny sending rockets to Borduria?"


class Place:
    """A server with one channel and one member."""

    def __init__(self, env: Env, name: str) -> None:
        self.guild = env.create_guild(name)
        self.channel = self.guild.create_text_channel("general")
        self.member = self.guild.add_member(env.create_user(f"member-of-{name}"))
        self.collection = f"discord-{self.guild.id}"

    async def slash(self, name: str, /, **options: object):
        return await self.member.slash(self.channel, name, **options)

    async def read(self, name: str, /, **options: object) -> str:
        """What the command shows, which must be for the member's eyes only."""
        result = await self.slash(name, **options)
        assert result.ephemeral
        return text_of(result.response)

    async def titles(self, typed: str) -> list[str]:
        return [each["name"] for each in await self.member.autocomplete(self.channel, "article", "title", typed)]


def several(count: int, publisher: str = "Quarry Post", **fields: str) -> list[dict[str, str]]:
    return [
        {
            "title": f"Quarry report number {number}",
            "url": f"https://quarry.example/{number}",
            "publisher": publisher.format(number=number),
            "published_at": f"2024-01-{number % 28 + 1:02}",
            "body": f"The quarry of Stonefield sold {number} blocks of granite. Report {number} of the quarry says so.",
            **fields,
        }
        for number in range(count)
    ]


def button_id_after(message, verb: str) -> str:
    """The id of the button to the next page."""
    ids = [part["custom_id"] for part in parts(message) if part["type"] == 2 and not part.get("disabled")]
    return max((each for each in ids if each.startswith(f"attache:{verb}:")), key=lambda each: int(each.split(":")[2]))
