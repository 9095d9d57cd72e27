"""Stories for every front end: lists, one story with its articles, merging and splitting, grouping what waits."""

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlite_utils import Database

from bot.answering.story_facts import StoryFacts, by_time, read_story, story_facts, visible
from bot.service.attache import Attache
from bot.service.lookups import find_by_words
from bot.service.sessions import has_database, reading, writing
from bot.settings import Settings
from corpus.article import SHARED_COLLECTION, ArticleFacts
from corpus.articles import Articles
from corpus.copies import Copies
from corpus.errors import BadInput, CorpusBusy, StorageFailure
from corpus.publishers.directory import Publishers
from index.embedding.embedder import Embedder
from index.filters import Filters, article_condition, filter_articles
from index.stories.grouper import Grouper, count_queued, queued_articles
from index.stories.story_store import Stories

# Days back from the newest article whose stories are listed, unless a day is given.
RECENT_DAYS = 14
# Later days are of a crafted or damaged database.
_LAST_DAY = date.max.toordinal()
# Stories that a list holds; longer ones nobody reads.
MAX_LISTED = 60
# Articles grouped in one step, outside of which others can write: a second or two.
STEP_ARTICLES = 1024
# Seconds to wait for another writer.
WAIT_S = 10.0
# A number, as people write it.
NUMBER = re.compile(r"(?:story|no\.?|nr\.?|#)?(?<!\s)\s*+(\d{1,18})", re.IGNORECASE)
_LIST_HINT = "`attache stories list` lists the stories with their numbers."


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """An article of a story; `copy_of` is the earliest article of the story with mostly the same text."""

    facts: ArticleFacts
    copy_of: ArticleFacts | None


@dataclass(frozen=True, slots=True)
class StoryCard:
    """A story with its articles, earliest first; `merged_from` is the number asked for, if it now leads here."""

    facts: StoryFacts
    articles: tuple[StoryArticle, ...]
    merged_from: int | None = None


def recent_stories(
    db: Database, filters: Filters, publishers: Publishers, since: date | None = None
) -> list[StoryFacts]:
    """Return the stories with at least two readable articles, by independent publishers, articles, and latest day.

    Args:
        db: the corpus.
        filters: which articles may be read.
        publishers: the table of publishers.
        since: only stories with an article from this day on; by default RECENT_DAYS before the newest one.
    """
    condition, values = article_condition(db, visible(filters))
    # Without the hints, SQLite reads the rows of all articles, and so their texts.
    joined = "FROM story_articles CROSS JOIN articles INDEXED BY article_facts ON articles.id = article_id"
    if since is None:
        latest = f"SELECT day {joined} WHERE {condition} AND day IS NOT NULL ORDER BY day DESC LIMIT 1"
        newest = (db.execute(latest, values).fetchone() or (0,))[0]
        since = date.fromordinal(newest - RECENT_DAYS) if newest and RECENT_DAYS < newest <= _LAST_DAY else date.min
    rows = db.execute(
        f"""SELECT story_id {joined} WHERE {condition} AND story_id IN (
            SELECT story_id FROM story_articles WHERE day >= :first_day)
        GROUP BY story_id HAVING count(*) > 1 ORDER BY count(*) DESC, max(day) DESC, story_id LIMIT {MAX_LISTED}""",
        {**values, "first_day": since.toordinal()},
    ).fetchall()
    found = story_facts(db, [int(row[0]) for row in rows], filters, publishers).values()
    # An article from this day on may be one that may not be read here.
    recent = [each for each in found if each.articles > 1 and (each.last_day or "") >= since.isoformat()]
    return sorted(recent, key=lambda each: (each.independent, each.articles, each.last_day or ""), reverse=True)


