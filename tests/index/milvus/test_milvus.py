"""What happens to an index in Milvus when the server, the wire or the database fails."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from bot.service import index_place
from bot.service.attache import Attache
from bot.service.ingest import ingest, reindex, remove_article
from bot.service.sessions import reading
from bot.settings import Settings
from corpus.database import DATABASE_NAME
from corpus.ingest import IngestOptions
from index.errors import IndexUnreachable
from index.filters import Filters
from index.milvus import connection as milvus_connection
from index.milvus import milvus_writer
from index.milvus.connection import Connection
from index.milvus.milvus_writer import MilvusWriter
from index.milvus.state import read_state
from tests.fakes import HashingEmbedder
from tests.milvus import MilvusServer, Wire, require_milvus

FERRY = "Ferries of the Ostrava line carried ninety passengers across the strait on Friday."
COMET = "Astronomers in Castine photographed a green comet over the observatory."
SHARED = Filters(collections=("shared",))

Feed = Callable[[str, str], str]


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    require_milvus()
    with MilvusServer(tmp_path_factory.mktemp("milvus") / "data") as server:
        yield server


@pytest.fixture
def server(shared_server: MilvusServer) -> Iterator[MilvusServer]:
    yield shared_server
    if not shared_server.is_running:
        shared_server.start()


@pytest.fixture
def wire(server: MilvusServer) -> Iterator[Wire]:
    with Wire(server.port) as wire:
        yield wire


@pytest.fixture
def settings(server: MilvusServer, wire: Wire, tmp_path: Path) -> Settings:
    return Settings.load(
        None, data_dir=tmp_path / "data", index=server.address(f"news_{abs(hash(str(tmp_path)))}", wire.port)
    )


@pytest.fixture
def feed(settings: Settings, tmp_path: Path) -> Feed:
    """Stores an article; returns what is wrong with the index, if anything."""

    def write(name: str, text: str) -> str:
        path = tmp_path / f"{name}.md"
        path.write_text(f"---\nid: {name}\npublisher: Post\n---\n{text}", encoding="utf-8")
        return ingest(settings, HashingEmbedder(), [path], IngestOptions()).index.problem

    return write


@pytest.fixture
def attache(settings: Settings, feed: Feed) -> Iterator[Attache]:
    assert not feed("ferry", FERRY)
    with Attache(settings, embedder=HashingEmbedder()) as attache:
        attache.open()
        yield attache


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (milvus_connection, milvus_writer):
        monkeypatch.setattr(module, "WRITE_TIMEOUT_S", 2.0)
    monkeypatch.setattr("index.milvus.milvus_index.SEARCH_TIMEOUT_S", 1.0)


def found(attache: Attache, query: str) -> list[str]:
    return [str(hit.article.external_id) for hit in attache.search(query, 10, SHARED).hits]


def on_server(settings: Settings) -> int:
    """How many passages the server has."""
    assert settings.milvus is not None
    with reading(settings.data_dir) as db:
        state = read_state(db)
    assert state is not None
    return MilvusWriter(Connection(settings.milvus)).count(state)


def test_a_server_that_is_gone_loses_nothing(
    server: MilvusServer, attache: Attache, settings: Settings, feed: Feed
) -> None:
    assert not attache.ask("How many passengers did the Ostrava line carry?").is_refusal
    server.stop()
    with pytest.raises(IndexUnreachable, match=r"search server at .* doesn't answer"):
        attache.search("ferry", 10, SHARED)
    # What was answered before is answered still.
    assert not attache.ask("How many passengers did the Ostrava line carry?").is_refusal
    assert "doesn't answer" in feed("comet", COMET)
    remove_article(settings, HashingEmbedder(), 1)
    server.start()
    assert found(attache, "ferry passengers") == []
    assert not reindex(settings, HashingEmbedder()).problem
    assert (found(attache, "green comet"), on_server(settings)) == (["comet"], 1)


def test_a_service_opens_while_the_server_is_gone(server: MilvusServer, settings: Settings, attache: Attache) -> None:
    server.stop()
    with Attache(settings, embedder=HashingEmbedder()) as late:
        with pytest.raises(IndexUnreachable, match="doesn't answer"):
            found(late, "ferry passengers")
        server.start()
        assert found(late, "ferry passengers") == ["ferry"]


@pytest.mark.usefixtures("short_waits")
def test_a_stuck_wire_ends_in_a_sentence_and_not_in_a_wait(wire: Wire, attache: Attache) -> None:
    wire.is_stuck = True
    with pytest.raises(IndexUnreachable, match=r"too slow|doesn't answer"):
        attache.search("ferry", 10, SHARED)
    wire.is_stuck = False
    assert found(attache, "ferry passengers") == ["ferry"]


@pytest.mark.usefixtures("short_waits")
@pytest.mark.parametrize("received", [1, 60, 400])
def test_half_a_reply_is_no_answer(wire: Wire, attache: Attache, received: int) -> None:
    wire.reply_bytes = received
    with pytest.raises(IndexUnreachable):
        attache.search("ferry", 10, SHARED)
    wire.reply_bytes = None
    wire.cut()
    assert found(attache, "ferry passengers") == ["ferry"]


def test_a_restarted_server_is_found_again(server: MilvusServer, wire: Wire, attache: Attache) -> None:
    server.stop()
    wire.cut()
    server.start()
    assert found(attache, "ferry passengers") == ["ferry"]


@pytest.mark.usefixtures("short_waits")
@pytest.mark.parametrize("method", ["upsert", "delete"])
def test_a_writer_that_dies_half_way_is_finished_by_the_next(
    method: str, attache: Attache, settings: Settings, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed("comet", COMET)
    call, calls = Connection.call, 0

    def dying(self: Connection, name: str, *arguments: object, **options: object) -> object:
        nonlocal calls
        answer = call(self, name, *arguments, **options)
        calls += name == method
        # After the server did it, before anything is stored of that.
        if name == method and calls == (2 if method == "upsert" else 1):
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(Connection, "call", dying)
    with pytest.raises(KeyboardInterrupt):
        feed("ferry", "The Ostrava line was closed for good, the harbour office said.")
    monkeypatch.undo()
    assert not reindex(settings, HashingEmbedder()).built
    assert found(attache, "Ostrava line closed")[0] == "ferry"
    assert on_server(settings) == 2
    with reading(settings.data_dir) as db:
        counted = db.execute("SELECT min(passages), max(passages) FROM milvus_words").fetchone()
    # A passage that the server deleted just before is still counted; it weighs its words a little less.
    assert counted == ((1, 2) if method == "upsert" else (1, 3))


def test_a_restored_database_gets_an_index_of_its_own_state(
    attache: Attache, settings: Settings, feed: Feed, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(settings.data_dir / DATABASE_NAME)) as db:
        db.execute("VACUUM INTO ?", (str(tmp_path / "backup.sqlite3"),))
    feed("comet", COMET)
    remove_article(settings, HashingEmbedder(), 1)
    attache.close()
    for path in settings.data_dir.glob(f"{DATABASE_NAME}*"):
        path.unlink()
    shutil.copy(tmp_path / "backup.sqlite3", settings.data_dir / DATABASE_NAME)
    assert found(attache, "ferry passengers") == ["ferry"]
    assert on_server(settings) == 1


def test_searches_go_on_while_the_index_is_built_anew(
    attache: Attache, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, seen = Connection.call, []

    def searching(self: Connection, name: str, *arguments: object, **options: object) -> object:
        if name in {"create_collection", "flush", "alter_alias", "drop_collection"}:
            seen.append((name, found(attache, "ferry passengers")))
        return call(self, name, *arguments, **options)

    monkeypatch.setattr(Connection, "call", searching)
    assert reindex(settings, HashingEmbedder(), full=True).built
    steps = ["create_collection", "flush", "alter_alias", "drop_collection"]
    assert seen == [(name, ["ferry"]) for name in steps]
    assert found(attache, "ferry passengers") == ["ferry"]


def test_a_server_that_refuses_the_token_is_told_so(settings: Settings, tmp_path: Path) -> None:
    grpc = pytest.importorskip("grpc")

    class Refusing(grpc.GenericRpcHandler):
        def service(self, _details: object) -> object:
            return grpc.unary_unary_rpc_method_handler(
                lambda _request, context: context.abort(grpc.StatusCode.UNAUTHENTICATED, "auth check failure")
            )

    server = grpc.server(ThreadPoolExecutor(2), handlers=[Refusing()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        address = f"milvus://127.0.0.1:{port}/news?token=attache:wrong-secret"
        refused = Settings.load(None, data_dir=tmp_path / "refused", index=address)
        path = tmp_path / "comet.md"
        path.write_text(COMET, encoding="utf-8")
        problem = ingest(refused, HashingEmbedder(), [path], IngestOptions()).index.problem
    finally:
        server.stop(None)
    assert "refuses the token. Check the token in ATTACHE_INDEX." in problem
    assert "wrong-secret" not in problem


def test_an_index_without_a_field_of_this_version_is_built_anew(
    attache: Attache, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milvus_writer, "LAYOUT", "z")
    report = reindex(settings, HashingEmbedder())
    assert (report.built, report.problem) == (True, "")
    assert found(attache, "ferry passengers") == ["ferry"]
    assert not reindex(settings, HashingEmbedder()).built


def test_two_folders_never_share_an_index(attache: Attache, settings: Settings, tmp_path: Path) -> None:
    assert settings.milvus is not None
    other = Settings.load(None, data_dir=tmp_path / "other", index=settings.index.get_secret_value())
    path = tmp_path / "comet.md"
    path.write_text(COMET, encoding="utf-8")
    report = ingest(other, HashingEmbedder(), [path], IngestOptions())
    assert "belongs to another data folder" in report.index.problem
    assert found(attache, "ferry passengers") == ["ferry"]


def test_doctor_compares_the_server_with_the_articles(attache: Attache, settings: Settings) -> None:
    model = HashingEmbedder().fingerprint
    with reading(settings.data_dir) as db:
        assert index_place.check_server(settings, db, model) == ""
        state = read_state(db)
        assert state is not None
        assert settings.milvus is not None
        Connection(settings.milvus).call("delete", state.collection, ids=[1], timeout_s=10)
        assert index_place.check_server(settings, db, model) == "the server has 0 of 1 passages"
    assert reindex(settings, HashingEmbedder()).built
    assert found(attache, "ferry passengers") == ["ferry"]


def test_nothing_of_milvus_is_loaded_without_the_setting(tmp_path: Path) -> None:
    code = (
        "import sys, bot.service.attache; sys.exit(any(n in sys.modules for n in ('pymilvus', 'grpc', 'milvus_lite')))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])
