"""Runs torch work on several threads."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from typing import TypeVar

import torch

Item = TypeVar("Item")
Result = TypeVar("Result")


def parallel_map(
    work: Callable[[Item], Result], items: Sequence[Item], threads: int, default_threads: int
) -> Iterator[Result]:
    """Call `work` on each item, several at a time, and yield the results as they finish, in the calling thread.

    One item per thread is faster than several threads per item: those wait for each other after every step, and much
    longer where something else wants a core.

    Args:
        work: called without gradients.
        items: its arguments.
        threads: torch threads, in all.
        default_threads: the number of torch threads to restore afterwards.
    """
    workers = max(1, min(threads, len(items)))

    def run(item: Item) -> Result:
        with torch.inference_mode(), torch_threads(threads // workers, default_threads):
            return work(item)

    if workers == 1:
        yield from map(run, items)
        return
    pool = ThreadPoolExecutor(workers, "encoding")
    try:
        for done in as_completed([pool.submit(run, item) for item in items]):
            yield done.result()
    finally:
        # After an error or Ctrl-C, don't wait for the rest.
        pool.shutdown(cancel_futures=True)


@contextmanager
def torch_threads(count: int, default: int) -> Iterator[None]:
    """Let torch use `count` threads in this thread, and `default` ones afterwards."""
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(default)
