"""What the articles tell of a country, a group or a person: recent stories, who says what, disputes, publishers."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.answering.answer import Evidence
from bot.answering.attribution.attribution import CueClass
from bot.answering.independence import sources_of
from bot.answering.question.aliases import entity_ids, entity_name, find_named, mentions
from bot.answering.question.kind import check_question
from bot.answering.story_facts import StoryFacts
from bot.service.attache import Attache
from bot.service.sessions import reading
from corpus.article import ArticleFacts
from corpus.errors import BadInput
from corpus.publishers.directory import Publishers
from index.filters import Filters, article_condition
from index.search.retriever import Hit
from index.terms import fold, words

# Passages looked at, and days back from the newest article that count as recent; older ones fill in.
_PASSAGES = 60
RECENT_DAYS = 60
MAX_STORIES = 6
MAX_STATEMENTS = 5
MAX_DENIALS = 4
MAX_PUBLISHERS = 8
LONGEST_NAME = 80
# Names of a text that lead to pages of their own.
MAX_NAMES = 8


@dataclass(frozen=True, slots=True)
class AboutPage:
    """What is told of a name in the articles that may be read.

    `name` is that of the country or group by the alias table, or as it was asked for; `code` is that of the country or
    group, None for anybody else. `stories` come latest first. `statements` are quotes with their speakers, `denials`
    what is denied. `publishers` counts the articles of each among the `articles` found, which are of `collections`.
    """

    name: str
    code: str | None
    is_person: bool
    articles: int
    collections: frozenset[str]
    stories: tuple[StoryFacts, ...]
    statements: tuple[Evidence, ...]
    denials: tuple[Evidence, ...]
    publishers: tuple[tuple[str, int], ...]


def about_page(attache: Attache, name: str, filters: Filters, now: datetime) -> AboutPage | None:
    """Return what the articles tell of a country, group or person; None if no article names it.

    Raises:
        BadInput: the name is too long, or has no words to search for.
        StorageFailure: the data folder can't be read.
        ModelUnavailable: the embedding model can't be loaded.
    """
    name = check_question(name)
    if len(name) > LONGEST_NAME:
        raise BadInput(
            f"A name has at most {LONGEST_NAME} characters.", "Give a country, a group such as NATO, or a person."
        )
    named = find_named(name)
    code = named.id if named and not named.is_leader else None
    # Whatever it was asked by, it is searched by the name that most articles use.
    name = entity_name(code) if code else name
    is_named = _country_test(code) if code else _person_test(name)
    hits, told = _search(attache, name, filters, is_named)
    if not hits:
        return None
    articles = list({hit.article.id: hit.article for hit in hits}.values())
    found = Counter(told[each.id].id for each in articles if each.id in told)
    # A review of the day that names it among others makes no story on it.
    on_it = [
        each for each in set(told.values()) if found[each.id] > 1 or (found[each.id] and is_named(each.title or ""))
    ]
    recent = sorted(on_it, key=lambda each: (each.last_day or "", each.articles), reverse=True)
    said = _quotes(attache, f"What did {name} say?", filters, now, is_named)
    denied = _quotes(attache, f"What did {name} deny?", filters, now, is_named)
    denials = [each for each in denied if each.attribution and each.attribution.kind is CueClass.DENIES]
    shown = {each.quote for each in denials[:MAX_DENIALS]}
    statements = [each for each in said if each.attribution and each.attribution.speaker and each.quote not in shown]
    return AboutPage(
        name=name,
        code=code,
        is_person=code is None,
        articles=len(articles),
        collections=frozenset(each.collection for each in articles),
        stories=tuple(recent[:MAX_STORIES]),
        statements=tuple(statements[:MAX_STATEMENTS]),
        denials=tuple(denials[:MAX_DENIALS]),
        publishers=_publishers(attache, articles),
    )


def names_in(texts: Iterable[str]) -> list[str]:
    """Return the countries, groups and leaders that texts name, most often named first, each as its page is titled."""
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    for text in texts:
        for each in mentions(text):
            written = " ".join(text[each.start : each.end].split())
            named = find_named(written)
            if named is not None and named.is_leader:
                # Articles give the whole name once, and the surname from then on.
                key = fold(written.split()[-1])
                names[key] = max(names.get(key, ""), written, key=len)
            else:
                key = each.id
                names[key] = entity_name(key)
            counts[key] += 1
    return [names[key] for key, _ in counts.most_common(MAX_NAMES)]


def _search(
    attache: Attache, name: str, filters: Filters, is_named: Callable[[str], bool]
) -> tuple[list[Hit], dict[int, StoryFacts]]:
    """Return passages that name it, recent ones first, and the stories of their articles."""
    hits: dict[int, Hit] = {}
    told: dict[int, StoryFacts] = {}
    since = _recent_since(attache, filters)
    scopes = [replace(filters, since=since), filters] if since and not filters.since else [filters]
    for scope in scopes:
        found = attache.search(name, _PASSAGES, scope)
        named = [hit for hit in found.hits if is_named(f"{hit.article.title or ''}. {hit.passage.text}")]
        hits |= {hit.passage.id: hit for hit in named if hit.passage.id not in hits}
        told |= found.stories
    return list(hits.values()), told


def _recent_since(attache: Attache, filters: Filters) -> date | None:
    with reading(attache.settings.data_dir) as db:
        condition, values = article_condition(db, filters)
        sql = f"SELECT max(substr(published_at, 1, 10)) FROM articles INDEXED BY article_facts WHERE {condition}"
        newest = db.execute(sql, values).fetchone()[0]
    return date.fromisoformat(newest) - timedelta(days=RECENT_DAYS) if newest else None


def _quotes(
    attache: Attache, question: str, filters: Filters, now: datetime, is_named: Callable[[str], bool]
) -> list[Evidence]:
    answer = attache.ask(question, filters, now=now, quotes=2 * (MAX_STATEMENTS + MAX_DENIALS))
    texts = ((each, f"{each.citation.title or ''}. {each.quote.text}") for each in answer.evidence)
    return [each for each, text in texts if is_named(text)]


def _country_test(code: str) -> Callable[[str], bool]:
    return lambda text: code in entity_ids(text)


def _person_test(name: str) -> Callable[[str], bool]:
    """Return whether a text has the last word of a name, and no shorter one than that: people are named by surname."""
    surname = fold(words(name)[-1]) if words(name) else fold(name)
    return lambda text: surname in set(words(text))


def _publishers(attache: Attache, articles: Sequence[ArticleFacts]) -> tuple[tuple[str, int], ...]:
    with reading(attache.settings.data_dir) as db:
        sources = sources_of(articles, Publishers(db))
    return tuple(Counter(name for name in sources.values() if name).most_common(MAX_PUBLISHERS))
