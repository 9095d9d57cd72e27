"""Says which names a collection may have; whatever stores one asks here."""

from corpus.errors import BadInput
from corpus.normalize import has_unseen


def check_collection(name: str) -> str:
    """Return the name of a collection unchanged.

    Raises:
        BadInput: it is empty, or has line breaks, control characters or invisible ones.
    """
    if not name.strip():
        raise BadInput("A collection's name can't be empty.", "Try letters and digits.")
    if has_unseen(name):
        message = "A collection's name can't have line breaks, control characters or invisible ones."
        raise BadInput(message, "Try letters and digits.")
    return name
