"""The pages of stories: the first page, the list, one story, its coverage."""

from datetime import date
from typing import Any

from datasette.utils.asgi import Request, Response
from sqlite_utils import Database

from bot.render.chart_rows import coverage_chart
from bot.render.formatters import long_date, plural
from bot.render.overview_words import CHART_WORDS, MAX_SILENT, chart_day, publisher_with_facts, share_words, voice_words
from bot.render.time_chart import draw_chart
from bot.service.about_page import names_in
from bot.service.coverage import Coverage
from bot.service.coverage import coverage as read_coverage
from bot.service.lookups import CorpusCounts, count_corpus, find_by_words
from bot.service.stories import StoryCard, recent_stories, story_card
from bot.web import request_fields
from bot.web.site import NoSuchPage, Site
from bot.web.source_words import shown_article, shown_story
from corpus.publishers.directory import Publishers

_STORIES_ON_HOME, _ARTICLES_ON_HOME = 8, 6
_NO_STORY = "There is no story with this number here."
_STORY_HINT = "It may have gone with its last article; the list of stories has the latest."


async def home(site: Site, _request: Request, _number: str) -> Response:
    """Show what is here: counts, the latest stories and articles."""
    filters = site.shown.filters

    def look(db: Database) -> dict[str, Any]:
        publishers = Publishers(db)
        found = recent_stories(db, filters, publishers) or recent_stories(db, filters, publishers, date.min)
        return {
            "counts": _counts(count_corpus(db, filters)),
            "stories": [shown_story(each) for each in found[:_STORIES_ON_HOME]],
            "articles": [shown_article(each, publishers) for each in find_by_words(db, filters, (), _ARTICLES_ON_HOME)],
        }

    return await site.render("home.html", await site.workers.read(look))


async def stories(site: Site, request: Request, _number: str) -> Response:
    """Show the stories with an article of the last days, or since a day."""
    narrowed = request_fields.narrowed(request, site.shown.filters)
    found = await site.workers.read(lambda db: recent_stories(db, narrowed, Publishers(db), narrowed.since))
    context = {"stories": [shown_story(each) for each in found], "form": request_fields.asked(request)}
    return await site.render("stories.html", context)


async def story(site: Site, _request: Request, number: str) -> Response:
    """Show one story with its articles."""

    def look(db: Database) -> tuple[StoryCard | None, Publishers]:
        publishers = Publishers(db)
        return story_card(db, site.shown.filters, publishers, int(number)), publishers

    card, publishers = await site.workers.read(look)
    if card is None:
        raise NoSuchPage(_NO_STORY, _STORY_HINT)
    articles = [
        {"article": shown_article(each.facts, publishers), "copy_of": each.copy_of.id if each.copy_of else None}
        for each in card.articles
    ]
    context = {"story": shown_story(card.facts), "articles": articles, "merged_from": card.merged_from}
    context["names"] = names_in(each.facts.title or "" for each in card.articles)
    return await site.render("story.html", context)


async def coverage(site: Site, _request: Request, number: str) -> Response:
    """Show who reports a story and who does not."""
    found = await _coverage(site, number)
    groups = []
    for heading, is_state in (("Reported by", False), ("Reported by state-controlled publishers", True)):
        voices = [
            {"words": voice_words(each), "numbers": [article.id for article in each.articles]}
            for each in found.voices
            if each.is_state is is_state
        ]
        groups += [{"heading": heading, "voices": voices}] if voices else []
    silent = [f"{publisher_with_facts(each)}: {plural(each.articles, 'article')}" for each in found.silent]
    context = {
        "story": shown_story(found.story),
        "first": found.first,
        "groups": groups,
        "silent": silent[:MAX_SILENT],
        "more_silent": max(0, len(silent) - MAX_SILENT),
        "shares": [share_words("Reporting", found.voices), share_words("Silent", found.silent)],
        "alt": _alt(found) if coverage_chart(found, CHART_WORDS) is not None else "",
    }
    return await site.render("coverage.html", context)


async def coverage_picture(site: Site, _request: Request, place: str) -> Response:
    """Draw the coverage of a story; `place` is its number and the theme."""
    number, _, theme = place.partition("/coverage-")
    chart = coverage_chart(await _coverage(site, number), CHART_WORDS)
    if chart is None:
        raise NoSuchPage("Nothing in it has a date, so there is no picture.")
    picture = await site.workers.draw(lambda: draw_chart(chart, chart_day, dark=theme == "dark"))
    return Response(picture, content_type="image/png")


async def _coverage(site: Site, number: str) -> Coverage:
    found = await site.workers.read(lambda db: read_coverage(db, site.shown.filters, Publishers(db), int(number)))
    if found is None:
        raise NoSuchPage(_NO_STORY, _STORY_HINT)
    return found


def _alt(found: Coverage) -> str:
    days = sorted(each.published_at[:10] for voice in found.voices for each in voice.articles if each.published_at)
    first, last = (chart_day(date.fromisoformat(day)) for day in (days[0], days[-1]))
    return (
        f"Chart of {plural(len(found.voices), 'publisher')} with their articles from {first} to {last}, copies hollow. "
        "The lists below say the same in words."
    )


def _counts(counts: CorpusCounts) -> str:
    told = f"{plural(counts.articles, 'article')} from {plural(counts.publishers, 'publisher')}"
    return (
        f"{told}, {long_date(counts.first_date)} to {long_date(counts.last_date)}." if counts.last_date else f"{told}."
    )
