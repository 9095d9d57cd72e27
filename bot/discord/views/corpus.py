"""Pages for `/corpus`: the report of an import, the list of articles, and the status."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.answering.citation import cite
from bot.discord.i18n.phrases import Phrases
from bot.discord.i18n.reason_texts import explain
from bot.discord.transport.page import Page
from bot.discord.views.buttons import PersistentButton
from bot.discord.views.escape import (
    brief,
    claimed_name,
    day,
    escape,
    state_mark,
    stated_day,
    title_lines,
    truncate,
    unknown_publishers,
)
from bot.discord.views.hits import page_buttons
from bot.discord.views.job_progress import progress_text
from bot.discord.workers.jobs import Job
from bot.service.arrivals import Arrival
from bot.service.ingest import UndoResult
from bot.service.quotas import QuotaUse
from corpus.article import ArticleFacts, Rejection
from corpus.catalog import CorpusFacts
from corpus.ingest import IngestReport
from corpus.publishers.directory import Publishers

ARTICLES_ON_A_PAGE = 6
# The first rejections and warnings show what is wrong with a file.
_MAX_LISTED = 6
_LONGEST_REASON = 250
# Characters of such a list and of a page of articles: escaping doubles characters, and plain messages hold 2,000.
_LIST_ROOM = 800
_PAGE_ROOM = 1800
# Of a page of an import, for what stands between blocks and below them.
_AROUND = 260
_LONGEST_TITLE = 60
_LONGEST_PUBLISHER = 40
_LONGEST_MODEL = 100


@dataclass(frozen=True, slots=True)
class CorpusState:
    """The data of `/corpus status`.

    Args:
        own: counts of the server's own collection.
        shared: counts of the shared collection.
        is_current: whether the index holds all articles as they are now.
        index_at: when the index was built (ISO 8601, UTC); None without an index.
        model: the embedding model.
        running: the running job, if any.
        is_ours: whether that job was started in this server.
        use: how much of its quotas the server uses.
    """

    own: CorpusFacts
    shared: CorpusFacts
    is_current: bool
    index_at: str | None
    model: str
    running: Job | None
    is_ours: bool
    use: QuotaUse


@dataclass(frozen=True, slots=True)
class Came:
    """Articles that came in: the first ones, how many in all, what is known of publishers, and the quotas' use."""

    arrivals: Sequence[Arrival]
    count: int
    publishers: Publishers
    use: QuotaUse | None = None


def added_page(report: IngestReport, came: Came, phrases: Phrases) -> Page:
    """Return the report of an import: counts, what came in, rejections and warnings, and how full the quotas are."""
    counts = {"added": report.added, "updated": report.updated, "unchanged": report.unchanged}
    told = [phrases.say(f"add-{which}", count=count) for which, count in counts.items() if count]
    blocks = [f"### {phrases.say('add-done' if report.articles else 'add-nothing')}"]
    if told or not (report.rejected or report.warnings):
        blocks.append(f"{', '.join(told)}." if told else phrases.say("add-no-article"))
    lists = (("add-rejected", report.rejected), ("add-warnings", report.warnings))
    failed = [rejection_list(title, rejections, phrases) for title, rejections in lists if rejections]
    room = _PAGE_ROOM - sum(map(len, (*blocks, *failed))) - _AROUND
    blocks += [*_came_blocks(came, room, phrases), *failed]
    if came.use is not None and came.use.is_near:
        blocks.append(f"-# {use_text(came.use, phrases)}")
    return Page(blocks)


def _came_blocks(came: Came, room: int, phrases: Phrases) -> list[str]:
    """Return the articles that came in, as many as have room, and how many more there are."""
    lines = arrival_lines(came.arrivals, room, phrases, came.publishers)
    more = came.count - len(lines)
    foot = [f"-# {phrases.say('and-more', count=more)}"] if lines and more > 0 else []
    return ["\n".join([*lines, *foot])] if lines else []


def use_text(use: QuotaUse, phrases: Phrases) -> str:
    """Return how much of its quotas a server uses; with a warning where they are nearly used up."""
    told = phrases.say(
        "quota-use", articles=use.articles, most=use.most_articles, megabytes=use.disk_mb, room=use.most_mb
    )
    return f"⚠️ {told} {phrases.say('quota-room')}" if use.is_near else told


def near_text(use: QuotaUse, phrases: Phrases) -> str:
    """Return the notice that a server's quota is nearly used up."""
    return phrases.say(
        "quota-near",
        percent=use.percent,
        articles=use.articles,
        most=use.most_articles,
        megabytes=use.disk_mb,
        room=use.most_mb,
    )


def remove_page(arrival: Arrival, publishers: Publishers, argument: str, is_shared: int, phrases: Phrases) -> Page:
    """Ask for confirmation that an article is removed; `argument` names it to the button."""
    lines = arrival_lines([arrival], _PAGE_ROOM, phrases, publishers)
    title = f"### {phrases.say('remove-confirm')}"
    return Page([title, *lines], _confirm_buttons("remove-article", argument, is_shared, "button-remove", phrases))


