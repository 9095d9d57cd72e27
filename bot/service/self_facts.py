"""What is asked about Attaché itself, with the facts that a reply needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata

from sqlite_utils import Database

from bot.answering.question.about_bot import BotSubject, bot_subject
from bot.answering.story_facts import StoryFacts
from bot.service.attache import Attache
from bot.service.lookups import CorpusCounts, count_corpus, find_by_words, list_publishers
from bot.service.sessions import reading
from bot.service.stories import recent_stories
from corpus.article import ArticleFacts
from corpus.catalog import PublisherFacts
from corpus.publishers.directory import Publishers
from index.filters import Filters

DISTRIBUTION = "attache"
# Stories or articles, and publishers, that are named at most.
MAX_NEWS = 5
MAX_PUBLISHERS = 5
# Fewer stories don't tell what is new; the newest articles do.
_MIN_STORIES = 3


@dataclass(frozen=True, slots=True)
class News:
    """What is new: the latest stories or, if there are few, the newest articles."""

    stories: Sequence[StoryFacts]
    articles: Sequence[ArticleFacts]


@dataclass(frozen=True, slots=True)
class SelfFacts:
    """A subject with what may be told of it; `publishers` has the one with the most articles first."""

    subject: BotSubject
    counts: CorpusCounts
    publishers: Sequence[PublisherFacts]
    news: News


def self_facts(attache: Attache, question: str, filters: Filters) -> SelfFacts | None:
    """Return the facts for a question about Attaché itself; None for one about anything else.

    Raises:
        StorageFailure: the data folder can't be read.
        ModelUnavailable: the embedding model can't be loaded.
    """
    subject = bot_subject(question, attache.packaged_model)
    if subject is None:
        return None
    # Of all that may be read: what a question is limited to says nothing about Attaché.
    filters = Filters(collections=filters.collections)
    with reading(attache.settings.data_dir) as db:
        return SelfFacts(subject, count_corpus(db, filters), list_publishers(db, filters), latest_news(db, filters))


def latest_news(db: Database, filters: Filters) -> News:
    """Return the latest stories, or the newest articles."""
    stories = recent_stories(db, filters, Publishers(db))[:MAX_NEWS]
    if len(stories) >= _MIN_STORIES:
        return News(stories, ())
    return News((), find_by_words(db, filters, (), MAX_NEWS))


def distribution() -> tuple[str, str]:
    """Return the version and home page from the package's metadata; the page may be empty."""
    try:
        about = metadata.metadata(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "0", ""
    urls = [each.partition(",")[2].strip() for each in about.get_all("Project-URL") or []]
    return about["Version"], next(iter(urls), "")
