"""Parses pages that a browser saved with all that belongs to them as one file (.mhtml)."""

from dataclasses import replace

from corpus.article import Draft
from corpus.errors import UnreadableSource
from corpus.formats.mail import first_page, message_of
from corpus.formats.web_page import parse_page
from corpus.original_urls import original_url

_HINT = "Save the page as HTML."


def parse_saved_page(raw: bytes) -> Draft:
    """Return the draft of the page; the day on which it was saved is no date of it.

    Raises:
        UnreadableSource: no page is in it, or one without an article.
    """
    message = message_of(raw)
    found = first_page(message)
    if found is None:
        raise UnreadableSource("There is no page in this file.", _HINT)
    page, charset, location = found
    url = original_url(str(message.get("Snapshot-Content-Location") or location))
    # It only claims to come from there.
    return replace(parse_page(page, fetched_from=url, charset=charset or None), fetched_from=None)
