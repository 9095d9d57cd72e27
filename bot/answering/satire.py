"""Recognises articles that say of themselves that they are satire, parody or fiction: their words are nobody's."""

import re

from corpus.article import ArticleFacts
from corpus.articles import Edges
from corpus.publishers.directory import Publishers
from corpus.publishers.publisher import Kind

# Of the title, publisher, author and address, what is looked at.
_MAX_STATED = 500
_WORD = (
    r"(?:satir(?:e[ns]?|ical|isch\w{0,2}|iques?)|s[áa]tiras?|parod(?:y|ies?|[ií]a)|spoofs?|fiction(?:al)?"
    r"|april\s+fool\w{0,2}(?:['’]s?)?(?:\s+(?:day|joke|hoax|prank)){0,2})"
)
# "(Satire) ...", "[A parody]", "Satire: ...", "SATIRE | ...", a line that is nothing else.
_BRACKETED = rf"[(\[{{]\s{{0,3}}(?:[\w’']{{1,12}}\s+){{0,3}}{_WORD}(?:\s+[\w’']{{1,12}}){{0,2}}\s{{0,3}}[)\]}}]"
_LABEL = rf"(?:a\s+|political\s+|news\s+)?{_WORD}(?:\s+(?:news|desk|column|piece|article))?"
_HEAD = re.compile(
    rf"^[^\w(\[]{{0,9}}(?:{_BRACKETED}|\W{{0,3}}{_LABEL}\s{{0,3}}(?:[:|–—]|\s[-/]\s|\W{{0,9}}$))",
    re.IGNORECASE | re.MULTILINE,
)
_TAIL = re.compile(rf"(?:{_BRACKETED}|[|–—/:]\s{{0,3}}{_LABEL}|\s-\s{{0,3}}{_LABEL})\W{{0,9}}$", re.IGNORECASE)
# A text may end with the names of a site's sections, so there only brackets count.
_SIGNED = re.compile(rf"{_BRACKETED}\W{{0,9}}$", re.IGNORECASE)
# As in: this article is satire; note: all stories on this site are fictional.
_NOTICE = re.compile(
    rf"""(?:^|[.!?:…][)\]”"’]{{0,2}}\s+)\W{{0,9}}
        (?:this|the\s+(?:above|following|preceding)|all|every|any)\s+
        (?:(?:is|was)\s+|(?:[\w’']{{1,12}}\s+){{0,2}}(?:articles?|stor(?:y|ies)|posts?|pieces?|pages?|news|content|(?:web)?sites?|reports?
          |texts?|columns?|interviews?|names?|quotes?|quotations?|statements?|characters?)\s+(?:[\w’']{{1,12}},?\s+){{0,6}})
        (?:[\w’']{{1,12}},?\s+){{0,4}}{_WORD}\b""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_NAME = re.compile(r"\b(?:satir\w{0,5}|parod(?:y|ies)|spoofs?)\b", re.IGNORECASE)
# A host with the word, or a section of the site.
_ADDRESS = re.compile(
    r"^https?://(?:[\w.-]{0,200}(?:satir(?:e|ical)|parod(?:y|ies))[\w.-]{0,200}|[^/?#]{1,250}(?:/[^/?#]{1,100}){0,4}"
    r"/(?:satire|satirical|parody|spoofs?|borowitz-report))(?:[:/?#]|$)",
    re.IGNORECASE,
)


def is_satire(article: ArticleFacts, edges: Edges, publishers: Publishers) -> bool:
    """Return whether an article is marked as satire, parody or fiction.

    It is if its title or text begins or ends with such a mark, if its text says so of itself there, or if its
    publisher, author or address is named for it or known for it (`Kind.SATIRE`).

    Args:
        article: with its title, publisher, author and address.
        edges: of its text.
        publishers: the known ones.
    """
    title, publisher, author, url = (
        (stated or "")[:_MAX_STATED] for stated in (article.title, article.publisher, article.author, article.url)
    )
    # Whoever merely claims to be a known satirist is no more believed than one.
    owners = (
        publishers.find_by_host(article.served_by or ""),
        publishers.find(None, url),
        publishers.find_alike(publisher),
    )
    return (
        any(owner is not None and owner.kind is Kind.SATIRE for owner in owners)
        or _NAME.search(publisher) is not None
        or _NAME.search(author) is not None
        or _ADDRESS.match(url) is not None
        or any(pattern.search(title) for pattern in (_HEAD, _TAIL))
        # The text may begin with its headline.
        or _HEAD.search(edges.opening) is not None
        or _SIGNED.search(edges.ending) is not None
        or any(_NOTICE.search(edge) for edge in edges)
    )
