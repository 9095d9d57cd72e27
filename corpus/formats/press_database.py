"""Takes apart articles copied from press databases (Nexis): what their heads and feet state, and the text."""

import re
from typing import NamedTuple

_LENGTH = re.compile(r"(?:Length:\s*)?[\d,.]{1,9} words", re.IGNORECASE)
_BODY = re.compile(r"Body", re.IGNORECASE)
_END = re.compile(r"(?:Load-Date:.*|End of Document|Classification|Document [A-Z0-9]{8,40}|Notes)", re.IGNORECASE)
_BYLINE = re.compile(r"(?:Byline:\s*|By )(\S.*)", re.IGNORECASE)
_COPYRIGHT = re.compile(r"(?:Copyright|©|\(c\)).*", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
# Of lines with something in them, before the text.
_HEAD_LINES = 14


class DatabaseArticle(NamedTuple):
    """What the head states, and the text without head and foot; empty for what isn't stated."""

    title: str
    publisher: str
    date: str
    author: str
    body: str


def database_article(text: str) -> DatabaseArticle | None:
    """Return the parts of an article as Nexis writes it, or None if a text is none.

    Its head ends with the number of words and a line "Body"; the first line is the title, the next the publisher, the
    third the date.
    """
    lines = text.split("\n")
    filled = [i for i, line in enumerate(lines) if line.strip()][:_HEAD_LINES]
    start = next((i for i in filled if _BODY.fullmatch(lines[i].strip())), None)
    head = [lines[i].strip() for i in filled if start is not None and i < start]
    if start is None or len(head) < 3 or not any(_LENGTH.fullmatch(line) for line in head):
        return None
    end = next((i for i in range(start + 1, len(lines)) if _END.fullmatch(lines[i].strip())), len(lines))
    author = next((found[1] for line in head if (found := _BYLINE.fullmatch(line))), "")
    date = next((line for line in head[1:] if _YEAR.search(line) and not _COPYRIGHT.match(line)), "")
    return DatabaseArticle(head[0], head[1], date, author, "\n".join(lines[start + 1 : end]).strip())
