"""Links that open an article at the quote."""

import re
from pathlib import Path
from urllib.parse import quote as percent_encode
from urllib.parse import urldefrag

from corpus.starter import starter_path

# Words at either end of a long quote; enough to be found once in a page, short enough for a link.
_WORDS_AT_EITHER_END = 6
_LONGEST_WHOLE = 12


def article_link(url: str | None, origin: str, quote: str) -> str | None:
    """A link to an article that makes browsers scroll to the quote and mark it (text fragments, WICG 2023).

    Args:
        url: the article's address; only http and https are linked.
        origin: where the article was read from, used when it has no address: a file is linked on this machine.
        quote: the quoted text.
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
    """The text directive `#:~:text=...` that finds a quote: whole if short, else by its first and last words."""
    words = re.sub(r"\s+", " ", quote).strip().split(" ")
    if len(words) <= _LONGEST_WHOLE:
        return f"#:~:text={_encode(words)}"
    return f"#:~:text={_encode(words[:_WORDS_AT_EITHER_END])},{_encode(words[-_WORDS_AT_EITHER_END:])}"


def _encode(words: list[str]) -> str:
    # A dash and a comma mean something in a text directive; percent_encode leaves dashes alone.
    return percent_encode(" ".join(words), safe="").replace("-", "%2D")
