"""Puts new and changed articles into stories: with their copies first, else with what is most alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from corpus.article import SHARED_COLLECTION
from corpus.copies import Copies
from index.embedding.embedder import Embedder
from index.embedding.vector_store import Embeddings
from index.stories.story_store import Stories
from index.stories.traits import Traits, pack_names, read_traits
from index.stories.window import WINDOW_DAYS, Window

# Likeness from which an article joins a story. On the first half of the labelled pairs 0.6 and 0.7 have the same F1,
# and 0.7 the higher precision (docs/evaluation.md).
SAME_STORY = 0.7
# Copies are taken over later than reports are written, but a reprint a month later is no news of the event.
COPY_DAYS = 4 * WINDOW_DAYS
# Articles grouped in one transaction: half a second or so.
_BATCH = 128


@dataclass(frozen=True, slots=True)
class _Place:
    """The story that an article is in, if any; `is_placed` by an admin, so it stays there."""

    story_id: int
    is_placed: bool


class Grouper:
    """Groups the queued articles of one database.

    An article is compared with articles of its own collection and of the shared one, a shared article with shared ones
    only: what one server reads never decides what others see. A server's own story becomes part of a shared one once
    shared articles tell of the same event.

    Args:
        db: the corpus, opened for writing.
        embedder: the model whose stored vectors are compared.
    """

    def __init__(self, db: Database, embedder: Embedder) -> None:
        self._db = db
        self.embeddings = Embeddings(db, embedder.fingerprint)
        self._dimension = embedder.dimension
        self._copies = Copies(db)
        self._stories = Stories(db)
        row = db.execute("SELECT id FROM models WHERE fingerprint = ?", (embedder.fingerprint,)).fetchone()
        self._model_id = int(row[0]) if row else 0
        self._window = Window(db, self._model_id, self._dimension)

    def group_queued(self) -> int:
        """Group every queued article whose texts have vectors, and return their number. Commits after each batch."""
        return self.group(queued_articles(self._db))

    def group(self, article_ids: Sequence[int]) -> int:
        """Group those of some articles, in this order, that are queued and whose texts have vectors; return how many.

        Commits after each batch.
        """
        self._renew_traits()
        done = 0
        for first in range(0, len(article_ids), _BATCH):
            with self._db.atomic():
                # Another writer may have grouped some since the queue was read.
                batch = self._still_queued(article_ids[first : first + _BATCH])
                found = read_traits(self._db, self.embeddings, self._dimension, batch)
                for article_id in batch:
                    if article_id in found:
                        self._group(found[article_id])
                grouped = [(each,) for each in found]
                self._db.conn.executemany("DELETE FROM story_queue WHERE article_id = ?", grouped)
                if grouped:
                    # Cached answers name stories.
                    self._db.execute("UPDATE state SET revision = revision + 1 WHERE id = 1")
            done += len(found)
        return done

    def _still_queued(self, article_ids: Sequence[int]) -> list[int]:
        marks = ",".join("?" * len(article_ids))
        rows = self._db.execute(f"SELECT article_id FROM story_queue WHERE article_id IN ({marks})", list(article_ids))
        queued = {row[0] for row in rows.fetchall()}
        return [each for each in article_ids if each in queued]

    def _renew_traits(self) -> None:
        """Compute the vectors of grouped articles anew if another model made them; their stories stay."""
        # Two ranges of the index; for <> SQLite would read every row with its vector.
        sql = "SELECT article_id FROM story_articles WHERE model_id < :model OR model_id > :model"
        ids = sorted(int(row[0]) for row in self._db.execute(sql, {"model": self._model_id}).fetchall())
        for first in range(0, len(ids), _BATCH):
            with self._db.atomic():
                found = read_traits(self._db, self.embeddings, self._dimension, ids[first : first + _BATCH])
                for each in found.values():
                    self._store_traits(each)

    def _group(self, traits: Traits) -> None:
        """Find the story of an article and store it."""
        before = self._place(traits.article_id)
        if before is None or not before.is_placed:
            visible = {traits.collection, SHARED_COLLECTION}
            copies = self._near_copies(traits)
            story_id = self._choose(traits, before, copies, visible)
            self._move(traits, before, story_id)
        else:
            copies = []
            story_id = before.story_id
        self._store_traits(traits)
        self._window.add(traits, story_id)
        if traits.collection == SHARED_COLLECTION:
            self._absorb(traits, story_id, copies)

    def _choose(
        self, traits: Traits, before: _Place | None, copies: Sequence[tuple[int, str]], visible: set[str]
    ) -> int:
        """Return the story that an article belongs to: that of a copy, its present one, the most alike, or a new one.

        Args:
            traits: of the article.
            before: where it was.
            copies: stories and collections of its copies, earliest first.
            visible: the collections that it is compared with.
        """
        copied = [story_id for story_id, collection in copies if collection in visible]
        matches = self._window.match(traits, visible, at_least=SAME_STORY)
        fitting = [*copied, *(each.story_id for each in matches)]
        if before is not None and (before.story_id in fitting or not (fitting or self._has_others(before, traits))):
            return before.story_id
        return fitting[0] if fitting else self._stories.create(traits.collection)

    def _near_copies(self, traits: Traits) -> list[tuple[int, str]]:
        """Return the stories and collections of an article's copies of the same weeks, earliest article first."""
        ids = self._copies.find([traits.article_id]).get(traits.article_id, [])
        if not ids:
            return []
        rows = self._db.execute(
            f"""SELECT story_id, collection, day FROM story_articles
            WHERE article_id IN ({",".join(map(str, ids))}) ORDER BY day IS NULL, day, article_id"""
        )
        return [
            (story_id, collection)
            for story_id, collection, day in rows
            if day is None or traits.day is None or abs(day - traits.day) <= COPY_DAYS
        ]

    def _absorb(self, traits: Traits, story_id: int, copies: Sequence[tuple[int, str]]) -> None:
        """Make servers' own stories on the event of a shared article part of its story, unless an admin edited them."""
        found = {each for each, collection in copies if collection != SHARED_COLLECTION}
        for collection in self._window.collections_near(traits, at_least=SAME_STORY) - {SHARED_COLLECTION}:
            found |= {each.story_id for each in self._window.match(traits, {collection}, at_least=SAME_STORY)}
        for each in sorted(found - {story_id}):
            story = self._stories.find(each)
            if story is not None and story.collection != SHARED_COLLECTION and not story.is_edited:
                self._stories.merge(each, story_id)
                self._window.move(each, story_id)

    def _place(self, article_id: int) -> _Place | None:
        sql = "SELECT story_id, is_placed FROM story_articles WHERE article_id = ?"
        row = self._db.execute(sql, (article_id,)).fetchone()
        return _Place(int(row[0]), bool(row[1])) if row else None

    def _has_others(self, place: _Place, traits: Traits) -> bool:
        sql = "SELECT 1 FROM story_articles WHERE story_id = ? AND article_id <> ? LIMIT 1"
        return self._db.execute(sql, (place.story_id, traits.article_id)).fetchone() is not None

    def _move(self, traits: Traits, before: _Place | None, story_id: int) -> None:
        self._db.execute(
            """INSERT INTO story_articles (article_id, story_id, collection, day, model_id, vector, names)
            VALUES (?, ?, ?, ?, 0, x'', x'') ON CONFLICT (article_id) DO UPDATE SET story_id = excluded.story_id""",
            (traits.article_id, story_id, traits.collection, traits.day),
        )
        if before is not None and before.story_id != story_id:
            self._stories.forward_if_empty(before.story_id, story_id)

    def _store_traits(self, traits: Traits) -> None:
        self._db.execute(
            """UPDATE story_articles SET day = ?, model_id = ?, vector = ?, names = ? WHERE article_id = ?""",
            (
                traits.day,
                self._model_id,
                traits.vector.astype("<f2").tobytes(),
                pack_names(traits.names),
                traits.article_id,
            ),
        )


def group_queued(db: Database, embedder: Embedder) -> int:
    """Group every queued article whose texts the model has embedded; return their number; cheap where none waits."""
    row = db.execute("SELECT id FROM models WHERE fingerprint = ?", (embedder.fingerprint,)).fetchone()
    if row is None:
        return 0
    sql = """SELECT EXISTS (SELECT 1 FROM story_queue)
        OR EXISTS (SELECT 1 FROM story_articles WHERE model_id < :model OR model_id > :model)"""
    has_work = db.execute(sql, {"model": row[0]}).fetchone()[0]
    return Grouper(db, embedder).group_queued() if has_work else 0


def queued_articles(db: Database) -> list[int]:
    """Return the queued articles by day, so that an archive is grouped as if it had come in day by day."""
    rows = db.execute(
        """SELECT article_id FROM story_queue JOIN articles ON articles.id = article_id
        ORDER BY substr(coalesce(published_at, fetched_at), 1, 10), article_id"""
    )
    return [int(row[0]) for row in rows.fetchall()]


def count_queued(db: Database) -> int:
    """Count the articles that wait to be grouped, as after an upgrade."""
    return int(db.execute("SELECT count(*) FROM story_queue").fetchone()[0])
