"""`bench encode`: encoding beside the bare matrix products of the model, and beside plain sentence-transformers."""

import statistics
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from corpus.errors import BadInput
from evals.speed.figures import Bench, figure, seconds, this_machine
from index.embedding.embedder import SentenceEmbedder, batches, load_plain

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Groups of so many rows that are so many pieces wide, as `Encoder.shapes` tells them of a batch.
_Shapes = list[tuple[int, int]]
BASELINE = "bare matrix products"
_WARM_UP = 8
# Rows and columns of the square matrices whose product tells the peak: large enough to fill the chip, small enough to
# take a second at most.
_PEAK_SIZE = 2048
_PEAK_SIZE_GPU = 16384
_PEAK_ROUNDS = 5


def bench_encode(embedder: SentenceEmbedder, texts: Sequence[str], rounds: int = 5) -> Bench:
    """Encodes the same texts in turn with ours, with plain float32 in default batches, and multiplies alone.

    The matrix products are those that one pass over ours makes: the same shapes in the same type, batch by batch, with
    nothing between them; what encoding takes beyond them is attention's softmax, norms, activations, tokens and Python.

    Raises:
        BadInput: there are no texts.
    """
    if not texts:
        raise BadInput("There are no passages to encode.", "Feed the corpus first: `attache ingest PATH`.")
    plain = load_plain(embedder.source)
    products = _Products(embedder, texts)
    embedder.encode(texts[:_WARM_UP])
    _plain(plain, texts[:_WARM_UP])
    products.run()
    ours, bare, one, theirs = _in_turn(embedder, plain, products, texts, rounds)
    # Each beside the one measured right after it: what else the machine does moves both.
    of_round = [each / other for each, other in zip(ours, bare, strict=True)]
    cosines = (embedder.encode(texts) * _plain(plain, texts)).sum(axis=1)
    rates = _rates(products.operations, statistics.median(ours), statistics.median(bare), _peak(embedder))
    rates |= {"passages_per_s": round(len(texts) / statistics.median(ours), 1)}
    return Bench(
        "encode",
        {"passages": len(texts), **_setting(embedder), **rates, "least_cosine": round(float(cosines.min()), 4)},
        BASELINE,
        (
            figure(BASELINE, "s", bare),
            figure("encode", "s", ours, bare),
            figure("plain sentence-transformers, float32", "s", theirs, bare),
            figure("encode one passage alone", "s", one),
            figure("encode, to the bare products of its round", "times", of_round),
            figure("inside the network", "s", _network(embedder, texts, rounds), bare),
        ),
        this_machine(),
    )


def _rates(operations: float, ours: float, bare: float, peak: float) -> dict[str, float]:
    """Floating-point operations a second, in billions: of encoding, of the bare products, and of the chip at most."""
    return {
        "gflops": round(operations / ours / 1e9, 1),
        "gflops_bare": round(operations / bare / 1e9, 1),
        "gflops_peak": round(peak / 1e9, 1),
        "share_of_peak": round(operations / ours / peak, 3),
    }


