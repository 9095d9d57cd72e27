"""The one object that every front end asks: opens a data folder and answers, searches, tells its state."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

from sqlite_utils import Database

from bot.answering.answer import Answer, Evidence
from bot.answering.cited_places import QuotedPlace, quote_again
from bot.answering.composer import Composed, Composer
from bot.answering.copy_groups import HITS_FOR_ONE, Found, collapse
from bot.answering.question.kind import check_question
from bot.service.calibration import read_calibration
from bot.service.ingest import ingest_starter
from bot.service.open_index import LOCK_WAIT_S, StandIn, collecting_later, heal, open_index
from bot.service.sessions import open_to_read, reading
from bot.settings import Settings
from corpus.catalog import is_empty, revision
from corpus.database import DATABASE_NAME, database_file, storage_errors
from corpus.normalize import clean_line
from index.embedding.embedder import Embedder, SentenceEmbedder
from index.embedding.query_cache import RememberingEmbedder
from index.embedding.reranker import Reranker
from index.filters import Filters
from index.generation.generations import Generation, Generations
from index.search.query import searchable
from index.search.retriever import Retriever

Notify = Callable[[str], None]

# What is in the news is asked by many within the hour.
REMEMBERED_ANSWERS = 256
# Seconds between attempts to heal an index that somebody's writing, or a folder's permissions, keep from being healed.
HEAL_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class _Opened:
    db: Database
    generation: Generation
    retriever: Retriever
    composer: Composer
    file: tuple[int, int] | None


class Attache:
    """One data folder, open for questions.

    Args:
        settings: the settings.
        embedder: the embedding model; by default the one that the settings name.
        notify: told what happens on the way in one sentence each, such as an index that is rebuilt.
        clock: seconds, for what is tried again after a while.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        embedder: Embedder | None = None,
        notify: Notify = lambda _sentence: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._notify = notify
        self._clock = clock
        self._lock_wait_s = LOCK_WAIT_S
        self._heal_at = 0.0
        self._embedder = embedder or SentenceEmbedder(settings.model)
        self._remembering = RememberingEmbedder(self._embedder)
        self._generations = Generations(settings.data_dir)
        self._opened: _Opened | None = None
        self._answers: OrderedDict[tuple[object, ...], Answer] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def settings(self) -> Settings:
        """The settings that it was made with."""
        return self._settings

    @property
    def embedder(self) -> Embedder:
        """The embedding model."""
        return self._embedder

    def close(self) -> None:
        """Closes the database."""
        if self._opened is not None:
            self._opened.db.close()
            self._opened = None
            # Another database may have the same revision and an index of the same name.
            self._answers.clear()

    def ask(self, question: str, filters: Filters | None = None, *, now: datetime | None = None) -> Answer:
        """Answers a question with quotes, or refuses.

        Raises:
            BadInput: the text is no question that can be searched for.
            StorageFailure: the data folder can't be read.
            ModelUnavailable: the embedding model can't be loaded.
        """
        asked, filters, now = check_question(question), filters or Filters(), now or datetime.now(UTC)
        opened = self._open()
        with storage_errors(self._settings.data_dir):
            opened.retriever.catch_up()
            state = opened.generation.name, opened.retriever.version, revision(opened.db)
        # The filters name the collections: what one server may read is no answer to another.
        key = (asked, filters, now.date(), state)
        if key in self._answers:
            self._answers.move_to_end(key)
            return replace(self._answers[key], asked_at=now)
        answer = self._answers[key] = self.investigate(asked, filters, now=now).answer
        if len(self._answers) > REMEMBERED_ANSWERS:
            self._answers.popitem(last=False)
        return answer

    def investigate(self, question: str, filters: Filters | None = None, *, now: datetime | None = None) -> Composed:
        """Answers a question, and shows what the answer rests on; raises as `ask` does."""
        asked = check_question(question)
        opened = self._open()
        # One transaction: every part of an answer comes from the same state of the corpus.
        with storage_errors(self._settings.data_dir), opened.db.atomic():
            return opened.composer.compose(asked, filters or Filters(), now or datetime.now(UTC))

    def search(self, query: str, count: int = 10, filters: Filters | None = None) -> Found:
        """The best passages for a query, with their scores, copies under one of them; raises as `ask` does."""
        asked, within = check_question(query), filters or Filters()
        opened = self._open()
        with storage_errors(self._settings.data_dir), opened.db.atomic():
            return collapse(opened.db, opened.retriever.search(asked, HITS_FOR_ONE * count, within), count, within)

    def prepare(self, questions: Sequence[str]) -> bool:
        """Embeds questions in one batch, so that each costs less soon after; tells whether any was still unknown."""
        texts = [searchable(clean_line(question)) for question in questions]
        has_new = not all(map(self._remembering.remembers, texts))
        self._remembering.encode(texts)
        return has_new

    def quoted_again(self, places: Sequence[QuotedPlace], filters: Filters) -> list[Evidence]:
        """The quotes at given places, where the articles still say so and pass the filters."""
        opened = self._open()
        with storage_errors(self._settings.data_dir), opened.db.atomic():
            return quote_again(opened.db, places, filters)

    def open(self) -> None:
        """Opens the data folder, and loads the index and the model now rather than at the first question."""
        self._open()

    def warm_up(self) -> None:
        """Loads the models, too, which takes seconds that nobody should wait for an answer; raises as `ask` does."""
        self.search("news", 1)

    def _open(self) -> _Opened:
        if self._opened is not None and self._is_outdated(self._opened):
            self.close()
        if self._opened is None:
            # Both take seconds. A model that can't be loaded is told of by whoever asks.
            with ThreadPoolExecutor(1, "loading") as side:
                side.submit(self._load_model)
                self._opened = self._open_folder()
            # Nobody has been answered before the first time, so it may take a while; from now on people are waiting.
            self._lock_wait_s = 0.0
            self._heal_at = self._clock() + HEAL_EVERY_S
        return self._opened

    def _load_model(self) -> None:
        with collecting_later():
            self._embedder.encode(())

    def _is_outdated(self, opened: _Opened) -> bool:
        """Whether since it was opened another index went live, another database took its place, or it was healed."""
        file, live = database_file(self._settings.data_dir), self._generations.live_name()
        if file is not None and file != opened.file:
            return True
        generation = opened.generation
        if live is not None and live != (generation.stands_for if isinstance(generation, StandIn) else generation.name):
            return True
        if not isinstance(generation, StandIn) or self._clock() < self._heal_at:
            return False
        self._heal_at = self._clock() + HEAL_EVERY_S
        with storage_errors(self._settings.data_dir):
            return heal(self._settings, self._embedder, self._notify, wait_s=0.0) is not None

    def _open_folder(self) -> _Opened:
        settings = self._settings
        if not self._has_articles():
            self._notify("The corpus is empty, so the project's own background briefs are taken in first.")
            ingest_starter(settings, self._embedder)
        file = database_file(settings.data_dir)
        db = open_to_read(settings.data_dir)
        # A question reads a few hundred rows: mapped, each would bring the pages around it into the process's memory.
        db.execute("PRAGMA mmap_size = 0")
        with storage_errors(settings.data_dir):
            generation = open_index(settings, db, self._embedder, self._notify, self._lock_wait_s)
            retriever = Retriever(
                db,
                generation.index,
                generation.postings,
                self._remembering,
                per_article=settings.passages_per_article,
                reranker=Reranker(settings.reranker) if settings.reranker else None,
            )
            retriever.catch_up()
            if waiting := retriever.waiting:
                have = "passage has no vector yet and is" if waiting == 1 else "passages have no vectors yet and are"
                their = "its" if waiting == 1 else "their"
                self._notify(
                    f"{waiting:,} {have} found by {their} words alone; `attache reindex` embeds what is missing."
                )
            composer = Composer(db, retriever, read_calibration(settings), quotes=settings.quotes)
        return _Opened(db, generation, retriever, composer, file)

    def _has_articles(self) -> bool:
        if not (self._settings.data_dir / DATABASE_NAME).is_file():
            return False
        with reading(self._settings.data_dir) as db:
            return not is_empty(db)
