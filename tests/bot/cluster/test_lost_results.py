"""A pool whose workers end before their last results are sent, on a stand-in for Ray."""

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from bot.cluster.cluster_workers import Identity
from bot.cluster.worker_pool import Batch, Lost, WorkerPool

DEADLY = "deadly"
IDENTITY = Identity("tests")


class RayError(Exception):
    """Base of what Ray raises."""


class TaskError(RayError):
    """Never raised: these workers raise nothing."""


class Actor:
    """Works when somebody waits for it, and sends all its results afterwards, unless it ends on the way."""

    def __init__(self) -> None:
        self.sent: dict[object, Any] = {}
        self._queue: dict[object, Sequence[Any]] = {}
        self._has_ended = False
        self.identify = SimpleNamespace(remote=self._identify)
        self.work = SimpleNamespace(remote=self._take)

    def run(self) -> None:
        self._has_ended |= any(DEADLY in parts for parts in self._queue.values())
        for ref, parts in self._queue.items():
            self.sent[ref] = RayError() if self._has_ended else list(parts)
        self._queue.clear()

    def _identify(self) -> object:
        self.sent[ref := object()] = IDENTITY
        return ref

    def _take(self, parts: Sequence[Any]) -> object:
        self._queue[ref := object()] = parts
        return ref


class FakeRay:
    """The calls of Ray's library that a pool makes."""

    exceptions = SimpleNamespace(RayError=RayError, RayTaskError=TaskError)

    def __init__(self) -> None:
        self.actors: list[Actor] = []

    def start(self) -> Actor:
        self.actors.append(Actor())
        return self.actors[-1]

    def wait(self, refs: Sequence[object], **_options: object) -> tuple[list[object], list[object]]:
        for actor in self.actors:
            actor.run()
        return [ref for ref in refs if any(ref in actor.sent for actor in self.actors)], []

    def get(self, ref: object) -> Any:
        result = next(actor.sent[ref] for actor in self.actors if ref in actor.sent)
        if isinstance(result, RayError):
            raise result
        return result

    def kill(self, _actor: Actor) -> None:
        """It has ended, or has nothing to do."""


def batches(*parts: Sequence[Any]) -> Iterator[Batch]:
    return iter([Batch(each, len(each)) for each in parts])


def test_what_was_done_before_a_worker_ended_is_not_blamed_when_its_result_is_lost() -> None:
    ray = FakeRay()
    pool = WorkerPool(ray, ray.start, 1, IDENTITY)
    results = list(pool.map(batches([1, 2], [3, DEADLY, 4], [5, 6])))
    assert isinstance(results[1].pop(1), Lost)
    assert results == [[1, 2], [3, 4], [5, 6]]
    assert len(ray.actors) == 4
