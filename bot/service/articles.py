"""Look up one stored article with its former texts, edits and copies."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.copy_groups import copies_of
from bot.service.sessions import reading
from bot.settings import Settings
from corpus.article import Article, ArticleFacts
from corpus.articles import Articles, Version
from corpus.errors import BadInput
from corpus.history import Edit, compute_edit
from index.filters import Filters


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """An article, its former texts (newest first), and the articles with mostly the same text."""

    article: Article
    versions: list[Version]
    copies: Sequence[ArticleFacts]

    def edits(self) -> list[Edit]:
        """Return what changed from each version to the next, newest first."""
        return [compute_edit(self.article, self.versions, place) for place in range(len(self.versions))]


def read_article(settings: Settings, article_id: int) -> ArticleRecord:
    """Read an article.

    Raises:
        BadInput: there is no such article.
        StorageFailure: there is no corpus, or it can't be read.
    """
    with reading(settings.data_dir) as db:
        article, versions = Articles(db).get(article_id), Articles(db).versions(article_id)
        copies = copies_of(db, [article_id], Filters()).get(article_id, ())
    if article is None:
        raise BadInput(f"There is no article {article_id}.", "`attache search WORDS` shows the numbers.")
    return ArticleRecord(article, versions, copies)
