"""Builds the citation of a quote: the article's facts, a link to the quote, and the publisher's facts."""

import re
from pathlib import Path
from urllib.parse import quote as percent_encode
from urllib.parse import urldefrag

from bot.answering.answer import Citation
from corpus.article import ArticleFacts
from corpus.publishers.basis import is_claim, known_publisher
from corpus.publishers.directory import Publishers
from corpus.publishers.publisher import Kind, owns_url
from corpus.starter import starter_path


def cite(article: ArticleFacts, quote: str, publishers: Publishers | None = None) -> Citation:
    """Return the citation of a quote from an article; the publisher's facts are None without `publishers`."""
    is_own_brief = starter_path(article.origin) is not None
    known = known_publisher(article, publishers) if publishers is not None else None
    is_claimed = article.is_claimed if publishers is None else is_claim(article, publishers)
    is_elsewhere = bool(article.url or is_claimed) and not owns_url(article.served_by, article.url)
    return Citation(
        title=article.title,
        publisher=article.publisher,
        author=article.author,
        published_at=article.published_at,
        url=article.url,
        link=article_link(article.url, article.origin, quote),
        origin=article.origin,
        collection=article.collection,
        is_own_brief=is_own_brief,
        is_excerpt=article.is_excerpt,
        country=known.country if known else None,
        kind=Kind.OWN_BRIEF if is_own_brief else known.kind if known else None,
        state_controlled=known.state_controlled if known else None,
        is_claimed=is_claimed,
        carried_by=article.served_by if is_elsewhere else None,
        is_dated_ahead=article.is_dated_ahead,
    )


# Words from each end of a long quote: enough to be unique in a page, short enough for a link.
_WORDS_PER_END = 6


def article_link(url: str | None, origin: str, quote: str) -> str | None:
    """Return a link that makes browsers scroll to the quote and highlight it (text fragments, WICG 2023).

    Args:
        url: the article's address; only http and https are linked.
        origin: where the article was read from; a local file is linked if there is no url.
        quote: the quoted text.

    Returns:
        None if neither can be linked.
    """
    fragment = text_fragment(quote)
    if url and url.lower().startswith(("http://", "https://")):
        return urldefrag(url).url + fragment
    path = starter_path(origin) or Path(origin)
    try:
        return path.resolve().as_uri() + fragment if path.is_file() else None
    except (OSError, ValueError):
        return None


def text_fragment(quote: str) -> str:
    """Return the text directive `#:~:text=...` of a quote: whole if short, else its first and last words."""
    words = re.sub(r"\s+", " ", quote).strip().split(" ")
    if len(words) <= 2 * _WORDS_PER_END:
        return f"#:~:text={_encode(words)}"
    return f"#:~:text={_encode(words[:_WORDS_PER_END])},{_encode(words[-_WORDS_PER_END:])}"


def _encode(words: list[str]) -> str:
    # Dashes are syntax in a text directive, and percent_encode leaves them alone.
    return percent_encode(" ".join(words), safe="").replace("-", "%2D")
