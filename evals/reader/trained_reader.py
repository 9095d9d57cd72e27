"""Reads texts with the trained network: its weights are checked, and what it says becomes readings."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.article import Span
from evals.reader.relations import Excerpt, Found, Reading
from index.embedding.models import file_sha256, packaged_weights
from index.errors import ModelUnavailable

# PLC0415 throughout: torch and transformers take seconds to import, and other commands don't need them.
if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from evals.reader.pairs import Pair
    from evals.reader.reader_network import Outputs, ReaderNetwork

WEIGHTS_FILE = Path(__file__).with_name("reader.safetensors")
WEIGHTS_SHA256 = "3ab1542b89fde2c85dc3a03c2982ddba5241fda3fb4c83a2608aa07647a41b4d"
# Tokens of the longest answer, and how many a text may hold.
LONGEST_ANSWER = 40
MOST_ANSWERS = 8
_SPANS_COMPARED = 256
_HINT = "Check the project out again, or name other weights with --weights."


class TrainedReader:
    """A `Reader` over a trained network, in bfloat16."""

    def __init__(self, network: "ReaderNetwork", tokenizer: "Tokenizer") -> None:
        self._network, self._tokenizer = network.eval(), tokenizer

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> list[Reading]:
        """Read each text with the question, in order."""
        import torch  # noqa: PLC0415

        from evals.reader.pairs import make_pairs, pad  # noqa: PLC0415

        if not excerpts:
            return []
        pairs = make_pairs(self._tokenizer, [question] * len(excerpts), excerpts)
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            outputs = self._network(*pad(pairs))
        return [_reading(outputs, at, pair) for at, pair in enumerate(pairs)]


def load_reader(weights: Path | None = None) -> TrainedReader:
    """Load the project's weights, or others.

    Raises:
        ModelUnavailable: they can't be read, or the project's are not the expected ones.
    """
    from evals.reader.pairs import load_tokenizer  # noqa: PLC0415
    from evals.reader.reader_network import load_network, load_weights  # noqa: PLC0415

    path, folder = weights or WEIGHTS_FILE, packaged_weights().parent
    if not path.is_file():
        raise ModelUnavailable(f"There are no reader's weights at {path}.", _HINT)
    if weights is None and file_sha256(path) != WEIGHTS_SHA256:
        raise ModelUnavailable(f"The reader's weights are not the expected ones ({path}).", _HINT)
    network = load_network(folder)
    try:
        load_weights(network, path)
    except MemoryError:
        raise
    # `safetensors` raises plain `Exception` for a malformed file.
    except Exception as error:
        # Torch tells of every wrong weight on a line of its own.
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ModelUnavailable(f"The reader's weights can't be read: {reason}", _HINT) from error
    return TrainedReader(network, load_tokenizer(folder))


def _reading(outputs: "Outputs", at: int, pair: "Pair") -> Reading:
    relations = outputs.relation[at].softmax(-1).tolist()
    return Reading(tuple(relations), float(outputs.relevance[at].sigmoid()), _best_spans(outputs, at, pair))


def _best_spans(outputs: "Outputs", at: int, pair: "Pair") -> tuple[Found, ...]:
    """Return the best spans that don't overlap; only the best one if its odds are negative."""
    count = len(pair.offsets)
    if not count:
        return ()
    text = slice(pair.first, pair.first + count)
    start, end = outputs.start[at].numpy(), outputs.end[at].numpy()
    odds = start[text, np.newaxis] + end[np.newaxis, text] - (start[0] + end[0])
    length = np.arange(count)[np.newaxis, :] - np.arange(count)[:, np.newaxis]
    odds[(length < 0) | (length >= LONGEST_ANSWER)] = -np.inf
    flat = odds.ravel()
    best = np.argpartition(-flat, min(_SPANS_COMPARED, flat.size) - 1)[:_SPANS_COMPARED]
    found: list[tuple[float, int, int]] = []
    for place in best[np.argsort(-flat[best], kind="stable")].tolist():
        score, (first, last) = float(flat[place]), divmod(place, count)
        if len(found) == MOST_ANSWERS or (found and score < 0) or not math.isfinite(score):
            break
        if all(last < a or first > b for _, a, b in found):
            found.append((score, first, last))
    return tuple(Found(Span(pair.offsets[a][0], pair.offsets[b][1]), score) for score, a, b in found)
