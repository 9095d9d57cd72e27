"""The vectors of made articles: drawn so that neighbours are as near as in a real set."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.benching.sample import SampleArticle
from index.embedder import Vectors

# Of the spread between articles, the share that is left among articles of one event; and of the spread within an
# article, the share that its passages may have in common with those of others on the same side of the event. Every pair
# is tried.
_OWN_TRIED = (0.1, 0.25, 0.4, 0.6)
_SHARED_TRIED = (0.2, 0.5, 0.8, 0.95)
# Sides that one event has: what happened, what led to it, who said what.
SIDES = 24
# A sample of few articles spans few dimensions; this share of the spread goes evenly to all.
_EVEN_SHARE = 0.05
COMPARED = 500
ARTICLES_FITTED = 400


@dataclass(frozen=True)
class EventPlace:
    """Where an event lies: its centre `(dimension,)`, and how its sides depart from it `(SIDES, dimension)`."""

    centre: Vectors
    sides: Vectors


@dataclass(frozen=True)
class Geometry:
    """Where vectors lie: a mean, the spread between articles, the spread within one; how near titles are to passages.

    `between` and `within` are `(dimension, dimension)` factors: standard normal rows times them have the covariance
    that was learned. `own` is the share of `between` that articles of one event do not share, `shared` the most of
    `within` that their passages do. `scales` are how far real articles spread, as multiples of the mean; `titles` the
    cosines of real titles to the passages of their article, a median each.
    """

    mean: Vectors
    between: Vectors
    within: Vectors
    scales: Vectors
    titles: Vectors
    own: float = _OWN_TRIED[0]
    shared: float = _SHARED_TRIED[0]

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return len(self.mean)

    def event(self, rng: np.random.Generator) -> EventPlace:
        """Draws where an event lies."""
        drawn = _normal(rng, 1, self.dimension) @ self.between
        sides = _normal(rng, SIDES, self.dimension) @ self.within
        return EventPlace(self.mean + np.float32(np.sqrt(1 - self.own)) * drawn[0], sides)

    def article(self, event: EventPlace, passages: int, rng: np.random.Generator) -> Vectors:
        """The passages of an article about an event, `(passages, dimension)`, unit length."""
        centre = event.centre + np.float32(np.sqrt(self.own)) * (_normal(rng, 1, self.dimension) @ self.between)
        # Some reports tell nearly the same, others hardly anything in common.
        shared = np.float32(self.shared * rng.random())
        side = event.sides[rng.integers(SIDES, size=passages)]
        rest = _normal(rng, passages, self.dimension) @ self.within
        spread = np.sqrt(shared) * side + np.sqrt(1 - shared) * rest
        return _unit(centre + np.float32(rng.choice(self.scales)) * spread)

    def question(self, passage: Vectors, rng: np.random.Generator) -> Vectors:
        """A vector as near to a passage as real titles are to theirs, `(dimension,)`, unit length."""
        cosine = np.float32(rng.choice(self.titles))
        # Its rest points where vectors of the set do, so that it has neighbours of its own.
        other = self.mean + (_normal(rng, 1, self.dimension) @ self.between)[0]
        other -= (other @ passage) * passage
        found: Vectors = cosine * passage + np.sqrt(1 - cosine**2) * other / np.linalg.norm(other)
        return found.astype(np.float32)


def learn_geometry(articles: Sequence[SampleArticle]) -> Geometry:
    """Learns from the articles that have vectors."""
    known = [each for each in articles if each.vectors is not None]
    groups = [each.vectors for each in known if each.vectors is not None]
    centres = np.stack([group.mean(axis=0) for group in groups])
    rests = np.concatenate([group - centre for group, centre in zip(groups, centres, strict=True)])
    freedom = max(1, len(rests) - len(groups))
    within = (rests.T @ rests) / freedom
    deviations = centres - centres.mean(axis=0)
    # A centre of few passages carries some of the spread within; it is not the article's own.
    between = (deviations.T @ deviations) / max(1, len(centres) - 1) - within / np.mean([len(each) for each in groups])
    spreads = np.array([np.sqrt(((group - group.mean(axis=0)) ** 2).sum(axis=1).mean()) for group in groups])
    spreads = spreads[spreads > 0]
    geometry = Geometry(
        mean=centres.mean(axis=0),
        between=_factor(between),
        within=_factor(within),
        scales=(spreads / np.sqrt((spreads**2).mean())).astype(np.float32),
        titles=np.array(_title_cosines(known), np.float32),
    )
    return _fitted(geometry, groups[:ARTICLES_FITTED])


def _fitted(geometry: Geometry, groups: Sequence[Vectors]) -> Geometry:
    """The geometry whose nearest other articles are as near as in the real set."""
    target = _quantiles(groups)
    tried = [replace(geometry, own=own, shared=shared) for own in _OWN_TRIED for shared in _SHARED_TRIED]
    return min(tried, key=lambda each: float(np.abs(_quantiles(_made_like(each, groups)) - target).sum()))


def _made_like(geometry: Geometry, groups: Sequence[Vectors]) -> list[Vectors]:
    """As many articles with as many passages as the groups have."""
    rng = np.random.default_rng(0)
    made: list[Vectors] = []
    while len(made) < len(groups):
        event = geometry.event(rng)
        for _ in range(articles_of_event(rng)):
            made.append(geometry.article(event, len(groups[len(made) % len(groups)]), rng))
    return made[: len(groups)]


def _quantiles(groups: Sequence[Vectors]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.percentile(other_neighbours(groups), (10, 50, 90))
    return found


def articles_of_event(rng: np.random.Generator) -> int:
    """How many articles one event has: mostly one or two, now and then dozens (a power law, as in news streams)."""
    return int(min(40, rng.zipf(2.0)))


def other_neighbours(groups: Sequence[Vectors]) -> NDArray[np.float32]:
    """The cosine of each of the first passages to its nearest passage of another article."""
    vectors = np.concatenate(groups)
    owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    chosen = np.linspace(0, len(vectors) - 1, min(COMPARED, len(vectors))).astype(np.int64)
    cosines = vectors[chosen] @ vectors.T
    cosines[owner[chosen][:, np.newaxis] == owner] = -1.0
    nearest: NDArray[np.float32] = cosines.max(axis=1)
    return nearest


def _title_cosines(articles: Sequence[SampleArticle]) -> list[float]:
    found = [
        float(np.median(each.vectors @ each.title_vector))
        for each in articles
        if each.vectors is not None and each.title_vector is not None
    ]
    # A set without titles: what the starter briefs have.
    return found or [0.7]


def _factor(covariance: Vectors) -> Vectors:
    values, axes = np.linalg.eigh(covariance)
    values = np.maximum(values, 0.0)
    values = (1 - _EVEN_SHARE) * values + _EVEN_SHARE * values.sum() / len(values)
    factor: Vectors = (axes * np.sqrt(values)).T.astype(np.float32)
    return factor


def _normal(rng: np.random.Generator, rows: int, dimension: int) -> Vectors:
    drawn: Vectors = rng.standard_normal((rows, dimension), dtype=np.float32)
    return drawn


def _unit(vectors: Vectors) -> Vectors:
    length: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return length
