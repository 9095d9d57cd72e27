"""What is told of a story: its headline, how many articles of how many independent publishers, and since when."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlite_utils import Database

from bot.answering.independence import count_independent, sources_of
from corpus.article import ArticleFacts
from corpus.articles import Articles
from corpus.copies import Copies
from corpus.publishers.directory import Publishers
from corpus.timestamps import instant
from index.filters import Filters, filter_articles
from index.stories.story_store import Stories

# Articles of a story that are looked at, the latest; comparing them for copies takes time by their square.
MAX_MEMBERS = 400


@dataclass(frozen=True, slots=True)
class StoryFacts:
    """A story as its readers may see it.

    `title` is the headline of the most central article, word for word; None where no article has one. `publishers` and
    `independent` count as `Independence` does. The days (`YYYY-MM-DD`) are those of the first and last dated article.
    """

    id: int
    title: str | None
    articles: int
    publishers: int
    independent: int
    first_day: str | None
    last_day: str | None


def visible(filters: Filters) -> Filters:
    """Return filters without their dates: a story is told whole, as far as its articles may be read."""
    return replace(filters, since=None, until=None)


def stories_of(
    db: Database, article_ids: Collection[int], filters: Filters, publishers: Publishers
) -> dict[int, StoryFacts]:
    """Return the story of each article that has one with at least two articles that the filters let through."""
    story_of = Stories(db).of_articles(article_ids)
    told = story_facts(db, sorted(set(story_of.values())), filters, publishers)
    return {each: told[story] for each, story in story_of.items() if story in told and told[story].articles > 1}


def story_facts(
    db: Database, story_ids: Sequence[int], filters: Filters, publishers: Publishers
) -> dict[int, StoryFacts]:
    """Return what is told of each story, by number; left out are those without an article that may be read."""
    members = read_members(db, story_ids, filters)
    return {story_id: _tell(db, story_id, articles, publishers) for story_id, articles in members.items()}


def read_members(db: Database, story_ids: Sequence[int], filters: Filters) -> dict[int, list[ArticleFacts]]:
    """Return the articles of stories that may be read, earliest first, undated ones last; at most MAX_MEMBERS each."""
    stories = Stories(db)
    ids = {story_id: stories.article_ids(story_id) for story_id in story_ids}
    every = {article_id for each in ids.values() for article_id in each}
    facts = Articles(db).facts(sorted(filter_articles(db, visible(filters), every))) if every else {}
    found = {story_id: [facts[each] for each in ids[story_id] if each in facts] for story_id in story_ids}
    return {story_id: sorted(each, key=by_time)[-MAX_MEMBERS:] for story_id, each in found.items() if each}


def read_story(
    db: Database, story_id: int, filters: Filters, publishers: Publishers
) -> tuple[StoryFacts, list[ArticleFacts]] | None:
    """Return a story, or the one that it was merged into, with its articles; None if none of them may be read."""
    story = Stories(db).find(story_id)
    articles = read_members(db, [story.id], filters).get(story.id) if story else None
    return (_tell(db, story.id, articles, publishers), articles) if story and articles else None


def by_time(article: ArticleFacts) -> tuple[str, int]:
    """Return the key that sorts articles by their time of publication, undated ones last."""
    return instant(article.published_at) if article.published_at else "9999", article.id


def central_story(
    db: Database, article_ids: Sequence[int], filters: Filters, publishers: Publishers
) -> StoryFacts | None:
    """Return the story that most of the given articles belong to, the first of equals, if it has two or more articles.

    Articles may be given several times, once for each quote.
    """
    story_of = Stories(db).of_articles(set(article_ids))
    ranked = Counter(story_of[each] for each in article_ids if each in story_of)
    if not ranked:
        return None
    best = ranked.most_common(1)[0][0]
    told = story_facts(db, [best], filters, publishers).get(best)
    return told if told is not None and told.articles > 1 else None


def _tell(db: Database, story_id: int, articles: Sequence[ArticleFacts], publishers: Publishers) -> StoryFacts:
    ids = {each.id for each in articles}
    pairs = Copies(db).pairs(ids) if len(ids) > 1 else ()
    sources = count_independent(sources_of(articles, publishers), pairs)
    days = [each.published_at[:10] for each in articles if each.published_at]
    return StoryFacts(
        id=story_id,
        title=central_headline(db, articles),
        articles=len(articles),
        publishers=sources.publishers,
        independent=sources.independent,
        first_day=min(days, default=None),
        last_day=max(days, default=None),
    )


def central_headline(db: Database, articles: Sequence[ArticleFacts]) -> str | None:
    """Return the headline of the article whose vector is nearest to all the others; the earliest of equals."""
    titled = [each for each in articles if each.title]
    if len(titled) < 2:
        return titled[0].title if titled else None
    marks = ",".join(str(each.id) for each in titled)
    rows = db.execute(f"SELECT article_id, vector FROM story_articles WHERE article_id IN ({marks})")
    vectors = dict(rows.fetchall())
    length = max(map(len, vectors.values()), default=0)
    known = [each for each in titled if len(vectors.get(each.id, b"")) == length]
    if not known or not length or length % 2:
        return titled[0].title
    matrix = np.stack([np.frombuffer(vectors[each.id], dtype="<f2").astype(np.float32) for each in known])
    # Rounded, so that the order of additions does not choose between equals.
    nearness = np.round(matrix @ matrix.sum(axis=0), 3)
    return known[int(np.argmax(nearness))].title
