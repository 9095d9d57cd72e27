"""Fixtures: an empty environment, settings, a made-up corpus, and the starter briefs with the real model."""

import os

# Before anything loads them: with several processes on as many cores, threads that wait for one another only spin.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import gc
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
import structlog
from filelock import FileLock
from sqlite_utils import Database

from bot.service.attache import Attache
from bot.service.ingest import ingest, ingest_starter
from bot.settings import PREFIX, Settings
from corpus.article import Draft
from corpus.articles import Articles
from corpus.database import open_database
from corpus.ingest import IngestOptions
from index.embedding.embedder import SentenceEmbedder, load_reference_model
from index.embedding.models import PACKAGED_MODEL
from index.schema import migrations as index_migrations
from tests.fakes import HashingEmbedder
from tests.made_databases import MadeDatabases
from tests.remembered_readings import remember_readings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Its tracebacks with all variables take a tenth of a second each.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)
# Examples take as long as the machine is busy; what must not take long has a test of its own.
hypothesis.settings.register_profile("quick", deadline=None, max_examples=40)
# `pytest --hypothesis-profile thorough`
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=400)
hypothesis.settings.load_profile("quick")
# What is made until the first test begins stays to the end: nobody need look through it for garbage.
gc.disable()

MakeSettings = Callable[..., Settings]
StoreArticle = Callable[..., int]

