"""What stands around every JSON document, its kind and version, and the shape of a failure, which any may be."""

from typing import Any

from corpus.errors import AttacheError

Shape = dict[str, Any]

# A field that is added keeps the number; one that changes its meaning or goes counts it up. 2: a yes/no question always
# has a verdict.
VERSION = 2


def shape(kind: str, content: Shape) -> Shape:
    """A shape with its kind and version in front."""
    return {"kind": kind, "version": VERSION, **content}


def error_shape(error: AttacheError) -> Shape:
    """A failure, in a plain sentence."""
    return shape("error", {"message": error.message, "hint": error.hint})