def undo_page(removed: Came, restored: Came, argument: str, is_shared: int, phrases: Phrases) -> Page:
    """Ask for confirmation that an addition is undone; `argument` names it to the button."""
    blocks = [f"### {phrases.say('undo-confirm')}"]
    for key, came in (("undo-removes", removed), ("undo-restores", restored)):
        if came.count:
            blocks.append(f"**{phrases.say(key, count=came.count)}**")
            blocks += _came_blocks(came, _LIST_ROOM, phrases)
    if not removed.count and not restored.count:
        blocks.append(phrases.say("undo-empty"))
    return Page(blocks, _confirm_buttons("undo-addition", argument, is_shared, "button-undo", phrases))


def undone_text(result: UndoResult, phrases: Phrases) -> str:
    """Return what an undo did; what it did not is left out."""
    counts = {"removed": result.removed, "restored": result.restored, "left": result.left}
    told = [phrases.say(f"undone-{which}", count=count) for which, count in counts.items() if count]
    return phrases.say("undone", what=", ".join(told) or phrases.say("undone-gone"))


def _confirm_buttons(verb: str, argument: str, page: int, label: str, phrases: Phrases) -> list[PersistentButton]:
    act = PersistentButton.make(verb, argument, page, label=phrases.say(label), style=discord.ButtonStyle.danger)
    return [act, PersistentButton.make("keep-articles", label=phrases.say("button-keep"))]


def rejection_list(title: str, rejections: Sequence[Rejection], phrases: Phrases) -> str:
    """Return the first of what could not be read, each with its reason; the phrase `title` says how many there are."""
    lines: list[str] = []
    for each in rejections[:_MAX_LISTED]:
        reason = f"{explain(each.reason, phrases)} {explain(each.hint, phrases)}".strip()
        origin = escape(brief(each.origin, _LONGEST_TITLE))
        line = f"- {origin}: {escape(brief(reason, _LONGEST_REASON))}"
        if sum(map(len, lines)) + len(line) > _LIST_ROOM:
            break
        lines.append(line)
    if len(rejections) > len(lines):
        lines.append(f"-# {phrases.say('and-more', count=len(rejections) - len(lines))}")
    return "\n".join((f"**{phrases.say(title, count=len(rejections))}**", *lines))


def list_page(
    articles: Sequence[ArticleFacts],
    words: str,
    page: int,
    count: int,
    verb: str,
    phrases: Phrases,
    publishers: Publishers,
) -> Page:
    """Return one page of the server's own articles; `count` is the number on all pages, `publishers` marks them."""
    pages = max(1, -(-count // ARTICLES_ON_A_PAGE))
    if not count:
        foot = phrases.say("list-nothing" if words else "list-empty")
    else:
        foot = phrases.say("list-count", count=count)
        foot += f" {phrases.say('list-words', words=escape(words))}" if words else ""
    lines = [_article_lines(each, phrases, publishers, is_linked=True) for each in articles]
    if sum(map(len, lines)) > _PAGE_ROOM:
        lines = [_article_lines(each, phrases, publishers) for each in articles]
    notes = unknown_publishers({each.id: each.publisher for each in articles}, phrases)
    blocks = [f"### {phrases.say('list-title')}", *lines, "\n".join(f"-# {line}" for line in [*notes, foot])]
    return Page(blocks, page_buttons(page, pages, verb, words, phrases))


def arrival_lines(arrivals: Sequence[Arrival], room: int, phrases: Phrases, publishers: Publishers) -> list[str]:
    """Return articles with title, publisher, date, number and passages, as many as have room."""
    lines: list[str] = []
    for each in arrivals:
        passages = phrases.say("arrival-passages", count=each.passages)
        line = f"{_article_lines(each.facts, phrases, publishers)} · {passages}"
        if sum(map(len, lines)) + len(line) > room:
            break
        lines.append(line)
    return lines


def _article_lines(facts: ArticleFacts, phrases: Phrases, publishers: Publishers, *, is_linked: bool = False) -> str:
    number = phrases.say("article-number", number=str(facts.id))
    publisher = escape(brief(facts.publisher or "", _LONGEST_PUBLISHER))
    publisher = publisher and state_mark(claimed_name(publisher, facts, phrases), cite(facts, "", publishers), phrases)
    source = (publisher, stated_day(facts, phrases), number)
    return title_lines(facts, source, phrases, _LONGEST_TITLE, is_linked=is_linked)


def status_page(state: CorpusState, phrases: Phrases) -> Page:
    """Return the state of the articles and the index, and the running job."""
    built = phrases.say("corpus-index-built", day=day(state.index_at, phrases)) if state.index_at else ""
    model = escape(truncate(state.model, _LONGEST_MODEL))
    index = phrases.say("corpus-index-current" if state.is_current else "corpus-index-old")
    blocks = [
        f"### {phrases.say('corpus-title')}",
        f"{_facts_line('corpus-own', state.own, phrases)}\n{_facts_line('corpus-shared', state.shared, phrases)}",
        f"-# {use_text(state.use, phrases)}",
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
