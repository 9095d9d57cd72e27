"""How a delivery fails."""

from corpus.errors import AttacheError


class NotDelivered(AttacheError):
    """A brief could not be delivered now; it is tried again later."""
