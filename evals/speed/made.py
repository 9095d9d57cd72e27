"""Made data folders: written in bulk, read back with the vectors of their questions."""

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
from index.generation.generations import Generations
from index.maintenance import rebuild
from index.schema import migrations as index_migrations
from index.search.query import strip_time_words

ABOUT_FILE = "made.json"
QUESTIONS_FILE = "questions.jsonl"
VECTORS_FILE = "question-vectors.npy"
# More questions make medians no more precise.
MAX_QUESTIONS = 500
# Articles in one transaction.
_ARTICLES_AT_ONCE = 256
# The same for every article, so that two runs write the same.
_FETCHED_AT = "2024-01-01T00:00:00Z"
# Between the passages of a body.
_SEPARATOR = "\n\n"
_ARTICLE_COLUMNS = (
    "id, collection, url, external_id, title, title_sha256, body, publisher, published_at, language, sha256,"
    " source_sha256, fetched_at, origin"
)


@dataclass(frozen=True, slots=True)
class MadeQuestion:
    """A question about a passage, with its vector `(dimension,)` and a word of that passage as its answer."""

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
    question: MadeQuestion | None = None


@dataclass(frozen=True, slots=True)
class MadeFacts:
    """Describes a made folder; no real model has its `fingerprint`, so real and made vectors never mix."""

    passages: int
    articles: int
    questions: int
    dimension: int
    seed: int
    like: str
    fingerprint: str


class MadeEmbedder:
    """Returns the made vectors of a folder's questions, and a vector derived from its hash for any other text.

    Args:
        folder: the made folder.
        real: a model that also encodes every text, so that a question costs what it really does; its vectors are
            discarded.
    """

    def __init__(self, folder: Path, real: Embedder | None = None) -> None:
        facts = read_facts(folder)
        self.fingerprint = facts.fingerprint
        self.dimension = facts.dimension
        self._real = real
        vectors: Vectors = np.load(folder / VECTORS_FILE)
        searched = (strip_time_words(clean_line(question)) for question in read_questions(folder))
        self._known = dict(zip(searched, vectors, strict=True))

    def encode(self, texts: Sequence[str], on_done: Callable[[int], None] = lambda _count: None) -> Vectors:
        """Return `(n, dimension)` float32 of unit length, in order."""
        if self._real is not None:
            self._real.encode(texts)
        on_done(len(texts))
        vectors = [self._known[text] if text in self._known else _hash_vector(text, self.dimension) for text in texts]
        return np.stack(vectors) if vectors else np.empty((0, self.dimension), dtype=np.float32)


def is_made(folder: Path) -> bool:
    """Return whether a data folder was made by `write_made`."""
    return (folder / ABOUT_FILE).is_file()


def read_facts(folder: Path) -> MadeFacts:
    """Return the description of a made folder."""
    return MadeFacts(**json.loads((folder / ABOUT_FILE).read_text(encoding="utf-8")))


def read_questions(folder: Path) -> list[str]:
    """Return the questions of a made folder."""
    lines = (folder / QUESTIONS_FILE).read_text(encoding="utf-8").splitlines()
    return [str(json.loads(line)["question"]) for line in lines]


def refuse_corpus(folder: Path) -> None:
    """Raise `BadInput` if a folder holds a corpus."""
    if (folder / DATABASE_NAME).exists():
        raise BadInput(f"{folder} holds a corpus already.", "Name a folder that does not exist yet.")


