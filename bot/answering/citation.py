"""Citations: what an article states about itself, a link that opens it at the quote, and what its publisher is."""

from bot.answering.answer import Citation
from bot.answering.text_fragments import article_link
from corpus.article import ArticleFacts
from corpus.publishers.directory import Publishers
from corpus.publishers.publisher import Kind, Publisher
from corpus.starter import starter_path


def cite(article: ArticleFacts, quote: str, publishers: Publishers | None = None) -> Citation:
    """The citation of a quote from an article; without the table of publishers it says nothing of what they are."""
    is_own_brief = starter_path(article.origin) is not None
    known: Publisher | None = None
    if publishers is not None and not is_own_brief:
        known = publishers.find(article.publisher, article.url)
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
    )
