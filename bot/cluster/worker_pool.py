"""A pool of Ray actors: batches go out a few at a time, come back in order, and survive the loss of workers."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.cluster.cluster_errors import ClusterUnavailable
from bot.cluster.cluster_workers import Identity

# Batches of a worker: one that it works on, and one that it finds when it is done.
QUEUED = 2
# Batches for each worker whose results have not been taken: a slow one holds up those behind it, since they come back
# in order, and workers should not run out of work meanwhile.
AHEAD = 4
# The bytes of all these batches: what bounds this process's memory, and the cluster's.
MAX_BYTES_AHEAD = 256 * 1024 * 1024
# A part whose batch ended so many workers is not tried again.
MAX_LOSSES = 2
# Workers that end before they are ready, one after the other.
MAX_FAILED_STARTS = 3
# Seconds without any worker: a cluster may start machines first.
START_TIMEOUT_S = 600.0
_TICK_S = 1.0


class Lost:
    """The result of a part that ended its worker twice."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Parts to work on, none or several, and their size in bytes."""

    parts: Sequence[Any]
    size: int


@dataclass(slots=True, eq=False)
class _Order:
    """A batch that went out, with the results that are back."""

    size: int
    results: list[Any]
    missing: int


@dataclass(slots=True, eq=False)
class _Task:
    """Parts of a batch that go to one worker; `first` is the place of their results."""

    order: _Order
    first: int
    parts: Sequence[Any]
    losses: int = 0


@dataclass(slots=True, eq=False)
class _Worker:
    """An actor; `tasks` are what it has not finished, in the order that it works on them, by reference."""

    actor: Any
    ready: Any
    tasks: dict[Any, _Task] = field(default_factory=dict)