def suggest_stories(
    db: Database, filters: Filters, publishers: Publishers, text: str, most: int, *, own: str | None = None
) -> list[StoryFacts]:
    """Return stories to choose from for what was typed: the one with this number, then those of the newest articles.

    Args:
        db: the corpus.
        filters: which articles may be read.
        publishers: the table of publishers.
        text: words of a headline or publisher, or a number; empty for the latest stories.
        most: how many at most.
        own: for admins: stories of a single article too, with an article of this collection unless it is empty.
    """
    filters = visible(filters)
    least, among = (2, filters) if own is None else (1, replace(filters, collections=(own,)) if own else filters)
    # Several articles of each story, so that as many stories are found as are shown.
    newest = [each.id for each in find_by_words(db, among, text.split(), 4 * most)]
    stories = Stories(db)
    of_articles = stories.of_articles(newest)
    ids = [of_articles[each] for each in newest if each in of_articles]
    number = NUMBER.fullmatch(text.strip())
    named = stories.find(int(number[1])) if number else None
    ids = list(dict.fromkeys([*([named.id] if named else []), *ids]))
    found = story_facts(db, ids, filters, publishers)
    return [found[each] for each in ids if each in found and found[each].articles >= least][:most]


def story_card(db: Database, filters: Filters, publishers: Publishers, story_id: int) -> StoryCard | None:
    """Return a story by its number, or the one that it was merged into; None if none of its articles may be read."""
    story = read_story(db, story_id, filters, publishers)
    if story is None:
        return None
    facts, articles = story
    copied = earliest_copies(db, articles)
    shown = tuple(StoryArticle(each, copied.get(each.id)) for each in articles)
    return StoryCard(facts, shown, story_id if facts.id != story_id else None)


def read_stories(settings: Settings, filters: Filters) -> list[StoryFacts]:
    """Return what `recent_stories` does, from a data folder.

    Raises:
        StorageFailure: there is no corpus, or it can't be read.
    """
    with reading(settings.data_dir) as db:
        return recent_stories(db, filters, Publishers(db), filters.since)


def read_card(settings: Settings, filters: Filters, story_id: int) -> StoryCard | None:
    """Return what `story_card` does, from a data folder. Raises as `read_stories` does."""
    with reading(settings.data_dir) as db:
        return story_card(db, filters, Publishers(db), story_id)


def find_story(attache: Attache, text: str, filters: Filters) -> int | None:
    """Return the story with this number, else that of the passage that matches the words best; None if there is none.

    Raises:
        BadInput: there are no words to search for.
    """
    number = NUMBER.fullmatch(text.strip())
    if number:
        return int(number[1])
    hits = attache.search(text, 1, filters).hits
    if not hits:
        return None
    with reading(attache.settings.data_dir) as db:
        return story_number(db, filters, hits[0].article.id)


def story_number(db: Database, filters: Filters, article_id: int) -> int | None:
    """Return the number of the story of an article; None if the article may not be read, or is not grouped yet."""
    if not filter_articles(db, visible(filters), {article_id}):
        return None
    return Stories(db).of_articles([article_id]).get(article_id)


def earliest_copies(db: Database, articles: Sequence[ArticleFacts]) -> dict[int, ArticleFacts]:
    """Return for each article that is a copy of an earlier one here the earliest of them, by the article's number."""
    facts = {each.id: each for each in articles}
    earliest: dict[int, ArticleFacts] = {}
    for one, other in Copies(db).pairs(facts.keys()):
        first, second = sorted((facts[one], facts[other]), key=by_time)
        known = earliest.get(second.id)
        if known is None or by_time(first) < by_time(known):
            earliest[second.id] = first
    return earliest


def merge_stories(settings: Settings, story_id: int, into: int, *, collection: str | None = None) -> int:
    """Move the articles of a story into another for good, and return that one's number.

    Args:
        settings: the settings.
        story_id: the story to move.
        into: the story that it becomes part of.
        collection: of a server: only its own articles are moved; None for an operator, who moves all.

    Raises:
        BadInput: one of them does not exist, has no such articles, or both are the same.
        CorpusBusy: another program is writing.
    """
    with writing(settings, "merging stories", wait_s=WAIT_S) as db, db.atomic():
        source, target = (_existing(db, each, collection) for each in (story_id, into))
        if source == target:
            raise BadInput(f"Story {story_id} is story {target} already.", _LIST_HINT)
        stories = Stories(db)
        stories.place(_movable(db, source, collection), target)
        # What stands there already must not be pulled out again by what comes in later.
        stories.place(_own(db, target, collection), target)
    return target


