"""Where a folder's index is, by the settings: in the folder or in Milvus; opened, described, and brought up to date."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlite_utils import Database

from bot.service.open_index import open_index
from bot.service.sessions import writing
from bot.settings import Settings
from index.embedding.embedder import Embedder
from index.errors import IndexUnreachable
from index.generation.generations import MANIFEST_VERSION, Generation, Generations, Manifest
from index.maintenance import IndexServer, refresh
from index.milvus.connection import Connection
from index.milvus.milvus_index import MilvusIndex
from index.milvus.milvus_writer import MilvusWriter, count_passages
from index.milvus.state import StoredCounts, read_state
from index.search.live_index import LiveIndex
from index.search.passage_index import PassageIndex


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """An index to search; `generation` is None for one on a server."""

    name: str
    passages: PassageIndex
    generation: Generation | None


def index_of(settings: Settings) -> Generations | IndexServer:
    """Return the index that is to be brought up to date with the articles."""
    address = settings.milvus
    return Generations(settings.data_dir) if address is None else MilvusWriter(Connection(address))


def open_passages(
    settings: Settings,
    generations: Generations,
    db: Database,
    embedder: Embedder,
    notify: Callable[[str], None],
    wait_s: float,
) -> OpenIndex:
    """Open the index of the settings; build it where it is missing.

    Raises:
        DamagedGeneration: it was made by another model than that of the settings.
        StorageFailure: a file of it can't be read.
        IndexUnreachable: a server has no index yet, and doesn't take one.
        CorpusBusy: it must be built on a server, and another program is writing.
    """
    address = settings.milvus
    if address is not None:
        connection = Connection(address)
        name = _prepare(settings, db, MilvusWriter(connection), embedder, notify, wait_s)
        return OpenIndex(name, MilvusIndex(db, connection), None)
    generation = open_index(settings, generations, db, embedder, notify, wait_s)
    index = LiveIndex(db, generation.index, generation.postings, embedder)
    return OpenIndex(generation.name, index, generation)


def live_manifest(settings: Settings, db: Database) -> tuple[str, Manifest] | None:
    """Return the name and description of the index, without asking a server; None if there is none.

    Raises:
        StorageFailure: it can't be read.
    """
    if settings.milvus is None:
        generations = Generations(settings.data_dir)
        name, manifest = generations.live_name(), generations.live_manifest()
        return (name, manifest) if name is not None and manifest is not None else None
    state = read_state(db)
    if state is None:
        return None
    count = len(StoredCounts(db, None))
    return state.collection, Manifest(
        MANIFEST_VERSION, state.model, 0, count, "Milvus", 0, state.created_at, state.last_passage, {}
    )


def check_server(settings: Settings, db: Database, model: str) -> str:
    """Compare the index in Milvus with the database; return what is wrong, empty if nothing is.

    Raises:
        IndexUnreachable: the server doesn't answer.
    """
    state, address = read_state(db), settings.milvus
    if state is None or address is None:
        return "there is no index"
    if state.model != model:
        return f"it was made with the model {state.model}"
    connection = Connection(address)
    writer = MilvusWriter(connection)
    try:
        if not writer.holds(state):
            return "the server has another index, or none, under this name"
        passages, indexed = count_passages(db), writer.count(state)
    finally:
        connection.close()
    return "" if passages == indexed else f"the server has {indexed:,} of {passages:,} passages"


def _prepare(
    settings: Settings,
    db: Database,
    writer: MilvusWriter,
    embedder: Embedder,
    notify: Callable[[str], None],
    wait_s: float,
) -> str:
    """Build the index on the server if it has none of this database; return its name."""
    state = read_state(db)
    try:
        if state is not None and state.model == embedder.fingerprint and writer.holds(state):
            return state.collection
    except IndexUnreachable:
        # It may be back when somebody asks; each question says so if it isn't.
        return state.collection if state is not None else ""
    notify("Milvus has no index of these articles as they are now; it is built from the stored vectors.")
    with writing(settings, "building the index in Milvus", wait_s=wait_s) as to_write:
        report = refresh(to_write, writer, embedder)
    if report.problem:
        raise IndexUnreachable(report.problem)
    return report.generation
