"""What is asked about Attaché itself, with the facts that a reply needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
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
# The subjects whose reply tells of the articles.
_ABOUT_ARTICLES = {BotSubject.SOURCES, BotSubject.FRESHNESS, BotSubject.NEWS}


class Share(StrEnum):
    """How many of the articles are by the publishers that are named; the reply has a phrase for each."""

    ALL = "all"
    MOST = "most"
    SOME = "some"


@dataclass(frozen=True, slots=True)
class NamedPublishers:
    """The publishers to name, the one with the most articles first."""

    publishers: Sequence[PublisherFacts]
    share: Share


@dataclass(frozen=True, slots=True)
class News:
    """What is new: the latest stories or, if there are few, the newest articles."""

    stories: Sequence[StoryFacts]
    articles: Sequence[ArticleFacts]


@dataclass(frozen=True, slots=True)
class SelfFacts:
    """A subject with what may be told of it; None for what its reply doesn't need."""

    subject: BotSubject
    counts: CorpusCounts | None = None
    named: NamedPublishers | None = None
    news: News | None = None


def self_facts(attache: Attache, question: str, filters: Filters) -> SelfFacts | None:
    """Return the facts for a question about Attaché itself; None for one about anything else.

    Raises:
        StorageFailure: the data folder can't be read.
        ModelUnavailable: the embedding model can't be loaded.
    """
    subject = bot_subject(question, attache.packaged_model)
    if subject not in _ABOUT_ARTICLES:
        return SelfFacts(subject) if subject else None
    # What a question is limited to says nothing about Attaché.
    filters = filters.what_may_be_read()
    with reading(attache.settings.data_dir) as db:
        match subject:
            case BotSubject.SOURCES:
                named = name_publishers(list_publishers(db, filters))
                return SelfFacts(subject, count_corpus(db, filters), named)
            case BotSubject.NEWS:
                return SelfFacts(subject, news=latest_news(db, filters))
            case _:
                return SelfFacts(subject, count_corpus(db, filters))


def name_publishers(publishers: Sequence[PublisherFacts]) -> NamedPublishers:
    """Choose what is named of all publishers, which begin with the one with the most articles."""
    named = [each for each in publishers if each.publisher and not each.is_claimed][:MAX_PUBLISHERS]
    theirs, articles = (sum(each.articles for each in some) for some in (named, publishers))
    return NamedPublishers(
        named, Share.ALL if theirs == articles else Share.MOST if 2 * theirs > articles else Share.SOME
    )


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
