"""Brings the index in Milvus up to date with SQLite, and builds it anew beside the one that is searched."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from corpus.timestamps import utc_now
from index.embedding.embedder import Embedder
from index.errors import IndexUnreachable
from index.live.change_log import changes_since, last_change
from index.maintenance import RefreshReport
from index.milvus.connection import WRITE_TIMEOUT_S, Connection, IndexMissing
from index.milvus.entities import (
    LAYOUT,
    PARTITIONS,
    STATE_ID,
    IndexedPassage,
    code,
    entities,
    indexes,
    schema,
    state_entity,
    words_of,
    words_read,
)
from index.milvus.indexed_passages import BATCH, ids_of_articles, passages_after, passages_of, ready_ids
from index.milvus.state import IndexState, StoredCounts, WordChanges, new_token, read_state, set_waiting, write_state

# The writer must see what it wrote itself (milvus.io/docs/consistency.md).
_STRONG = "Strong"


class MilvusWriter:
    """Writes one database's index. Whoever calls it holds the folder's writer lock.

    Every step can be repeated: what a killed process or a broken connection left undone is done by the next call.

    Args:
        connection: the server.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._name = connection.address.name

    def update(self, db: Database, embedder: Embedder, *, full: bool, is_check: bool) -> RefreshReport:
        """Bring the index up to date; a server's fault becomes the report's `problem`."""
        try:
            state, built = self._bring_up_to_date(db, embedder, full=full, is_check=is_check)
        except IndexUnreachable as error:
            former = read_state(db)
            name = former.collection if former is not None else ""
            return RefreshReport(0, name, len(StoredCounts(db, None)), built=False, problem=str(error))
        finally:
            self._connection.close()
        return RefreshReport(0, state.collection, len(StoredCounts(db, None)), built=built)

    def _bring_up_to_date(
        self, db: Database, embedder: Embedder, *, full: bool, is_check: bool
    ) -> tuple[IndexState, bool]:
        """Return the new state, and whether the index was built anew."""
        state = read_state(db)
        if full or state is None or state.model != embedder.fingerprint or not self.holds(state):
            return self._rebuild(db, embedder), True
        caught_up = self._catch_up(db, state, embedder)
        if caught_up is None or (is_check and self.count(caught_up) != count_passages(db)):
            return self._rebuild(db, embedder), True
        return caught_up, False

    def holds(self, state: IndexState) -> bool:
        """Return whether the server has the index of this state; finish a switch to it that was cut short."""
        if not state.collection.endswith(LAYOUT):
            return False
        try:
            # A server that was started again may not have done so; what isn't loaded can't be read.
            self._call("load_collection", state.collection)
            token = self._token(state.collection)
        except IndexMissing:
            return False
        if token not in {state.token, state.next_token}:
            return False
        if self._live() != state.collection:
            self._switch_to(state.collection)
        return True

    def count(self, state: IndexState) -> int:
        """Return how many passages the server has."""
        rows = self._query(state.collection, filter=f"id > {STATE_ID}", output_fields=["count(*)"])
        with self._connection.reading():
            return int(rows[0]["count(*)"])

    def _catch_up(self, db: Database, state: IndexState, embedder: Embedder) -> IndexState | None:
        """Write what changed since the state; return the new one, None if the changes are no longer known."""
        changes = changes_since(db, state.last_change)
        if changes is None:
            return None
        model, last = embedder.fingerprint, state.last_passage
        changed = ids_of_articles(db, changes.articles, last) | ready_ids(db, model)
        removed = {each for each in changes.removed_passages if each <= last} - changed
        has_new = bool(db.execute("SELECT 1 FROM passages WHERE id > ? LIMIT 1", (last,)).fetchone())
        if not (changed or removed or has_new):
            if changes.last > state.last_change:
                state = self._store(db, replace(state, last_change=changes.last))
            return state
        # First: an index with this token and a database without it don't belong together.
        state = self._store(db, replace(state, next_token=new_token()))
        self._upsert(state.collection, [state_entity(state.next_token, embedder.dimension)])
        former = sorted(changed | removed)
        for first in range(0, len(former), BATCH):
            self._replace(db, state, embedder, former[first : first + BATCH])
        for batch in passages_after(db, model, last):
            counts = self._write(state.collection, batch, embedder.dimension)
            state = self._store(db, replace(state, last_passage=batch[-1].id), counts, batch)
        return self._store(db, replace(state, last_change=changes.last, token=state.next_token))

    def _replace(self, db: Database, state: IndexState, embedder: Embedder, ids: Sequence[int]) -> None:
        """Write passages again that the index has, and delete those that no longer exist."""
        former = self._query(state.collection, ids=list(ids), output_fields=["id", "collection", "words"])
        present = passages_of(db, embedder.fingerprint, ids)
        gone = sorted(set(ids) - {each.id for each in present})
        now = {each.id: code(each.collection) for each in present}
        with self._connection.reading():
            # An upsert replaces what is in the same partition, and collections are partitions.
            moved = [
                int(each["id"]) for each in former if now.get(each["id"], each["collection"]) != each["collection"]
            ]
            if gone or moved:
                self._call("delete", state.collection, ids=gone + moved)
            counts = self._write(state.collection, present, embedder.dimension)
            for each in former:
                counts.add(int(each["collection"]), words_read(each["words"]), -1)
        self._store(db, state, counts, present, gone)

    def _rebuild(self, db: Database, embedder: Embedder) -> IndexState:
        """Build an index of all passages under a new name, then switch to it: searches always find a whole one."""
        owner = self._owner(read_state(db))
        live = self._live()
        if live is not None and not live.startswith(owner):
            raise IndexUnreachable(
                f"The index {self._name} on {self._connection.address.shown} belongs to another data folder.",
                "Choose another name in ATTACHE_INDEX; each data folder has its own.",
            )
        made = f"{owner}{datetime.now(UTC):%Y%m%dT%H%M%S%f}{LAYOUT}"
        token, followed, last = new_token(), last_change(db), 0
        self._create(made, embedder.dimension)
        self._upsert(made, [state_entity(token, embedder.dimension)])
        counts, waiting = WordChanges(), set()
        for batch in passages_after(db, embedder.fingerprint, 0):
            self._write(made, batch, embedder.dimension, counts)
            waiting |= _without_vector(batch)
            last = batch[-1].id
        # Only now: an index of what is complete is faster built, and searched.
        self._call("flush", made)
        state = IndexState(made, embedder.fingerprint, last, followed, token, token, utc_now())
        with db.atomic():
            db.execute("DELETE FROM milvus_words")
            db.execute("DELETE FROM milvus_waiting")
            counts.apply(db)
            set_waiting(db, waiting, are=True)
            write_state(db, state)
        self._switch_to(made)
        self._drop_others(owner, made)
        return state

    def _owner(self, state: IndexState | None) -> str:
        """Return how the names of this folder's indexes begin: kept for good, so that no other folder's are taken."""
        prefix = f"{self._name}_"
        if state is not None and state.collection.startswith(prefix):
            return state.collection.rpartition("_")[0] + "_"
        return f"{prefix}{uuid.uuid4().hex[:8]}_"

    def _create(self, made: str, dimension: int) -> None:
        library = self._connection.library
        self._call(
            "create_collection",
            made,
            schema=schema(library, dimension),
            index_params=indexes(library, self._connection.address.vectors),
            num_partitions=PARTITIONS,
            consistency_level="Bounded",
        )
        self._call("load_collection", made)

    def _write(
        self, collection: str, batch: list[IndexedPassage], dimension: int, counts: WordChanges | None = None
    ) -> WordChanges:
        """Write passages; return what that changes in the counts, added to `counts`."""
        counts, words = counts or WordChanges(), words_of(batch)
        if batch:
            self._upsert(collection, entities(batch, words, dimension))
        for passage, its_words in zip(batch, words, strict=True):
            counts.add(code(passage.collection), its_words)
        return counts

    def _store(
        self,
        db: Database,
        state: IndexState,
        counts: WordChanges | None = None,
        written: Sequence[IndexedPassage] = (),
        gone: Sequence[int] = (),
    ) -> IndexState:
        """Store the state with all that belongs to it, in one transaction."""
        with db.atomic():
            if counts is not None:
                counts.apply(db)
            waiting = _without_vector(written)
            set_waiting(db, [*gone, *({each.id for each in written} - waiting)], are=False)
            set_waiting(db, waiting, are=True)
            write_state(db, state)
        return state

    def _live(self) -> str | None:
        """Return the name of the index that is searched; None without one."""
        try:
            found = self._call("describe_alias", self._name)
        except IndexMissing:
            return None
        with self._connection.reading():
            return str(found["collection_name"])

    def _switch_to(self, made: str) -> None:
        method = "create_alias" if self._live() is None else "alter_alias"
        self._call(method, made, self._name)

    def _drop_others(self, owner: str, kept: str) -> None:
        collections = self._call("list_collections")
        with self._connection.reading():
            others = [each for each in collections if each.startswith(owner) and each != kept]
        for collection in others:
            self._call("drop_collection", collection)

    def _token(self, collection: str) -> int | None:
        rows = self._query(collection, ids=[STATE_ID], output_fields=["publisher"])
        with self._connection.reading():
            return int(rows[0]["publisher"]) if rows else None

    def _upsert(self, collection: str, made: list[dict[str, object]]) -> None:
        self._call("upsert", collection, made)

    # ANN401: what the library returns.
    def _query(self, collection: str, **options: object) -> Any:  # noqa: ANN401
        return self._call("query", collection, consistency_level=_STRONG, **options)

    def _call(self, method: str, *arguments: object, **options: object) -> Any:  # noqa: ANN401
        return self._connection.call(method, *arguments, timeout_s=WRITE_TIMEOUT_S, **options)


def _without_vector(passages: Sequence[IndexedPassage]) -> set[int]:
    return {each.id for each in passages if each.vector is None}


def count_passages(db: Database) -> int:
    """Return how many passages the database has."""
    return int(db.execute("SELECT count(*) FROM passages").fetchone()[0])
