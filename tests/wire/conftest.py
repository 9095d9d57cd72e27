"""A server for each test, which fails where a client does what Discord does not take."""

import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.wire.process import PROGRAMS
from tests.wire.running import make_corpus, write_articles
from tests.wire.server import Server
from tests.wire.tls import Certificates

# Codes that no well-made client provokes, whatever happens around it.
NEVER = (50035, 50006, 50109, 50005, 40060)


@pytest.fixture(scope="session")
def certificates() -> Certificates:
    return Certificates.make()


@pytest.fixture
async def server(certificates: Certificates) -> AsyncIterator[Server]:
    running = Server(certificates)
    await running.start()
    yield running
    await running.stop()
    assert not running.problems, running.problems
    wrong = [call for call in running.calls if call.code in NEVER and call.code not in running.expected]
    assert not wrong, wrong


@pytest.fixture(scope="session")
def fed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with articles in it, to be copied."""
    folder = tmp_path_factory.mktemp("fed")
    make_corpus(folder)
    return folder / "data"


@pytest.fixture(scope="session")
def fed_by_command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as `attache ingest` makes it, under the packaged model."""
    folder = tmp_path_factory.mktemp("command")
    arguments = ("--data-dir", "data", "ingest", *write_articles(folder))
    subprocess.run([sys.executable, *PROGRAMS["real"], *arguments], cwd=folder, check=True, capture_output=True)
    return folder / "data"


@pytest.fixture
def settings(fed_folder: Path, tmp_path: Path) -> Settings:
    return Settings.load(None, data_dir=shutil.copytree(fed_folder, tmp_path / "data"))
