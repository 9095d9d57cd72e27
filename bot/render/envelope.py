"""The envelope of every JSON document: kind and version; and the error document."""

from typing import Any

from corpus.errors import AttacheError

Shape = dict[str, Any]

# Raised when a field is removed or changes its meaning. 2: a yes/no question always has a verdict. 3: there are fifteen
# kinds of questions. 4: an answer may be written, too.
VERSION = 4


def shape(kind: str, content: Shape) -> Shape:
    """Wrap content with its kind and version."""
    return {"kind": kind, "version": VERSION, **content}


def error_shape(error: AttacheError) -> Shape:
    """Return an error as JSON."""
    return shape("error", {"message": error.message, "hint": error.hint})