class WorkerPool:
    """Workers that all do the same.

    A worker that ends is replaced. The batch that it worked on is done again, each part alone on a worker, so that a
    part which ends its worker a second time is known; only such a part is `Lost`. What was still waiting for that
    worker goes to others.

    They start with the first part to work on.

    Args:
        ray: the library.
        start: starts one actor, with the methods `identify` and `work`.
        count: how many workers.
        identity: what each has to say that it runs.
    """

    def __init__(self, ray: Any, start: Callable[[], Any], count: int, identity: Identity) -> None:  # noqa: ANN401 - a library without types
        self._ray = ray
        self._start = start
        self._count = count
        self._identity = identity
        self._workers: list[_Worker] = []
        self._starting: dict[Any, _Worker] = {}
        self._todo: deque[_Task] = deque()
        self._failed_starts = 0
        self._without_since = time.monotonic()

    def map(self, batches: Iterator[Batch]) -> Iterator[list[Any]]:
        """Yield the results of each batch, one for each part, in order; hold a bounded number of batches.

        Raises:
            ClusterUnavailable: no worker starts, or they run other code.
            AttacheError: a worker raised it.
        """
        out: deque[_Order] = deque()
        is_more = True
        while True:
            while is_more and self._has_room(out):
                batch = next(batches, None)
                is_more = batch is not None
                if batch is not None:
                    out.append(self._take(batch))
            if not out:
                return
            self._hand_out()
            if out[0].missing:
                self._collect(_TICK_S)
                continue
            self._collect(0)
            yield out.popleft().results

    def close(self) -> None:
        """End the workers."""
        for worker in (*self._workers, *self._starting.values()):
            self._ray.kill(worker.actor)
        self._workers.clear()
        self._starting.clear()

    def _has_room(self, out: deque[_Order]) -> bool:
        return len(out) < AHEAD * self._count and sum(order.size for order in out) < MAX_BYTES_AHEAD

    def _take(self, batch: Batch) -> _Order:
        count = len(batch.parts)
        order = _Order(batch.size, [None] * count, count)
        if count:
            self._todo.append(_Task(order, 0, batch.parts))
        return order

    def _hand_out(self) -> None:
        """Give tasks to the workers with the fewest."""
        if self._todo and not self._workers and not self._starting:
            self._without_since = time.monotonic()
            for _ in range(self._count):
                self._add()
        while self._todo and self._workers:
            worker = min(self._workers, key=_room_taken)
            if _room_taken(worker) >= (1 if self._todo[0].losses else QUEUED):
                return
            task = self._todo.popleft()
            worker.tasks[worker.actor.work.remote(task.parts)] = task

    def _collect(self, timeout_s: float) -> None:
        """Take what is back, waiting for some of it."""
        waiting = [*self._starting, *(ref for worker in self._workers for ref in worker.tasks)]
        done, _ = self._ray.wait(waiting, num_returns=1, timeout=timeout_s) if waiting else ([], [])
        if done:
            done, _ = self._ray.wait(waiting, num_returns=len(waiting), timeout=0)
        for ref in done:
            if ref in self._starting:
                self._welcome(ref)
        for worker in [*self._workers]:
            for ref in [ref for ref in worker.tasks if ref in done]:
                # A worker that ended takes all of its tasks along.
                if ref in worker.tasks and not self._finish(worker, ref):
                    break
        if self._workers:
            self._without_since = time.monotonic()
        elif time.monotonic() - self._without_since > START_TIMEOUT_S:
            raise ClusterUnavailable(
                f"Ray started no worker within {START_TIMEOUT_S / 60:.0f} minutes.",
                "Check with `ray status` that processors or GPUs are free, or ask for fewer GPUs.",
            )

    def _add(self) -> None:
        actor = self._start()
        worker = _Worker(actor, actor.identify.remote())
        self._starting[worker.ready] = worker

    def _welcome(self, ref: Any) -> None:  # noqa: ANN401 - a library without types
        """Let a worker that is ready have work; replace one that ended first."""
        worker = self._starting.pop(ref)
        try:
            identity = self._get(ref)
        except self._ray.exceptions.RayError as error:
            self._failed_starts += 1
            if self._failed_starts >= MAX_FAILED_STARTS:
                raise ClusterUnavailable(
                    f"Ray's workers don't start ({_reason(error)}).",
                    "Install the same release of Attaché, with its dependencies, on every machine of the cluster.",
                ) from error
            self._add()
            return
        if identity != self._identity:
            what = "model" if identity.code == self._identity.code else "release of Attaché"
            raise ClusterUnavailable(
                f"A worker of the Ray cluster has another {what} than this machine.",
                "Install the same one on every machine of the cluster, and start Ray again there.",
            )
        self._failed_starts = 0
        self._workers.append(worker)

    def _finish(self, worker: _Worker, ref: Any) -> bool:  # noqa: ANN401 - a library without types
        """Take the results of a task; return False if its worker ended."""
        try:
            results = self._get(ref)
        except self._ray.exceptions.RayError:
            self._replace(worker)
            return False
        task = worker.tasks.pop(ref)
        self._keep(task, results)
        return True

    def _keep(self, task: _Task, results: Sequence[Any]) -> None:
        for place, result in enumerate(results, start=task.first):
            task.order.results[place] = result
        task.order.missing -= len(task.parts)

    def _replace(self, worker: _Worker) -> None:
        """Start another worker in place of one that ended, and have its tasks done again."""
        self._workers.remove(worker)
        # It may only be out of reach: nothing is to be done by both.
        self._ray.kill(worker.actor)
        self._add()
        again: list[_Task] = []
        is_first = True
        for ref, task in worker.tasks.items():
            if self._is_back(ref):
                self._keep(task, self._get(ref))
            else:
                # A worker takes its tasks in order, so it ended in the first that is not back, or in the one after if
                # the results of the first were still on their way.
                again += self._split(task) if is_first else [task]
                is_first = False
        self._todo.extendleft(reversed(again))

    def _is_back(self, ref: Any) -> bool:  # noqa: ANN401 - a library without types
        done, _ = self._ray.wait([ref], timeout=0)
        try:
            return bool(done) and self._get(ref) is not None
        except self._ray.exceptions.RayError:
            return False

    def _split(self, task: _Task) -> list[_Task]:
        """Return the tasks to do again after a worker ended in one."""
        losses = task.losses + 1
        if losses >= MAX_LOSSES:
            self._keep(task, [Lost()] * len(task.parts))
            return []
        return [_Task(task.order, task.first + place, [part], losses) for place, part in enumerate(task.parts)]

    def _get(self, ref: Any) -> Any:  # noqa: ANN401 - a library without types
        """Return a result.

        Raises:
            ray.exceptions.RayError: the worker ended, or can't be reached.
            Exception: what the worker raised.
        """
        try:
            return self._ray.get(ref)
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from error


def _room_taken(worker: _Worker) -> int:
    """Return how many tasks a worker has; one that ended a worker before leaves no room beside it.

    What else a worker has could be blamed for its end, since results that it sent may be lost with it.
    """
    return QUEUED if any(task.losses for task in worker.tasks.values()) else len(worker.tasks)


def _reason(error: Exception) -> str:
    """Return the last line that says something of an error of Ray's, which may have a traceback."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:200] if lines else type(error).__name__
