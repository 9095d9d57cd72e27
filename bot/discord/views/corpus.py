"""What admins see of a corpus: what became of an addition, the articles of a list, the state of it all."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.escape import brief, day, escape, link, shortened
from bot.discord.views.hits import page_buttons
from bot.discord.views.job_progress import progress_text
from bot.discord.workers.jobs import Job
from corpus.article import ArticleFacts, Rejection
from corpus.catalog import CorpusFacts
from corpus.ingest import IngestReport

ARTICLES_ON_A_PAGE = 6
# Rejections and warnings that are told; the first ones show what is wrong with a file.
MOST_TOLD = 6
LONGEST_REASON = 170
# Characters of such a list, and of a page of articles: escaped signs count twice, and plain messages hold 2,000.
LIST_ROOM = 800
PAGE_ROOM = 1800
LONGEST_TITLE = 60
LONGEST_PUBLISHER = 40
LONGEST_MODEL = 100


@dataclass(frozen=True, slots=True)
class CorpusState:
    """What `/corpus status` tells.

    Args:
        own: the server's own collection.
        shared: the shared one.
        is_current: whether all articles are in the index as they are now.
        index_at: when the index was built (ISO 8601, UTC); None where there is none.
        model: the embedding model.
        running: the work under way, if any.
        is_ours: whether that was begun in this server.
    """

    own: CorpusFacts
    shared: CorpusFacts
    is_current: bool
    index_at: str | None
    model: str
    running: Job | None
    is_ours: bool


def added_page(report: IngestReport, phrases: Phrases) -> Page:
    """What became of everything that was in a file or behind a link."""
    counts = phrases.say("add-counts", added=report.added, updated=report.updated, unchanged=report.unchanged)
    blocks = [f"### {phrases.say('add-done' if report.articles else 'add-nothing')}", counts]
    if report.rejected:
        blocks.append(_told(phrases.say("add-rejected", count=len(report.rejected)), report.rejected, phrases))
    if report.warnings:
        blocks.append(_told(phrases.say("add-warnings", count=len(report.warnings)), report.warnings, phrases))
    return Page(blocks)


def _told(title: str, rejections: Sequence[Rejection], phrases: Phrases) -> str:
    lines: list[str] = []
    for each in rejections[:MOST_TOLD]:
        reason = f"{each.reason} {each.hint}".strip()
        origin = escape(brief(each.origin, LONGEST_TITLE))
        line = f"- {origin}: {escape(brief(reason, LONGEST_REASON))}"
        if sum(map(len, lines)) + len(line) > LIST_ROOM:
            break
        lines.append(line)
    if len(rejections) > len(lines):
        lines.append(f"-# {phrases.say('and-more', count=len(rejections) - len(lines))}")
    return "\n".join((f"**{title}**", *lines))


def list_page(articles: Sequence[ArticleFacts], words: str, page: int, count: int, verb: str, phrases: Phrases) -> Page:
    """One page of the server's own articles; `articles` are those of this page, `count` is how many there are."""
    pages = max(1, -(-count // ARTICLES_ON_A_PAGE))
    title = phrases.say("list-title")
    found = phrases.say("list-count", count=count)
    if words:
        found = f"{found} {phrases.say('list-words', words=escape(words))}"
    if not count:
        found = phrases.say("list-nothing" if words else "list-empty")
    lines = [_article_lines(each, each.url, phrases) for each in articles]
    if sum(map(len, lines)) > PAGE_ROOM:
        lines = [_article_lines(each, None, phrases) for each in articles]
    return Page([f"### {title}", *lines, f"-# {found}"], page_buttons(page, pages, verb, words, phrases))


def _article_lines(facts: ArticleFacts, url: str | None, phrases: Phrases) -> str:
    number = phrases.say("article-number", number=str(facts.id))
    publisher = escape(brief(facts.publisher or "", LONGEST_PUBLISHER))
    source = f"{publisher or phrases.say('publisher-unknown')} · {day(facts.published_at, phrases)} · {number}"
    title = link(brief(facts.title or "", LONGEST_TITLE), url, phrases)
    return f"**{title}**\n-# {source}"


def status_page(state: CorpusState, phrases: Phrases) -> Page:
    """The state of what this server reads, and the work under way."""
    built = phrases.say("corpus-index-built", day=day(state.index_at, phrases)) if state.index_at else ""
    model = escape(shortened(state.model, LONGEST_MODEL))
    index = phrases.say("corpus-index-current" if state.is_current else "corpus-index-old")
    blocks = [
        f"### {phrases.say('corpus-title')}",
        f"{_facts_line('corpus-own', state.own, phrases)}\n{_facts_line('corpus-shared', state.shared, phrases)}",
        f"{index} {built}\n-# {phrases.say('corpus-model', model=model)}",
        _running(state, phrases),
    ]
    return Page([block for block in blocks if block])


def _running(state: CorpusState, phrases: Phrases) -> str:
    job = state.running
    if job is None:
        return f"-# {phrases.say('corpus-no-job')}"
    if not state.is_ours:
        return phrases.say("job-running-elsewhere", percent=f"{job.progress.share:.0%}")
    who = phrases.say("job-of", what=phrases.say(f"job-{job.kind}"), who=f"<@{job.user_id}>")
    return f"{who}\n{progress_text(job, phrases)}"


def _facts_line(key: str, facts: CorpusFacts, phrases: Phrases) -> str:
    line = phrases.say(key, articles=facts.articles, passages=facts.passages)
    return f"{line} {phrases.say('corpus-newest', day=day(facts.last_date, phrases))}" if facts.last_date else line
