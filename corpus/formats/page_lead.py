"""Keeps the lead between a page's headline and its first paragraph, which extraction drops with the page's header."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml import html

from corpus.boilerplate import is_boilerplate
from corpus.formats.xpath import compile_path

_LEAD_CLASS = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|stand-?first|dek|deck|intro|introduction|summary|sub-?(?:title|head|heading|headline)"
    r"|description|excerpt|abstract|strap|strapline|chapo|chapeau|sapo|entradilla|bajada|sommario|vorspann|anleser"
    r"|ingress)(?:text)?(?:[\s_-]|$)",
    re.IGNORECASE,
)
_OTHER_CLASS = re.compile(
    r"(?:^|[\s_-])(?:by-?line|authors?|meta|dates?|time|caption|credits?|share|sharing|social|breadcrumbs?|tags?"
    r"|promo|newsletter|related|consent|cookies?|ad|advert)(?:[\s_-]|$)",
    re.IGNORECASE,
)
_OUTSIDE = frozenset({"nav", "figure", "figcaption", "form", "aside", "footer", "address", "ul", "ol", "table"})
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BLOCKS = frozenset({"p", "div", "section", "h2", "h3", "h4", "blockquote"})
_INLINE = frozenset({"span", "strong", "em", "b", "i"})
_LEAD_TAGS = _BLOCKS | _INLINE
_NESTED = frozenset({"p", "div", "section", "ul", "ol", "h1", "h2", "h3", "h4", "time", "blockquote", "article"})
# Shorter texts are labels and dates; in scripts without spaces a sentence has a third of the characters.
_MIN_CHARACTERS = 40
_MIN_UNSPACED = 15
_MAX_CHARACTERS = 1_500
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔।]['\"’”»›」』）)]*$")
_MAX_HEADINGS = 20
# Between headline and text stand some twenty elements: byline, date, buttons, a picture.
_MAX_ELEMENTS = 120
# The text begins before so many blocks that are no lead.
_MAX_OTHERS = 12
# Shorter blocks may occur in the text by chance.
_MIN_STOP = 20
# Enough to recognize a paragraph in the extracted text.
_BEGINNING = 60
# A lead is in an element with such a class, or in one of these around it.
_MAX_AROUND = 3
_TITLE = compile_path("string(//head/title)")
_TEXTS = compile_path("(.//text())[position() <= 200]")
_LINKED = compile_path("(.//a//text())[position() <= 100]")


@dataclass(frozen=True, slots=True)
class _Block:
    text: str
    is_lead: bool


class Lead:
    """The blocks after a page's headline, read before extraction changes the page."""

    def __init__(self, page: html.HtmlElement) -> None:
        headline = _headline(page)
        self._headline = "" if headline is None else _line(headline)
        self._blocks = [] if headline is None else _blocks(headline)

    def put_before(self, body: str) -> str:
        """Return the extracted text with the lead, if it lacks it.

        A block is the lead if it is marked up as such, is in the headline's `header` or follows the headline directly,
        and if it comes before the text's first paragraph.
        """
        flat = " ".join(body.split())
        missing: list[str] = []
        for block in self._blocks:
            if block.text[:_BEGINNING] in flat:
                break
            if block.is_lead:
                missing.append(block.text)
        else:
            return body
        first, _, rest = body.partition("\n")
        if not rest or first.strip() != self._headline:
            return "\n".join([*missing, body])
        return "\n".join([first, *missing, rest])


def _headline(page: html.HtmlElement) -> html.HtmlElement | None:
    """Return the article's headline: in an `article` or `main`, else the longest one that the title contains.

    Many pages have the name of the site as another one, over a slogan that is no lead.
    """
    headings = list(islice(page.iter("h1"), _MAX_HEADINGS))
    for name in ("article", "main"):
        inside = next((each for each in headings if next(each.iterancestors(name), None) is not None), None)
        if inside is not None:
            return inside
    title = " ".join(str(_TITLE(page)).split())
    named = [each for each in headings if (text := _line(each)) and text in title]
    return max(named, key=lambda each: len(_line(each)), default=None)


def _blocks(headline: html.HtmlElement) -> list[_Block]:
    around = set(headline.iterancestors())
    blocks: list[_Block] = []
    others = 0
    for element in islice(_following(headline), _MAX_ELEMENTS):
        if (block := _block(element, headline, around)) is not None:
            blocks.append(block)
            others += not block.is_lead
        if others >= _MAX_OTHERS:
            break
    return blocks


def _following(element: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Yield the elements after an element, one by one: a path would find all of the page's first."""
    for each in (element, *element.iterancestors()):
        for sibling in each.itersiblings("*"):
            yield from sibling.iter("*")


def _block(element: html.HtmlElement, headline: html.HtmlElement, around: set[html.HtmlElement]) -> _Block | None:
    """Return an element without other blocks in it as a block; None for what is not text of the article."""
    if element.tag not in _LEAD_TAGS or any(child.tag in _NESTED for child in element):
        return None
    if element.tag in _INLINE and not _kind(element).is_lead:
        return None
    own = [element]
    for each in element.iterancestors():
        if each in around:
            break
        own.append(each)
    if any(each.tag in _OUTSIDE or _kind(each).is_other for each in own):
        return None
    is_named = any(_kind(each).is_lead for each in own[:_MAX_AROUND])
    if element.tag in _INLINE and any(each.tag == "p" for each in own):
        return None
    text = _line(element)
    if len(text) < _MIN_STOP and not _UNSPACED.search(text):
        return None
    is_lead = is_named or (element.tag == "p" and _is_beside_headline(element, headline, around))
    return _Block(text, is_lead and _is_prose(text) and not _is_mostly_links(element, text))


def _is_beside_headline(element: html.HtmlElement, headline: html.HtmlElement, around: set[html.HtmlElement]) -> bool:
    """Return whether an element is in the headline's header, or follows the headline or its header directly."""
    before = element.getprevious()
    if before is headline or (before is not None and before.tag == "header" and before in around):
        return True
    return any(each.tag in {"header", "hgroup"} and each in around for each in element.iterancestors())


def _is_prose(text: str) -> bool:
    least = _MIN_UNSPACED if _UNSPACED.search(text) else _MIN_CHARACTERS
    return least <= len(text) <= _MAX_CHARACTERS and bool(_SENTENCE_END.search(text)) and not is_boilerplate(text)


def _is_mostly_links(element: html.HtmlElement, text: str) -> bool:
    linked = "".join(map(str, _LINKED(element)))
    return 2 * len(linked) > len(text)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the names of an element say: a lead, or something else."""

    is_lead: bool
    is_other: bool


def _kind(element: html.HtmlElement) -> _Kind:
    return _kind_of((element.get("class") or "")[:200], (element.get("itemprop") or "")[:50])


# A page has the same few names again and again, and so have the pages of a site.
@lru_cache(maxsize=1_000)
def _kind_of(classes: str, prop: str) -> _Kind:
    names = f"{_CAMEL_CASE.sub('-', classes)} {prop}"
    return _Kind(_LEAD_CLASS.search(names) is not None, _OTHER_CLASS.search(names) is not None)


def _line(element: html.HtmlElement) -> str:
    """Return the text of an element on one line; of long ones the beginning."""
    pieces = _TEXTS(element)
    return " ".join("".join(map(str, pieces))[: 2 * _MAX_CHARACTERS].split())
