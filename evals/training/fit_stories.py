"""Fits how likely two articles tell of one event, on the labelled pairs of the dev half."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sqlite_utils import Database

from evals.quality.story_figures import StoryPair
from index.embedding.embedder import Embedder
from index.embedding.vector_store import Embeddings
from index.stories.traits import read_traits
from index.stories.window import WINDOW_DAYS, Window

# Inverse regularisation strength (scikit-learn's C).
REGULARISATION = 3.0


@dataclass(frozen=True, slots=True)
class FittedLikeness:
    """The weights of cosine, names and days, and the bias, with names and without; and how many pairs they fit."""

    with_names: tuple[float, float, float, float]
    without_names: tuple[float, float, float, float]
    pairs: int


def fit_likeness(db: Database, embedder: Embedder, pairs: Sequence[StoryPair]) -> FittedLikeness:
    """Fit both sets of weights on grouped articles; pairs further apart than the window are left out."""
    ids = dict(db.execute("SELECT external_id, id FROM articles WHERE external_id IS NOT NULL"))
    known = [each for each in pairs if each.is_dev and each.one in ids and each.other in ids]
    model_id = db.execute("SELECT id FROM models WHERE fingerprint = ?", (embedder.fingerprint,)).fetchone()[0]
    embeddings = Embeddings(db, embedder.fingerprint)
    rows: list[tuple[float, float, float]] = []
    labels: list[bool] = []
    for pair in known:
        traits = read_traits(db, embeddings, embedder.dimension, [ids[pair.one]])[ids[pair.one]]
        compared = Window(db, model_id, embedder.dimension).compare(traits, ids[pair.other])
        if compared is not None and compared[2] <= WINDOW_DAYS:
            rows.append((compared[0], compared[1] or 0.0, float(compared[2])))
            labels.append(pair.is_same)
    features = np.array(rows)
    full = LogisticRegression(C=REGULARISATION).fit(features, labels)
    bare = LogisticRegression(C=REGULARISATION).fit(features[:, [0, 2]], labels)
    cosine, names, days = map(float, full.coef_[0])
    bare_cosine, bare_days = map(float, bare.coef_[0])
    return FittedLikeness(
        (cosine, names, days, float(full.intercept_[0])),
        (bare_cosine, 0.0, bare_days, float(bare.intercept_[0])),
        len(rows),
    )
