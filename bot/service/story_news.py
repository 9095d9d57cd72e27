"""What a period brought on stories: the top ones by independent publishers, each quoted, and new denials in them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from bot.answering.answer import Attribution, Evidence, Quote, Stance
from bot.answering.attribution.attribution import CueClass
from bot.answering.attribution.cues import Lexicon
from bot.answering.attribution.polarity import REFUSALS
from bot.answering.citation import cite
from bot.answering.credit import credit
from bot.answering.independence import count_independent, sources_of
from bot.answering.satire import is_satire
from bot.answering.story_facts import MAX_MEMBERS, StoryFacts, by_time, read_members, story_facts
from corpus.article import ArticleFacts, Passage
from corpus.articles import Articles
from corpus.copies import Copies
from corpus.publishers.basis import is_claim
from corpus.publishers.directory import Publishers
from corpus.sentences import split_sentences
from index.filters import Filters
from index.search.retriever import Hit
from index.stories.story_store import Stories
from index.terms import words

MAX_STORIES = 6
MAX_DENIALS = 4
# Stories of which the sources are counted: those with the most new articles.
_COUNTED = 60
# Characters of a quote: two lines on a phone for each of its sentences.
LONGEST_QUOTE = 420
# Articles of a story, and passages of each, in which denials are looked for: news say them early.
_READ_ARTICLES, _READ_PASSAGES = 8, 5


@dataclass(frozen=True, slots=True)
class StoryNews:
    """A story with what is new: how many articles, from how many independent publishers, and the lead of one.

    `quote` is None where no article has a sentence that is short enough to be quoted whole.
    """

    story: StoryFacts
    articles: int
    independent: int
    quote: Evidence | None


@dataclass(frozen=True, slots=True)
class Denial:
    """A denial in a story by somebody who denied nothing in its earlier articles."""

    story: StoryFacts
    evidence: Evidence


def top_stories(
    db: Database, article_ids: Sequence[int], filters: Filters, publishers: Publishers
) -> tuple[list[StoryNews], list[Denial]]:
    """Return the stories of new articles with the most independent publishers among these, and what is denied in them.

    What only one publisher reports comes last.
    """
    groups: dict[int, list[int]] = {}
    of_article = Stories(db).of_articles(article_ids)
    for article_id in article_ids:
        if article_id in of_article:
            groups.setdefault(of_article[article_id], []).append(article_id)
    largest = sorted(groups, key=lambda each: (len(groups[each]), max(groups[each])), reverse=True)[:_COUNTED]
    facts = Articles(db).facts([each for story_id in largest for each in groups[story_id][-MAX_MEMBERS:]])
    ranked = []
    for story_id in largest:
        articles = _serious(db, [facts[each] for each in groups[story_id] if each in facts], publishers)
        if articles:
            ids = {each.id for each in articles}
            pairs = Copies(db).pairs(ids) if len(ids) > 1 else ()
            independent = count_independent(sources_of(articles, publishers), pairs).independent
            ranked.append((independent, len(articles), max(map(by_time, articles)), story_id, articles))
    ranked.sort(key=lambda each: each[:4], reverse=True)
    told = story_facts(db, [each[3] for each in ranked[:MAX_STORIES]], filters, publishers)
    stories: list[StoryNews] = []
    denials: list[Denial] = []
    for independent, count, _latest, story_id, articles in ranked[:MAX_STORIES]:
        if story_id in told:
            story = told[story_id]
            stories.append(StoryNews(story, count, independent, _lead(db, story, articles, publishers)))
            denials += _denials(db, story, articles, filters, publishers)
    leads = [each.quote.quote for each in stories if each.quote]
    return stories, [each for each in denials if not _is_within(each.evidence.quote, leads)][:MAX_DENIALS]


def _is_within(quote: Quote, others: Iterable[Quote]) -> bool:
    """Return whether a quote is part of another one."""
    return any(
        each.article_id == quote.article_id and each.start <= quote.start and quote.end <= each.end for each in others
    )


def _serious(db: Database, articles: Sequence[ArticleFacts], publishers: Publishers) -> list[ArticleFacts]:
    """Return the articles that are not marked as satire or fiction."""
    edges = Articles(db).edges([each.id for each in articles])
    return [each for each in articles if not is_satire(each, edges[each.id], publishers)]


def _lead(db: Database, story: StoryFacts, articles: Sequence[ArticleFacts], publishers: Publishers) -> Evidence | None:
    """Return the first whole sentences of the article that the story is named for, or else of the earliest one."""

    def order(article: ArticleFacts) -> tuple[bool, bool, tuple[str, int]]:
        return is_claim(article, publishers), article.title != story.title, by_time(article)

    for article in sorted(articles, key=order)[:_READ_ARTICLES]:
        for passage in _passages(db, article.id, 1):
            quote = _first_sentences(passage, article.language)
            if quote is not None:
                return _evidence(quote, passage, article, publishers)
    return None


def _first_sentences(passage: Passage, language: str | None) -> Quote | None:
    end = 0
    for span in split_sentences(passage.text, 0, len(passage.text), language)[:2]:
        if span.end > LONGEST_QUOTE:
            break
        end = span.end
    # A dateline or a lone number says nothing.
    if len(words(passage.text[:end])) < 4:
        return None
    start = passage.start
    return Quote(passage.article_id, passage.id, start, start + end, passage.text[:end])


def _evidence(quote: Quote, passage: Passage, article: ArticleFacts, publishers: Publishers) -> Evidence:
    said = credit(quote, Hit(passage, article, 0.0, None, None), None)
    return Evidence(quote, cite(article, quote.text, publishers), 0.0, said)


def _denials(
    db: Database, story: StoryFacts, new: Sequence[ArticleFacts], filters: Filters, publishers: Publishers
) -> Iterator[Denial]:
    """Yield the denials of a story's new articles, the first of each speaker."""
    latest = sorted((each for each in new if not is_claim(each, publishers)), key=by_time)[-_READ_ARTICLES:]
    ids = {each.id for each in new}
    before: list[ArticleFacts] | None = None
    known: set[str] = set()
    for evidence in _denied(db, latest, publishers):
        speaker = _key(evidence)
        if speaker in known:
            continue
        if before is None:
            earlier = [each for each in read_members(db, [story.id], filters).get(story.id, ()) if each.id not in ids]
            before = earlier[-_READ_ARTICLES:]
            known |= {_key(each) for each in _denied(db, before, publishers)}
        if speaker not in known:
            known.add(speaker)
            yield Denial(story, evidence)


