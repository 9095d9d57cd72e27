"""What a file gives when it is read."""

from pathlib import Path

from corpus.article import Draft, Rejection
from corpus.errors import UnreadableSource
from corpus.formats import read_path

LIMIT = 1_000_000


def read(path: Path, max_bytes: int = LIMIT) -> list[Draft | str]:
    """Drafts, and the sentences of rejections, in the order of the file."""
    found: list[Draft | str] = []
    for item in read_path(path, max_bytes=max_bytes):
        if isinstance(item, Rejection):
            found.append(item.reason)
            continue
        try:
            found.append(item.parse())
        except UnreadableSource as error:
            found.append(error.message)
    return found


def one(path: Path) -> Draft:
    [draft] = read(path)
    assert isinstance(draft, Draft), draft
    return draft
