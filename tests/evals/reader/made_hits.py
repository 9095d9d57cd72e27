"""Hits, read hits and read sentences of made-up articles, for tests of what is done with them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from corpus.article import ArticleFacts, Passage, Span
from evals.reader.read_hits import ReadHit, ReadSentence
from evals.reader.relations import RELATIONS, Excerpt, Found, Reading
from index.search.retriever import Hit

# Where the passage of a made hit begins in its article.
BEGIN = 500


def make_hit(
    text: str, article: int = 1, *, passage: int | None = None, published_at: str | None = "2031-05-01",
    title: str | None = "Kurland and the tanker", **scores: float | None,
) -> Hit:  # fmt: skip
    """Make a hit; `scores` replace those of `Hit`."""
    facts = ArticleFacts(
        article, "shared", None, None, title, "Salis Herald", None, published_at, "en", "", "2031-06-01",
        f"{article}.txt",
    )  # fmt: skip
    number = passage or article
    hit = Hit(Passage(number, article, 0, BEGIN, BEGIN + len(text), text, ""), facts, 1.0, 0.5, 5.0, 0.5, 0.5)
    return replace(hit, **scores)


def read_hit(text: str, article: int = 1, said: Reading | None = None, **given: object) -> ReadHit:
    """Make a hit that was read; without `said` it settles nothing."""
    return ReadHit(make_hit(text, article, **given), said or reading())


def read_sentence(
    text: str, article: int = 1, *, before: str = "", after: str = "", swapped: Reading | None = None,
    published_at: str | None = "2031-05-01", title: str | None = "Kurland and the tanker", **chances: float,
) -> ReadSentence:  # fmt: skip
    """Make a sentence of a hit that was read with these probabilities, together with what is before it."""
    read = f"{before} {text}".strip()
    hit = make_hit(f"{read} {after}".strip(), article, published_at=published_at, title=title)
    return ReadSentence(hit, read, reading(**chances), swapped)


def reading(*, relevance: float = 0.05, found: tuple[Found, ...] = (), **chances: float) -> Reading:
    """Make a reading with these probabilities of relations; the rest is "unknown"."""
    rest = {"unknown": 1 - sum(chances.values())} | chances
    return Reading(tuple(rest.get(each.value, 0.0) for each in RELATIONS), relevance, found)


class FakeReader:
    """Answers from a table: the first key that stands in a text decides what is said of it; counts the texts it read.

    The table is of one question. Another one that is put to the very same excerpts, as that with the two actors
    exchanged is, is answered by nothing.

    Args:
        table: what to say of a text with these words: the name of a relation with its probability, such as
            `{"yes": 0.9}`, of which the rest is "unknown", and under `found` the pieces that answer, best first.
        odds: of the first piece found; every further one has one less.
    """

    def __init__(self, table: Mapping[str, Mapping[str, Any]], *, odds: float = 4.0) -> None:
        self._table = table
        self._odds = odds
        self.read_texts = 0
        self.asked: list[str] = []
        self._last: Sequence[Excerpt] = ()

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> list[Reading]:
        self.read_texts += len(excerpts)
        is_other = bool(excerpts) and excerpts is self._last and question != self.asked[-1]
        self.asked.append(question)
        self._last = excerpts
        return [reading() if is_other else self._reading(each.text) for each in excerpts]

    def _reading(self, text: str) -> Reading:
        said = next((said for words, said in self._table.items() if words in text), None)
        if said is None:
            return reading()
        chances = {name: value for name, value in said.items() if name != "found"}
        pieces = [piece for piece in said.get("found", ()) if piece in text]
        if chances and not pieces:
            # The sentence that decides is the one with the words of the table.
            pieces = [next(words for words, each in self._table.items() if each is said)]
        spans = [Span(text.index(piece), text.index(piece) + len(piece)) for piece in pieces]
        return reading(
            relevance=0.9, found=tuple(Found(span, self._odds - place) for place, span in enumerate(spans)), **chances
        )
