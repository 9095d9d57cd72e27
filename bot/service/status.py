"""The state of a data folder: counts, model, index, feeds and sizes."""

from dataclasses import dataclass

from bot.service.index_place import live_manifest
from bot.service.sessions import load_embedder, reading
from bot.settings import Settings
from corpus.catalog import CorpusFacts, PublisherFacts, corpus_facts, publishers
from corpus.database import DATABASE_NAME
from corpus.feeds.feed_store import FeedStore
from index.embedding.vector_store import Embeddings
from index.generation.generations import Manifest
from index.maintenance import Staleness, staleness


@dataclass(frozen=True, slots=True)
class FeedState:
    """How a feed is doing: `state` is `in order`, `new`, `failing`, `circuit open` (tried once a day) or `paused`."""

    id: int
    name: str
    collection: str
    state: str
    failures: int
    last_error: str
    next_poll: str


@dataclass(frozen=True, slots=True)
class Status:
    """What a data folder contains. Sizes are in bytes; `generation` is None if there is no readable index.

    The index is current when every text has its vector. `joined_passages` were added after the generation was built
    and are searched beside it; `gone_passages` are still in it but never found.
    """

    data_dir: str
    facts: CorpusFacts
    publishers: list[PublisherFacts]
    model: str
    generation: str | None
    manifest: Manifest | None
    is_index_current: bool
    joined_passages: int
    gone_passages: int
    unembedded_texts: int
    database_bytes: int
    index_bytes: int
    feeds: list[FeedState]


def read_status(settings: Settings) -> Status:
    """Read the state of the data folder.

    Raises:
        StorageFailure: there is no corpus, or it can't be read.
    """
    data_dir = settings.data_dir
    model = load_embedder(settings).fingerprint
    with reading(data_dir) as db:
        name, manifest = live_manifest(settings, db) or (None, None)
        facts = corpus_facts(db)
        missing = Embeddings(db, model).count_missing()
        stale = staleness(db, manifest) if manifest else Staleness(0, 0)
        return Status(
            data_dir=str(data_dir.resolve()),
            facts=facts,
            publishers=publishers(db),
            model=model,
            generation=name,
            manifest=manifest,
            is_index_current=manifest is not None and manifest.model == model and missing == 0,
            joined_passages=stale.joined,
            gone_passages=stale.gone,
            unembedded_texts=missing,
            database_bytes=sum(path.stat().st_size for path in data_dir.glob(f"{DATABASE_NAME}*")),
            index_bytes=sum(path.stat().st_size for path in (data_dir / "index").rglob("*") if path.is_file()),
            feeds=[
                FeedState(
                    each.id, each.name, each.collection, each.state, each.failures, each.last_error, each.next_poll
                )
                for each in FeedStore(db).all()
            ],
        )