def split_story(settings: Settings, story_id: int, article_ids: Sequence[int], *, collection: str | None = None) -> int:
    """Move articles out of a story into a new one, and return its number; arguments and errors as `merge_stories`.

    Raises:
        BadInput: an article is not in the story, or none would be left in it.
        CorpusBusy: another program is writing.
    """
    with writing(settings, "splitting a story", wait_s=WAIT_S) as db, db.atomic():
        story = _existing(db, story_id, collection)
        movable = _movable(db, story, collection)
        if strange := sorted(set(article_ids) - set(movable)):
            raise BadInput(
                f"Article {strange[0]} is not in story {story}.", f"`attache stories show {story}` lists them."
            )
        if not article_ids or set(article_ids) == set(Stories(db).article_ids(story)):
            raise BadInput("A split needs some of the story's articles, but not all.", "Name those that leave it.")
        stories = Stories(db)
        created = stories.create(collection or Articles(db).facts(article_ids)[article_ids[0]].collection)
        stories.place(list(article_ids), created)
        return created


def group_in_steps(settings: Settings, embedder: Embedder, *, wait_s: float = 0.0) -> Generator[None, None, int]:
    """Group the articles that wait for it, as after an upgrade, in steps; return how many were grouped.

    Articles that have no vectors yet go on waiting, and hold up no others.

    Raises:
        CorpusBusy: another program is writing.
        StorageFailure: the data folder can't be written.
    """
    if not is_waiting(settings):
        return 0
    with reading(settings.data_dir) as db:
        queue = queued_articles(db)
    total = 0
    for first in range(0, len(queue), STEP_ARTICLES):
        with writing(settings, "grouping articles into stories", wait_s=wait_s) as db:
            total += Grouper(db, embedder).group(queue[first : first + STEP_ARTICLES])
        yield
    return total


def group_now(settings: Settings, embedder: Embedder) -> None:
    """Group the articles that wait, if the folder can be written now; else the next writer does it."""
    try:
        for _ in group_in_steps(settings, embedder):
            pass
    except (CorpusBusy, StorageFailure):
        return


def is_waiting(settings: Settings) -> bool:
    """Return whether articles wait to be grouped."""
    if not has_database(settings.data_dir):
        return False
    with reading(settings.data_dir) as db:
        return count_queued(db) > 0


def _existing(db: Database, story_id: int, collection: str | None) -> int:
    """Return the number of a story of which a server, or an operator (None), may read an article.

    Raises:
        BadInput: there is none.
    """
    story = Stories(db).find(story_id)
    facts = Articles(db).facts(Stories(db).article_ids(story.id)) if story else {}
    known = {each.collection for each in facts.values()}
    if story is None or not (known if collection is None else known & {collection, SHARED_COLLECTION}):
        raise BadInput(f"There is no story {story_id}.", _LIST_HINT)
    return story.id


def _movable(db: Database, story_id: int, collection: str | None) -> list[int]:
    """Return the articles of a story that a server, or an operator (None), may move.

    Raises:
        BadInput: there are none.
    """
    own = _own(db, story_id, collection)
    if not own:
        raise BadInput(
            f"No article of story {story_id} is this server's own.", "Ask the operator, who may move shared articles."
        )
    return own


def _own(db: Database, story_id: int, collection: str | None) -> list[int]:
    ids = Stories(db).article_ids(story_id)
    facts = Articles(db).facts(ids)
    return [each for each in ids if each in facts and collection in {None, facts[each].collection}]