def _denied(db: Database, articles: Iterable[ArticleFacts], publishers: Publishers) -> Iterator[Evidence]:
    """Yield the sentences in which somebody who is named denies something."""
    lexicon = Lexicon.load()
    for article in articles:
        for passage in _passages(db, article.id, _READ_PASSAGES):
            for span in split_sentences(passage.text, 0, len(passage.text), article.language):
                text = passage.text[span.start : span.end]
                # What has no such word is not worth the tagger's milliseconds.
                if len(text) > LONGEST_QUOTE or not _may_deny(text, lexicon):
                    continue
                start = passage.start + span.start
                quote = Quote(article.id, passage.id, start, start + len(text), text)
                said = credit(quote, Hit(passage, article, 0.0, None, None), Stance.DENIES)
                if said is not None and _is_denial(said):
                    yield Evidence(quote, cite(article, text, publishers), 0.0, said, Stance.DENIES)


def _is_denial(said: Attribution) -> bool:
    """Return whether somebody with a name denies, rather than refuses to do or to say something."""
    speaker = said.speaker or ""
    is_named = any(char.isupper() for char in speaker)
    return said.kind is CueClass.DENIES and is_named and REFUSALS.isdisjoint(words(said.cue))


def _may_deny(text: str, lexicon: Lexicon) -> bool:
    found = words(text)
    return any(lexicon.words.get(each) is CueClass.DENIES for each in found) or (
        lexicon.classify(found) is CueClass.DENIES
    )


def _key(evidence: Evidence) -> str:
    """Return by what a speaker is known again: the last word of the name."""
    speaker = words((evidence.attribution.speaker if evidence.attribution else None) or "")
    return speaker[-1] if speaker else ""


def _passages(db: Database, article_id: int, most: int) -> list[Passage]:
    sql = """SELECT id, article_id, ordinal, start, "end", text, sha256 FROM passages WHERE article_id = ?
        ORDER BY ordinal LIMIT ?"""
    return [Passage(*row) for row in db.execute(sql, (article_id, most))]
