"""Citations: what an article states about itself, and a link that opens it at the quote."""

from bot.answering.answer import Citation
from bot.answering.links import article_link
from corpus.article import ArticleFacts
from corpus.starter import starter_path


def cite(article: ArticleFacts, quote: str) -> Citation:
    """The citation of a quote from an article."""
    return Citation(
        title=article.title,
        publisher=article.publisher,
        author=article.author,
        published_at=article.published_at,
        url=article.url,
        link=article_link(article.url, article.origin, quote),
        origin=article.origin,
        collection=article.collection,
        is_own_brief=starter_path(article.origin) is not None,
        is_excerpt=article.is_excerpt,
    )
