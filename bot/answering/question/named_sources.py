"""Finds the publishers that a question names as its source: "according to Reuters"."""

import re
from collections.abc import Iterable

from index.terms import fold, words

_DOMAIN = re.compile(r"^(?:www\.)?([\w-]+)\.(?:com|org|net|co\.\w\w|[a-z]{2,3})$", re.IGNORECASE)
_SOURCE = (
    r"(?:according\s+to|as\s+reported\s+by|reported\s+by|published\s+(?:by|in)|"
    r"(?:reports?|articles?)\s+(?:by|from|in)|per)"
)
_REPORTS = r"(?:report|reported|write|written|wrote|publish|published)"


def named_publishers(question: str, publishers: Iterable[str]) -> tuple[str, ...]:
    """Return the publishers that the question names as a source, spelt as given.

    A publisher that is merely mentioned ("a Reuters journalist was killed") is not returned.
    """
    folded = fold(question)
    if not re.search(rf"\b(?:{_SOURCE}|{_REPORTS})\b", folded):
        return ()
    joined = "".join(words(question))
    return tuple(publisher for publisher in publishers if _is_named(folded, joined, publisher))


def _is_named(question: str, joined: str, publisher: str) -> bool:
    for name in _names(publisher):
        name_words = words(name)
        # Cheaper than compiling a pattern for each of many publishers.
        if not name_words or "".join(name_words) not in joined:
            continue
        # A domain joins its words: `dailyherald.com` is "the Daily Herald".
        loose = r"\W+".join(r"\s?".join(map(re.escape, word)) for word in name_words)
        named = rf"(?<!\w)(?:the\s+)?{loose}(?!\w)"
        if re.search(rf"\b{_SOURCE}\s+{named}|\b(?:did|does|has|what|how)\b.*?{named}\s+{_REPORTS}\b", question):
            return True
    return False


def _names(publisher: str) -> tuple[str, ...]:
    """Return a publisher's name, and that of its domain: `example-news.com` is also "example news"."""
    domain = _DOMAIN.match(publisher)
    bare = publisher[4:] if publisher.lower().startswith("the ") else publisher
    return (bare, domain[1]) if domain else (bare,)
