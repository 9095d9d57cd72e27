"""Fixtures: a newspaper on loopback, and its feeds, polled."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.feeds import Paper, PolledFeeds, newspaper


@pytest.fixture
def paper() -> Iterator[Paper]:
    with newspaper() as running:
        yield running


@pytest.fixture
def feeds(paper: Paper, tmp_path: Path) -> Iterator[PolledFeeds]:
    made = PolledFeeds(paper, tmp_path / "data")
    yield made
    made.close()
