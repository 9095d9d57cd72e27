"""How a command may end, and two questions: one that the starter briefs answer, one that they do not."""

from bot.render.envelope import VERSION
from tests.bot.conftest import Ended

DENIAL = "Did Iran deny the missile reports?"
ABSENT = "Which team won the cricket world cup final?"


def assert_sentence(ended: Ended, code: int) -> None:
    """It failed with a sentence and something to do next, and nothing beside."""
    assert ended.code == code
    assert ended.out == ""
    lines = ended.err.strip().splitlines()
    assert 1 <= len(lines) <= 3
    assert lines[0][0].isupper()
    assert lines[0].endswith(".")
    assert len(lines[0]) < 400


def assert_shape(ended: Ended, kind: str) -> dict[str, object]:
    assert (ended.json["kind"], ended.json["version"]) == (kind, VERSION)
    return ended.json
