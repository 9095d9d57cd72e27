"""Fixtures: `python -m evals` and `attache`, run in this process."""

import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import structlog

from bot.cli.main import main
from evals.__main__ import app
from tests.bot.conftest import Attache, command_line


@pytest.fixture(autouse=True)
def no_lines_of_others() -> Iterator[None]:
    """Keeps log lines out of what is printed: a bot of an earlier test may still end a round in its thread."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)


@pytest.fixture
def evals(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Attache:
    """Runs `python -m evals ARGUMENTS` on a data folder, by default `data` in the test's own folder."""
    return command_line("python -m evals", partial(main, app), monkeypatch, capsys, tmp_path / "data")


@pytest.fixture
def attache(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Attache:
    """Runs `attache ARGUMENTS` on a data folder, by default `data` in the test's own folder."""
    return command_line("attache", main, monkeypatch, capsys, tmp_path / "data")
