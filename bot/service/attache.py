"""The question-answering service: opens a data folder, answers questions and searches."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

from sqlite_utils import Database

from bot.answering.answer import Answer, Evidence
from bot.answering.cited_places import QuotedPlace, reload_quotes
from bot.answering.composer import Composed, Composer
from bot.answering.copy_groups import HITS_PER_RESULT, CollapsedHits, collapse_copies
from bot.answering.question.kind import check_question
from bot.answering.reader.relations import Reader
from bot.service.calibration import read_calibration
from bot.service.index_place import OpenIndex, open_passages
from bot.service.ingest import ingest_starter
from bot.service.open_index import LOCK_WAIT_S, MemoryGeneration, gc_paused, heal
from bot.service.sessions import has_database, load_embedder, load_reader, open_to_read, reading
from bot.settings import Settings
from bot.writer.proof import Prover
from corpus.catalog import is_empty, revision
from corpus.database import database_identity, storage_errors
from corpus.normalize import clean_line
from index.embedding.embedder import Embedder, packaged_of
from index.embedding.query_cache import CachedEmbedder
from index.embedding.reranker import Reranker
from index.filters import Filters
from index.generation.generations import Generations
from index.generation.read_files import OpenVectors
from index.generation.vector_index import VectorIndex
from index.search.query import strip_time_words
from index.search.retriever import Retriever

Notify = Callable[[str], None]

# Many people ask about the same news within an hour.
MAX_CACHED_ANSWERS = 256
# Seconds between attempts to heal an index while another program writes or the folder is read-only.
HEAL_INTERVAL_S = 60.0


@dataclass(frozen=True, slots=True)
class _Session:
    db: Database
    index: OpenIndex
    retriever: Retriever
    composer: Composer
    file: tuple[int, int] | None


class Attache:
    """One data folder, open for questions.

    Args:
        settings: the settings.
        embedder: the embedding model; by default the one in the settings.
        reader: confirms verdicts; by default the one in the settings.
        open_vectors: opens an index's vectors: `VectorIndex.read`, or `VectorIndex.map` to share them.
        notify: receives a sentence about each side effect, such as a rebuilt index.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        embedder: Embedder | None = None,
        reader: Reader | None = None,
        open_vectors: OpenVectors = VectorIndex.read,
        notify: Notify = lambda _sentence: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._notify = notify
        self._clock = clock
        self._lock_wait_s = LOCK_WAIT_S
        self._next_heal_at = 0.0
        self._embedder = embedder or load_embedder(settings)
        self._query_embedder = CachedEmbedder(self._embedder)
        self._reader = reader or load_reader(settings)
        self._prover = Prover(self._reader)
        # In most installations one and the same, and a question is embedded once.
        self._packaged_model = packaged_of(self._embedder)
        is_same = self._packaged_model is self._embedder
        self._packaged = self._query_embedder if is_same else CachedEmbedder(self._packaged_model)
        self._generations = Generations(settings.data_dir, open_vectors)
        self._session: _Session | None = None
        self._answers: OrderedDict[tuple[object, ...], Answer] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def settings(self) -> Settings:
        """The settings it was made with."""
        return self._settings

    @property
    def embedder(self) -> Embedder:
        """The embedding model."""
        return self._embedder

    @property
    def packaged_model(self) -> Embedder:
        """The packaged embedding model, whatever the settings say; thread-safe."""
        return self._packaged_model

    @property
    def prover(self) -> Prover:
        """Proves written sentences with the reader."""
        return self._prover

    def close(self) -> None:
        """Close the database."""
        if self._session is not None:
            self._session.db.close()
            self._session = None
            # Another database may have the same revision and an index of the same name.
            self._answers.clear()

    def ask(
        self, question: str, filters: Filters | None = None, *, now: datetime | None = None, quotes: int | None = None
    ) -> Answer:
        """Answer a question with quotes, by default as many as the settings say, or refuse.

        Raises:
            BadInput: the text is not a question that can be searched for.
            StorageFailure: the data folder can't be read.
            ModelUnavailable: the embedding model can't be loaded.
        """
        asked, filters, now = check_question(question), filters or Filters(), now or datetime.now(UTC)
        session = self._open()
        with storage_errors(self._settings.data_dir):
            session.retriever.catch_up()
            state = session.index.name, session.retriever.version, revision(session.db)
        # The filters name the collections, so no server gets an answer from another server's articles.
        key = (asked, filters, now.date(), quotes, state)
        if key in self._answers:
            self._answers.move_to_end(key)
            return replace(self._answers[key], asked_at=now)
        answer = self._answers[key] = self.investigate(asked, filters, now=now, quotes=quotes).answer
        if len(self._answers) > MAX_CACHED_ANSWERS:
            self._answers.popitem(last=False)
        return answer

    def investigate(
        self, question: str, filters: Filters | None = None, *, now: datetime | None = None, quotes: int | None = None
    ) -> Composed:
        """Answer a question without the cache and return the answer with its basis. Raises as `ask` does."""
        asked = check_question(question)
        session = self._open()
        # One transaction, so that every part of an answer comes from the same state of the corpus.
        with storage_errors(self._settings.data_dir), session.db.atomic():
            return session.composer.compose(asked, filters or Filters(), now or datetime.now(UTC), quotes)

    def search(self, query: str, count: int = 10, filters: Filters | None = None) -> CollapsedHits:
        """Return the best passages for a query, its spelling corrected, copies grouped. Raises as `ask` does."""
        asked, within = check_question(query), filters or Filters()
        session = self._open()
        with storage_errors(self._settings.data_dir), session.db.atomic():
            speller = session.composer.speller
            query = speller.correct(asked, within)
            hits = session.retriever.search(speller.as_articles_spell(query, within), HITS_PER_RESULT * count, within)
            found = collapse_copies(session.db, hits, count, within)
            return found if query == asked else replace(found, corrected=query)

    def embed_questions(self, questions: Sequence[str]) -> bool:
        """Embed questions into the cache in one batch; return whether any was new."""
        texts = [strip_time_words(clean_line(question)) for question in questions]
        has_new = not all(map(self._query_embedder.is_cached, texts))
        self._query_embedder.encode(texts)
        return has_new

    def reload_quotes(self, places: Sequence[QuotedPlace], filters: Filters) -> list[Evidence]:
        """Return the quotes at these places whose articles are unchanged there and pass the filters."""
        session = self._open()
        with storage_errors(self._settings.data_dir), session.db.atomic():
            return reload_quotes(session.db, places, filters)

    def open(self) -> None:
        """Open the data folder, index and model now rather than at the first question."""
        self._open()

    @property
    def notify(self) -> Notify:
        """Receives a sentence about each side effect."""
        return self._notify

    def load_model(self) -> None:
        """Load the embedding model alone, for work that needs no corpus. Raises as `ask` does."""
        self._load_model()

    def warm_up(self) -> None:
        """Load all models, which takes seconds. Raises as `ask` does."""
        self.search("news", 1)
        self._reader.load()

    def _open(self) -> _Session:
        if self._session is not None and self._is_outdated(self._session):
            self.close()
        if self._session is None:
            # Model and folder take seconds each, so load both at once. A model error is raised by the first use.
            with ThreadPoolExecutor(1, "loading") as side:
                side.submit(self._load_model)
                self._session = self._open_folder()
            # From now on people wait for answers, so no longer wait for the lock.
            self._lock_wait_s = 0.0
            self._next_heal_at = self._clock() + HEAL_INTERVAL_S
        return self._session

    def _load_model(self) -> None:
        with gc_paused():
            self._embedder.encode(())
            self._packaged.encode(())

    def _is_outdated(self, session: _Session) -> bool:
        """Return whether another index went live, the database was replaced, or the index was healed."""
        file, live = database_identity(self._settings.data_dir), self._generations.live_name()
        if file is not None and file != session.file:
            return True
        generation = session.index.generation
        if generation is None:
            return False
        name = generation.replaces if isinstance(generation, MemoryGeneration) else generation.name
        if live is not None and live != name:
            return True
        if not isinstance(generation, MemoryGeneration) or self._clock() < self._next_heal_at:
            return False
        self._next_heal_at = self._clock() + HEAL_INTERVAL_S
        with storage_errors(self._settings.data_dir):
            return heal(self._settings, self._generations, self._embedder, self._notify, wait_s=0.0) is not None

    def _open_folder(self) -> _Session:
        settings = self._settings
        if not self._has_articles():
            self._notify("The corpus is empty: adding the project's own background briefs first.")
            ingest_starter(settings, self._embedder)
        file = database_identity(settings.data_dir)
        db = open_to_read(settings.data_dir)
        # A question reads a few hundred rows; mapped, each would pull the pages around it into memory.
        db.execute("PRAGMA mmap_size = 0")
        with storage_errors(settings.data_dir):
            index = open_passages(settings, self._generations, db, self._embedder, self._notify, self._lock_wait_s)
            retriever = Retriever(
                db,
                index.passages,
                self._query_embedder,
                per_article=settings.passages_per_article,
                reranker=Reranker(settings.reranker, settings.device) if settings.reranker else None,
            )
            retriever.catch_up()
            if missing := retriever.unembedded:
                is_one = missing == 1
                have, them = ("passage has no vector", "it") if is_one else ("passages have no vectors", "them")
                self._notify(
                    f"{missing:,} {have} yet; until `attache reindex` embeds {them},"
                    f" only {'its' if is_one else 'their'} words are searched."
                )
            composer = Composer(
                db, retriever, self._packaged, self._reader, read_calibration(settings), quotes=settings.quotes
            )
        return _Session(db, index, retriever, composer, file)

    def _has_articles(self) -> bool:
        if not has_database(self._settings.data_dir):
            return False
        with reading(self._settings.data_dir) as db:
            return not is_empty(db)
