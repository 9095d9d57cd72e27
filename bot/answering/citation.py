"""Builds the citation of a quote: the article's facts, a link to the quote, and the publisher's facts."""

from bot.answering.answer import Citation
from bot.answering.text_fragments import article_link
from corpus.article import ArticleFacts
from corpus.publishers.basis import is_claim, known_publisher
from corpus.publishers.directory import Publishers
from corpus.publishers.publisher import Kind, owns_url
from corpus.starter import starter_path


def cite(article: ArticleFacts, quote: str, publishers: Publishers | None = None) -> Citation:
    """Return the citation of a quote from an article; the publisher's facts are None without `publishers`."""
    is_own_brief = starter_path(article.origin) is not None
    known = known_publisher(article, publishers) if publishers is not None else None
    is_claimed = article.is_claimed if publishers is None else is_claim(article, publishers)
    is_elsewhere = bool(article.url or is_claimed) and not owns_url(article.served_by, article.url)
    return Citation(
        title=article.title,
        publisher=article.publisher,
        author=article.author,
        published_at=article.published_at,
        url=article.url,
        link=article_link(article.url, article.origin, quote),
        origin=article.origin,
        collection=article.collection,
        is_own_brief=is_own_brief,
        is_excerpt=article.is_excerpt,
        country=known.country if known else None,
        kind=Kind.OWN_BRIEF if is_own_brief else known.kind if known else None,
        state_controlled=known.state_controlled if known else None,
        is_claimed=is_claimed,
        carried_by=article.served_by if is_elsewhere else None,
        is_dated_ahead=article.is_dated_ahead,
    )
