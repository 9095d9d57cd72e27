"""Adds missing publisher names to articles, and removes learnt footers from them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sqlite_utils import Database

from corpus.article import Article, Draft, PublisherBasis, content_hash
from corpus.articles import Articles, Outcome, StoreResult
from corpus.copies import Copies
from corpus.publishers.basis import settle_publisher
from corpus.publishers.directory import Publishers
from corpus.publishers.footers import Footers, source_name
from corpus.signatures import sign

_BATCH_SIZE = 64
# Each round removes outer lines and can so reveal longer footers.
_MAX_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class CleanReport:
    """How many footers were learnt, and how many articles lost lines."""

    learnt: int
    articles: int


class ArticleCleaner:
    """Cleans the articles of one run of ingest. Callers group changes with `db.atomic()`."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._publishers = Publishers(db)
        self._footers = Footers(db)

    def clean_draft(
        self, draft: Draft, collection: str, origin: str, *, is_vouched: bool = True, given: str | None = None
    ) -> Draft:
        """Return a draft without known footers, with its publisher and how that is known (see `settle_publisher`)."""
        draft = settle_publisher(draft, self._publishers, origin, is_vouched=is_vouched, given=given)
        source = self._source(draft)
        return replace(draft, body=self._footers.drop(draft.body, collection, source)) if source else draft

    def align_stored(self, article_id: int, draft: Draft, collection: str) -> None:
        """Apply today's footers and publisher names to a stored article before a newer text is compared with it.

        Otherwise a footer or name that we changed would look like an edit by the publisher.
        """
        article = Articles(self._db).get(article_id)
        source = self._source(draft)
        if article is None or not source:
            return
        known = self._publishers.find(None, draft.url)
        if article.publisher is None and known is not None and known.name == draft.publisher:
            article = replace(article, publisher=draft.publisher)
            _rewrite(self._db, article, article.body)
        if article.body == draft.body:
            return
        if self._footers.is_same(article.body, draft.body, collection, source):
            _rewrite(self._db, article, draft.body)
        else:
            self._drop_footers(article)

    def learn(self, stored: StoreResult, draft: Draft, collection: str) -> None:
        """Count the lines at the edges of an article that was added or updated."""
        if stored.outcome is not Outcome.UNCHANGED:
            source = self._source(draft)
            self._footers.learn(stored.article_id, draft.body, collection, source)

    def relearn(self, article: Article) -> int:
        """Count the lines at the edges of a stored article again; return the number of newly learnt footers."""
        source = self._source(article)
        return self._footers.learn(article.id, article.body, article.collection, source)

    def clean_article(self, article: Article) -> bool:
        """Drop footers from a stored article and its versions; return whether its current text had any."""
        source = self._source(article)
        for version_id, body in self._db.execute(
            "SELECT id, body FROM versions WHERE article_id = ?", (article.id,)
        ).fetchall():
            cleaned = self._footers.drop(body, article.collection, source)
            if cleaned != body:
                self._db.execute("UPDATE versions SET body = ? WHERE id = ?", (cleaned, version_id))
        return self._drop_footers(article)

    def _source(self, article: Article | Draft) -> str:
        """Return the name to count an article's lines under; empty if its publisher is only claimed.

        What a site calls itself counts for that site alone, or it could teach footers to another of this name.
        """
        if article.publisher is not None and article.publisher_basis is PublisherBasis.CLAIMED:
            return ""
        if article.served_by and self._publishers.find_by_host(article.served_by) is None:
            return article.served_by
        return source_name(article.publisher, article.url)

    def _drop_footers(self, article: Article) -> bool:
        source = self._source(article)
        cleaned = self._footers.drop(article.body, article.collection, source)
        if cleaned == article.body:
            return False
        _rewrite(self._db, article, cleaned)
        return True


def clean_stored(db: Database, on_progress: Callable[[int, int], None] = lambda _done, _total: None) -> CleanReport:
    """Learn footers from every stored article and drop them, committing after each batch; keep no versions of that.

    `on_progress` gets the number of articles done in this round, and their total.
    """
    Copies(db).sign_missing()
    learnt, changed = 0, set()
    for _round in range(_MAX_ROUNDS):
        cleaner, found = ArticleCleaner(db), 0
        for article in _iterate_stored(db, on_progress):
            found += cleaner.relearn(article)
        for article in _iterate_stored(db, on_progress):
            if cleaner.clean_article(article):
                changed.add(article.id)
        learnt += found
        if not found:
            break
    return CleanReport(learnt, len(changed))


def _iterate_stored(db: Database, on_progress: Callable[[int, int], None]) -> Iterator[Article]:
    """Yield every article, with a transaction around each batch."""
    articles = Articles(db)
    ids = list(articles.ids())
    for first in range(0, len(ids), _BATCH_SIZE):
        with db.atomic():
            for article_id in ids[first : first + _BATCH_SIZE]:
                article = articles.get(article_id)
                if article is not None:
                    yield article
        on_progress(min(first + _BATCH_SIZE, len(ids)), len(ids))


def _rewrite(db: Database, article: Article, body: str) -> None:
    """Replace an article's body by an equivalent one, with its passages and signature; keep no version."""
    [stated] = db.execute("SELECT stated_language FROM articles WHERE id = ?", (article.id,)).fetchone()
    draft = Draft(
        body=body,
        title=article.title,
        publisher=article.publisher,
        author=article.author,
        published_at=article.published_at,
        language=stated,
    )
    db.execute(
        "UPDATE articles SET body = ?, publisher = ?, sha256 = ? WHERE id = ?",
        (body, article.publisher, content_hash(draft), article.id),
    )
    # A new revision invalidates cached answers.
    db.execute("UPDATE state SET revision = revision + 1 WHERE id = 1")
    Articles(db).recut(article.id)
    Copies(db).store(article.id, sign(body))
