"""When the bot counts as alive and as ready, and how it says what is not."""

import pytest

from bot.ops.corpus_gauges import CorpusGauges
from bot.ops.health import OK, STALE_S, STUCK_S, Health

CURRENT = CorpusGauges(read_at=0.0, is_open=True, is_current=True)
BEHIND = CorpusGauges(read_at=0.0, is_open=True)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def health(clock: Clock) -> Health:
    """Of a bot that is ready."""
    made = Health(clock)
    made.set_warm()
    made.shard_ready(0, 2)
    made.shard_ready(1, 2)
    made.set_corpus(CURRENT)
    return made


def amiss(health: Health) -> dict[str, str]:
    return {part: said for part, said in health.parts().items() if said != OK}


def test_it_is_ready_once_the_corpus_is_open_and_all_shards_are_there() -> None:
    health = Health()
    assert set(amiss(health)) == {"shards", "index_open"}
    assert health.is_alive
    health.set_warm()
    health.shard_ready(1, 2)
    assert amiss(health) == {"shards": "1 of 2 shards are ready."}
    health.shard_ready(0, 2)
    assert health.is_ready
    assert health.can_answer


def test_a_lost_shard_and_a_shutdown_end_readiness_and_not_life(health: Health) -> None:
    health.shard_lost(1)
    assert not health.is_ready
    health.shard_ready(1, 2)
    assert health.is_ready
    health.stop()
    assert amiss(health) == {"running": "The bot is shutting down."}
    assert health.is_alive
    assert not health.can_answer


def test_an_index_that_stays_behind_is_not_fresh_until_it_has_caught_up(health: Health, clock: Clock) -> None:
    health.set_corpus(BEHIND)
    clock.now += STALE_S
    health.set_corpus(BEHIND)
    assert health.is_ready
    clock.now += 1
    assert amiss(health) == {"index_fresh": "Some articles have had no vectors for 30 minutes."}
    assert health.can_answer
    health.set_corpus(CURRENT)
    assert health.is_ready
    assert health.behind_s == 0


def test_an_index_or_a_corpus_that_can_not_be_read_is_told(health: Health) -> None:
    health.set_corpus(CorpusGauges(read_at=0.0))
    assert amiss(health) == {"index_open": "There is no readable index."}
    health.set_corpus(None)
    assert amiss(health) == {"index_open": "The corpus can't be read."}
    health.set_corpus(CURRENT)
    assert health.is_ready


def test_a_thread_that_does_not_respond_ends_life(health: Health, clock: Clock) -> None:
    health.worker_pinged()
    clock.now += STUCK_S
    assert health.is_alive
    clock.now += 1
    assert not health.is_alive
    assert set(amiss(health)) == {"worker"}
    health.worker_answered()
    assert health.is_alive
