"""One thread that does work in the order it comes, and that the end of the process does not wait for."""

import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
Tasks = queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None]

# Seconds that a shutdown waits for what is under way.
LINGER_S = 1.0


class Worker(Executor):
    """An executor with one daemon thread, begun at the first piece of work.

    The interpreter joins the threads of a `ThreadPoolExecutor` when it ends (docs.python.org, `concurrent.futures`), so
    one step that takes minutes would hold up the end of the process as long. What is done here must survive a kill, and
    then it survives being left behind as well.

    Args:
        name: of the thread.
        linger_s: seconds that `shutdown` waits for what is under way; what takes longer is left behind.
    """

    def __init__(self, name: str, *, linger_s: float = LINGER_S) -> None:
        self._name = name
        self._linger_s = linger_s
        self._tasks: Tasks = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._is_open = True

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Puts work in line.

        Raises:
            RuntimeError: it is shut down.
        """
        future: Future[T] = Future()
        with self._lock:
            if not self._is_open:
                raise RuntimeError("cannot schedule new futures after shutdown")
            self._tasks.put((future, lambda: fn(*args, **kwargs)))
            if self._thread is None:
                self._thread = threading.Thread(target=_work_off, args=(self._tasks,), name=self._name, daemon=True)
                self._thread.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Takes no more work; what is in line is done unless cancelled, and waited for only as long as stated."""
        with self._lock:
            if self._is_open:
                self._is_open = False
                if cancel_futures:
                    _cancel_all(self._tasks)
                self._tasks.put(None)
            thread = self._thread
        if wait and thread is not None:
            thread.join(self._linger_s)


def _work_off(tasks: Tasks) -> None:
    while (task := tasks.get()) is not None:
        _do(*task)
        # What it held must not live on until the next piece of work comes.
        del task


def _do(future: Future[Any], work: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for it, not to this thread
        future.set_exception(error)
    else:
        future.set_result(result)


def _cancel_all(tasks: Tasks) -> None:
    with contextlib.suppress(queue.Empty):
        while (task := tasks.get_nowait()) is not None:
            task[0].cancel()