def _in_turn(
    embedder: SentenceEmbedder, plain: "SentenceTransformer", products: "_Products", texts: Sequence[str], rounds: int
) -> tuple[list[float], list[float], list[float], list[float]]:
    """Seconds of each round: ours, the bare products, one text alone; and of plain float32, of half the rounds."""
    ours: list[float] = []
    bare: list[float] = []
    one: list[float] = []
    theirs: list[float] = []
    for _ in range(rounds):
        ours.append(seconds(lambda: embedder.encode(texts)))
        bare.append(seconds(products.run))
        one.append(seconds(lambda: embedder.encode(texts[:1])))
        # Several times as slow as ours, and only there to compare with.
        if len(theirs) < max(1, rounds // 2):
            theirs.append(seconds(lambda: _plain(plain, texts)))
    return ours, bare, one, theirs


class _Products:
    """The matrix products of a model's pass over texts, in its own shapes and type, on random numbers."""

    def __init__(self, embedder: SentenceEmbedder, texts: Sequence[str]) -> None:
        self._encoder = encoder = embedder.load()
        self._usual = embedder.threads
        self._threads = 1 if encoder.device.type == "cuda" else self._usual
        # A pooler's product is over one piece a text, and sentence-transformers throws it away.
        self._linears: list[Any] = [
            module
            for name, module in encoder.network.named_modules()
            if type(module).__name__ in {"Linear", "PackedLinear"} and ".pooler." not in name
        ]
        self._batches = _laid_out(embedder, texts)
        self.operations = sum(map(self._operations, self._batches))

    def run(self) -> None:
        """Multiplies, on as many threads as encoding has."""
        import torch  # noqa: PLC0415 - takes seconds to import

        from index.embedding.threads import spread  # noqa: PLC0415 - takes seconds to import

        for _ in spread(self._multiply, self._batches, self._threads, self._usual):
            pass
        if self._encoder.device.type == "cuda":
            torch.cuda.synchronize()

    def _multiply(self, shapes: _Shapes) -> None:
        import torch  # noqa: PLC0415 - takes seconds to import

        made: dict[int, Any] = {}
        kind: dict[str, Any] = {"dtype": self._encoder.dtype, "device": self._encoder.device}
        pieces, attention = _pieces(shapes), self._encoder.attention
        for each in self._linears:
            if each.in_features not in made:
                made[each.in_features] = torch.ones(pieces, each.in_features, **kind)
            each(made[each.in_features])
        for rows, width in shapes:
            query = torch.ones(rows * attention.heads, width, attention.size, **kind)
            for _ in range(attention.layers):
                torch.bmm(torch.bmm(query, query.mT), query)

    def _operations(self, shapes: _Shapes) -> int:
        linear: int = sum(2 * _pieces(shapes) * each.in_features * each.out_features for each in self._linears)
        attention = self._encoder.attention
        whole = attention.layers * attention.heads * attention.size
        return linear + sum(4 * whole * rows * width * width for rows, width in shapes)


def _pieces(shapes: _Shapes) -> int:
    return sum(rows * width for rows, width in shapes)


def _laid_out(embedder: SentenceEmbedder, texts: Sequence[str]) -> list[_Shapes]:
    """What the model is given of each batch of these texts."""
    encoder = embedder.load()
    read = encoder.read(texts)
    lengths = [len(each.ids) for each in read]
    return [encoder.shapes([read[place] for place in places]) for places in batches(lengths, encoder)]


def _peak(embedder: SentenceEmbedder) -> float:
    """Operations a second of the best of some large square products, in the model's type on its device."""
    import torch  # noqa: PLC0415 - takes seconds to import

    encoder = embedder.load()
    on_gpu = encoder.device.type == "cuda"
    size = _PEAK_SIZE_GPU if on_gpu else _PEAK_SIZE
    square = torch.ones(size, size, dtype=encoder.dtype, device=encoder.device)

    def multiply() -> None:
        torch.matmul(square, square)
        if on_gpu:
            torch.cuda.synchronize()

    multiply()
    return float(2 * size**3 / min(seconds(multiply) for _ in range(_PEAK_ROUNDS)))


def _setting(embedder: SentenceEmbedder) -> dict[str, str]:
    """Where it computes, and in which type."""
    import torch  # noqa: PLC0415 - takes seconds to import

    encoder = embedder.load()
    device = encoder.device
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
    return {"device": name, "precision": str(encoder.dtype).removeprefix("torch.")}


def _network(embedder: SentenceEmbedder, texts: Sequence[str], rounds: int) -> list[float]:
    """Seconds of each pass that one thread spends inside the network; the rest goes to tokens, padding and copies."""
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


def _plain(model: "SentenceTransformer", texts: Sequence[str]) -> Any:  # noqa: ANN401 - an array
    return model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
