"""A made data folder on disk: written in bulk, and read back with the vectors of its questions."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from sqlite_utils import Database

from corpus.article import SHARED_COLLECTION, Draft, content_hash
from corpus.database import DATABASE_NAME, open_database
from corpus.errors import BadInput
from corpus.normalize import clean_line
from corpus.passages import text_hash
from corpus.signatures import PERMUTATIONS
from index.embedding.embedder import Embedder, Vectors
from index.embedding.vector_store import migrations as index_migrations
from index.generation.generations import Generations
from index.maintenance import rebuild
from index.search.query import searchable

ABOUT_FILE = "made.json"
QUESTIONS_FILE = "questions.jsonl"
VECTORS_FILE = "question-vectors.npy"
# Questions that are kept; more tell medians no better.
MOST_QUESTIONS = 500
# Articles in one transaction.
_ARTICLES_AT_ONCE = 256
# Every made article came at one moment, so that two runs write the same.
_FETCHED_AT = "2024-01-01T00:00:00Z"
_ORIGIN = "made"
_ARTICLE_COLUMNS = (
    "id, collection, url, external_id, title, title_sha256, body, publisher, published_at, language, sha256,"
    " source_sha256, fetched_at, origin"
)


@dataclass(frozen=True, slots=True)
class MadeQuestion:
    """A question about one passage, with its vector `(dimension,)` and a word of that passage as its answer."""

    text: str
    vector: Vectors
    answer: str


@dataclass(frozen=True, slots=True)
class MadeArticle:
    """A made article; `vectors` is `(passages, dimension)`, unit length; `title_vector` `(dimension,)`."""

    title: str
    publisher: str | None
    published_at: str | None
    passages: tuple[str, ...]
    vectors: Vectors
    title_vector: Vectors
    question: MadeQuestion | None


@dataclass(frozen=True, slots=True)
class MadeFacts:
    """What a made folder holds; no real model has its `fingerprint`, so no real vectors mix with made ones."""

    passages: int
    articles: int
    questions: int
    dimension: int
    seed: int
    like: str
    fingerprint: str


class MadeEmbedder:
    """Knows the vectors of a made folder's questions; any other text gets one by its hash.

    Args:
        folder: the made folder.
        real: a model that encodes every text as well, so that a question costs what it does in earnest; its vectors,
            which know nothing of made articles, are thrown away.
    """

    def __init__(self, folder: Path, real: Embedder | None = None) -> None:
        facts = read_facts(folder)
        self.fingerprint = facts.fingerprint
        self.dimension = facts.dimension
        self._real = real
        vectors: Vectors = np.load(folder / VECTORS_FILE)
        self._known = dict(zip(map(_key, read_questions(folder)), vectors, strict=True))

    def encode(self, texts: Sequence[str], on_done: Callable[[int], None] = lambda _count: None) -> Vectors:
        """`(n, dimension)` float32 of unit length, in order."""
        if self._real is not None:
            self._real.encode(texts)
        on_done(len(texts))
        found = [self._known[text] if text in self._known else _by_hash(text, self.dimension) for text in texts]
        return np.stack(found) if found else np.empty((0, self.dimension), dtype=np.float32)


def is_made(folder: Path) -> bool:
    """Whether a data folder was made by `write_made`."""
    return (folder / ABOUT_FILE).is_file()


def read_facts(folder: Path) -> MadeFacts:
    """What a made folder holds."""
    return MadeFacts(**json.loads((folder / ABOUT_FILE).read_text(encoding="utf-8")))


def read_questions(folder: Path) -> list[str]:
    """The questions of a made folder."""
    lines = (folder / QUESTIONS_FILE).read_text(encoding="utf-8").splitlines()
    return [str(json.loads(line)["question"]) for line in lines]


def refuse_corpus(folder: Path) -> None:
    """Leaves alone what is there.

    Raises:
        BadInput: the folder holds a corpus.
    """
    if (folder / DATABASE_NAME).exists():
        raise BadInput(f"{folder} holds a corpus already.", "Name a folder that does not exist yet.")


def write_made(
    folder: Path,
    made: Iterable[MadeArticle],
    *,
    seed: int,
    like: str,
    on_done: Callable[[int], None] = lambda _passages: None,
) -> MadeFacts:
    """Writes articles, passages, vectors, the index and the questions of a data folder.

    Args:
        folder: the data folder; it must hold no corpus.
        made: the articles.
        seed: what they were made with, kept for the record.
        like: the name of the real set, kept for the record.
        on_done: told the passages of each batch.

    Raises:
        BadInput: the folder holds a corpus.
        StorageFailure: it can't be written.
    """
    refuse_corpus(folder)
    db = open_database(folder, (index_migrations,))
    writer = _Writer(db, f"made@{hashlib.sha256(f'{like} {seed}'.encode()).hexdigest()[:16]}")
    try:
        articles = iter(made)
        while batch := list(islice(articles, _ARTICLES_AT_ONCE)):
            on_done(writer.write(batch))
        db.execute("UPDATE state SET revision = revision + 1 WHERE id = 1")
        db.execute("UPDATE models SET embedded_to = ?", (writer.passages,))
        facts = writer.facts(seed, like)
        _write_questions(folder, writer.questions, facts)
        db.conn.commit()
        rebuild(db, Generations(folder), MadeEmbedder(folder))
    finally:
        db.close()
    return facts


class _Writer:
    """Writes batches of articles into the project's own tables."""

    def __init__(self, db: Database, fingerprint: str) -> None:
        self._db = db
        self.fingerprint = fingerprint
        self.articles = 0
        self.passages = 0
        self.dimension = 0
        self.questions: list[tuple[int, MadeQuestion]] = []
        self._signing = np.random.default_rng(0)
        db.execute("INSERT INTO models (id, fingerprint) VALUES (1, ?)", (fingerprint,))

    def write(self, batch: Sequence[MadeArticle]) -> int:
        """Writes the articles in one transaction; returns how many passages they have."""
        articles, passages, before = [], [], self.passages
        vectors: dict[str, Vectors] = {}
        for each in batch:
            self.articles += 1
            body, rows = self._cut(each)
            articles.append(self._row(each, body))
            passages += rows
            vectors |= {row[6]: vector for row, vector in zip(rows, each.vectors, strict=True)}
            vectors[text_hash(each.title)] = each.title_vector
            if each.question is not None and len(self.questions) < MOST_QUESTIONS:
                self.questions.append((self.articles, each.question))
        self.dimension = len(batch[0].title_vector)
        stored = [(1, sha256, vector.astype("<f2").tobytes()) for sha256, vector in vectors.items()]
        # Signatures of unrelated texts agree nowhere, and so do random ones: nobody's copy of anything.
        hashes = self._signing.integers(0, 2**32, (len(batch), PERMUTATIONS), dtype=np.uint32)
        signed = [(row[0], 500, each.tobytes()) for row, each in zip(articles, hashes, strict=True)]
        with self._db.atomic():
            run = self._db.conn.executemany
            run(f"INSERT INTO articles ({_ARTICLE_COLUMNS}) VALUES ({','.join('?' * 14)})", articles)
            run(
                'INSERT INTO passages (id, article_id, ordinal, start, "end", text, sha256) VALUES (?,?,?,?,?,?,?)',
                passages,
            )
            run("INSERT OR IGNORE INTO embeddings (model_id, text_sha256, vector) VALUES (?, ?, ?)", stored)
            run("INSERT INTO signatures (article_id, shingles, hashes) VALUES (?, ?, ?)", signed)
        return self.passages - before

    def facts(self, seed: int, like: str) -> MadeFacts:
        """What was written so far, beside what it was made with."""
        return MadeFacts(
            passages=self.passages,
            articles=self.articles,
            questions=len(self.questions),
            dimension=self.dimension,
            seed=seed,
            like=like,
            fingerprint=self.fingerprint,
        )

    def _cut(self, article: MadeArticle) -> tuple[str, list[tuple[int, int, int, int, int, str, str]]]:
        """The body, and a row for each of its passages."""
        rows, start = [], 0
        for ordinal, text in enumerate(article.passages):
            self.passages += 1
            end = start + len(text)
            rows.append((self.passages, self.articles, ordinal, start, end, text, text_hash(text)))
            start = end + 2
        return "\n\n".join(article.passages), rows

    def _row(self, article: MadeArticle, body: str) -> tuple[str | int | None, ...]:
        number, published = self.articles, article.published_at
        address = f"https://made.example/{number}"
        draft = Draft(body, title=article.title, url=address, publisher=article.publisher, published_at=published)
        sha256 = content_hash(draft)
        head = (number, SHARED_COLLECTION, address, f"made-{number}", article.title, text_hash(article.title))
        return (*head, body, article.publisher, published, "en", sha256, sha256, _FETCHED_AT, _ORIGIN)


def _write_questions(folder: Path, questions: Sequence[tuple[int, MadeQuestion]], facts: MadeFacts) -> None:
    rows = [
        {
            "id": f"made-{number}",
            "question": question.text,
            "answers": [question.answer],
            "article_ids": [f"made-{number}"],
            "asked_at": None,
            "answerable": True,
        }
        for number, question in questions
    ]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / QUESTIONS_FILE).write_text(lines, encoding="utf-8")
    vectors = np.array([question.vector for _, question in questions], dtype=np.float32)
    np.save(folder / VECTORS_FILE, vectors.reshape(len(rows), facts.dimension))
    (folder / ABOUT_FILE).write_text(json.dumps(asdict(facts), indent=2) + "\n", encoding="utf-8")


def _key(question: str) -> str:
    """The text that is embedded of a question."""
    return searchable(clean_line(question))


def _by_hash(text: str, dimension: int) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8], "little")
    drawn: Vectors = np.random.default_rng(seed).standard_normal(dimension, dtype=np.float32)
    unit: Vectors = drawn / np.linalg.norm(drawn)
    return unit
