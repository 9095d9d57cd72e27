"""A Milvus server that answers with what nobody stored: refused in a sentence, or checked against the articles."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sqlite_utils import Database

from bot.service.ingest import ingest
from bot.service.sessions import open_to_read
from corpus.ingest import IngestOptions
from index.errors import IndexUnreachable
from index.filters import Filters
from index.milvus.address import MilvusAddress
from index.milvus.connection import Connection
from index.milvus.milvus_index import MilvusIndex
from index.search.retriever import Retriever
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder

QUERY = "Did Arland open the harbour?"
UNIT = np.eye(1, HashingEmbedder().dimension, dtype=np.float32)[0].tolist()


class Hostile(Connection):
    """Answers every search with the same, and each time with other hits where it is a function."""

    library = SimpleNamespace(AnnSearchRequest=lambda *_, **__: None, RRFRanker=lambda _constant: None)

    def __init__(self, answer: Any) -> None:
        super().__init__(MilvusAddress.parse("milvus://127.0.0.1:1/attache"))
        self._answer = answer

    def call(self, method: str, *_arguments: object, timeout_s: float, **_options: object) -> Any:
        assert method == "hybrid_search"
        assert timeout_s
        return self._answer


def hit(passage: Any, vector: Any = UNIT, words: Any = None) -> dict[str, Any]:
    return {"id": passage, "entity": {"vector": vector, "words": {5: 1.0} if words is None else words}}


@pytest.fixture
def db(tmp_path: Path, settings: MakeSettings) -> Iterator[Database]:
    """Two collections with an article each."""
    made = settings(tmp_path / "data")
    for collection in ("shared", "server-1"):
        path = tmp_path / f"{collection}.jsonl"
        body = f"Arland opened the harbour of {collection} on Monday, and its minister said so at noon."
        path.write_text(json.dumps({"id": collection, "title": f"Of {collection}", "body": body}), encoding="utf-8")
        ingest(made, HashingEmbedder(), [path], IngestOptions(collection))
    opened = open_to_read(made.data_dir)
    yield opened
    opened.close()


def search(db: Database, answer: Any) -> list[str]:
    """The collections of what is found in the shared one."""
    retriever = Retriever(db, MilvusIndex(db, Hostile(answer)), HashingEmbedder(), per_article=3)
    found = retriever.search(QUERY, 5, Filters(collections=("shared",)))
    assert all(np.isfinite(each.score) and -1.1 <= (each.cosine or 0) <= 1.1 for each in found.hits)
    return [each.article.collection for each in found.hits]


UNREADABLE: dict[str, Callable[[], Any]] = {
    "nothing": lambda: None,
    "no list": lambda: 7,
    "an empty list": list,
    "a text": lambda: "abc",
    "no entity": lambda: [[{"id": 1}]],
    "no dict": lambda: [[3]],
    "an object": lambda: [[object()]],
    "an id that is no number": lambda: [[hit("x")]],
    "an id of 100 digits": lambda: [[hit(10**100)]],
    "an id of None": lambda: [[hit(None)]],
    "a short vector": lambda: [[hit(1, [1.0])]],
    "vectors of several lengths": lambda: [[hit(1), hit(2, [1.0, 2.0])]],
    "a vector of texts": lambda: [[hit(1, ["a"] * len(UNIT))]],
    "no vector": lambda: [[hit(1, None)]],
    "a vector with NaN": lambda: [[hit(1, [float("nan"), *UNIT[1:]])]],
    "an infinite vector": lambda: [[hit(1, [float("inf"), *UNIT[1:]])]],
    "a vector as long as it likes": lambda: [[hit(1, [1e6, *UNIT[1:]])]],
    "a number beyond float32": lambda: [[hit(1, [1e300, *UNIT[1:]])]],
    "words that are no mapping": lambda: [[hit(1, words=[1, 2])]],
    "words of texts": lambda: [[hit(1, words={"a": "b"})]],
    "a weight of NaN": lambda: [[hit(1, words={5: float("nan")})]],
    "a weight of a million": lambda: [[hit(1, words={5: 1e6})]],
    "a weight below zero": lambda: [[hit(1, words={5: -1.0})]],
    "a weight that is none": lambda: [[hit(1, words={5: None})]],
}


@pytest.mark.filterwarnings("ignore:overflow encountered")
@pytest.mark.parametrize("name", UNREADABLE)
def test_what_was_never_stored_ends_in_a_sentence(db: Database, name: str) -> None:
    with pytest.raises(IndexUnreachable, match="sent a reply that can't be read"):
        search(db, UNREADABLE[name]())


def test_other_collections_unknown_ids_and_floods_are_never_shown(db: Database) -> None:
    ids = [row[0] for row in db.execute("SELECT id FROM passages ORDER BY id")]
    assert search(db, [[hit(each) for each in ids]]) == ["shared"]
    assert search(db, [[hit(each) for each in (0, -1, 2**62, *ids, *ids)]]) == ["shared"]
    assert search(db, [(hit(2**40 + each) for each in range(1_000_000_000))]) == []


def test_words_alone_are_read_as_carefully(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.milvus.milvus_index.query_weights", lambda *_: {"harbour": 1.0})
    index = MilvusIndex(db, Hostile([[hit(1, words={5: float("nan")})]]))
    with pytest.raises(IndexUnreachable, match="can't be read"):
        index.find_words(QUERY, 5, Filters(collections=("shared",)))
