"""Tells pages that hold no article, or only its beginning: paywalls, consent walls, checks for robots, error pages."""

import re

from lxml import html

from corpus.errors import UnreadableSource
from corpus.fetch.jsonld import StatedArticle

# Paid articles show 30 to 120 words as a taste. What is longer is worth having, whatever stands beside it.
TASTE_WORDS = 150
# The shortest news in brief has two sentences.
FEWEST_WORDS = 25
# Scripts without spaces between words: about two characters a word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
# Walls stand at the front of what is visible.
_VISIBLE = 20_000

_PAYWALL = re.compile(
    r"subscribe (?:now |today )?to (?:continue|keep|read|unlock)|(?:log|sign) in to (?:continue|keep) reading"
    r"|(?:continue|keep) reading (?:with|by) (?:a |your |an? \w+ )?subscri"
    r"|already a(?: paid)? (?:subscriber|member) ?\?"
    r"|(?:article|story|content) is (?:only |exclusively )?(?:available )?(?:for|to) (?:our )?(?:paid |registered )?"
    r"subscribers|to (?:read|unlock) (?:the rest of |the full |this )+(?:article|story)"
    r"|you(?:'|’)ve (?:reached|read) (?:your|all)\b.{0,40}\bfree (?:articles|stories)|this is a premium article"
    r"|jetzt (?:weiterlesen|abonnieren)|nur für abonnenten|réservé aux abonnés|exclusivo para suscriptores"
    r"|solo para suscriptores|riservato agli abbonati",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"before you continue to|we value your privacy|we care about your privacy|your privacy (?:choices|matters)"
    r"|we and our (?:\d[\d,.]* )?(?:partners|vendors)|accept all\b|agree to (?:the use of )?cookies"
    r"|(?:manage|cookie) (?:preferences|settings)|consent to (?:the )?(?:use|processing|storage)"
    r"|(?:alle )?cookies (?:akzeptieren|zulassen)|wir schätzen ihre privatsphäre|tout accepter|accepter les cookies"
    r"|nous respectons votre vie privée|aceptar (?:todas )?(?:las )?cookies|accetta (?:tutti i )?cookie",
    re.IGNORECASE,
)
_ROBOTS = re.compile(
    r"enable javascript and cookies|checking (?:if the site connection|your browser)|are you a robot"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|unusual (?:traffic|activity) from|just a moment\.\.\."
    r"|attention required!|please enable (?:javascript|js)\b|complete the (?:captcha|security check)|access denied"
    r"|pardon our interruption|you have been blocked",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"page (?:could )?(?:not|n't|n’t) (?:be )?found|page (?:does not|doesn['’]t|no longer) exists?"
    r"|page (?:is )?(?:no longer available|unavailable)|(?:error|http) ?(?:404|410|500|503)\b|\b404\b.{0,20}not found"
    r"|(?:can['’]t|cannot|couldn['’]t) find (?:the|that|this) page|article (?:is no longer|not) (?:available|found)"
    r"|seite nicht gefunden|page introuvable|página no encontrada",
    re.IGNORECASE,
)
_SAVE = "Save the page in a browser and take in the file."
_WALLS = (
    (_ROBOTS, "The site shows a check for robots instead of the article.", _SAVE),
    (_CONSENT, "The site shows a question about cookies or consent instead of the article.", _SAVE),
    (_ERROR, "The site says that there is no such page.", "Check the link."),
)


def check_article(tree: html.HtmlElement, stated: StatedArticle, title: str, text: str) -> None:
    """Refuses a page whose text is none, or only the beginning, of an article.

    The rules, in order: a text of 150 words or more passes. A shorter one is refused where the page says that it is not
    free to read, where the title is that of a wall or an error page, where the text holds a phrase of paywalls, or two
    different ones of consent walls, of checks for robots or of error pages: news can hold one by chance. A text of
    fewer than 25 words is refused in any case; one phrase in all that is visible tells the reason.

    Args:
        tree: the page.
        stated: what its JSON-LD states.
        title: what the page calls itself.
        text: the text of the article, as it was found; may be empty.

    Raises:
        UnreadableSource: the reason, as far as it can be told.
    """
    words = count_words(text)
    if words >= TASTE_WORDS:
        return
    if stated.is_free is False or _is_locked(tree):
        raise _paywall()
    reason = _wall(title, 1) or _wall(text, 2)
    if words < FEWEST_WORDS:
        reason = reason or _wall(visible_text(tree), 1) or _too_short(words)
    if reason:
        raise reason


def check_plain(text: str) -> None:
    """Refuses plain text that is too short for an article.

    Raises:
        UnreadableSource: it is.
    """
    words = count_words(text)
    if words < FEWEST_WORDS:
        raise _too_short(words)


def count_words(text: str) -> int:
    """Return how many words a text has; two characters count as one in scripts that set no spaces."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_UNSPACED.sub(" ", text).split()) + unspaced // 2


def visible_text(tree: html.HtmlElement) -> str:
    """Return the front of what a reader sees of a page, as one line."""
    found = tree.xpath(
        "//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template"
        " or ancestor::*[@hidden])]"
    )
    parts: list[str] = []
    size = 0
    for each in found:
        part = " ".join(str(each).split())
        size += len(part)
        if part:
            parts.append(part)
        if size > _VISIBLE:
            break
    return " ".join(parts)


def _wall(text: str, phrases: int) -> UnreadableSource | None:
    """The refusal of a text with one phrase of paywalls, or so many different ones of another kind."""
    text = text[:_VISIBLE]
    if _PAYWALL.search(text):
        return _paywall()
    for pattern, reason, hint in _WALLS:
        if len({found.group().lower() for found in pattern.finditer(text)}) >= phrases:
            return UnreadableSource(reason, hint)
    return None


def _is_locked(tree: html.HtmlElement) -> bool:
    tiers = tree.xpath("//meta[@property='article:content_tier' or @name='article:content_tier']/@content")
    return any(str(tier).strip().lower() == "locked" for tier in tiers)


def _paywall() -> UnreadableSource:
    return UnreadableSource(
        "The article is for subscribers; the page shows no more than its beginning.",
        "If you have it, save its text as a file.",
    )


def _too_short(words: int) -> UnreadableSource:
    return UnreadableSource(
        f"No article was found in this page, only {words} words." if words else "No article was found in this page.",
        "Give the link of the article's own page, or save its text as a file.",
    )
