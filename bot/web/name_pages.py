"""The pages of countries, groups and people."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Request, Response
from sqlite_utils import Database

from bot.render.formatters import plural
from bot.render.overview_words import about_name
from bot.service.about_page import LONGEST_NAME, AboutPage, about_page, names_in
from bot.service.lookups import passages_by_id
from bot.service.stories import recent_stories
from bot.web import request_fields
from bot.web.site import NoSuchPage, Site
from bot.web.source_words import shown_quote, shown_story
from corpus.article import Passage
from corpus.publishers.directory import Publishers


async def about(site: Site, request: Request, _number: str) -> Response:
    """Show what the articles tell of a country, group or person; without a name, those that the latest stories name."""
    name = request_fields.words(request)
    context: dict[str, Any] = {"form": {"q": name}, "name": "", "longest": LONGEST_NAME}
    if not name:
        return await site.render(
            "about.html", context | {"names": await site.workers.read(lambda db: _latest(db, site))}
        )
    now, filters = datetime.now(UTC), site.shown.filters
    found = await site.workers.answer(lambda attache: about_page(attache, name, filters, now))
    if found is None:
        raise NoSuchPage(f"No article names “{name[:LONGEST_NAME]}”.", "Try another spelling, or search for it.")
    passages = await site.workers.read(lambda db: _passages(db, found))
    quotes = {
        kind: [shown_quote(each, now, passages.get(each.quote.passage_id)) for each in told]
        for kind, told in (("statements", found.statements), ("denials", found.denials))
    }
    title = about_name(found)
    context |= {
        "name": title,
        "count": plural(found.articles, "article"),
        "stories": [shown_story(each) for each in found.stories],
        **quotes,
        "denied": urlencode({"q": f"What did {title} deny?"}),
        "publishers": [
            {
                "name": publisher,
                "count": plural(count, "article"),
                "query": urlencode({"q": title, "publisher": publisher}),
            }
            for publisher, count in found.publishers
        ],
    }
    return await site.render("about.html", context)


def _latest(db: Database, site: Site) -> list[str]:
    filters, publishers = site.shown.filters, Publishers(db)
    return names_in(each.title or "" for each in recent_stories(db, filters, publishers))


def _passages(db: Database, found: AboutPage) -> dict[int, Passage]:
    return passages_by_id(db, [each.quote.passage_id for each in (*found.statements, *found.denials)])
