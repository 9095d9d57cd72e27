"""Exports a data folder's passages, vectors and questions to exchange files; runs in this environment."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from sqlite_utils import Database

from bot.quality.rows import Row, read_rows
from bot.service.sessions import reading
from bot.settings import Settings
from evals.peers.exchange import ASKED, TITLES, VECTORS, Passage, Question, write
from evals.speed.made import QUESTIONS_FILE
from evals.speed.open_folder import open_embedder
from index.embedding.vector_store import Embeddings
from index.search.query import strip_time_words

# Days before and after the right article's.
AROUND = timedelta(days=15)


def export_data(settings: Settings, questions: Path | None, most: int, folder: Path) -> int:
    """Write the exchange files of a data folder; return the number of passages."""
    folder.mkdir(parents=True, exist_ok=True)
    embedder = open_embedder(settings)
    path = questions or settings.data_dir / QUESTIONS_FILE
    rows = [row for row in read_rows(path) if row.answerable and row.article_ids]
    with reading(settings.data_dir) as db:
        order = db.execute(
            f"SELECT passages.id, article_id {_WITH_VECTORS} ORDER BY article_id, passages.id"
        ).fetchall()
        # Numbered without gaps, so that every side can count articles as they come.
        articles = list(dict.fromkeys(article for _, article in order))
        numbers = {article: number for number, article in enumerate(articles, 1)}
        chosen = list(_questions(db, rows[:: max(1, len(rows) // most)][:most], numbers))
        write(folder, _passages(db, numbers), chosen)
        stored = Embeddings(db, embedder.fingerprint).load(embedder.dimension)
        np.save(folder / VECTORS, stored.vectors[np.searchsorted(stored.ids, [passage for passage, _ in order])])
        np.save(folder / TITLES, _titles(db, articles, embedder.fingerprint, embedder.dimension))
    np.save(folder / ASKED, embedder.encode([strip_time_words(each.text) for each in chosen]))
    return len(stored.ids)


def _passages(db: Database, numbers: dict[int, int]) -> Iterator[Passage]:
    rows = db.execute(
        f"""SELECT article_id, coalesce(title, ''), text, coalesce(publisher, ''),
            coalesce(substr(published_at, 1, 10), '') {_WITH_VECTORS} ORDER BY article_id, passages.id"""
    )
    for number, (article, title, text, publisher, day) in enumerate(rows):
        yield Passage(number, numbers[article], title, text, publisher, day)


def _questions(db: Database, rows: list[Row], numbers: dict[int, int]) -> Iterator[Question]:
    for row in rows:
        marks = ",".join("?" * len(row.article_ids))
        found = db.execute(
            f"""SELECT id, publisher, substr(published_at, 1, 10) FROM articles
            WHERE external_id IN ({marks}) ORDER BY id""",
            row.article_ids,
        ).fetchall()
        found = [each for each in found if each[0] in numbers]
        if not found:
            continue
        _, publisher, day = found[0]
        middle = date.fromisoformat(day) if day else None
        since, until = (middle - AROUND, middle + AROUND) if middle else ("", "")
        yield Question(row.question, [numbers[each[0]] for each in found], publisher or "", str(since), str(until))


def _titles(db: Database, articles: list[int], fingerprint: str, dimension: int) -> np.ndarray:
    """Return a row for each article; zeros if its title has no vector."""
    rows = db.execute(
        """SELECT id, (SELECT vector FROM embeddings WHERE text_sha256 = title_sha256
            AND model_id = (SELECT id FROM models WHERE fingerprint = ?)) FROM articles""",
        (fingerprint,),
    )
    vectors = {article: np.frombuffer(vector, dtype="<f2").astype(np.float32) for article, vector in rows if vector}
    none = np.zeros(dimension, dtype=np.float32)
    return np.stack([vectors.get(article, none) for article in articles])


_WITH_VECTORS = """FROM passages JOIN articles ON articles.id = article_id
    WHERE passages.sha256 IN (SELECT text_sha256 FROM embeddings)"""
