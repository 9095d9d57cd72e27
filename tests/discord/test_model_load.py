"""What the benchmark of many questions at once measures, and what it leaves behind."""

from bot.records.records import RECORDS_NAME
from bot.service.attache import Attache
from evals.speed.load import bench_load, texts_needed


async def test_many_questions_are_measured_and_none_gets_into_the_records_of_people(attache: Attache):
    texts = [f"Did Arland deny sending rocket number {number}?" for number in range(texts_needed(3, 2))]
    found = await bench_load(attache, texts, questions=20, distinct=3, rounds=2)
    assert (found.questions, found.distinct, found.rounds) == (20, 3, 2)
    assert 0 < found.p50_ms <= found.p95_ms
    assert 1 <= found.spread <= found.p95_ms
    assert min(found.throughput, found.cpu_throughput) > 0
    assert not (attache.settings.data_dir / RECORDS_NAME).exists()
