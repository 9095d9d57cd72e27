"""Errors of models and generations."""

from corpus.errors import AttacheError


class ModelUnavailable(AttacheError):
    """The embedding model or the reranker can't be loaded, or isn't the expected one."""


class DamagedGeneration(AttacheError):
    """A generation on disk is incomplete, was changed, or was built with another model."""


class IndexUnreachable(AttacheError):
    """The server that holds the index doesn't answer, is too slow, refuses us, or sends what can't be read."""
