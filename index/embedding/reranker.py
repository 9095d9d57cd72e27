"""Reorders passages with a cross-encoder, which reads query and passage together."""

from collections.abc import Sequence
from typing import Any

from index.embedding.device import AUTO, choose_device
from index.embedding.hub import require_hub
from index.errors import ModelUnavailable


class Reranker:
    """A sentence-transformers cross-encoder, loaded on first use.

    Args:
        model: its name or folder.
        device: what it runs on, as in the settings.
    """

    def __init__(self, model: str, device: str = AUTO) -> None:
        self._name = model
        self._device = device
        self._model: Any = None

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return the relevance of each text to the query; higher is better, the scale is the model's.

        Raises:
            ModelUnavailable: the model can't be found or read.
        """
        if not texts:
            return []
        if self._model is None:
            self._model = self._load()
        return [float(score) for score in self._model.predict([(query, text) for text in texts])]

    def _load(self) -> Any:  # noqa: ANN401 - imported only on use
        # PLC0415: takes seconds to import, and most installations use no reranker.
        from sentence_transformers import CrossEncoder  # noqa: PLC0415

        try:
            require_hub(self._name)
            return CrossEncoder(self._name, device=str(choose_device(self._device)))
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelUnavailable(
                f"The reranker {self._name!r} can't be loaded: {str(error).splitlines()[0]}",
                "Give ATTACHE_RERANKER the name or folder of a cross-encoder, or leave it empty.",
            ) from error
