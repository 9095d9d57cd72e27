"""What is known of publishers, applied to articles: their name where they state none, and the footers they lose."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sqlite_utils import Database

from corpus.article import Article, Draft, content_hash
from corpus.articles import Articles, Outcome, Stored
from corpus.copies import Copies
from corpus.publishers.directory import Publishers
from corpus.publishers.footers import Footers, source_name

_AT_ONCE = 64
# Each round can bring longer footers to light, some lines at a time.
_MOST_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Cleaned:
    """How many lines were learnt, and how many articles lost lines."""

    learnt: int
    articles: int


class Sifter:
    """Sifts the articles of one run of ingest. Callers group changes with `db.atomic()`."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._publishers = Publishers(db)
        self._footers = Footers(db)

    def sift(self, draft: Draft, collection: str) -> Draft:
        """A cleaned draft without known footers, and with the name of its publisher where it states none."""
        if draft.publisher is None and (known := self._publishers.find(None, draft.url)):
            draft = replace(draft, publisher=known.name)
        source = source_name(draft.publisher, draft.url)
        return replace(draft, body=self._footers.drop(draft.body, collection, source)) if source else draft

    def settle(self, article_id: int, draft: Draft, collection: str) -> None:
        """Brings a stored article in step with what is known today, before a newer text is compared with it.

        Else a line that we dropped would look as though the publisher had taken it out, and so would a name that we
        found.
        """
        article = Articles(self._db).get(article_id)
        source = source_name(draft.publisher, draft.url)
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
            self._drop(article)

    def learn(self, stored: Stored, draft: Draft, collection: str) -> None:
        """Counts the lines at the edges of an article that was added or updated."""
        if stored.outcome is not Outcome.UNCHANGED:
            source = source_name(draft.publisher, draft.url)
            self._footers.learn(stored.article_id, draft.body, collection, source)

    def relearn(self, article: Article) -> int:
        """Counts the lines at the edges of a stored article anew; returns how many footers are known by them now."""
        source = source_name(article.publisher, article.url)
        return self._footers.learn(article.id, article.body, article.collection, source)

    def clean(self, article: Article) -> bool:
        """Drops footers from a stored article and its former texts; whether its present text had any."""
        source = source_name(article.publisher, article.url)
        for version_id, body in self._db.execute(
            "SELECT id, body FROM versions WHERE article_id = ?", (article.id,)
        ).fetchall():
            cleaned = self._footers.drop(body, article.collection, source)
            if cleaned != body:
                self._db.execute("UPDATE versions SET body = ? WHERE id = ?", (cleaned, version_id))
        return self._drop(article)

    def _drop(self, article: Article) -> bool:
        source = source_name(article.publisher, article.url)
        cleaned = self._footers.drop(article.body, article.collection, source)
        if cleaned == article.body:
            return False
        _rewrite(self._db, article, cleaned)
        return True


def clean_stored(db: Database, on_progress: Callable[[int, int], None] = lambda _done, _total: None) -> Cleaned:
    """Learns footers from every stored article and drops them, committing as it goes; no version is kept of that.

    `on_progress` is told how many articles are done in this round, and of how many.
    """
    Copies(db).sign_missing()
    learnt, changed = 0, set()
    for _round in range(_MOST_ROUNDS):
        sifter, found = Sifter(db), 0
        for article in _all(db, on_progress):
            found += sifter.relearn(article)
        for article in _all(db, on_progress):
            if sifter.clean(article):
                changed.add(article.id)
        learnt += found
        if not found:
            break
    return Cleaned(learnt, len(changed))


def _all(db: Database, on_progress: Callable[[int, int], None]) -> Iterator[Article]:
    """Every article, in transactions of a few."""
    articles = Articles(db)
    ids = list(articles.ids())
    for first in range(0, len(ids), _AT_ONCE):
        with db.atomic():
            for article_id in ids[first : first + _AT_ONCE]:
                article = articles.get(article_id)
                if article is not None:
                    yield article
        on_progress(min(first + _AT_ONCE, len(ids)), len(ids))


def _rewrite(db: Database, article: Article, body: str) -> None:
    """Gives an article another body that says the same: passages and signature follow, no version is kept."""
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
    # Answers are remembered until the revision changes.
    db.execute("UPDATE state SET revision = revision + 1 WHERE id = 1")
    Articles(db).recut(article.id)
    Copies(db).store(article.id, body)
