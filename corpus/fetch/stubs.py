"""Refuses pages with no article or only a teaser: paywalls, consent walls, bot checks, error pages."""

import re

from lxml import html

from corpus.errors import UnreadableSource
from corpus.formats.jsonld import ArticleMetadata
from corpus.word_count import count_words

# Paid articles show a teaser of 30 to 120 words; accept anything longer.
TEASER_WORDS = 150
# The shortest news briefs have two sentences.
MIN_WORDS = 25
# Walls are at the start of the visible text.
_VISIBLE_CHARACTERS = 20_000

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
_BOT_CHECK = re.compile(
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
_SAVE = "Save the page in a browser and add the file."
_WALLS = (
    (_BOT_CHECK, "The site shows a bot check instead of the article.", _SAVE),
    (_CONSENT, "The site shows a cookie or consent dialog instead of the article.", _SAVE),
    (_ERROR, "The site says that the page doesn't exist.", "Check the link."),
)


def check_article(tree: html.HtmlElement, metadata: ArticleMetadata, title: str, text: str) -> None:
    """Refuse a page whose text isn't an article, or is only the beginning of one.

    Text of at least `TEASER_WORDS` passes. Shorter text is refused if the page says that it isn't free to read, if the
    title is that of a wall or an error page, or if the text has one paywall phrase or two different phrases of another
    kind of wall, since news may contain one by chance. Text below `MIN_WORDS` is always refused, and one phrase in the
    visible text gives the reason.

    Args:
        tree: the page.
        metadata: what its JSON-LD states.
        title: the page's title.
        text: the extracted article text; may be empty.

    Raises:
        UnreadableSource: states the most likely reason.
    """
    words = count_words(text)
    if words >= TEASER_WORDS:
        return
    if metadata.is_free is False or _is_locked(tree):
        raise _paywall()
    reason = _wall(title, 1) or _wall(text, 2)
    if words < MIN_WORDS:
        reason = reason or _wall(_visible_text(tree), 1) or _too_short(words)
    if reason:
        raise reason


def check_plain(text: str) -> None:
    """Refuse plain text that is too short for an article.

    Raises:
        UnreadableSource: fewer than `MIN_WORDS` words.
    """
    if (words := count_words(text)) < MIN_WORDS:
        raise _too_short(words)


def _visible_text(tree: html.HtmlElement) -> str:
    """Return the start of the visible text of a page, as one line."""
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
        if size > _VISIBLE_CHARACTERS:
            break
    return " ".join(parts)


def _wall(text: str, phrases: int) -> UnreadableSource | None:
    """Return the error for a text with a paywall phrase, or `phrases` different ones of another kind of wall."""
    text = text[:_VISIBLE_CHARACTERS]
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
        "The article is for subscribers; the page shows only its beginning.", "If you have it, save its text as a file."
    )


def _too_short(words: int) -> UnreadableSource:
    return UnreadableSource(
        f"No article was found in this page, only {words} words." if words else "No article was found in this page.",
        "Use the link of the article's own page, or save its text as a file.",
    )
