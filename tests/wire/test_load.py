"""When a load has failed."""

import pytest

from tests.wire.load import wrong


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        (["answered", "answered", "busy"], ""),
        (["answered", "0 replies"], "lost"),
        (["answered", "2 replies"], "twice"),
        (["answered", "other"], "lost"),
        (["busy", "asked too fast"], "refused"),
        ([], "refused"),
    ],
)
def test_questions_that_are_lost_or_mostly_refused_fail_a_load(kinds: list[str], told: str):
    assert told in wrong(kinds)
    assert bool(told) == bool(wrong(kinds))
