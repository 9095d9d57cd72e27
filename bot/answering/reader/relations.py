"""What a reader says of a passage, and the interface of readers."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from corpus.article import ArticleFacts, Span


class Relation(StrEnum):
    """How a passage stands to a yes/no question.

    - `yes`, `no`: it tells as fact that it is so, or that it is not so;
    - `claimed`, `denied`: somebody says that it is so, or denies it, and the publisher leaves it open;
    - `both`: it gives the claim and a denial;
    - `unknown`: it does not settle it.
    """

    YES = "yes"
    NO = "no"
    CLAIMED = "claimed"
    DENIED = "denied"
    BOTH = "both"
    UNKNOWN = "unknown"


# Of what a reader says, nothing is surer than this: a model of its probabilities would make too much of it.
LEAST_PROBABILITY = 0.003
# In the order of the reader's outputs.
RELATIONS = tuple(Relation)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A text to be read, with a line on where it comes from: `2024-09-09 Reuters: Iran denies sending missiles`."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of a text that answers, and the log odds that it does rather than nothing in the text."""

    span: Span
    odds: float


@dataclass(frozen=True, slots=True)
class ReaderOutput:
    """What a reader says of one text.

    `relations` are probabilities in the order of `RELATIONS`, meaningful for yes/no questions. `found` are pieces that
    decide or answer, best first; the odds of the first are negative if nothing in the text seems to. `relevance` are
    the log odds that the text helps to answer.
    """

    relations: tuple[float, ...]
    found: tuple[Found, ...]
    relevance: float = 0.0

    def probability(self, *relations: Relation) -> float:
        """Return the probability of any of these relations."""
        return sum(self.relations[RELATIONS.index(each)] for each in relations)


class Reader(Protocol):
    """Reads texts with a question."""

    def check(self) -> str:
        """Return what is read with, after a check that takes no torch.

        Raises:
            ModelUnavailable: it is missing, or not the expected one.
        """

    def load(self) -> None:
        """Load the model now rather than at the first question.

        Raises:
            ModelUnavailable: it can't be found or read.
        """

    def read(self, question: str, excerpts: Sequence[Excerpt], *, with_spans: bool = True) -> list[ReaderOutput]:
        """Read each text with the question, in order. Raises as `load` does.

        Args:
            question: as asked.
            excerpts: what is read.
            with_spans: whether to find the pieces that answer; without, reading takes less time.
        """


def log_odds(probability: float) -> float:
    """Return the log odds of a probability, no further out than those of `LEAST_PROBABILITY` and its opposite."""
    bounded = min(max(probability, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY)
    return math.log(bounded / (1 - bounded))


def heading(published_at: str | None, publisher: str | None, title: str | None) -> str:
    """Return the line that a reader gets in front of a text."""
    return f"{(published_at or '')[:10]} {publisher or ''}: {title or ''}".strip(" :")


def excerpt_of(article: ArticleFacts, text: str) -> Excerpt:
    """Return a text of an article with its heading."""
    return Excerpt(heading(article.published_at, article.publisher, article.title), text)


def join_excerpts(excerpts: Iterable[Excerpt]) -> Excerpt:
    """Return texts as one that is read together, a heading in front of each that does not go on with the one before."""
    parts, last = [], None
    for each in excerpts:
        parts.append(each.text if each.heading == last else f"{each.heading}. {each.text}")
        last = each.heading
    return Excerpt("", " ".join(parts))