# Made up: no place, person or paper in it exists.
MADE_UP = {
    "shared": [
        {
            "id": "ferry",
            "url": "https://example.org/ferry",
            "title": "Ferry line to Ostrava Island reopens",
            "publisher": "Harbour Herald",
            "published_at": "2024-03-01",
            "body": "The ferry line to Ostrava Island reopened on Friday after two years of repairs. "
            "Harbour master Lena Quist said that the first boat carried ninety passengers. "
            "Tickets cost twice as much as before, the harbour office confirmed.",
        },
        {
            "id": "bridge",
            "url": "https://example.org/bridge",
            "title": "Minister denies that the bridge is unsafe",
            "publisher": "Valley Times",
            "published_at": "2024-04-10T08:00:00Z",
            "body": "Transport minister Oskar Brandt denied on Tuesday that the Velden bridge is unsafe. "
            "Engineers had reported cracks in two pillars of the bridge last month. "
            "Brandt told reporters that the cracks were harmless and would be filled in autumn.",
        },
        {
            "id": "wolves",
            "url": "https://example.org/wolves",
            "title": "Wolves return to the Marn valley",
            "publisher": "Valley Times",
            "published_at": "2024-05-20",
            "body": "Wolves have returned to the Marn valley for the first time in a century. "
            "Rangers counted eleven animals on their winter cameras. "
            "Shepherds asked the canton for money to build fences.",
        },
        {
            "id": "undated",
            "title": "A note on the old lighthouse",
            "publisher": "Harbour Herald",
            "body": "The old lighthouse was built of granite from the Marn quarries. "
            "Its lamp was lit for the last time by keeper Anton Rell.",
        },
    ],
    "guild": [
        {
            "id": "secret",
            "url": "https://example.org/secret",
            "title": "Private memo on the bridge tender",
            "publisher": "Guild Gazette",
            "published_at": "2024-04-12",
            "body": "The tender for repairing the Velden bridge closes in June, a private memo says. "
            "Three companies have asked for the documents of the tender.",
        }
    ],
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Has the files of tests/wire, which mostly wait, run beside the others, which mostly compute."""
    waits = Path(__file__).parent / "wire"
    files: dict[bool, list[Path]] = {True: [], False: []}
    for path in dict.fromkeys(item.path for item in items):
        files[path.is_relative_to(waits)].append(path)
    place = {path: at / len(paths) for paths in files.values() for at, path in enumerate(paths)}
    items.sort(key=lambda item: place[item.path])


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _remembered_readings() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        remember_readings(patch)
        yield


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No ATTACHE_ setting, and a working folder without `.env` and `data`."""
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def made_databases(tmp_path_factory: pytest.TempPathFactory) -> MadeDatabases:
    return MadeDatabases(tmp_path_factory.mktemp("made-databases"))


@pytest.fixture(autouse=True)
def _copied_databases(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, made_databases: MadeDatabases
) -> None:
    """A test's new databases are copies, but in the files that test how they are made."""
    if request.module.__name__.rsplit(".", 1)[-1] not in {"test_database", "test_data_folder", "test_store"}:
        made_databases.install(monkeypatch)


@pytest.fixture
def settings(tmp_path: Path) -> MakeSettings:
    """Makes settings; the data folder is `data` under the test's own folder unless one is given."""

    def make(data_dir: Path | None = None, **overrides: object) -> Settings:
        return Settings.load(env_file=None, data_dir=data_dir or tmp_path / "data", **overrides)

    return make


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """An empty corpus, open for writing, in the data folder of `settings`."""
    opened = open_database(tmp_path / "data", (index_migrations,))
    yield opened
    opened.close()


@pytest.fixture
def store(db: Database) -> StoreArticle:
    """Stores one article in `db`, committed; returns its id."""

    def store_article(body: str, *, collection: str = "shared", **fields: str | None) -> int:
        draft = Draft(body=body, **fields)
        with db.atomic():
            stored = Articles(db).store(
                draft, collection=collection, origin="made-up.txt", source_sha256=body, now="2024-06-01T00:00:00Z"
            )
        return stored.article_id

    return store_article


@pytest.fixture(scope="session")
def _made_up_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made-up")
    settings = Settings.load(env_file=None, data_dir=root / "data")
    for collection, articles in MADE_UP.items():
        path = root / f"{collection}.jsonl"
        path.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
        ingest(settings, HashingEmbedder(), [path], IngestOptions(collection=collection))
    return settings.data_dir


@pytest.fixture
def made_up_data(_made_up_once: Path, tmp_path: Path) -> Path:
    """A data folder of this test's own with the made-up corpus, embedded by HashingEmbedder."""
    return Path(shutil.copytree(_made_up_once, tmp_path / "made-up"))


@pytest.fixture(scope="session")
def real_embedder() -> SentenceEmbedder:
    """The packaged model, loaded once."""
    embedder = SentenceEmbedder(PACKAGED_MODEL)
    embedder.load()
    return embedder


@pytest.fixture(scope="session")
def plain_model(real_embedder: SentenceEmbedder) -> "SentenceTransformer":
    """The packaged model in float32, as the library loads it: what ours is measured against."""
    return load_reference_model(real_embedder.source)


@pytest.fixture(scope="session")
def starter_data(tmp_path_factory: pytest.TempPathFactory, real_embedder: SentenceEmbedder) -> Path:
    """A data folder with the starter briefs, embedded by the real model. Never change it; `starter_copy` may be."""
    base = tmp_path_factory.getbasetemp()
    # The folder above is that of all test processes together: one makes it, the others copy it.
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared-starter"
    with FileLock(f"{shared}.lock"):
        if not shared.exists():
            settings = Settings.load(env_file=None, data_dir=base / "making-starter")
            ingest_starter(settings, real_embedder)
            settings.data_dir.rename(shared)
    return Path(shutil.copytree(shared, tmp_path_factory.mktemp("starter") / "data"))


@pytest.fixture
def starter_copy(starter_data: Path, tmp_path: Path) -> Path:
    """A copy of the starter corpus that the test may change."""
    return Path(shutil.copytree(starter_data, tmp_path / "starter"))


@pytest.fixture(scope="session")
def starter_service(starter_data: Path, real_embedder: SentenceEmbedder) -> Iterator[Attache]:
    """The service over the starter briefs, open."""
    with Attache(Settings.load(env_file=None, data_dir=starter_data), embedder=real_embedder) as attache:
        yield attache
