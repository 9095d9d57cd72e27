"""Publishers that a question names in plain words: "according to Reuters", "did the Herald report"."""

import re
from collections.abc import Iterable

from index.terms import fold, words

_DOMAIN = re.compile(r"^(?:www\.)?([\w-]+)\.(?:com|org|net|co\.\w\w|[a-z]{2,3})$", re.IGNORECASE)
_SOURCE = (
    r"(?:according\s+to|as\s+reported\s+by|reported\s+by|published\s+(?:by|in)|"
    r"(?:reports?|articles?)\s+(?:by|from|in)|per)"
)
_REPORTS = r"(?:report|reported|write|written|wrote|publish|published)"


def asked_publishers(question: str, publishers: Iterable[str]) -> tuple[str, ...]:
    """Those of the corpus's publishers that the question wants to hear, as they are stored.

    A publisher that is only spoken of ("a Reuters journalist was killed") is no filter: it has to stand where a source
    stands.
    """
    folded = fold(question)
    if not re.search(rf"\b(?:{_SOURCE}|{_REPORTS})\b", folded):
        return ()
    run_together = "".join(words(question))
    return tuple(publisher for publisher in publishers if _is_asked(folded, run_together, publisher))


def _is_asked(question: str, run_together: str, publisher: str) -> bool:
    for name in _names(publisher):
        # A domain runs words together: `dailyherald.com` is asked for as "the Daily Herald".
        named_in = words(name)
        # Most publishers are named nowhere in a question, which is told sooner than a pattern is made.
        if not named_in or "".join(named_in) not in run_together:
            continue
        loose = r"\W+".join(r"\s?".join(map(re.escape, word)) for word in named_in)
        named = rf"(?<!\w)(?:the\s+)?{loose}(?!\w)"
        if re.search(rf"\b{_SOURCE}\s+{named}|\b(?:did|does|has|what|how)\b.*?{named}\s+{_REPORTS}\b", question):
            return True
    return False


def _names(publisher: str) -> tuple[str, ...]:
    """A publisher's name, and that of its domain: `example-news.com` is "example news" too."""
    domain = _DOMAIN.match(publisher)
    bare = publisher[4:] if publisher.lower().startswith("the ") else publisher
    return (bare, domain[1]) if domain else (bare,)
