"""A reader whose judgement of yes/no questions comes from an entailment model of the user's choice."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.answering.reader.packaged import PackagedReader
from bot.answering.reader.relations import RELATIONS, Excerpt, ReaderOutput, Relation
from index.embedding.device import AUTO, choose_device
from index.embedding.hub import require_hub
from index.errors import ModelUnavailable

_LABELS = ("entailment", "contradiction", "neutral")


class EntailmentReader:
    """A cross-encoder with the labels entailment, neutral and contradiction, beside the packaged reader.

    The packaged reader still finds answers, and tells what is fact from what somebody says.

    Args:
        model: name or folder of a sentence-transformers cross-encoder.
        packaged: the reader beside it.
        device: what the model runs on, as in the settings.
    """

    def __init__(self, model: str, packaged: PackagedReader, device: str = AUTO) -> None:
        self._name = model
        self._packaged = packaged
        self._device = device
        self._model: Any = None
        self._places: dict[str, int] = {}
        self._load_lock = threading.Lock()

    def check(self) -> str:
        """Return the names of both models. Raises as `load` does, for the packaged reader."""
        return f"{self._name} beside {self._packaged.check()}"

    def load(self) -> None:
        """Load both models now.

        Raises:
            ModelUnavailable: one of them can't be found or read, or has other labels.
        """
        self._packaged.load()
        with self._load_lock:
            if self._model is None:
                self._places, self._model = self._load()

    def read(self, question: str, excerpts: Sequence[Excerpt], *, with_spans: bool = True) -> list[ReaderOutput]:
        """Read each text with the question, in order. Raises as `load` does."""
        self.load()
        readings = self._packaged.read(question, excerpts, with_spans=with_spans)
        if not readings:
            return []
        pairs = [(f"{each.heading}\n{each.text}", question) for each in excerpts]
        chances = self._model.predict(pairs, apply_softmax=True)
        return [
            _with_entailment(reading, *(float(row[self._places[label]]) for label in _LABELS))
            for reading, row in zip(readings, chances, strict=True)
        ]

    def _load(self) -> tuple[dict[str, int], Any]:
        # PLC0415: takes seconds to import, and most installations use no other model.
        from sentence_transformers import CrossEncoder  # noqa: PLC0415 - imports torch

        hint = "Give ATTACHE_READER the name or folder of an entailment cross-encoder, or leave it empty."
        try:
            require_hub(self._name)
            model = CrossEncoder(self._name, device=str(choose_device(self._device)))
        except MemoryError:
            raise
        # `tokenizers` and `safetensors` raise plain `Exception` for a malformed file.
        except Exception as error:
            reason = next(iter(str(error).splitlines()), type(error).__name__)
            raise ModelUnavailable(f"The reader {self._name!r} can't be loaded: {reason}", hint) from error
        places = {str(label).lower(): int(place) for place, label in model.model.config.id2label.items()}
        if not set(_LABELS) <= places.keys():
            raise ModelUnavailable(f"The reader {self._name!r} does not tell entailment from contradiction.", hint)
        return places, model


def _with_entailment(reading: ReaderOutput, entailed: float, contradicted: float, neutral: float) -> ReaderOutput:
    """Return a reading with these chances; each is shared between fact and saying as the reading shares it."""
    told = _share(reading, Relation.YES, Relation.CLAIMED)
    refuted = _share(reading, Relation.NO, Relation.DENIED)
    chances = {
        Relation.YES: entailed * told,
        Relation.CLAIMED: entailed * (1 - told),
        Relation.NO: contradicted * refuted,
        Relation.DENIED: contradicted * (1 - refuted),
        Relation.BOTH: 0.0,
        Relation.UNKNOWN: neutral,
    }
    return replace(reading, relations=tuple(chances[each] for each in RELATIONS))


def _share(reading: ReaderOutput, one: Relation, other: Relation) -> float:
    total = reading.probability(one, other)
    return reading.probability(one) / total if total else 1.0
