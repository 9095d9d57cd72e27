"""The pages of one article: its passages and its edits; the list of tables; the files beside them."""

from dataclasses import dataclass

from datasette.utils.asgi import Request, Response
from sqlite_utils import Database

from bot.render.article_edits import edit_heading
from bot.render.formatters import language_name, plural
from bot.service.about_page import names_in
from bot.service.lookups import ArticleCard, article_card, article_edit, passages_of
from bot.service.stories import story_card, story_number
from bot.web import request_fields
from bot.web.datasette_app import STATIC
from bot.web.diff import shown_change
from bot.web.site import NoSuchPage, Site
from bot.web.source_words import PASSAGES_ON_A_PAGE, ShownStory, shown_article, shown_story
from corpus.article import Passage
from corpus.publishers.directory import Publishers

_NO_ARTICLE = "There is no article with this number here."
# Passages in which countries and people are looked for; what an article is about stands at its beginning.
_NAMED_PASSAGES = 40
_ARTICLE_HINT = "It may have been removed; the search finds what is here."


@dataclass(frozen=True, slots=True)
class _Found:
    card: ArticleCard
    passages: list[Passage]
    story: ShownStory | None
    publishers: Publishers


async def article(site: Site, request: Request, number: str) -> Response:
    """Show an article with its passages, copies, edits and story."""
    found = await site.workers.read(lambda db: _find(db, site, int(number)))
    if found is None:
        raise NoSuchPage(_NO_ARTICLE, _ARTICLE_HINT)
    pages = max(1, -(-len(found.passages) // PASSAGES_ON_A_PAGE))
    page = min(request_fields.number(request, "page", 1), pages)
    card = found.card
    context = {
        "article": shown_article(card.facts, found.publishers),
        "language": language_name(card.facts.language),
        "is_excerpt": card.facts.is_excerpt,
        "versions": card.versions,
        "edits": plural(card.versions, "edit"),
        "copies": [shown_article(each, found.publishers) for each in card.copies],
        "story": found.story,
        "names": names_in([card.facts.title or "", *(each.text for each in found.passages[:_NAMED_PASSAGES])]),
        "passages": found.passages[(page - 1) * PASSAGES_ON_A_PAGE : page * PASSAGES_ON_A_PAGE],
        "count": plural(len(found.passages), "passage"),
        "page": page,
        "pages": pages,
    }
    return await site.render("article.html", context)


async def edits(site: Site, request: Request, number: str) -> Response:
    """Show one edit of an article as a comparison, with links to the others."""
    place = request_fields.number(request, "edit")
    found = await site.workers.read(
        lambda db: (article_edit(db, site.shown.filters, int(number), place), Publishers(db))
    )
    shown, publishers = found
    if shown is None:
        raise NoSuchPage("No edit of an article with this number is known here.", _ARTICLE_HINT)
    context = {
        "article": shown_article(shown.facts, publishers),
        "heading": edit_heading(shown.edit),
        "changes": [shown_change(change, shown.facts.language) for change in shown.edit.changes],
        "left_out": plural(shown.edit.left_out, "more change") if shown.edit.left_out else "",
        "place": shown.place,
        "edits": shown.edits,
    }
    return await site.render("edits.html", context)


async def tables(site: Site, _request: Request, _number: str) -> Response:
    """List the tables."""
    return await site.render("tables.html", {})


async def static_file(_site: Site, _request: Request, name: str) -> Response:
    """Return the style sheet or the icon."""
    kind = "text/css" if name.endswith(".css") else "image/svg+xml"
    return Response((STATIC / name).read_text(encoding="utf-8"), content_type=f"{kind}; charset=utf-8")


def _find(db: Database, site: Site, number: int) -> _Found | None:
    filters, publishers = site.shown.filters, Publishers(db)
    card, found = article_card(db, filters, number), passages_of(db, filters, number)
    if card is None or found is None:
        return None
    story_id = story_number(db, filters, number)
    told = story_card(db, filters, publishers, story_id) if story_id is not None else None
    is_story = told is not None and told.facts.articles > 1
    return _Found(card, found[1], shown_story(told.facts) if told and is_story else None, publishers)
