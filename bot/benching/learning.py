"""Makes a data folder like a real set: learn, compare, write."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

from threadpoolctl import threadpool_limits

from bot.benching.fidelity import compare
from bot.benching.made import MadeFacts, refuse_corpus, write_made
from bot.benching.making import learn, make
from bot.benching.sample import read_sample
from index.embedder import Embedder

_STARTER = "starter briefs"
# Made articles that are compared with the real ones: as many as there are of those, within bounds.
_FEWEST_COMPARED, _MOST_COMPARED = 100, 400
_ENDLESS = 10**9


def make_like(
    source: Path | None,
    folder: Path,
    passages: int,
    seed: int,
    embedder: Embedder,
    advance: Callable[[], None] = lambda: None,
) -> MadeFacts:
    """Makes a data folder of so many passages that is like `source`, or the starter briefs where that is None.

    `advance` is called for every passage.

    Raises:
        BadInput: there is nothing to learn from, or the folder holds a corpus already.
        StorageFailure: the folder can't be written.
    """
    # Learning takes a while: better to hear of it before.
    refuse_corpus(folder)
    real = read_sample(source, embedder)
    compared = min(_MOST_COMPARED, max(_FEWEST_COMPARED, len(real)))

    def count(done: int) -> None:
        for _ in range(done):
            advance()

    # Thousands of small products: threads for each cost far more than they bring.
    with threadpool_limits(1):
        likeness = learn(real)
        some = list(islice(make(likeness, _ENDLESS, seed), compared))
        return write_made(
            folder,
            make(likeness, passages, seed),
            seed=seed,
            like=source.name if source else _STARTER,
            likeness=compare(real, some),
            on_done=count,
        )
