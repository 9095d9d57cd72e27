"""What goes wrong with a cluster."""

from corpus.errors import AttacheError


class ClusterUnavailable(AttacheError):
    """Ray isn't installed or doesn't answer, or its workers can't do this work."""
