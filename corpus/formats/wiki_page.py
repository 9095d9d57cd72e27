"""Tells what pages of wikis (MediaWiki) state in another sense than news do: their title, and the day of their text."""

from dataclasses import replace

from lxml import html

from corpus.dates import parse_published
from corpus.formats.jsonld import ArticleMetadata
from corpus.formats.xpath import compile_path

_MAX_TITLE = 1_000
_OF_WIKI = compile_path(
    "boolean(//meta[@name='generator'][starts-with(@content, 'MediaWiki')])"
    # The first condition is faster, and false of nearly all.
    " or boolean(//div[contains(@class, 'mw-parser-output')][contains(concat(' ', @class, ' '), ' mw-parser-output ')])"
)
_HEADINGS = compile_path("//h1[@id='firstHeading']")


def as_wiki_page(tree: html.HtmlElement, stated: ArticleMetadata) -> ArticleMetadata:
    """Return what a page states of itself; of a wiki's page, the headline on it, and the day of its last edit.

    Wikis state as headline what the subject is ("bridge in Marn"), and as publication the day when somebody began the
    page, whose text is of later years.
    """
    if not _OF_WIKI(tree):
        return stated
    headings = _HEADINGS(tree)
    title = " ".join(headings[0].text_content()[:_MAX_TITLE].split()) if headings else ""
    changed = next((str(node["dateModified"]) for node in stated.nodes if "dateModified" in node), None)
    edited = parse_published(changed[:_MAX_TITLE]) if changed else None
    return replace(stated, title=title or stated.title, published_at=edited or stated.published_at)
