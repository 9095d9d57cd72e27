"""An executor with one daemon thread, which the interpreter does not wait for when it exits."""

import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
Tasks = queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None]

# Seconds that a shutdown waits for the running task.
JOIN_TIMEOUT_S = 1.0


class Worker(Executor):
    """An executor that runs tasks in order, in one daemon thread started by the first task.

    At exit the interpreter joins the threads of a `ThreadPoolExecutor` (docs.python.org, `concurrent.futures`), so a
    task that takes minutes would delay the exit by minutes. Tasks run here must survive a kill; then they also survive
    being abandoned.

    Args:
        name: name of the thread.
        join_timeout_s: seconds that `shutdown` waits for the running task before abandoning it.
    """

    def __init__(self, name: str, *, join_timeout_s: float = JOIN_TIMEOUT_S) -> None:
        self._name = name
        self._join_timeout_s = join_timeout_s
        self._tasks: Tasks = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._is_open = True

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Add a task to the queue.

        Raises:
            RuntimeError: the worker is shut down.
        """
        future: Future[T] = Future()
        with self._lock:
            if not self._is_open:
                raise RuntimeError("cannot schedule new futures after shutdown")
            self._tasks.put((future, lambda: fn(*args, **kwargs)))
            if self._thread is None:
                self._thread = threading.Thread(target=_run_tasks, args=(self._tasks,), name=self._name, daemon=True)
                self._thread.start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Accept no more tasks; queued ones still run unless cancelled. Waits at most `join_timeout_s`."""
        with self._lock:
            if self._is_open:
                self._is_open = False
                if cancel_futures:
                    _cancel_all(self._tasks)
                self._tasks.put(None)
            thread = self._thread
        if wait and thread is not None:
            thread.join(self._join_timeout_s)


def _run_tasks(tasks: Tasks) -> None:
    while (task := tasks.get()) is not None:
        _run_task(*task)
        # Release what the task holds now, not when the next one comes.
        del task


def _run_task(future: Future[Any], work: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - the caller gets it from the future
        future.set_exception(awaitable_error(error))
    else:
        future.set_result(result)


def awaitable_error(error: BaseException) -> Exception:
    """Return an error as a coroutine can get it from a future.

    Otherwise whoever awaits it would wait for ever, since asyncio's futures accept no StopIteration (in Python 3.11);
    or would end for good, since no handler catches what is no Exception, such as the panics of libraries in Rust.
    """
    if isinstance(error, Exception) and not isinstance(error, StopIteration | CancelledError):
        return error
    wrapped = RuntimeError(f"{type(error).__name__}: {error}")
    wrapped.__cause__ = error
    return wrapped


def _cancel_all(tasks: Tasks) -> None:
    with contextlib.suppress(queue.Empty):
        while (task := tasks.get_nowait()) is not None:
            task[0].cancel()
