"""Which page answers which path."""

import re

from bot.web import article_pages, name_pages, overview_pages, search_pages, sign_in_page
from bot.web.site import Page

# No number has more digits, so that each fits SQLite's integers.
_NUMBER = r"(\d{1,18})"
_PAGES: tuple[tuple[str, Page], ...] = (
    (r"/", overview_pages.home),
    (r"/search", search_pages.search),
    (r"/answer", search_pages.answer),
    (r"/timeline", search_pages.timeline),
    (r"/timeline-(light|dark)\.png", search_pages.timeline_picture),
    (r"/stories", overview_pages.stories),
    (rf"/story/{_NUMBER}", overview_pages.story),
    (rf"/story/{_NUMBER}/coverage", overview_pages.coverage),
    (rf"/story/({_NUMBER[1:-1]}/coverage-(?:light|dark))\.png", overview_pages.coverage_picture),
    (rf"/article/{_NUMBER}", article_pages.article),
    (rf"/article/{_NUMBER}/edits", article_pages.edits),
    (r"/about", name_pages.about),
    (r"/tables", article_pages.tables),
    (r"/static/(style\.css|icon\.svg)", article_pages.static_file),
    (r"/sign-in", sign_in_page.sign_in),
    (r"/sign-out", sign_in_page.sign_out),
)


def find_page(path: str) -> tuple[Page, str] | None:
    """Return the page of a path, and the number or word in it; None if there is none."""
    for pattern, page in _PAGES:
        if found := re.fullmatch(pattern, path, re.ASCII):
            return page, found[1] if found.re.groups else ""
    return None
