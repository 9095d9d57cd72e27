"""A load of questions, each of another member or nearly so, and the check that each was answered exactly once."""

from dataclasses import dataclass, field

from tests.wire.live_bot import QUESTION
from tests.wire.script import Message, Person, Place, text_of
from tests.wire.server import Server

# What a server and a member may ask a minute without a setting; more would be told to wait.
MEMBER_A_MINUTE = 5


@dataclass
class Burst:
    """Questions over some servers."""

    server: Server
    places: list[Place]
    asked: list[tuple[Person, Message]] = field(default_factory=list)
    _people: dict[int, Person] = field(default_factory=dict)

    def ask(self, number: int) -> None:
        """Asks one more question, by the next member in the next server."""
        place = self.places[number % len(self.places)]
        key = number // MEMBER_A_MINUTE
        person = self._people.get(key) or place.newcomer(f"member{key}")
        self._people[key] = person
        at = person.at(place.channel)
        place.guild.members.setdefault(person.user.id, place.guild.members[place.alice.user.id])
        self.asked.append((at, at.asks(f"{QUESTION} ({number})")))

    def answered(self) -> int:
        """How many questions have an answer, be it in place of a notice."""
        return sum(
            any("Newest: <t:" in text_of(reply) for reply in person.replies_to(message))
            for person, message in self.asked
        )

    async def ends(self, within: float) -> None:
        """Waits for all replies, and checks that each question has one, which is an answer."""
        await self.server.until(lambda: self.answered() >= len(self.asked), "all answers", within)
        for person, message in self.asked:
            (reply,) = person.replies_to(message)
            assert "Newest: <t:" in text_of(reply), text_of(reply)
