"""What a reader may be shown of a whole data folder: facts of every article, and questions that found no answer."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from sqlite_utils import Database

from bot.records.insights import unanswered_questions
from bot.records.records import RECORDS_NAME, open_records_to_read, record_errors
from bot.settings import Settings
from corpus.article import ArticleFacts
from corpus.articles import Articles
from corpus.catalog import publishers
from corpus.publishers.basis import is_claim, known_publisher
from corpus.publishers.directory import Publishers
from corpus.publishers.publisher import Publisher
from index.filters import Filters, article_condition
from index.stories.story_store import Stories

# Articles read at a time.
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """An article's facts, what is known of its publisher, whether that is only claimed, story, count of former texts.

    `publisher` is None where the table has none, `story` where the article is not grouped.
    """

    facts: ArticleFacts
    publisher: Publisher | None
    is_claim: bool
    story: int | None
    versions: int


def shown_articles(db: Database, filters: Filters) -> Iterator[ShownArticle]:
    """Yield every article that passes the filters, in the order of their numbers."""
    known = Publishers(db)
    condition, values = article_condition(db, filters)
    sql = f"SELECT id FROM articles INDEXED BY article_facts WHERE {condition} ORDER BY id"
    ids = [int(row[0]) for row in db.execute(sql, values)]
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        facts, stories = Articles(db).facts(batch), Stories(db).of_articles(batch)
        marks = ",".join(map(str, batch))
        counted = f"SELECT article_id, count(*) FROM versions WHERE article_id IN ({marks}) GROUP BY article_id"
        versions = dict(db.execute(counted).fetchall())
        for article_id in batch:
            article = facts[article_id]
            yield ShownArticle(
                facts=article,
                publisher=known_publisher(article, known),
                is_claim=is_claim(article, known),
                story=stories.get(article_id),
                versions=int(versions.get(article_id, 0)),
            )


def has_articles(db: Database, collection: str) -> bool:
    """Return whether a collection has an article."""
    return any(each.articles for each in publishers(db, (collection,)))


def read_unanswered(settings: Settings, server_ids: Sequence[int]) -> list[tuple[int, str, int, str]]:
    """Return the questions that found no answer: server, question, how often, and the last day. No column says who.

    Raises:
        StorageFailure: the records can't be read.
    """
    path = settings.data_dir / RECORDS_NAME
    if not path.is_file() or not server_ids:
        return []
    with record_errors(path), closing(open_records_to_read(path)) as db:
        return unanswered_questions(db, server_ids)
