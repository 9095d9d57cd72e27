"""Articles, quotes and stories as templates show them."""

from dataclasses import dataclass
from datetime import datetime

from bot.answering.answer import Evidence, Stance
from bot.answering.citation import cite
from bot.answering.story_facts import StoryFacts
from bot.render.formatters import UNKNOWN_PUBLISHER, age, shown_title, source_name, stated_date
from bot.render.story_words import UNTITLED_STORY, story_line
from bot.render.terminal import STANCE_WORDS
from bot.web.web_link import quote_link, web_link
from corpus.article import ArticleFacts, Passage
from corpus.publishers.directory import Publishers
from corpus.starter import starter_path

# Passages of an article on one page.
PASSAGES_ON_A_PAGE = 40


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """An article in a list."""

    number: int
    title: str
    source: str
    date: str
    language: str
    link: str
    collection: str


@dataclass(frozen=True, slots=True)
class ShownStory:
    """A story in a list."""

    number: int
    title: str
    line: str


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote with its source, cut at the located answer (`before`, `marked`, `after`); `path` opens it here."""

    number: int
    before: str
    marked: str
    after: str
    speaker: str
    stance: str
    title: str
    source: str
    date: str
    path: str
    link: str


def shown_article(article: ArticleFacts, publishers: Publishers) -> ShownArticle:
    """Return an article as a list shows it."""
    return ShownArticle(
        number=article.id,
        title=shown_title(article.title, article.origin),
        source=source_name(cite(article, "", publishers)) or UNKNOWN_PUBLISHER,
        date=stated_date(article),
        language=article.language or "",
        # A background brief that comes with the project has no page on the web.
        link="" if starter_path(article.origin) else web_link(article.url),
        collection=article.collection,
    )


def shown_story(story: StoryFacts) -> ShownStory:
    """Return a story as a list shows it."""
    return ShownStory(story.id, story.title or UNTITLED_STORY, story_line(story))


def shown_quote(evidence: Evidence, now: datetime, passage: Passage | None) -> ShownQuote:
    """Return a quote as a page shows it; its age is counted to `now`, `passage` is the one that it stands in."""
    quote, citation = evidence.quote, evidence.citation
    start, end = (evidence.answer.start - quote.start, evidence.answer.end - quote.start) if evidence.answer else (0, 0)
    when = stated_date(citation)
    if citation.published_at:
        when += f" ({age(citation.published_at, now)})"
    speaker = evidence.attribution.speaker if evidence.attribution else None
    return ShownQuote(
        number=quote.article_id,
        before=quote.text[:start],
        marked=quote.text[start:end],
        after=quote.text[end:],
        speaker=speaker or "",
        stance=STANCE_WORDS.get(evidence.stance or Stance.NEUTRAL, ""),
        title=shown_title(citation.title, citation.origin),
        source=source_name(citation) or UNKNOWN_PUBLISHER,
        date=when,
        path=passage_path(quote.article_id, passage.ordinal if passage else 0),
        link=quote_link(citation.url, quote.text),
    )


def passage_path(article_id: int, ordinal: int) -> str:
    """Return the path that opens an article at a passage."""
    page = ordinal // PASSAGES_ON_A_PAGE + 1
    return f"/article/{article_id}{f'?page={page}' if page > 1 else ''}#p{ordinal + 1}"
