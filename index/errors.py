"""What can go wrong with models and generations."""

from corpus.errors import AttacheError


class ModelUnavailable(AttacheError):
    """The embedding model or the reranker can't be loaded, or isn't what it should be."""


class DamagedGeneration(AttacheError):
    """A generation on disk is incomplete, changed, or was made by another model."""
