"""Read the state of corpus, index and feeds for monitoring, as totals over all collections."""

import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.service.index_place import live_manifest
from bot.service.sessions import reading
from bot.settings import Settings
from corpus.catalog import corpus_facts
from corpus.database import DATABASE_NAME
from corpus.feeds.feed import Feed
from corpus.feeds.feed_store import FeedStore
from index.embedding.vector_store import Embeddings
from index.maintenance import Staleness, staleness


@dataclass(frozen=True, slots=True)
class CorpusGauges:
    """The state at one moment. Times are seconds since 1970, 0 for none.

    `is_open` means that a live index of the right model can be read, `is_current` that every text has its vector.
    `joined` and `gone` are passages added and removed since the index was built. `feeds_overdue_s` is how long the
    feed that is longest due has been due.
    """

    read_at: float
    articles: int = 0
    passages: int = 0
    newest_article: float = 0.0
    database_bytes: int = 0
    free_bytes: int = 0
    index_built: float = 0.0
    vectors: int = 0
    joined: int = 0
    gone: int = 0
    texts_without_vector: int = 0
    is_open: bool = False
    is_current: bool = False
    feed_states: dict[str, int] = field(default_factory=dict)
    feeds_overdue_s: float = 0.0
    feeds_changed: float = 0.0


def read_corpus(settings: Settings, model: str, is_polled: Callable[[Feed], bool]) -> CorpusGauges:
    """Read the state, in as much time as counting every row takes.

    `model` is the fingerprint of the embedding model, and `is_polled` says whether this process polls a feed.

    Raises:
        StorageFailure: there is no corpus, or it can't be read.
    """
    now, data_dir = time.time(), settings.data_dir
    with reading(data_dir) as db:
        _, manifest = live_manifest(settings, db) or (None, None)
        facts, missing, feeds = corpus_facts(db), Embeddings(db, model).count_missing(), FeedStore(db).all()
        stale = staleness(db, manifest) if manifest else Staleness(0, 0)
        due = [_seconds(feed.next_poll) for feed in feeds if not feed.is_paused and is_polled(feed)]
        is_open = manifest is not None and manifest.model == model
        return CorpusGauges(
            read_at=now,
            articles=facts.articles,
            passages=facts.passages,
            newest_article=_seconds(facts.last_date),
            database_bytes=sum(path.stat().st_size for path in data_dir.glob(f"{DATABASE_NAME}*")),
            free_bytes=shutil.disk_usage(data_dir).free,
            index_built=_seconds(manifest.created_at) if manifest else 0.0,
            vectors=manifest.count if manifest else 0,
            joined=stale.joined,
            gone=stale.gone,
            texts_without_vector=missing,
            is_open=is_open,
            is_current=is_open and missing == 0,
            feed_states=dict(Counter(feed.state for feed in feeds)),
            feeds_overdue_s=max(0.0, now - min(due, default=now)),
            feeds_changed=max((_seconds(feed.changed_at) for feed in feeds), default=0.0),
        )


def _seconds(moment: str | None) -> float:
    """Return an ISO 8601 day or time as seconds since 1970; 0 if it is missing or invalid."""
    try:
        parsed = datetime.fromisoformat(moment or "")
    except ValueError:
        return 0.0
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
