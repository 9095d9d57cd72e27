"""`bench encode`: encoding, compared with the model's bare matrix products and with plain sentence-transformers."""

import statistics
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from corpus.errors import BadInput
from evals.speed.figures import Bench, figure, seconds, this_machine
from index.embedding.device import CPU
from index.embedding.embedder import SentenceEmbedder, batches, load_reference_model

# PLC0415 throughout: torch takes seconds to import.
if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

# The padded shapes of a batch, see `Encoder.shapes`.
_Shapes = list[tuple[int, int]]
BASELINE = "bare matrix products"
_WARM_UP = 8
# Size of the square matrices whose product measures the peak: large enough to use the whole chip, small enough to take
# a second at most.
_PEAK_SIZE = 2048
_PEAK_SIZE_GPU = 16384
_PEAK_ROUNDS = 5


def bench_encode(embedder: SentenceEmbedder, texts: Sequence[str], rounds: int = 5) -> Bench:
    """Encode the same texts in turn with our encoder and with plain float32 in default batches, and only multiply.

    The matrix products are those of our encoder, with the same shapes and type batch by batch. Encoding adds softmax,
    norms, activations, tokenizing and Python.

    Raises:
        BadInput: there are no texts.
    """
    if not texts:
        raise BadInput("There are no passages to encode.", "Ingest articles first: `attache ingest PATH`.")
    reference = load_reference_model(embedder.source)
    products = _Products(embedder, texts)
    embedder.encode(texts[:_WARM_UP])
    _encode_plain(reference, texts[:_WARM_UP])
    products.run()
    ours: list[float] = []
    bare: list[float] = []
    one: list[float] = []
    plain: list[float] = []
    for _ in range(rounds):
        ours.append(seconds(lambda: embedder.encode(texts)))
        bare.append(seconds(products.run))
        one.append(seconds(lambda: embedder.encode(texts[:1])))
        # Several times slower than ours, and only for comparison.
        if len(plain) < max(1, rounds // 2):
            plain.append(seconds(lambda: _encode_plain(reference, texts)))
    # Each relative to the one measured right after it: other load affects both.
    of_round = [each / other for each, other in zip(ours, bare, strict=True)]
    cosines = (embedder.encode(texts) * _encode_plain(reference, texts)).sum(axis=1)
    rates = _rates(
        products.operations,
        statistics.median(ours),
        statistics.median(bare),
        peak_of(embedder.load().dtype, embedder.load().device),
    )
    rates |= {"passages_per_s": round(len(texts) / statistics.median(ours), 1)}
    return Bench(
        "encode",
        {"passages": len(texts), **_device(embedder), **rates, "least_cosine": round(float(cosines.min()), 4)},
        BASELINE,
        (
            figure(BASELINE, "s", bare),
            figure("encode", "s", ours, bare),
            figure("plain sentence-transformers, float32", "s", plain, bare),
            figure("encode one passage alone", "s", one),
            figure("encode, to the bare products of its round", "times", of_round),
            figure("inside the network", "s", _network_seconds(embedder, texts, rounds), bare),
        ),
        this_machine(),
    )


def _rates(operations: float, ours: float, bare: float, peak: float) -> dict[str, float]:
    """Return billions of floating-point operations a second of encoding, the bare products, and the chip at most."""
    return {
        "gflops": round(operations / ours / 1e9, 1),
        "gflops_bare": round(operations / bare / 1e9, 1),
        "gflops_peak": round(peak / 1e9, 1),
        "share_of_peak": round(operations / ours / peak, 3),
    }


class _Products:
    """The matrix products of a model's forward pass over texts, in its own shapes and type, on ones."""

    def __init__(self, embedder: SentenceEmbedder, texts: Sequence[str]) -> None:
        self._encoder = encoder = embedder.load()
        self._default_threads = embedder.threads
        self._threads = self._default_threads if encoder.device.type == CPU else 1
        # Without the pooler: its product is over one token a text, and sentence-transformers discards it.
        self._linears: list[Any] = [
            module
            for name, module in encoder.network.named_modules()
            if type(module).__name__ in {"Linear", "PackedLinear"} and ".pooler." not in name
        ]
        tokenized = encoder.tokenize(texts)
        lengths = [len(each.ids) for each in tokenized]
        grouped = batches(lengths, encoder.device)
        self._batches = [encoder.shapes([tokenized[number] for number in numbers]) for numbers in grouped]
        self.operations = sum(map(self._count_operations, self._batches))

    def run(self) -> None:
        """Multiply, on as many threads as encoding uses."""
        import torch  # noqa: PLC0415

        from index.embedding.threads import parallel_map  # noqa: PLC0415

        for _ in parallel_map(self._multiply, self._batches, self._threads, self._default_threads):
            pass
        if self._encoder.device.type != CPU:
            torch.accelerator.synchronize(self._encoder.device)

    def _multiply(self, shapes: _Shapes) -> None:
        import torch  # noqa: PLC0415

        inputs: dict[int, Any] = {}
        kind: dict[str, Any] = {"dtype": self._encoder.dtype, "device": self._encoder.device}
        tokens, attention = _count_tokens(shapes), self._encoder.attention
        for linear in self._linears:
            if linear.in_features not in inputs:
                inputs[linear.in_features] = torch.ones(tokens, linear.in_features, **kind)
            linear(inputs[linear.in_features])
        for rows, width in shapes:
            query = torch.ones(rows * attention.heads, width, attention.size, **kind)
            for _ in range(attention.layers):
                torch.bmm(torch.bmm(query, query.mT), query)

    def _count_operations(self, shapes: _Shapes) -> int:
        linear: int = sum(2 * _count_tokens(shapes) * each.in_features * each.out_features for each in self._linears)
        attention = self._encoder.attention
        width_of_all = attention.layers * attention.heads * attention.size
        return linear + sum(4 * width_of_all * rows * width * width for rows, width in shapes)


def _count_tokens(shapes: _Shapes) -> int:
    return sum(rows * width for rows, width in shapes)


def peak_of(dtype: "torch.dtype", device: "torch.device") -> float:
    """Return operations a second of the best of some large square products of a type on a device."""
    import torch  # noqa: PLC0415

    on_cpu = device.type == CPU
    size = _PEAK_SIZE if on_cpu else _PEAK_SIZE_GPU
    square = torch.ones(size, size, dtype=dtype, device=device)

    def multiply() -> None:
        torch.matmul(square, square)
        if not on_cpu:
            torch.accelerator.synchronize(device)

    multiply()
    return float(2 * size**3 / min(seconds(multiply) for _ in range(_PEAK_ROUNDS)))


def _device(embedder: SentenceEmbedder) -> dict[str, str]:
    """Return the device and the type that the model computes in."""
    import torch  # noqa: PLC0415

    encoder = embedder.load()
    device = encoder.device
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
    return {"device": name, "precision": str(encoder.dtype).removeprefix("torch.")}


def _network_seconds(embedder: SentenceEmbedder, texts: Sequence[str], rounds: int) -> list[float]:
    """Return each round's seconds inside the network, per thread; the rest is tokenizing, padding and copies."""
    network = embedder.load().network
    began: dict[int, float] = {}
    passes: list[float] = []

    def begin(*_: object) -> None:
        began[threading.get_ident()] = time.perf_counter()

    def end(*_: object) -> None:
        passes.append(time.perf_counter() - began.pop(threading.get_ident()))

    handles = [network.register_forward_pre_hook(begin), network.register_forward_hook(end)]
    spent: list[float] = []
    try:
        for _ in range(rounds):
            passes.clear()
            embedder.encode(texts)
            spent.append(sum(passes) / min(len(passes), embedder.threads))
    finally:
        for handle in handles:
            handle.remove()
    return spent


def _encode_plain(model: "SentenceTransformer", texts: Sequence[str]) -> Any:  # noqa: ANN401 - an array
    return model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
