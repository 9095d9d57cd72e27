"""Hits, read hits and read sentences of made-up articles, for tests of what is done with them."""

from dataclasses import replace

from bot.answering.reader.read_hits import ReadHit, ReadSentence
from bot.answering.reader.reading import Reading
from corpus.article import ArticleFacts, Passage, Span
from index.search.retriever import Hit
from tests.fakes import reading

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
    text: str, article: int = 1, *, before: str = "", after: str = "", passage: Reading | None = None,
    swapped: Reading | None = None,
    published_at: str | None = "2031-05-01", title: str | None = "Kurland and the tanker", **chances: float,
) -> ReadSentence:  # fmt: skip
    """Make a sentence of a hit that was read alone with these probabilities."""
    whole = " ".join(part for part in (before, text, after) if part)
    start = len(before) + 1 if before else 0
    said = reading(**chances)
    return ReadSentence(
        make_hit(whole, article, published_at=published_at, title=title),
        Span(start, start + len(text)),
        Span(0, len(before)) if before else None,
        said,
        passage or said,
        swapped,
    )
