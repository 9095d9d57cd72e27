"""Fixtures: a newspaper on loopback, and a desk that polls it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.feeds import Desk, Paper, newspaper


@pytest.fixture
def paper() -> Iterator[Paper]:
    with newspaper() as running:
        yield running


@pytest.fixture
def desk(paper: Paper, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(paper, tmp_path / "data")
    yield made
    made.close()
