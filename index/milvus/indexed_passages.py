"""Reads passages from SQLite as the index in Milvus needs them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from sqlite_utils import Database

from index.filters import CLAIMED_MARK
from index.milvus.entities import IndexedPassage

# 2 MB of vectors of 384 numbers, and their words: far below the 64 MB that Milvus takes at once.
BATCH = 1_000

_SELECT = f"""SELECT passages.id, coalesce(articles.title, ''), passages.text, articles.collection,
        iif(publisher_basis = 'claimed', char({ord(CLAIMED_MARK)}) || publisher, publisher),
        articles.published_at, articles.language, embeddings.vector
    FROM passages CROSS JOIN articles ON articles.id = passages.article_id
    LEFT JOIN embeddings ON embeddings.text_sha256 = passages.sha256
        AND embeddings.model_id = (SELECT id FROM models WHERE fingerprint = :model)"""


def passages_after(db: Database, model: str, last: int) -> Iterator[list[IndexedPassage]]:
    """Yield the passages with a higher id in batches, by ascending id."""
    while True:
        sql = f"{_SELECT} WHERE passages.id > :last ORDER BY passages.id LIMIT {BATCH}"
        batch = [_passage(row) for row in db.execute(sql, {"model": model, "last": last})]
        if not batch:
            return
        yield batch
        last = batch[-1].id


def passages_of(db: Database, model: str, ids: Sequence[int]) -> list[IndexedPassage]:
    """Return passages by id; those that no longer exist are left out."""
    sql = f"{_SELECT} WHERE passages.id IN (SELECT value FROM json_each(:ids)) ORDER BY passages.id"
    return [_passage(row) for row in db.execute(sql, {"model": model, "ids": json.dumps(ids)})]


def ids_of_articles(db: Database, articles: Iterable[int], last: int) -> set[int]:
    """Return the ids of articles' passages up to an id."""
    rows = db.execute(
        "SELECT id FROM passages WHERE article_id IN (SELECT value FROM json_each(?)) AND id <= ?",
        (json.dumps(sorted(articles)), last),
    )
    return {int(row[0]) for row in rows}


def ready_ids(db: Database, model: str) -> set[int]:
    """Return the passages that the index has without a vector, and that have one by now."""
    rows = db.execute(
        """SELECT passage_id FROM milvus_waiting JOIN passages ON passages.id = passage_id
        JOIN embeddings ON embeddings.text_sha256 = passages.sha256
        WHERE model_id = (SELECT id FROM models WHERE fingerprint = ?)""",
        (model,),
    )
    return {int(row[0]) for row in rows}


def _passage(row: tuple[Any, ...]) -> IndexedPassage:
    passage_id, title, text, collection, publisher, published_at, language, vector = row
    stored = None if vector is None else np.frombuffer(vector, dtype="<f2").astype(np.float32)
    return IndexedPassage(passage_id, title, text, collection, publisher, published_at, language, stored)
