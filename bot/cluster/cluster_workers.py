"""What runs on a cluster's workers: readers parse, clean and cut articles, encoders embed texts; they store nothing."""

import hashlib
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import corpus
import index
from corpus.errors import UnreadableSource
from corpus.prepare import Prepared, Preparer
from index.embedding.embedder import SentenceEmbedder, Vectors


@dataclass(frozen=True, slots=True)
class Identity:
    """What must be the same on every machine for the results to be: the code, and the model's fingerprint, if any."""

    code: str
    model: str = ""


class Reader:
    """Prepares articles for storing.

    Args:
        preparer: how; the only thing that a worker is told besides the articles' bytes.
    """

    def __init__(self, preparer: Preparer) -> None:
        self._preparer = preparer

    def identify(self) -> Identity:
        """Return what this worker runs."""
        return Identity(code_hash())

    def work(self, packed: Sequence[bytes]) -> list[Prepared | UnreadableSource | None]:
        """Prepare pickled articles; None for one that can't be unpickled here, as without a plug-in's package."""
        return [self._prepare(each) for each in packed]

    def _prepare(self, packed: bytes) -> Prepared | UnreadableSource | None:
        try:
            # From the process that started this one.
            item = pickle.loads(packed)  # noqa: S301 - from the process that stores
        except Exception:  # noqa: BLE001 - unpickling imports a plug-in's modules, which may raise anything
            return None
        try:
            return self._preparer.prepare_whole(item)
        except UnreadableSource as error:
            return UnreadableSource(error.message, error.hint)


class Encoder:
    """Embeds texts with a model that is loaded once.

    Args:
        model: its name or folder, as in the settings.
    """

    def __init__(self, model: str) -> None:
        self._model = model
        self._embedder: SentenceEmbedder | None = None

    def identify(self) -> Identity:
        """Load the model, and return what this worker runs.

        Raises:
            ModelUnavailable: it isn't on this machine, or can't be read.
        """
        self._embedder = SentenceEmbedder(self._model)
        self._embedder.load()
        return Identity(code_hash(), self._embedder.fingerprint)

    def work(self, texts: Sequence[str]) -> Vectors:
        """Embed texts: `(n, dimension)` float32, unit length, in order; called after `identify`."""
        assert self._embedder is not None
        return self._embedder.encode(texts)


@cache
def code_hash() -> str:
    """Return a hash of the code that reads and embeds: workers of another release would make other articles."""
    digest = hashlib.sha256()
    for package in (corpus, index):
        root = Path(package.__path__[0])
        for path in sorted(root.rglob("*.py")):
            digest.update(f"{root.name}/{path.relative_to(root).as_posix()}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
