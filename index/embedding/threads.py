"""Work on several threads, each of which has torch to itself."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from typing import TypeVar

import torch

Item = TypeVar("Item")
Made = TypeVar("Made")


def spread(work: Callable[[Item], Made], items: Sequence[Item], threads: int, usual: int) -> Iterator[Made]:
    """Does work on each item, several at a time, and yields what it gives as it comes, in the calling thread.

    Torch computes an item with as many threads as are left over. Two on one item wait for each other after every step,
    and far longer where something else wants a core; two with an item each never do.

    Args:
        work: what is done, without gradients.
        items: what it is done on.
        threads: of torch, in all.
        usual: what torch is put back to, for whatever else is computed.
    """
    workers = max(1, min(threads, len(items)))

    def one(item: Item) -> Made:
        with torch.inference_mode(), torch_threads(threads // workers, usual):
            return work(item)

    if workers == 1:
        yield from map(one, items)
        return
    pool = ThreadPoolExecutor(workers, "encoding")
    try:
        for done in as_completed([pool.submit(one, item) for item in items]):
            yield done.result()
    finally:
        # Whoever stops half-way, by an error or by Ctrl-C, doesn't wait for the rest.
        pool.shutdown(cancel_futures=True)


@contextmanager
def torch_threads(count: int, usual: int) -> Iterator[None]:
    """Has torch use `count` threads in this thread, and `usual` ones afterwards."""
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(usual)