def write_made(
    folder: Path,
    articles: Iterable[MadeArticle],
    *,
    seed: int,
    like: str,
    on_done: Callable[[int], None] = lambda _passages: None,
) -> MadeFacts:
    """Write a data folder: articles, passages, vectors, index and questions.

    Args:
        folder: the data folder; it must not hold a corpus.
        articles: the articles.
        seed: the seed they were made with, for the description.
        like: the name of the real set, for the description.
        on_done: called with the number of passages of each batch.

    Raises:
        BadInput: the folder holds a corpus.
        StorageFailure: it can't be written.
    """
    refuse_corpus(folder)
    db = open_database(folder, (index_migrations,))
    writer = _Writer(db, f"made@{hashlib.sha256(f'{like} {seed}'.encode()).hexdigest()[:16]}")
    try:
        remaining = iter(articles)
        while batch := list(islice(remaining, _ARTICLES_AT_ONCE)):
            on_done(writer.write(batch))
        db.execute("UPDATE state SET revision = revision + 1 WHERE id = 1")
        db.execute("UPDATE models SET embedded_to = ?", (writer.passages,))
        facts = MadeFacts(
            passages=writer.passages,
            articles=writer.articles,
            questions=len(writer.questions),
            dimension=writer.dimension,
            seed=seed,
            like=like,
            fingerprint=writer.fingerprint,
        )
        _write_questions(folder, writer.questions, facts)
        db.conn.commit()
        rebuild(db, Generations(folder), MadeEmbedder(folder))
    finally:
        db.close()
    return facts


class _Writer:
    """Writes batches of articles into the database's tables."""

    def __init__(self, db: Database, fingerprint: str) -> None:
        self._db = db
        self.fingerprint = fingerprint
        self.articles = 0
        self.passages = 0
        self.dimension = 0
        self.questions: list[tuple[int, MadeQuestion]] = []
        self._random = np.random.default_rng(0)
        db.execute("INSERT INTO models (id, fingerprint) VALUES (1, ?)", (fingerprint,))

    def write(self, batch: Sequence[MadeArticle]) -> int:
        """Write articles in one transaction; return how many passages they have."""
        articles, passages, before = [], [], self.passages
        vectors: dict[str, Vectors] = {}
        for each in batch:
            self.articles += 1
            rows = self._passage_rows(each)
            articles.append(self._article_row(each))
            passages += rows
            vectors |= {row[6]: vector for row, vector in zip(rows, each.vectors, strict=True)}
            vectors[text_hash(each.title)] = each.title_vector
            if each.question is not None and len(self.questions) < MAX_QUESTIONS:
                self.questions.append((self.articles, each.question))
        self.dimension = len(batch[0].title_vector)
        stored = [(1, sha256, vector.astype("<f2").tobytes()) for sha256, vector in vectors.items()]
        # Random signatures never agree, so no article counts as a copy of another.
        hashes = self._random.integers(0, 2**32, (len(batch), PERMUTATIONS), dtype=np.uint32)
        signatures = [(row[0], 500, each.tobytes()) for row, each in zip(articles, hashes, strict=True)]
        with self._db.atomic():
            run = self._db.conn.executemany
            run(f"INSERT INTO articles ({_ARTICLE_COLUMNS}) VALUES ({','.join('?' * 14)})", articles)
            run(
                'INSERT INTO passages (id, article_id, ordinal, start, "end", text, sha256) VALUES (?,?,?,?,?,?,?)',
                passages,
            )
            run("INSERT OR IGNORE INTO embeddings (model_id, text_sha256, vector) VALUES (?, ?, ?)", stored)
            run("INSERT INTO signatures (article_id, shingles, hashes) VALUES (?, ?, ?)", signatures)
        return self.passages - before

    def _passage_rows(self, article: MadeArticle) -> list[tuple[int, int, int, int, int, str, str]]:
        rows, start = [], 0
        for ordinal, text in enumerate(article.passages):
            self.passages += 1
            end = start + len(text)
            rows.append((self.passages, self.articles, ordinal, start, end, text, text_hash(text)))
            start = end + len(_SEPARATOR)
        return rows

    def _article_row(self, article: MadeArticle) -> tuple[str | int | None, ...]:
        number, published, body = self.articles, article.published_at, _SEPARATOR.join(article.passages)
        address = f"https://made.example/{number}"
        draft = Draft(body, title=article.title, url=address, publisher=article.publisher, published_at=published)
        sha256 = content_hash(draft)
        head = (number, SHARED_COLLECTION, address, f"made-{number}", article.title, text_hash(article.title))
        return (*head, body, article.publisher, published, "en", sha256, sha256, _FETCHED_AT, "made")


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


def _hash_vector(text: str, dimension: int) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8], "little")
    drawn: Vectors = np.random.default_rng(seed).standard_normal(dimension, dtype=np.float32)
    unit: Vectors = drawn / np.linalg.norm(drawn)
    return unit
