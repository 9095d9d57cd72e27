"""Stores where quotes were found, and reloads those that still exist unchanged."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from bot.answering.answer import Evidence, Quote
from bot.answering.citation import cite
from corpus.articles import Articles
from corpus.passages import text_hash
from corpus.publishers.directory import Publishers
from index.filters import Filters, filter_articles


@dataclass(frozen=True, slots=True)
class QuotedPlace:
    """The location of a quote: offsets into the article's body, and the SHA-256 of the text between them."""

    article_id: int
    passage_id: int
    start: int
    end: int
    sha256: str


def place_of(quote: Quote) -> QuotedPlace:
    """Return the location of a quote."""
    return QuotedPlace(quote.article_id, quote.passage_id, quote.start, quote.end, text_hash(quote.text))


def reload_quotes(db: Database, places: Sequence[QuotedPlace], filters: Filters) -> list[Evidence]:
    """Return the quotes at the given places, in order, without those whose text changed or fails the filters."""
    passing = filter_articles(db, filters, {place.article_id for place in places})
    articles, publishers, evidence = Articles(db), Publishers(db), []
    for place in places:
        article = articles.get(place.article_id) if place.article_id in passing else None
        text = article.body[place.start : place.end] if article else ""
        if article is not None and text_hash(text) == place.sha256:
            quote = Quote(place.article_id, place.passage_id, place.start, place.end, text)
            evidence.append(Evidence(quote, cite(article, text, publishers), 0.0))
    return evidence
