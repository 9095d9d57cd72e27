"""The pages of a question: passages, answer, timeline."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Request, Response
from sqlite_utils import Database

from bot.answering.answer import Answer
from bot.render.answer_words import headline_words, note_words
from bot.render.chart_rows import timeline_chart
from bot.render.formatters import describe_filters, long_date, plural
from bot.render.overview_words import CHART_WORDS, STATEMENT_WORDS, chart_day, event_day
from bot.render.self_words import self_words
from bot.render.terminal import searched_words
from bot.render.time_chart import draw_chart
from bot.service.lookups import passages_by_id
from bot.service.self_facts import self_facts
from bot.service.timeline import Statement, Timeline, build_timeline
from bot.web import request_fields
from bot.web.site import NoSuchPage, Site
from bot.web.source_words import passage_path, shown_article, shown_quote, shown_story
from corpus.article import Passage
from corpus.publishers.directory import Publishers

_HITS = 15


async def search(site: Site, request: Request, _number: str) -> Response:
    """Show the passages that match best."""
    words, filters = request_fields.words(request), request_fields.narrowed(request, site.shown.filters)
    context: dict[str, Any] = _context(request, "search", words)
    if words:
        found = await site.workers.answer(lambda attache: attache.search(words, _HITS, filters))
        publishers = await site.workers.read(Publishers)
        hits = []
        for hit in found.hits:
            story = found.stories.get(hit.article.id)
            hits.append(
                {
                    "article": shown_article(hit.article, publishers),
                    "text": hit.passage.text,
                    "path": passage_path(hit.article.id, hit.passage.ordinal),
                    "copies": [shown_article(each, publishers) for each in found.copies.get(hit.article.id, ())],
                    "story": shown_story(story) if story else None,
                }
            )
        # Which collections are shown is for the operator to say, not for each page.
        narrowing = describe_filters(replace(filters, collections=()))
        context |= {"hits": hits, "narrowing": narrowing}
    return await site.render("search.html", context)


async def answer(site: Site, request: Request, _number: str) -> Response:
    """Answer a question with quotes, or tell what it asks about Attaché itself."""
    words, filters = request_fields.words(request), request_fields.narrowed(request, site.shown.filters)
    context = _context(request, "answer", words)
    facts = await site.workers.answer(lambda attache: self_facts(attache, words, filters)) if words else None
    if facts is not None:
        context["told"] = self_words(facts)
    elif words:
        found = await site.workers.answer(lambda attache: attache.ask(words, filters))
        passages = await site.workers.read(lambda db: _passages(db, found))
        context |= {
            "headline": headline_words(found),
            "is_refusal": found.is_refusal,
            "quotes": [
                shown_quote(each, found.asked_at, passages.get(each.quote.passage_id)) for each in found.evidence
            ],
            "notes": _notes(found),
            "searched": searched_words(replace(found.searched, filters=replace(filters, collections=()))),
            "story": shown_story(found.story) if found.story else None,
        }
    return await site.render("answer.html", context)


async def timeline(site: Site, request: Request, _number: str) -> Response:
    """Show the statements that answer a question by date."""
    words = request_fields.words(request)
    context = _context(request, "timeline", words)
    if words:
        found = await _timeline(site, request, words)
        passages = await site.workers.read(lambda db: _passages(db, found.answer))
        days = []
        for day, each in groupby(found.statements, key=lambda statement: statement.day):
            statements = [_statement(statement, found, passages) for statement in each]
            days.append({"day": long_date(day), "statements": statements})
        has_picture = timeline_chart(found, CHART_WORDS) is not None
        context |= {"days": days, "alt": _alt(found) if has_picture else ""}
    return await site.render("timeline.html", context)


async def timeline_picture(site: Site, request: Request, theme: str) -> Response:
    """Draw a timeline."""
    words = request_fields.words(request)
    found = await _timeline(site, request, words)
    chart = timeline_chart(found, CHART_WORDS)
    if chart is None:
        raise NoSuchPage("Nothing in it has a date, so there is no picture.")
    picture = await site.workers.draw(lambda: draw_chart(chart, chart_day, dark=theme == "dark"))
    return Response(picture, content_type="image/png")


async def _timeline(site: Site, request: Request, words: str) -> Timeline:
    filters = request_fields.narrowed(request, site.shown.filters)
    return await site.workers.answer(lambda attache: build_timeline(attache, words, filters, datetime.now(UTC)))


def _context(request: Request, view: str, words: str) -> dict[str, Any]:
    form = request_fields.asked(request)
    sent = {name: value for name, value in form.items() if value}
    return {"form": form, "view": view, "words": words, "query": urlencode(sent), "title": words or "Search"}


def _passages(db: Database, found: Answer) -> dict[int, Passage]:
    return passages_by_id(db, [each.quote.passage_id for each in found.evidence])


def _notes(found: Answer) -> list[str]:
    notes = [note_words(note) for note in found.notes]
    sources = found.independence
    if sources.publishers > 1:
        notes.insert(0, f"{sources.publishers} publishers, {sources.independent} independent.")
    return notes


def _statement(statement: Statement, found: Timeline, passages: dict[int, Passage]) -> dict[str, Any]:
    quote = statement.evidence.quote
    return {
        "quote": shown_quote(statement.evidence, found.answer.asked_at, passages.get(quote.passage_id)),
        "kind": str(statement.kind),
        "word": STATEMENT_WORDS[statement.kind],
        "before": statement.before,
        "events": [(event_day(event.day), event.text) for event in statement.events],
    }


def _alt(found: Timeline) -> str:
    days: Sequence[str] = sorted({each.day for each in found.statements if each.day})
    first, last = (chart_day(date.fromisoformat(day)) for day in (days[0], days[-1]))
    kinds = sorted({STATEMENT_WORDS[each.kind] for each in found.statements})
    return (
        f"Chart of {plural(len(found.statements), 'statement')} from {first} to {last}, a row for each publisher, "
        f"marked as {', '.join(kinds)}. The list below says the same in words."
    )
