"""The shortest way: connect over TLS, take a mention, answer it."""

from bot.settings import Settings
from tests.wire.running import ANSWER, QUESTION, connected
from tests.wire.script import make_place
from tests.wire.server import Server


async def test_a_mention_is_answered_over_the_wire(server: Server, settings: Settings):
    place = make_place(server)
    async with connected(server, settings):
        asked = place.bob.asks(QUESTION)
        await place.bob.sees(ANSWER)
        assert len(place.bob.replies_to(asked)) == 1
